"""Rows of the contract tables with the customer and the time they belong to."""

from __future__ import annotations

import ibis.expr.types as ir

from helpers.data.datasets import Dataset


def rows_of(data: Dataset, table: str) -> ir.Table | None:
    """The rows of a contract table as `rows_with_customer` gives them; None without such a table."""
    return rows_with_customer(data, table) if table in data.tables else None


def rows_with_customer(data: Dataset, table: str) -> ir.Table:
    """The rows of a contract table, which the data have, that name their customer, without cancelled ones.

    Lines of an order get customer and time from their order. Under the policy `cancellations = "keep"` cancelled rows
    stay.
    """
    rows = data.tables[table]
    if table == "order_items" and "orders" in data.tables:
        orders = data.tables["orders"].select("order_id", "customer_id", "ordered_at", of_cancelled="cancelled")
        rows = rows.drop("customer_id", "ordered_at").inner_join(orders, "order_id")
        rows = rows.mutate(cancelled=rows.cancelled.fill_null(False) | rows.of_cancelled.fill_null(False))
        rows = rows.drop("of_cancelled")
    if "cancelled" in rows.columns and data.settings.policy.cancellations != "keep":
        rows = rows.filter(~rows.cancelled.fill_null(False))
    return rows.filter(rows.customer_id.notnull())
