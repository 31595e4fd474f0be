"""Ids that several customers, or several days, share are made ids of each; what belongs together stays together."""

import pandas as pd
import pytest

from helpers.data.intake.keys import sharing
from shops import shop


def parted(rows, at="ordered_at"):
    """The ids of rows (id, customer, time) after parting, in the order of rows; and what was counted."""
    frame = pd.DataFrame(rows, columns=["order_id", "customer_id", "ordered_at"])
    table = shop(as_given=True, orders=frame.assign(place=range(len(frame))).astype({"ordered_at": "datetime64[us]"}))
    orders = table.tables["orders"]
    owners = sharing.owners(orders, "order_id", at)
    own = sharing.owned(orders, owners, "order_id", at).execute().sort_values("place")
    return own["order_id"].tolist(), sharing.counts(owners, "order_id")


def test_an_id_of_several_customers_is_one_of_each_and_that_of_one_stays():
    ids, counts = parted([("1", "a", "2025-01-01"), ("1", "b", "2025-01-01"), ("2", "a", "2025-01-01")])
    assert ids == ["1 · a · 2025-01-01", "1 · b · 2025-01-01", "2"] and counts == {"customers": 1, "days": 0}


def test_numbers_that_begin_anew_every_year_are_those_of_each_day():
    ids, counts = parted([("1", "a", "2024-01-02"), ("1", "a", "2025-01-02"), ("1", "a", "2025-01-02")])
    assert ids == ["1 · a · 2024-01-02", "1 · a · 2025-01-02", "1 · a · 2025-01-02"]
    assert counts == {"customers": 0, "days": 1}


@pytest.mark.parametrize(
    "times",
    [
        ["2025-01-01 23:59", "2025-01-02 00:01"],  # an order that crosses midnight
        ["2025-01-01 20:00", "2025-01-02 10:00", "2025-01-02 22:00"],  # one that goes on for more than a day
        ["2025-01-01 08:00", "2025-01-01 20:00"],
    ],
)
def test_rows_less_than_a_day_apart_are_of_one_order(times):
    assert parted([("1", "a", time) for time in times]) == (["1"] * len(times), {"customers": 0, "days": 0})


def test_a_typo_parts_its_own_row_only():
    rows = [("1", "a", "2025-01-01"), ("1", "a", "2025-01-01"), ("1", "A", "2025-01-01"), ("2", "b", "2025-01-01")]
    ids, counts = parted(rows)
    assert ids[0] == ids[1] != ids[2] and ids[3] == "2" and counts["customers"] == 1


def test_without_a_time_only_customers_part_an_id():
    ids, counts = parted([("1", "a", "2024-01-01"), ("1", "a", "2025-01-01"), ("2", "a", None), ("2", "b", None)], "")
    assert ids == ["1", "1", "2 · a", "2 · b"] and counts == {"customers": 1, "days": 0}


def test_orders_that_name_no_customer_are_told_apart_by_their_days():
    ids, _ = parted([("1", None, "2024-01-01"), ("1", None, "2025-01-01"), ("2", None, "2025-01-01")])
    assert ids == ["1 · 2024-01-01", "1 · 2025-01-01", "2"]


def test_the_order_of_rows_changes_nothing():
    rows = [("1", "a", "2024-01-02"), ("1", "b", "2025-01-02"), ("2", "a", "2025-01-02"), ("2", "a", "2025-03-02")]
    assert parted(rows[::-1])[0][::-1] == parted(rows)[0]
