"""Orders and their lines complete each other, each order from its own lines."""

import ibis
import pandas as pd
import pytest

from helpers.data.intake import keys
from helpers.data.intake.wording.tables import Feed
from helpers.data.preparation import orders
from shops import shop, words

SETTINGS = words(feeds={"order_items": Feed(("a.csv",), "order_items")})


def table(name, columns, *rows):
    frame = pd.DataFrame(rows, columns=columns.split())
    times = {"ordered_at": "datetime64[us]"} if "ordered_at" in frame else {}
    return shop(**{name: frame.astype(times)}).tables[name]


def whole(settings=SETTINGS, owners=None, **tables):
    """The completed tables, and what was found out about ids."""
    made, found = orders.whole(tables, settings, ibis.get_backend(), owners)
    return {name: each.execute() for name, each in made.items()}, found


def by_order(made, *columns):
    rows = made["orders"].set_index("order_id")[list(columns)].astype(object)
    rows = rows.where(rows.notna(), None)
    return {name: tuple(line) for name, line in zip(rows.index, rows.itertuples(index=False), strict=True)}


def test_orders_without_money_get_it_from_their_own_lines_one_by_one():
    own = table("orders", "order_id customer_id amount", ("1", "a", 10.0), ("2", "a", None), ("3", "a", None))
    lines = table("order_items", "order_id quantity unit_price", ("1", 1.0, 7.0), ("2", 1.0, 5.0), ("2", 2.0, 3.0))
    made, _ = whole(orders=own, order_items=lines)
    assert by_order(made, "amount") == {"1": (10.0,), "2": (11.0,), "3": (None,)}


def test_money_that_is_nowhere_is_an_error_and_money_that_is_complete_stays_as_it_is():
    with pytest.raises(ValueError, match="orders: missing amount, and no order_items to sum it from"):
        whole(orders=table("orders", "order_id customer_id amount", ("1", "a", None)))
    assert whole(orders=table("orders", "order_id customer_id amount", ("1", "a", 1.0), ("2", "a", None))) == ({}, [])
    lines = table("order_items", "order_id amount", ("1", 7.0))
    made, _ = whole(orders=table("orders", "order_id customer_id amount", ("1", "a", 5.0)), order_items=lines)
    assert made.keys() == {"order_items"}


def test_a_cancelled_line_is_taken_off_an_order_that_counts_it():
    own = table("orders", "order_id customer_id amount", ("1", "a", 150.0), ("2", "a", 100.0), ("3", "b", 9.0))
    lines = table(
        "order_items", "order_id amount cancelled",
        ("1", 100.0, False), ("1", 50.0, True), ("2", 100.0, False), ("2", 50.0, True), ("3", 9.0, True),
    )  # fmt: skip
    made, _ = whole(orders=own, order_items=lines)
    assert by_order(made, "amount", "refund", "cancelled") == {
        "1": (150.0, 50.0, False),
        "2": (100.0, None, False),  # what the order says has left the line out already
        "3": (9.0, None, True),
    }


def test_what_was_taken_off_lines_was_taken_off_their_order():
    columns = "order_id customer_id ordered_at amount discount"
    at = pd.Timestamp("2025-03-01")
    lines = table(
        "order_items", columns, ("1", "a", at, 9.0, 1.0), ("1", "a", at, 5.0, 0.5), ("1", "a", at, -5.0, 0.5),
        ("2", "a", at, 5.0, None), ("3", "b", at, 5.0, 0.0),
    )  # fmt: skip
    off = {"1": (14.0, 1.5), "2": (5.0, None), "3": (5.0, 0.0)}
    assert by_order(whole(order_items=lines)[0], "amount", "discount") == off
    own = table("orders", "order_id customer_id amount", ("1", "a", 14.0), ("2", "a", 5.0), ("3", "b", 5.0))
    assert by_order(whole(orders=own, order_items=lines)[0], "amount", "discount") == off
    said = table("orders", "order_id customer_id amount discount", ("1", "a", 14.0, 9.0), ("3", "b", 5.0, None))
    assert by_order(whole(orders=said, order_items=lines)[0], "discount") == {"1": (9.0,), "3": (0.0,)}


def test_orders_are_made_of_lines_with_ids_of_their_own_where_customers_share_one():
    lines = table(
        "order_items", "order_id customer_id ordered_at amount",
        ("1", "a", "2025-01-01", 5.0), ("1", "b", "2025-01-01", 7.0), ("1", "b", "2025-01-01", 1.0), ("2", "a", "2025-02-01", 2.0),
    )  # fmt: skip
    made, found = whole(order_items=lines)
    assert sorted(made["orders"][["customer_id", "amount"]].itertuples(index=False, name=None)) == [
        ("a", 2.0),
        ("a", 5.0),
        ("b", 8.0),
    ]
    assert set(made["order_items"]["order_id"]) == set(made["orders"]["order_id"])
    assert found == [("order_items", "order_id", "customers", 1, 2)]
    merging = words(feeds={"order_items": Feed(("a.csv",), "order_items", merge=True)})
    made, found = whole(merging, order_items=lines)
    assert sorted(made["orders"]["order_id"]) == ["1", "2"] and found == []


SHARED = (("1", "a", "2025-01-01"), ("1", "b", "2025-01-01"), ("1", "b", "2025-03-01"), ("2", "a", "2025-01-01"))


def placed(columns, *rows):
    """The customer of the order that each line finds, and what was found, where orders 1 are three."""
    own = table("orders", "order_id customer_id ordered_at", *SHARED)
    owners = keys.owners(own, "order_id", "ordered_at")
    own = keys.owned(own, owners, "order_id", "ordered_at").mutate(amount=ibis.literal(1.0))
    made, found = whole(owners=owners, orders=own, order_items=table("order_items", columns, *rows))
    met = made["order_items"].merge(own.execute(), on="order_id", how="left", suffixes=("_line", ""))
    return met.sort_values("amount_line")["customer_id"].fillna("").tolist(), found


def test_lines_find_their_order_by_customer_and_day_as_far_as_they_say_them():
    whose, found = placed(
        "order_id customer_id ordered_at amount",
        ("1", "a", "2025-01-01", 1.0), ("1", "b", "2025-03-01", 2.0), ("1", "b", None, 3.0), ("2", "a", "2025-01-01", 4.0),
        ("1", "c", "2025-01-01", 5.0), ("1", None, "2025-03-01", 6.0),
    )  # fmt: skip
    assert whose == ["a", "b", "", "a", "", "b"]  # two orders are b's, none is c's
    assert found == [("order_items", "order_id", "unplaced", 1, 1)]


def test_lines_that_say_neither_find_no_order_rather_than_a_wrong_one():
    whose, found = placed("order_id amount", ("1", 1.0), ("2", 2.0))
    assert whose == ["", "a"] and found == [("order_items", "order_id", "unplaced", 1, 1)]
