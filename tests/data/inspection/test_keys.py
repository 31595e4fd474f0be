"""Rows that lead to nobody, and keys that are none."""

from __future__ import annotations

import pandas as pd

from helpers.data.inspection.keys import Shared, nameless, shared
from shops import shop


def test_orders_without_a_customer_are_counted():
    assert nameless(shop(as_given=True, orders={"order_id": ["1", "2"], "customer_id": ["a", None]})) == 1


def test_order_ids_of_several_customers_or_days_are_no_key():
    lines = {
        "order_id": ["1", "1", "2", "2", "3"],
        "customer_id": ["a", "b", "a", "a", "a"],
        "ordered_at": pd.to_datetime(["2025-01-01", "2025-01-01", "2025-01-01", "2025-01-02", "2025-01-01"]),
    }
    assert shared(shop(as_given=True, order_items=lines)) == Shared(3, 1, 1)
    assert shared(shop(as_given=True, orders={"order_id": ["1"], "customer_id": ["a"]})) is None
