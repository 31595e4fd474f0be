"""Rows that lead to nobody, and orders that lack what makes them one."""

from __future__ import annotations

from helpers.data.datasets import Dataset


def nameless(data: Dataset) -> int:
    """Orders that name no customer."""
    orders = data.tables.get("orders")
    return 0 if orders is None else int(orders.filter(orders.customer_id.isnull()).count().execute())


def moneyless(data: Dataset) -> int:
    """Orders of which no money is known."""
    orders = data.tables.get("orders")
    return 0 if orders is None else int(orders.filter(orders.amount.isnull()).count().execute())
