"""Whether the keys of the tables meet: rows that lead to nobody, and keys that are none."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir

from helpers.data.datasets import Dataset
from helpers.data.intake.readings.ids import NearMiss, near_misses

CUSTOMER, ORDER = "customer_id", "order_id"


@dataclass(frozen=True)
class Meeting:
    """Of the different keys of a table, how many are in another one."""

    table: str
    other: str
    key: str
    keys: int
    missing: int  # of these, how many the other table lacks
    near: tuple[NearMiss, ...] = ()  # of the missing, those that are there spelled otherwise


@dataclass(frozen=True)
class Shared:
    """Order ids that stand on lines of several customers, or of several days: they are no key of orders."""

    ids: int
    of_several_customers: int
    of_several_days: int


def meetings(data: Dataset) -> list[Meeting]:
    """How the customers of each table meet those of the table of customers, and lines their orders, both ways."""
    tables = data.tables
    pairs = [
        (name, "customers", CUSTOMER)
        for name, table in tables.items()
        if name != "customers" and CUSTOMER in table.columns
    ]
    pairs = pairs if "customers" in tables else []
    if {"customers", "orders"} <= tables.keys():
        pairs.append(("customers", "orders", CUSTOMER))
    if {"orders", "order_items"} <= tables.keys():
        pairs += [("order_items", "orders", ORDER), ("orders", "order_items", ORDER)]
    met = [_meeting(tables, *pair) for pair in pairs if not (pair[0] == "order_items" and pair[2] == CUSTOMER)]
    return [each for each in met if each.keys]


def _meeting(tables: dict[str, ir.Table], name: str, other: str, key: str) -> Meeting:
    mine = tables[name].select(key).filter(lambda rows: rows[key].notnull()).distinct()
    both = mine.semi_join(tables[other].select(key), key)
    keys, met = int(mine.count().execute()), int(both.count().execute())
    near = near_misses(mine, tables[other], key) if met < keys else []
    return Meeting(name, other, key, keys, keys - met, tuple(near))


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
