"""Survey levels against slow counts, and changes that are real or are not."""

from __future__ import annotations

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from answers import words_of

from helpers.analyses.feedback.voice import satisfaction_levels as surveys
from helpers.findings import NotApplicable
from shops import AS_OF, shop


def answers(question: str, scores, days_ago, customers=None) -> pd.DataFrame:
    n = len(scores)
    at = pd.Timestamp(AS_OF) - pd.to_timedelta(np.broadcast_to(days_ago, n), unit="D")
    ids = np.arange(n) if customers is None else customers
    return pd.DataFrame(
        {
            "customer_id": [f"c{each}" for each in ids],
            "answered_at": at,
            "question": question,
            "score": np.asarray(scores, dtype=float),
        }
    )


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
        found.change.upper < 0 and found.change.lower < -0.2 < found.change.upper and "changed from" in words_of(found)
    )
    alike = surveys.course(shop(surveys=pd.concat([before, same])))
    assert "no change beyond chance from" in words_of(alike) and "(95% CI " in words_of(alike)
    assert f"{100 * alike.change[0]:+.1f} points" not in words_of(alike)
    few = surveys.course(shop(surveys=pd.concat([before, same.head(9)])))
    assert few.change is None and "too few answers" in words_of(few)


def test_the_course_is_by_month_with_each_customers_latest_answer_in_it():
    rows = answers("nps", [10, 0] * 20, np.repeat([5, 35], 20), customers=np.tile(np.arange(20), 2))
    again = answers("nps", [9] * 20, 2, customers=np.arange(20))
    periods = surveys.course(shop(surveys=pd.concat([rows, again]))).table.set_index("period")
    assert periods["answers"].tolist() == [20, 20]
    assert periods.loc["2025-06-01", "level"] == 1 and periods.loc["2025-05-01", "level"] == 0


def test_a_group_that_differs_is_found_among_those_that_do_not():
    rng = np.random.default_rng(4)
    rows = answers("csat", rng.choice([2, 5], 900, p=[0.3, 0.7]), 3)
    rows.loc[:199, "score"] = rng.choice([2, 5], 200, p=[0.7, 0.3])
    labels = pd.Series(np.repeat(["south", "north", "east"], [200, 350, 350]), [f"c{each}" for each in range(900)])
    found = surveys.group_levels(shop(surveys=rows), labels, "region")
    assert words_of(found).startswith("CSAT (csat) differs by region: most “south”")
    slow = (rows["score"].to_numpy()[:200] >= 4).mean()
    assert found.table.set_index("group").loc["south", "level"] == pytest.approx(slow)
    assert found.summary().set_index("region").loc["south", "satisfied_share"] == pytest.approx(slow)
    assert isinstance(surveys.group_levels(shop(surveys=rows), None, "region"), NotApplicable)


def test_readers_see_promoters_in_points_and_the_satisfied_as_a_share():
    rows = answers("nps", [10, 10, 9, 0] * 10, 3)
    labels = pd.Series(["south", "north"] * 20, [f"c{each}" for each in range(40)])
    course, groups = surveys.course(shop(surveys=rows)), surveys.group_levels(shop(surveys=rows), labels, "region")
    assert course.summary()["nps_points"].tolist() == [50]
    told = groups.summary().set_index("region")
    assert told["nps_points"].to_dict() == {"south": 100, "north": 0}
    assert told["difference_points"].tolist() == pytest.approx((100 * groups.table["level_difference"]).tolist())
    assert course.plot().get_ylabel() == groups.plot().get_xlabel() == "NPS points"


def test_every_finding_draws_and_speaks():
    rng = np.random.default_rng(1)
    data = shop(surveys=answers("nps", rng.integers(0, 11, 300), rng.integers(0, 170, 300)))
    labels = pd.Series(rng.choice(["a", "b"], 300), [f"c{each}" for each in range(300)])
    for found in (
        surveys.satisfaction(data),
        surveys.course(data),
        surveys.group_levels(data, labels, "plan"),
    ):
        assert found.plot().has_data() and words_of(found).endswith(".") and len(found.summary().columns) <= 8
        plt.close("all")


def test_without_surveys_nothing_applies():
    nothing = shop()
    for found in (surveys.satisfaction(nothing), surveys.course(nothing)):
        assert isinstance(found, NotApplicable)
