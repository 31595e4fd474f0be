"""Rows that lead to nobody, and keys that are none."""

from __future__ import annotations

from helpers.data.inspection.keys import crowded, crowds, moneyless, nameless, parted
from helpers.data.intake.readings.guests import Crowd
from shops import shop


def test_orders_without_a_customer_are_counted():
    assert nameless(shop(as_given=True, orders={"order_id": ["1", "2"], "customer_id": ["a", None]})) == 1


def test_orders_of_which_no_money_is_known_are_counted():
    orders = {"order_id": ["1", "2", "3"], "customer_id": ["a", "a", "b"], "amount": [None, 0.0, 5.0]}
    assert moneyless(shop(as_given=True, orders=orders)) == 1 and moneyless(shop(surveys={"score": [1.0]})) == 0


def test_a_customer_who_seems_to_stand_for_many_is_told_by_name_only_where_it_is_nobody():
    data = shop(as_given=True, orders={"customer_id": ["0"] * 10 + ["a", "b"]})
    assert crowds(data)["orders"] == [Crowd("0", 10, 12, 1, True)]
    assert crowded("orders", crowds(data)["orders"][0]).endswith('Write guests = ["0"] at the top of dataset.toml')
    assert "13912345678" not in crowded("orders", Crowd("13912345678", 500, 700, 2, False))
    assert crowds(shop(surveys={"score": [1.0]})) == {}


def test_customers_told_apart_by_an_accident_of_spelling_are_counted_where_most_are():
    data = shop(
        as_given=True,
        orders={"customer_id": ["Ann@x.com", "ann@x.com", "0042", "42", "b"]},
        tickets={"customer_id": ["b", "c"]},
    )
    table, found = parted(data)
    assert table == "orders" and {(near.kind, near.ids) for near in found} == {("case", 1), ("leading zeros", 1)}
    assert parted(shop(as_given=True, orders={"customer_id": ["a", "b", "10", "100"]}))[1] == []
