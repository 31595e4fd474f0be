"""What health is made of: measures of each customer on a day, made of facts before it alone.

Money given back is a measure where it has a day of its own, as a row below zero: how much of an order was refunded is
told without a day, so on an earlier day it would tell of the future. Nor is the part of a contract's term that has
passed a measure: ends that lie ahead are not in the tables.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.churn.forecast.features import (
    LONG_DAYS,
    Source,
    answer_facts,
    answer_order,
    answer_sums,
    counts,
    dated_features,
    event_facts,
    order_facts,
    order_features,
    order_sums,
)
from helpers.data.datasets import Dataset
from helpers.data.intake.rows import purchases


def measured(data: Dataset, rows: pd.DataFrame) -> pd.DataFrame:
    """The measures of `rows` (customer_id, landmark_at), in their own units, each turned so that more is better.

    One column for each of `MEASURES` whose table `data` has; missing where nothing is known of a customer. Raises
    LeakageError when a fact is not from before its landmark.
    """
    known = dated_features(data, rows, SOURCES)
    columns = {
        name: each.value(known.table).astype(float)
        for name, each in MEASURES.items()
        if each.source in known.made_of.values()
    }
    return pd.DataFrame(columns, index=rows.index)


def _order_sums(known: ir.Table) -> dict[str, ir.Scalar]:
    return {**order_sums(known), "order_days_before": _before_that(known)}


def _visit_sums(known: ir.Table) -> dict[str, ir.Scalar]:
    recent = (known.age_days <= LONG_DAYS).ifelse(1, 0).sum()
    return {"visits": recent, "visits_before": _before_that(known), "first_age_days": known.age_days.max()}


def _visits(sums: pd.DataFrame, *_: pd.Series) -> pd.DataFrame:
    """Visits of those who had come before the 180 days that are compared: of newcomers every visit is one more."""
    return sums.where(sums.pop("first_age_days") > 2 * LONG_DAYS)


def _before_that(known: ir.Table) -> ir.Scalar:
    """Facts of the 90 days before the last 90."""
    return known.age_days.between(LONG_DAYS + 1, 2 * LONG_DAYS).ifelse(1, 0).sum()


def _returns(data: Dataset, last: pd.Timestamp) -> ir.Table:
    orders = data.tables["orders"]
    back = orders.filter(purchases.below_zero(orders, data.settings.policy))
    return back.select("customer_id", at=back.ordered_at)


def _return_sums(known: ir.Table) -> dict[str, ir.Scalar]:
    """How often money was given back in the last 90 days."""
    return {"returns": (known.age_days <= LONG_DAYS).ifelse(1, 0).sum()}


def _tickets(data: Dataset, last: pd.Timestamp) -> ir.Table:
    tickets = data.tables["tickets"]
    return tickets.filter(tickets.complaint).select("customer_id", "closed_at", at=tickets.opened_at)


def _ticket_sums(known: ir.Table) -> dict[str, ir.Scalar]:
    """Complaints of the last 90 days that nobody had closed by the landmark: that is known at it."""
    waiting = known.closed_at.isnull() | (known.closed_at >= known.landmark_at)
    return {"open_complaints": (waiting & (known.age_days <= LONG_DAYS)).ifelse(1, 0).sum()}


def _answers(sums: pd.DataFrame, landmark_at: pd.Series, last_at: pd.Series) -> pd.DataFrame:
    return sums.assign(answer_age_days=(landmark_at - last_at).dt.days)


SOURCES = {
    "orders": Source(order_facts, _order_sums, order_features),
    "returns": Source(_returns, _return_sums, counts, table="orders"),
    "events": Source(event_facts, _visit_sums, _visits),
    "tickets": Source(_tickets, _ticket_sums, counts),
    "surveys": Source(answer_facts, answer_sums, _answers, answer_order),
}


class Measure(NamedTuple):
    """One measure: the source that it needs, and its value, of which more is better."""

    source: str
    value: Callable[[pd.DataFrame], pd.Series]


MEASURES = {
    "recency": Measure("orders", lambda known: -known["recency_days"]),
    "pace": Measure("orders", lambda known: -known["recency_days"] / known["mean_gap_days"].replace(0, np.nan)),
    "orders": Measure("orders", lambda known: known["order_days"]),
    "amount": Measure("orders", lambda known: known["amount"]),
    "order_trend": Measure("orders", lambda known: known["order_days_90d"] - known["order_days_before"]),
    "returns": Measure("returns", lambda known: -known["returns"]),
    "visit_trend": Measure("events", lambda known: known["visits"] - known["visits_before"]),
    "complaints": Measure("tickets", lambda known: -known["open_complaints"]),
    "answer": Measure("surveys", lambda known: known["last_score"]),
    "answer_age": Measure("surveys", lambda known: -known["answer_age_days"]),
}
