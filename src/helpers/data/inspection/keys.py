"""Rows that lead to nobody, and keys that are none."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.data.datasets import Dataset
from helpers.data.joins import ORDER


@dataclass(frozen=True)
class Shared:
    """Order ids that stand on lines of several customers, or of several days: they are no key of orders."""

    ids: int
    of_several_customers: int
    of_several_days: int


def nameless(data: Dataset) -> int:
    """Orders that name no customer."""
    orders = data.tables.get("orders")
    return 0 if orders is None else int(orders.filter(orders.customer_id.isnull()).count().execute())


def shared(data: Dataset) -> Shared | None:
    """Order ids of lines that carry customer and time, by whether one id is of several; None without such lines."""
    lines = data.tables.get("order_items")
    if lines is None or not lines.customer_id.notnull().any().execute():
        return None
    each = lines.group_by(ORDER).agg(customers=lines.customer_id.nunique(), days=lines.ordered_at.date().nunique())
    counts = (
        each.agg(ids=each.count(), customers=(each.customers > 1).sum(), days=(each.days > 1).sum()).execute().iloc[0]
    )
    return Shared(int(counts["ids"]), int(counts["customers"]), int(counts["days"]))
