"""Rows with the customer and the time they belong to: lines from their order, and none that were cancelled."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.analyses.segmentation.dated_rows import rows_of
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.schema import Policy
from shops import AS_OF, shop, words


def data_under(cancellations: str) -> Dataset:
    """Four orders, of which o2 was cancelled and o4 names nobody, with a line each; the line of o3 was cancelled."""
    orders = {"order_id": ["o1", "o2", "o3", "o4"], "customer_id": ["a", "a", "b", None], "days_ago": [9, 5, 2, 1]}
    items = {"order_id": ["o1", "o2", "o3", "o4"], "amount": 1.0, "cancelled": [False, False, True, False]}
    return shop(
        settings=words(policy=Policy(cancellations=cancellations)),
        orders=pd.DataFrame({**orders, "amount": 1.0, "cancelled": [False, True, False, False]}),
        order_items=pd.DataFrame(items),
    )


@pytest.mark.parametrize(
    ("cancellations", "orders", "lines"),
    [("net", ["o1", "o3"], ["o1"]), ("keep", ["o1", "o2", "o3"], ["o1", "o2", "o3"])],
)
def test_rows_that_name_their_customer_stay_and_cancelled_ones_as_the_policy_says(cancellations, orders, lines):
    data = data_under(cancellations)
    assert sorted(rows_of(data, "orders").execute()["order_id"]) == orders
    assert sorted(rows_of(data, "order_items").execute()["order_id"]) == lines


def test_a_line_has_the_customer_and_the_time_of_its_order():
    line = rows_of(data_under("net"), "order_items").execute().iloc[0]
    assert line["customer_id"] == "a" and line["ordered_at"] == pd.Timestamp(AS_OF) - pd.Timedelta(days=9)
    assert "of_cancelled" not in line


def test_a_table_that_the_data_lack_has_no_rows():
    assert rows_of(data_under("net"), "tickets") is None
