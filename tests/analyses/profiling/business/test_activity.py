"""Daily, weekly and monthly active customers against a count by hand, and the interval of the stickiness."""

from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.business.activity import Activity, activity, activity_figures, stickiness_shares
from helpers.analyses.profiling.business.windows import Window
from shops import AS_OF, shop


def rows(days_ago: dict[str, list[int]]) -> ibis.Table:
    facts = [
        (who, dt.datetime(2025, 6, 30, 23, 59) - dt.timedelta(days=ago))
        for who, when in days_ago.items()
        for ago in when
    ]
    return ibis.memtable(pd.DataFrame(facts, columns=["customer_id", "at"]))


def test_months_have_thirty_days_and_weeks_seven_and_a_customer_counts_once_a_day():
    month = activity(rows({"a": [0, 0, 1, 29, 30], "b": [6], "c": [7], "d": [30, 31], "e": [-1]}), "at", AS_OF)
    assert (month.monthly, month.weekly, month.days, month.days_squared) == (3, 2, 5, 11)
    assert month.daily == pytest.approx(5 / 30) and month.stickiness == pytest.approx(5 / 90)


def test_the_interval_of_the_stickiness_covers_the_true_share_of_days():
    """Customers come on each day with a chance of their own, .1 to .5: the mean of those who come is known."""
    rng, covered = np.random.default_rng(3), 0
    truth = np.random.default_rng(4).binomial(30, np.random.default_rng(5).uniform(0.1, 0.5, 400_000))
    truth = truth[truth > 0].mean() / 30
    for _ in range(500):
        days = rng.binomial(30, rng.uniform(0.1, 0.5, 200))
        month = Activity(Window(AS_OF, 30), int((days > 0).sum()), 0, int(days.sum()), int((days**2).sum()))
        lower, upper = month.stickiness_interval()
        covered += lower <= truth <= upper
    assert 0.92 <= covered / 500 <= 0.98


def test_nobody_has_no_stickiness():
    month = activity(rows({"a": [40]}), "at", AS_OF)
    assert month.monthly == 0 and np.isnan(month.stickiness) and np.isnan(month.stickiness_interval()).all()


def test_events_tell_of_activity_before_orders_do_and_neither_where_they_begin_within_the_month():
    facts = {"customer_id": ["a", "a", "b", "c"], "days_ago": [0, 3, 9, 60]}
    orders = {"order_id": list("wxyz"), "amount": 1.0, "customer_id": ["a", "b", "b", "b"], "days_ago": [0, 1, 2, 70]}
    by_events, by_orders = shop(orders=orders, events=facts), shop(orders=orders)
    values = {figure.kpi: figure.value for figure in activity_figures(by_events, AS_OF)}
    assert values == {"DAU": 3 / 30, "WAU": 1, "MAU": 2}
    (share,) = stickiness_shares(by_orders)
    assert share.now == (3, 60) and share.definition.denominator == "30 days × customers active in them, by orders"
    late = shop(orders=orders | {"days_ago": [0, 1, 2, 20]})
    assert activity_figures(late, AS_OF) == stickiness_shares(late) == []
