"""Rows that lead to nobody, and keys that are none."""

from __future__ import annotations

from helpers.data.inspection.keys import moneyless, nameless
from shops import shop


def test_orders_without_a_customer_are_counted():
    assert nameless(shop(as_given=True, orders={"order_id": ["1", "2"], "customer_id": ["a", None]})) == 1


def test_orders_of_which_no_money_is_known_are_counted():
    orders = {"order_id": ["1", "2", "3"], "customer_id": ["a", "a", "b"], "amount": [None, 0.0, 5.0]}
    assert moneyless(shop(as_given=True, orders=orders)) == 1 and moneyless(shop(surveys={"score": [1.0]})) == 0
