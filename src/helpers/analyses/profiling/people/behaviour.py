"""What customers do, in bands: when they last bought, how often, for how much, what, where and at what time of day."""

from __future__ import annotations

from itertools import pairwise

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.profiling.vocabulary import (
    LAST_ORDER,
    MAIN_CATEGORY,
    MAIN_NEED,
    MAIN_ORDER_CHANNEL,
    SPEND,
    TIME_OF_ORDERS,
)
from helpers.data.datasets import Dataset
from helpers.data.intake.rows import purchases

RECENCY_EDGES = (0, 31, 91, 181, 366, np.inf)
RECENCY_BANDS = ("within 30 days", "31–90 days ago", "91–180 days ago", "181–365 days ago", "over a year ago")
ORDER_EDGES = (0, 1, 2, 3, 6, 11, np.inf)
ORDER_BANDS = ("none", "1", "2", "3–5", "6–10", "over 10")
DAYPARTS = ((6, "night (0–6)"), (12, "morning (6–12)"), (18, "afternoon (12–18)"), (24, "evening (18–24)"))


def behaviour(data: Dataset) -> dict[str, pd.Series]:
    """The bands of last order, orders and spend of each customer, in the order of the snapshot.

    Spend is cut at the quartiles of those who bought, rounded to two digits.
    """
    customers = data.customers
    if "recency_days" not in customers or not customers["recency_days"].notna().any():
        return {}
    bought = customers["recency_days"].notna()
    return {
        LAST_ORDER: pd.cut(customers["recency_days"], RECENCY_EDGES, right=False, labels=RECENCY_BANDS),
        "orders": pd.cut(customers["orders"], ORDER_EDGES, right=False, labels=ORDER_BANDS),
        SPEND: _quarters(customers["monetary"].where(bought)),
    }


def preferences(data: Dataset) -> dict[str, pd.Series]:
    """The category, order channel and time of day of most orders, and the category of most tickets, of each customer.

    Of several that are as frequent the first by name counts. Orders at midnight sharp are dated without a time of day.
    """
    ids = data.customers["customer_id"]
    mains = {name: ids.map(_main(rows)) for name, rows in _choices(data) if rows is not None}
    return {name: values for name, values in mains.items() if values.notna().any()}


def _choices(data: Dataset) -> list[tuple[str, ir.Table | None]]:
    """customer_id and value of each purchase, item of one, or ticket that has both."""
    orders, items, tickets = (data.tables.get(name) for name in ("orders", "order_items", "tickets"))
    category = channel = daypart = need = None
    if orders is not None:
        orders = purchases.made(orders, data.settings.policy)
        channel = orders.select("customer_id", value=orders.channel)
        timed = orders.filter(orders.ordered_at != orders.ordered_at.truncate("D"))
        hour = timed.ordered_at.hour()
        daypart = timed.select("customer_id", value=ibis.cases(*((hour < end, name) for end, name in DAYPARTS)))
    if items is not None and orders is not None:
        owners = orders.select("order_id", owner=orders.customer_id)
        items = purchases.made(items, data.settings.policy)
        category = items.select("order_id", value=items.category).join(owners, "order_id")
        category = category.select("value", customer_id=category.owner)
    if tickets is not None:
        need = tickets.select("customer_id", value=tickets.category)
    return [
        (MAIN_CATEGORY, category),
        (MAIN_ORDER_CHANNEL, channel),
        (TIME_OF_ORDERS, daypart),
        (MAIN_NEED, need),
    ]


def _main(rows: ir.Table) -> pd.Series:
    """The most frequent value of each customer who has one."""
    chosen = rows.filter(rows.customer_id.notnull() & rows.value.notnull())
    counts = chosen.group_by("customer_id", "value").agg(n=chosen.count())
    first = ibis.row_number().over(group_by="customer_id", order_by=[counts.n.desc(), counts.value.asc()])
    ranked = counts.mutate(place=first)
    return ranked.filter(ranked.place == 0).select("customer_id", "value").execute().set_index("customer_id")["value"]


def _quarters(spend: pd.Series) -> pd.Series:
    """Four bands of about as many customers each, fewer where quartiles are equal."""
    quartiles = spend.quantile([0.25, 0.5, 0.75])
    edges = sorted({float(f"{edge:.2g}") for edge in quartiles})
    ends = [f"{edge:,.6g}" for edge in edges]
    between = [f"{low} to under {high}" for low, high in pairwise(ends)]
    labels = [f"under {ends[0]}", *between, f"{ends[-1]} and over"]
    return pd.cut(spend, [-np.inf, *edges, np.inf], right=False, labels=labels)
