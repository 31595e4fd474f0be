"""Daily, weekly and monthly active customers against a count by hand, and the interval of the stickiness."""

from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.business.activity import Activity, activity
from helpers.analyses.profiling.business.windows import Window

UNTIL = dt.date(2025, 6, 30)


def rows(days_ago: dict[str, list[int]]) -> ibis.Table:
    facts = [
        (who, dt.datetime(2025, 6, 30, 23, 59) - dt.timedelta(days=ago))
        for who, when in days_ago.items()
        for ago in when
    ]
    return ibis.memtable(pd.DataFrame(facts, columns=["customer_id", "at"]))


def test_months_have_thirty_days_and_weeks_seven_and_a_customer_counts_once_a_day():
    found = activity(rows({"a": [0, 0, 1, 29, 30], "b": [6], "c": [7], "d": [30, 31], "e": [-1]}), "at", UNTIL)
    assert (found.monthly, found.weekly, found.days, found.days_squared) == (3, 2, 5, 11)
    assert found.daily == pytest.approx(5 / 30) and found.stickiness == pytest.approx(5 / 90)


def test_the_interval_of_the_stickiness_covers_the_true_share_of_days():
    """Customers come on each day with a chance of their own, .1 to .5: the mean of those who come is known."""
    rng, covered = np.random.default_rng(3), 0
    truth = np.random.default_rng(4).binomial(30, np.random.default_rng(5).uniform(0.1, 0.5, 400_000))
    truth = truth[truth > 0].mean() / 30
    for _ in range(500):
        days = rng.binomial(30, rng.uniform(0.1, 0.5, 200))
        found = Activity(Window(UNTIL, 30), int((days > 0).sum()), 0, int(days.sum()), int((days**2).sum()))
        lower, upper = found.stickiness_interval()
        covered += lower <= truth <= upper
    assert 0.92 <= covered / 500 <= 0.98


def test_nobody_has_no_stickiness():
    found = activity(rows({"a": [40]}), "at", UNTIL)
    assert found.monthly == 0 and np.isnan(found.stickiness) and np.isnan(found.stickiness_interval()).all()
