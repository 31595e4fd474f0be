"""Sums of sales by channel and in windows, and how far one can look back."""

from __future__ import annotations

import math

import ibis
import ibis.expr.types as ir

from helpers.analyses.profiling.business.windows import Trade, Window
from helpers.analyses.profiling.standing.sales_sums import (
    Against,
    lookback_days,
    new_by_channel,
    parted_by_one,
    sales_of_customers,
    sums_by_channel,
)
from shops import shop


def test_new_customers_of_channels_add_up_to_all(fading):
    window = Window(fading.as_of, 10)
    earlier = {Against.LAST_YEAR: window.year_before}
    sums = sums_by_channel(sales_of_customers(Trade(fading), window, earlier, math.inf), earlier)
    channels = new_by_channel(sums, Against.LAST_YEAR)
    assert channels["buyers"].sum() == 5 and channels["earlier_buyers"].sum() == 50
    assert set(channels["channel"]) == {"web", "shop"}


def test_channels_come_in_one_order_whatever_that_of_the_engine(fading, monkeypatch):
    def sums():
        window = Window(fading.as_of, 10)
        earlier = {Against.LAST_YEAR: window.year_before}
        return sums_by_channel(sales_of_customers(Trade(fading), window, earlier, math.inf), earlier)

    first, execute = sums(), ir.Table.execute
    monkeypatch.setattr(ir.Table, "execute", lambda table: execute(table)[::-1])
    assert len(first) == 2 and sums().equals(first)


def test_all_days_count_where_nobody_joined_before_the_first_order(fading, shop_of):
    windows = [Window(fading.as_of, 10).year_before]
    assert lookback_days(Trade(fading), windows) == math.inf
    assert lookback_days(Trade(shop_of(5, 50, 40, 20, history=False)), windows) == 51


def test_new_and_existing_are_not_told_apart_where_too_little_lies_before(shop_of):
    data = shop_of(5, 50, 40, 20, history=False)
    assert math.isnan(lookback_days(Trade(data), [Window(data.as_of, 60).year_before]))


def test_parts_are_told_apart_from_which_windows_on_one_customer_makes_most_of_either(shop_of):
    data = shop_of(20, 20, 30, 30)
    window, orders = Window(data.as_of, 10), data.tables["orders"]
    earlier = {Against.LAST_YEAR: window.year_before, Against.BEFORE: window.before}

    def found(customer: str, day: str) -> set[str]:
        large = (orders.customer_id == customer) & (orders.ordered_at.date() == ibis.date(day))
        whale = orders.mutate(amount=ibis.ifelse(large, 3000.0, orders.amount))
        made = shop(as_of=data.as_of, orders=whale, customers=data.tables["customers"])
        return set(parted_by_one(sales_of_customers(Trade(made), window, earlier, math.inf), earlier))

    assert found("nobody", "2025-06-25") == set()
    assert found("now3", "2025-06-24") == found("old3", "2025-06-25") == {Against.LAST_YEAR, Against.BEFORE}
    assert found("then3", "2024-06-24") == {Against.LAST_YEAR}
