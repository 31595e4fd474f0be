"""Rows of the contract tables with the customer and the time they belong to."""

from __future__ import annotations

import ibis.expr.types as ir

from helpers.data.datasets import Dataset
from helpers.data.intake.rows import purchases


def rows_of(data: Dataset, table: str) -> ir.Table | None:
    """The rows of a contract table as `rows_with_customer` gives them; None without such a table."""
    return rows_with_customer(data, table) if table in data.tables else None


def rows_with_customer(data: Dataset, table: str) -> ir.Table:
    """The rows of a contract table, which the data have, that name their customer, without what was given back.

    Lines of an order get customer and time from their order; those of an order that is no purchase are none either.
    """
    rows, policy = data.tables[table], data.settings.policy
    if table in ("orders", "order_items"):
        rows = purchases.made(rows, policy)
    if table == "order_items" and "orders" in data.tables:
        orders = purchases.made(data.tables["orders"], policy).select("order_id", "customer_id", "ordered_at")
        rows = rows.drop("customer_id", "ordered_at").inner_join(orders, "order_id")
    return rows.filter(rows.customer_id.notnull())
