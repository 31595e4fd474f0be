"""Survey levels against slow counts, and changes that are real or are not."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.voice import satisfaction_levels as surveys
from helpers.findings import NotApplicable, facts
from shops import shop
from survey_rows import answers


def test_the_latest_answer_of_each_customer_counts():
    rows = answers("csat", [1, 5, 5, 2, 3, 4], [10, 1, 3, 3, 5, 5], customers=[1, 1, 2, 3, 4, 5])
    table = surveys.satisfaction(shop(surveys=rows)).summary()
    assert table.loc[0, ["customers", "answers", "level_points"]].tolist() == [5, 6, pytest.approx(60)]


def test_a_fall_is_found_and_chance_is_not():
    rng = np.random.default_rng(3)
    before = answers("csat", rng.choice([2, 5], 300, p=[0.3, 0.7]), rng.integers(91, 180, 300))
    fallen = answers("csat", rng.choice([2, 5], 300, p=[0.5, 0.5]), rng.integers(0, 90, 300), np.arange(300, 600))
    same = answers("csat", rng.choice([2, 5], 300, p=[0.3, 0.7]), rng.integers(0, 90, 300), np.arange(300, 600))
    found = surveys.course(shop(surveys=pd.concat([before, fallen])))
    assert (
        found.change.upper < 0
        and found.change.lower < -0.2 < found.change.upper
        and words_of(found).startswith("Fewer customers are satisfied: ")
    )
    alike = surveys.course(shop(surveys=pd.concat([before, same])))
    assert words_of(alike).startswith("No evidence that satisfaction changed in the last 90 days (")
    assert "answers cannot show less" in words_of(alike)
    assert str(facts.Points(alike.change[0])) not in words_of(alike)
    risen = surveys.course(shop(surveys=pd.concat([before, fallen.assign(score=5.0)])))
    assert words_of(risen).startswith("More customers are satisfied: 100% in the last 90 days, ")
    few = surveys.course(shop(surveys=pd.concat([before, same.head(9)])))
    assert few.change is None and "too few answers" in words_of(few)


def test_what_both_measures_say_is_one_sentence():
    both = pd.concat([answers("nps", [10, 10, 9, 0] * 10, 3), answers("csat", [5, 4, 2, 1] * 5, 3)])
    told = surveys.satisfaction(shop(surveys=both)).headline()
    assert str(told) == "NPS is 50.0, and 50.0% of customers are satisfied."
    assert [str(each).split(":")[0] for each in told.basis] == ["“nps”", "“csat”"]


def test_the_course_is_by_month_with_each_customers_latest_answer_in_it():
    rows = answers("nps", [10, 0] * 20, np.repeat([5, 35], 20), customers=np.tile(np.arange(20), 2))
    again = answers("nps", [9] * 20, 2, customers=np.arange(20))
    periods = surveys.course(shop(surveys=pd.concat([rows, again]))).table.set_index("period")
    assert periods["answers"].tolist() == [20, 20]
    assert periods.loc["2025-06-01", "level"] == 1 and periods.loc["2025-05-01", "level"] == 0


def test_readers_see_promoters_in_points():
    course = surveys.course(shop(surveys=answers("nps", [10, 10, 9, 0] * 10, 3)))
    assert course.summary()["nps_points"].tolist() == [50]
    assert course.plot().get_ylabel() == "NPS points"


def test_every_finding_draws_and_speaks():
    rng = np.random.default_rng(1)
    data = shop(surveys=answers("nps", rng.integers(0, 11, 300), rng.integers(0, 170, 300)))
    for found in (surveys.satisfaction(data), surveys.course(data)):
        assert found.plot().has_data() and words_of(found).endswith(".") and len(found.summary().columns) <= 8
        plt.close("all")


def test_without_surveys_nothing_applies():
    nothing = shop()
    for found in (surveys.satisfaction(nothing), surveys.course(nothing)):
        assert isinstance(found, NotApplicable)
