"""Rows that repeat another one, by the way in which they do."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from answers import words_of
from helpers.analyses.profiling.records.repeats import duplicates
from helpers.data.intake.wording.tables import Feed
from shops import shop, words

YEAR_END = dt.date(2025, 12, 31)


def test_rows_that_repeat_are_counted_by_the_way_in_which_they_do(plain_orders, plain_people):
    table = plain_orders()
    twice = table.head(3).assign(order_id=["x1", "x2", "x3"])
    books = [
        ("orders", "read", "", 210, 210), ("orders", "merged", "order_id repeats", 7, 7),
        ("events", "read", "", 10, 10), ("events", "kept", "row repeats (all columns equal)", 0, 4),
        ("customers", "merged", "customer_id repeats", 90, 90),
    ]  # fmt: skip
    events = pd.DataFrame({"customer_id": ["a"] * 10, "event": "visit", "happened_at": pd.Timestamp("2025-01-01")})
    both = pd.concat([table, twice], ignore_index=True)
    merging = words(feeds={"customers": Feed(("a.csv",), "customers", merge=True)})  # on purpose: no repeats
    tables = {"orders": both, "events": events, "customers": plain_people(9)}
    found = duplicates(shop(as_of=YEAR_END, accounting=books, settings=merging, **tables))
    lines = found.table.set_index("table")
    assert lines.loc["orders", ["repeated_keys", "rows", "equal_but_number"]].to_list() == [7, 203, 3]
    assert lines.loc["events", "equal_rows"] == 4 and lines.loc["customers", "repeated_keys"] == 0
    assert words_of(found) == (
        "7 rows repeat a key, most of them in the orders. "
        "4 rows equal another in every column, most of them in the events. "
        "3 rows equal another in all but their number, most of them in the orders."
    )


def test_orders_of_nobody_are_no_repeats_of_each_other(plain_orders):
    same = plain_orders().assign(customer_id=None, ordered_at=pd.Timestamp("2025-01-01"), amount=9.0)
    found = duplicates(shop(as_of=YEAR_END, accounting=[("orders", "read", "", 200, 200)], orders=same))
    assert words_of(found) == "No row repeats another one."


def test_goods_are_of_no_customer_and_no_repeats_of_each_other():
    goods = pd.DataFrame({"product_id": ["a", "b"], "category": "tea", "price": 9.0})
    lines = duplicates(shop(as_of=YEAR_END, products=goods)).table.set_index("table")
    assert lines.loc["products", "rows"] == 2 and pd.isna(lines.loc["products", "equal_but_number"])
