"""Answers as scores: which questions there are and on which scale, which answers count, levels and their changes."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.feedback.voice.answers import (
    Measure,
    Question,
    answers_to,
    apart,
    between,
    change,
    latest,
    level,
    levels,
    meaning,
    question_of,
    questions,
    spoken,
    written,
)
from helpers.findings import NotApplicable
from shops import shop
from survey_rows import answers

NPS, CSAT = Question("nps", Measure.NPS, 10, 50, 50), Question("csat", Measure.CSAT, 5, 50, 50)


def test_published_csat():
    """Known answer C1 of behaviour.md: 60 % [46.18, 72.39] (Wilson)."""
    found = level(Question("q", Measure.CSAT, 5, 50, 50), pd.Series([5, 4, 3, 2, 1]), pd.Series([10, 20, 10, 5, 5]))
    assert (100 * found.value, found.answers) == (60, 50)
    assert (100 * found.lower, 100 * found.upper) == pytest.approx((46.18, 72.39), abs=0.005)


@pytest.mark.parametrize(
    ("scores", "question"),
    [
        ([1, 2, 3, 4, 5] * 40 + [50], (5, 200, 1, 0.4)),  # 50 for 5
        ([1, 3, 5] * 5 + [55], (5, 15, 1, 1 / 3)),  # of few answers one that is beyond all doubt
        ([2, 5, 8] * 5 + [11], (100, 16, 0, 0)),  # of few answers one that may be on another scale
        ([1, 2, 3, 4, 5, 6, 7] * 20, (7, 140, 0, 2 / 7)),
        ([1, 2, 3] * 40, (3, 120, 0, 1 / 3)),  # three faces
        ([0, 1] * 60, (1, 120, 0, 0.5)),  # thumbs
        ([0, 2, 7] * 40, (10, 120, 0, 0)),  # zero is on no scale to 7
        ([1, 2, 7] * 10, (10, 30, 0, 0)),  # too few to know
    ],
)
def test_slips_are_on_no_scale_and_many_answers_show_one_that_is_not_usual(scores, question):
    data = shop(surveys=answers("how was it", scores, 1).assign(customer_id=[f"c{n}" for n in range(len(scores))]))
    (found,) = questions(data)
    counts = answers_to(data, found).execute()["score"].value_counts()
    known = level(found, counts.index.to_series(index=counts.index), counts)
    assert (found.highest, found.answers, found.beyond, known.value) == pytest.approx(question)


def test_an_nps_of_which_one_answer_is_a_slip_is_one():
    (found,) = questions(shop(surveys=answers("nps", [0, 9, 10] * 50 + [99], 1)))
    assert (found.measure, found.highest, found.beyond) == ("nps", 10, 1)


def test_a_question_is_measured_by_its_name_and_scale():
    rows = pd.concat(
        [
            answers("NPS", [0, 9] * 3, 1),
            answers("服务满意度", [1, 5, 4] * 2, 1),
            answers("percent", [70, 90] * 3, 1),
            answers("would you recommend", [10] * 5, 1),
            answers("nps", [3, 4] * 3, 1),
            answers("asked of four", [5] * 4, 1),
        ]
    )
    found = {question.name: (question.measure, question.highest) for question in questions(shop(surveys=rows))}
    assert found == {
        "NPS": ("nps", 10),
        "服务满意度": ("csat", 5),
        "would you recommend": ("nps", 10),
        "percent": ("csat", 100),
        "nps": ("nps", 10),
    }
    with pytest.raises(ValueError, match="Did you mean 'percent'"):
        question_of(shop(surveys=rows), "percnt")


def test_a_question_of_fewer_than_five_customers_is_none_and_answers_without_one_are_a_survey():
    few = answers("csat", [5] * 40, 1, customers=np.arange(40) % 4)
    assert isinstance(questions(shop(surveys=few)), NotApplicable)
    nameless = answers("csat", [5] * 5, 1).assign(question=None)
    assert [question.name for question in questions(shop(surveys=nameless))] == ["survey"]
    assert question_of(shop(surveys=nameless)).answers == 5
    assert isinstance(question_of(shop()), NotApplicable)


def test_of_a_customers_answers_the_latest_counts_and_of_two_at_once_the_lower():
    rows = answers("csat", [1, 5, 4, 2, 3, 3, 3], [9, 1, 2, 2, 5, 5, 5], customers=[1, 1, 2, 2, 3, 4, 5])
    data = shop(surveys=rows)
    last = latest(answers_to(data, question_of(data))).execute().set_index("customer_id")["score"]
    assert last.to_dict() == {"c1": 5, "c2": 2, "c3": 3, "c4": 3, "c5": 3}


def test_a_window_begins_after_the_end_of_one_day_and_ends_with_the_end_of_another():
    at = pd.to_datetime(["2025-06-01 23:59:59", "2025-06-02 00:00:00", "2025-06-05 23:59:59", "2025-06-06 00:00:00"])
    data = shop(surveys=answers("csat", [1, 2, 3, 4], 0).assign(answered_at=at))
    inside = between(data.tables["surveys"], dt.date(2025, 6, 1), dt.date(2025, 6, 5)).execute()
    assert sorted(inside["score"]) == [2, 3]


def test_a_change_of_satisfied_shares_is_agresti_and_caffos():
    """By hand, one satisfied and one other added to each: 11 of 22 against 16 of 22."""
    before, after = (pd.DataFrame({"score": [5, 1], "customers": counts}) for counts in ([10, 10], [15, 5]))
    moved = change(CSAT, before, after)
    error = np.sqrt(0.5 * 0.5 / 22 + (16 / 22) * (6 / 22) / 22)
    assert moved.difference == pytest.approx(5 / 22)
    assert (moved.lower, moved.upper) == pytest.approx((5 / 22 - 1.959964 * error, 5 / 22 + 1.959964 * error))
    assert (moved.p_value < 0.05) == (moved.lower > 0 or moved.upper < 0)


@pytest.mark.parametrize("question", [NPS, CSAT])
def test_arms_swapped_change_the_sign_alone(question):
    waves = [pd.DataFrame({"score": [1, 5, 9], "customers": counts}) for counts in ([10, 30, 20], [25, 5, 40])]
    there, back = change(question, *waves), change(question, *waves[::-1])
    assert (there.difference, there.lower) == pytest.approx((-back.difference, -back.upper))
    assert there.p_value == pytest.approx(back.p_value)


def test_levels_of_groups_are_the_level_of_each():
    counts = pd.DataFrame({"plan": list("aabb"), "score": [9, 2, 10, 7], "customers": [3, 1, 5, 5]})
    table = levels(NPS, counts, "plan").set_index("plan")
    assert table["level"].to_dict() == {"a": 0.5, "b": 0.5} and table["answers"].to_dict() == {"a": 4, "b": 10}
    alone = level(NPS, pd.Series([9, 2]), pd.Series([3, 1]))
    assert table.loc["a", ["level", "lower", "upper"]].tolist() == [alone.value, alone.lower, alone.upper]


def test_readers_see_points_of_one_measure_and_a_share_of_the_other():
    table = pd.DataFrame({"level": [0.32], "lower": [0.2], "upper": [0.4]})
    assert written(NPS, table).iloc[0].to_dict() == pytest.approx({"nps_points": 32, "lower": 20, "upper": 40})
    assert written(CSAT, table).iloc[0].to_dict() == {"satisfied_share": 0.32, "lower": 0.2, "upper": 0.4}
    assert (str(spoken("nps", 0.325)), str(spoken("csat", 0.619))) == ("32.5", "61.9%")
    assert (str(apart("nps", -0.032)), str(apart("csat", 0.055))) == ("−3.2", "+5.5 points")
    assert str(meaning("nps", 10)) == "share of 9 and 10 less share of 0 to 6"
    assert str(meaning("csat", 10)) == "share of 9 and more of 10"
