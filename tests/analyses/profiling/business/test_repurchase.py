"""The second order: fixed follow-up, and the wait with those who have not ordered again yet as censored."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.business.repurchase import (
    median_wait,
    repeat_shares,
    repurchase_shares,
    repurchased_within,
    second_order_figures,
    second_orders,
)
from helpers.analyses.profiling.business.windows import Trade, Window
from shops import shop


def trade(rows: list[tuple[str, int, bool]]) -> Trade:
    """Orders as (customer, day of 2025 from 1, cancelled)."""
    orders = pd.DataFrame(rows, columns=["customer_id", "day", "cancelled"])
    orders["ordered_at"] = pd.Timestamp("2024-12-31 13:00") + pd.to_timedelta(orders.pop("day"), unit="D")
    return Trade(shop(orders=orders.assign(order_id=orders.index.astype(str), amount=1.0)))


def test_the_second_order_is_of_a_later_day_and_was_not_cancelled():
    rows = [
        ("a", 1, False),
        ("a", 1, False),
        ("a", 5, True),
        ("a", 8, False),
        ("a", 9, False),
        ("b", 3, False),
        ("b", 3, False),
    ]
    waits = second_orders(trade([*rows, ("c", 2, True), ("a", 40, False)]), dt.date(2025, 1, 31))
    assert waits.fillna(-1).to_numpy().tolist() == [[28, -1, 1], [30, 7, 1]]


def test_only_who_was_followed_for_so_long_is_in_the_denominator():
    """Who came 20 days ago and ordered again at once is not counted: who came with him has no full 30 days either."""
    rows = [
        ("old", 1, False),
        ("old", 31, False),
        ("older", 1, False),
        ("older", 32, False),
        ("new", 40, False),
        ("new", 41, False),
    ]
    waits = second_orders(trade(rows), dt.date(2025, 3, 1))
    assert repurchased_within(waits, 30) == (1, 2)
    assert repurchased_within(waits, 20) == (1, 3)


def test_the_median_wait_is_that_of_kaplan_and_meier():
    """Waits 2, 4, 6 of five; two are censored at 3 and 9: survival ⅘, ⅘ · ⅔ = .533, .533 · ½ = .267 at day 6."""
    waits = pd.DataFrame({"followed_days": [20, 20, 20, 3, 9], "wait_days": [2, 4, 6, np.nan, np.nan], "customers": 10})
    assert median_wait(waits)[0] == 6
    assert np.isnan(median_wait(waits.assign(customers=[1, 1, 1, 1, 20]))).any()
    assert np.isnan(median_wait(waits.assign(customers=9))[0])  # 18 are watched on day 6


def test_who_bought_twice_is_of_the_buyers_of_the_window():
    """a orders twice on one day and c on two days; the second order of b was cancelled, and d bought a window earlier."""
    rows = [("a", 40, False), ("a", 40, False), ("b", 41, False), ("b", 42, True), ("c", 43, False), ("c", 59, False)]
    (share,) = repeat_shares(
        trade([*rows, *(("d", day, False) for day in (1, 2, 3))]), Window(dt.date(2025, 2, 28), 29)
    )
    assert share.kpi == "bought twice in 29 days" and share.now == (2, 3)
    assert share.before == (1, 1)
    assert repeat_shares(trade([("d", 1, False)]), Window(dt.date(2025, 2, 28), 29)) == []


def test_nobody_who_came_back_has_no_median():
    waits = pd.DataFrame({"followed_days": [0, 20], "wait_days": [np.nan, np.nan], "customers": [3, 4]})
    assert np.isnan(median_wait(waits)).all()
    assert repurchased_within(waits, 20) == (0, 4)


def test_who_came_on_the_last_day_only_is_no_evidence():
    waits = pd.DataFrame({"followed_days": [9, 0], "wait_days": [5, np.nan], "customers": [20, 1000]})
    assert median_wait(waits)[0] == pytest.approx(5)


def test_the_share_and_the_median_say_what_they_are_of():
    """Waits of 20 and of 40 days, of two who are far too few for a median."""
    orders = trade([("a", 1, False), ("a", 21, False), ("b", 2, False), ("b", 42, False), ("c", 60, False)])
    (share,) = repurchase_shares(orders, Window(dt.date(2025, 3, 2), 30))
    assert (share.now, share.before) == ((1, 2), (1, 1))
    assert share.kpi == "repurchase in 30 days" and share.definition.window == "first orders to 2025-01-31"
    (figure,) = second_order_figures(orders, dt.date(2025, 3, 2))
    assert np.isnan(figure.value) and figure.definition.denominator == "3 customers with an order"
    assert repurchase_shares(orders, Window(dt.date(2025, 3, 2), 90)) == []
    assert second_order_figures(trade([("a", 9, False)]), dt.date(2025, 1, 5)) == []
