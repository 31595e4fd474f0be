"""A question whose scale changed is told apart, and answers on two scales at once are not told at all."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.voice.answers import Measure, answers_to, question_of, questions
from helpers.analyses.feedback.voice.associations import drivers
from helpers.analyses.feedback.voice.levels_by_group import group_levels
from helpers.analyses.feedback.voice.satisfaction_levels import course, satisfaction
from helpers.analyses.feedback.voice.scale_changes import scales
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from shops import AS_OF, shop

STARS, MARKS = [1, 3, 4, 4, 5], [2, 6, 8, 8, 10]  # of the same customers, one scale twice as long
TENS = [4, 7, 8, 9, 10]


def asked(question: str, *waves: tuple[list[int], int, int]) -> Dataset:
    """Surveys of waves of scores, each given 40 times over, from so many days ago to so many."""
    parts = []
    for scores, first, last in waves:
        days = np.linspace(first, last, 40 * len(scores))
        at = pd.Timestamp(AS_OF) + pd.Timedelta(hours=12) - pd.to_timedelta(days.round(), unit="D")
        parts.append(pd.DataFrame({"answered_at": at, "score": np.tile(scores, 40).astype(float)}))
    rows = pd.concat(parts, ignore_index=True).assign(question=question)
    return shop(surveys=rows.assign(customer_id=[f"c{n}" for n in range(len(rows))]))


def test_a_longer_scale_makes_two_figures_from_the_day_of_its_first_answer():
    data = asked("csat", (STARS, 160, 46), (MARKS, 45, 0))
    table = satisfaction(data).table
    assert table["scale_top"].tolist() == [10, 5] and table["customers"].tolist() == [200, 200]
    assert table["level"].tolist() == pytest.approx([1 / 5, 3 / 5])  # 9 and more of 10, 4 and more of 5
    assert [name.split(", ")[1][:5] for name in table["question"]] == ["since", "befor"]
    latest = question_of(data, "csat")
    assert latest.since == pd.Timestamp(AS_OF) - pd.Timedelta(days=45)
    assert answers_to(data, latest).score.max().execute() == 10 and answers_to(data, latest).count().execute() == 200
    assert "since" in words_of(satisfaction(data)) and "before" in words_of(satisfaction(data))
    assert course(data).table["answers"].sum() == 200  # the course is of the latest scale alone
    assert "told apart" in words_of(scales(data))


def test_a_shorter_scale_is_told_from_the_day_after_the_last_answer_on_the_longer_one():
    data = asked("csat", (MARKS, 160, 46), (STARS, 45, 0))
    assert satisfaction(data).table["level"].tolist() == pytest.approx([3 / 5, 1 / 5])
    assert question_of(data).since == pd.Timestamp(AS_OF) - pd.Timedelta(days=45)


def test_stars_before_marks_of_ten_are_no_detractors():
    asked_twice = questions(asked("nps", (STARS, 160, 46), (TENS, 45, 0)))
    assert [(each.measure, each.highest) for each in asked_twice] == [(Measure.NPS, 10), (Measure.CSAT, 5)]


def test_a_scale_that_was_tried_and_taken_back_is_not_told():
    data = asked("csat", (STARS, 160, 110), (MARKS, 108, 61), (STARS, 59, 0))
    assert scales(data).mixed == ("csat",)
    assert isinstance(question_of(data), NotApplicable)


def test_stars_and_marks_in_one_column_make_no_figure_anywhere():
    data = asked("rating", (STARS, 160, 0), ([*TENS, 9, 10], 160, 0))
    told = words_of(satisfaction(data))
    assert told.startswith("How pleased customers are cannot be told: answers are on two scales at once.")
    assert "“rating”: cannot be told, as answers are on two scales at once." in told
    assert "look as if they were on two scales at once" in words_of(scales(data))
    labels = pd.Series("a", index=["c1"])
    for answer in (course(data), group_levels(data, labels, "segment"), drivers(data)):
        assert isinstance(answer, NotApplicable) and "two scales at once" in words_of(answer)


def test_a_steady_scale_is_one_question():
    (only,) = questions(asked("csat", (STARS, 160, 0)))
    assert (only.since, only.until, only.mixed, only.label) == (None, None, False, "csat")
