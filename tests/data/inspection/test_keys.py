"""Whether the keys of the tables meet."""

from __future__ import annotations

import pandas as pd

from helpers.data.inspection.keys import Meeting, Shared, meetings, nameless, shared
from shops import shop


def test_customers_and_orders_are_compared_both_ways(data):
    found = meetings(data)
    assert Meeting("orders", "customers", "customer_id", 3, 1) in found
    assert Meeting("customers", "orders", "customer_id", 3, 1) in found


def test_lines_without_an_order_and_orders_without_lines_are_counted():
    data = shop(
        as_given=True,
        orders={"order_id": ["1", "2"], "customer_id": ["a", None]},
        order_items={"order_id": ["1", "1", "9"], "quantity": [1.0, 1.0, 1.0]},
    )
    assert Meeting("order_items", "orders", "order_id", 2, 1) in meetings(data)
    assert Meeting("orders", "order_items", "order_id", 2, 1) in meetings(data)
    assert nameless(data) == 1


def test_order_ids_of_several_customers_or_days_are_no_key():
    lines = {
        "order_id": ["1", "1", "2", "2", "3"],
        "customer_id": ["a", "b", "a", "a", "a"],
        "ordered_at": pd.to_datetime(["2025-01-01", "2025-01-01", "2025-01-01", "2025-01-02", "2025-01-01"]),
    }
    assert shared(shop(as_given=True, order_items=lines)) == Shared(3, 1, 1)
    assert shared(shop(as_given=True, orders={"order_id": ["1"], "customer_id": ["a"]})) is None


def test_keys_that_would_meet_but_for_their_spelling_are_counted_by_shape():
    customers = {"customer_id": ["0017", "0018", "B1"]}
    orders = {"order_id": ["1", "2", "3", "4"], "customer_id": ["17", "18", "b1", "zz"]}
    found = meetings(shop(as_given=True, customers=customers, orders=orders))
    (meeting,) = [each for each in found if each.table == "orders"]
    assert [(each.kind, each.ids) for each in meeting.near] == [("leading zeros", 2), ("case", 1)]
    assert meeting.near[0].example == ("99", "0099")
