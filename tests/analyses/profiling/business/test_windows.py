"""Windows of days, what was ordered in them, and who was a customer or a subscriber by their end."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.business.windows import (
    Trade,
    Window,
    known_customers,
    running,
    subscriptions_have_history,
)
from helpers.statistics.shares import independent_rows
from shops import AS_OF, shop


def subscriptions(**columns):
    rows = pd.DataFrame(columns).assign(subscription_id=lambda table: table.index.astype(str))
    dates = {name: rows[name].astype("datetime64[us]") for name in ("started_at", "ended_at")}
    return shop(subscriptions=rows.assign(**dates))


def test_windows_of_a_length_follow_one_another_without_gap_or_overlap():
    window = Window(dt.date(2025, 3, 31), 31)
    assert str(window) == "2025-03-01 to 2025-03-31"
    assert str(window.before) == "2025-01-29 to 2025-02-28"
    assert Window.up_to(AS_OF).start == dt.date.min + dt.timedelta(days=1)


def test_sums_are_those_of_one_row_a_customer(corner_shop):
    """c1 40, c2 200 and a cancelled order, c3 60, ghost 40."""
    sums = Trade(corner_shop).sums(Window(AS_OF, 90))
    assert sums[["n", "buyers", "orders", "money"]].to_list() == [4, 4, 4, 340]
    assert sums["money_squared"] == 40**2 + 200**2 + 60**2 + 40**2 and sums["orders_money"] == 340


def test_of_orders_without_customers_each_stands_for_one(corner_shop):
    orders = corner_shop.tables["orders"].execute().drop(columns="customer_id")
    trade = Trade(shop(orders=orders))
    assert not trade.names_customers and Trade(corner_shop).names_customers
    assert trade.sums(Window(AS_OF, 90))[["n", "buyers", "orders", "money"]].to_list() == [5, 4, 4, 340]


def test_an_order_of_the_last_minute_lies_in_its_day():
    times = list(map(pd.Timestamp, ["2025-06-01", "2025-06-10 23:59:59.999999", "2025-06-11", "2025-05-31 23:59"]))
    trade = Trade(shop(orders={"order_id": list("abcd"), "ordered_at": times, "amount": [1.0, 2.0, 4.0, 8.0]}))
    assert trade.sums(Window(dt.date(2025, 6, 10), 10))["money"] == 3
    assert trade.orders_in(Window(dt.date(2025, 6, 10), 10))["placed"] == 2


def test_orders_are_counted_as_placed_paid_refunded_and_cancelled(corner_shop):
    counts = Trade(corner_shop).orders_in(Window(AS_OF, 90))
    assert counts[["placed", "paid", "refunded", "cancelled"]].tolist() == [5, 3, 1, 1]
    undated = Trade(shop(orders=corner_shop.tables["orders"].execute().drop(columns="paid_at")))
    assert not undated.dates_payment and undated.orders_in(Window(AS_OF, 90))["paid"] == 5


def test_orders_of_one_customer_are_no_cases_of_their_own():
    """30 customers with five orders each; ten send all of theirs back: as sure as 29 orders would be, not as 150."""
    who = np.repeat(np.arange(30), 5)
    orders = pd.DataFrame({"customer_id": who.astype(str), "order_id": np.arange(150).astype(str), "amount": 10.0,
                           "refund": np.where(who < 10, 10.0, 0.0), "cancelled": who < 10,
                           "ordered_at": pd.Timestamp("2025-06-01")})  # fmt: skip
    counts = Trade(shop(orders=orders)).orders_in(Window(AS_OF, 90))
    for part, of in (("refunded", "paid"), ("cancelled", "placed")):
        assert counts[[part, of, "customers"]].tolist() == [50, 150, 30]
        assert independent_rows(50, 150, counts[f"{part}_squares"], 30) == pytest.approx(29)


@pytest.mark.parametrize(("days", "covered"), [(177, True), (178, False)])
def test_orders_cover_a_window_that_begins_on_their_first_day_or_later(corner_shop, days, covered):
    trade = Trade(corner_shop)
    assert trade.first_day == dt.date(2025, 1, 5) and trade.covers(Window(AS_OF, days)) is covered


def test_customers_are_known_from_their_first_day_on(corner_shop):
    counts = [known_customers(corner_shop, day) for day in (dt.date(2024, 12, 31), dt.date(2025, 1, 3), AS_OF)]
    assert counts == [0, 3, 11]


def test_a_subscription_runs_to_the_end_of_the_day_before_it_ends():
    data = subscriptions(
        customer_id=["a", "a", "b", "c"], price=[10.0, 5.0, 20.0, None],
        started_at=["2025-01-01", "2025-02-01", "2025-03-01", "2025-01-01"],
        ended_at=[None, "2025-04-01", "2025-03-02", None],
    )  # fmt: skip
    sums = [running(data, day).to_dict() for day in (dt.date(2025, 3, 1), dt.date(2025, 4, 1))]
    assert sums == [
        {"customers": 3, "monthly_revenue": 35, "priced": 3},
        {"customers": 2, "monthly_revenue": 10, "priced": 1},
    ]


def test_a_list_of_subscriptions_that_all_ended_on_one_day_has_no_history():
    day = dt.date(2025, 3, 1)
    list_of_today = {"customer_id": ["a", "b"], "started_at": ["2025-01-01"] * 2, "ended_at": ["2025-06-01"] * 2}
    assert not subscriptions_have_history(subscriptions(**list_of_today), day)
    kept = subscriptions(**list_of_today | {"ended_at": ["2025-06-01", "2025-05-01"]})
    assert subscriptions_have_history(kept, day) and not subscriptions_have_history(kept, dt.date(2024, 12, 31))
