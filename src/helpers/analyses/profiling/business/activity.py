"""Active customers by day, week and month (DAU, WAU, MAU), and how many of the month's days they come on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np

from helpers.analyses.profiling.business.figures import UNKNOWN, Definition, Figure, Share, ratio_interval
from helpers.analyses.profiling.business.windows import Window, known_customers
from helpers.analyses.profiling.engagement.clock import Clock
from helpers.analyses.profiling.engagement.facts import fact_time, facts, most_telling
from helpers.analyses.profiling.engagement.presence import patterns, places
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable
from helpers.statistics.shares import wilson_interval

MAU_DAYS, WAU_DAYS = 30, 7
FACT_WORDS = {"events": "an event", "orders": "an order"}


@dataclass(frozen=True)
class Activity:
    """Customers there in the 30 and the last 7 days to a day, and the days on which they were."""

    window: Window
    monthly: int
    weekly: int
    days: int  # customer-days: a customer counts once a day
    days_squared: int

    @property
    def daily(self) -> float:
        """Mean number of customers there on a day."""
        return self.days / MAU_DAYS

    @property
    def stickiness(self) -> float:
        """Mean daily over monthly active customers: the share of its days on which one of the month comes."""
        return self.daily / self.monthly if self.monthly else np.nan

    def stickiness_interval(self) -> tuple[float, float]:
        """Interval of the stickiness over customers: that of the mean of their shares of days."""
        n, whole = self.monthly, MAU_DAYS
        lower, upper = ratio_interval((self.days, n * whole), (self.days_squared, self.days * whole, n * whole**2), n)
        return max(0.0, lower) if lower == lower else lower, upper


def activity(rows: ir.Table, time: str, until: dt.date) -> Activity:
    """Active customers of the 30 days to `until` from `rows`, which has customer_id and `time`, one row a fact."""
    clock = Clock(until, "day", MAU_DAYS)
    seen = clock.observed(rows, time)
    bits, customers = patterns(seen.select("customer_id", place=places(seen, clock, time)))
    within = bits >> 1  # bit 0 is the time before
    number = np.bitwise_count(within).astype("int64")
    return Activity(
        Window(until, MAU_DAYS),
        monthly=int(customers[within > 0].sum()),
        weekly=int(customers[within >> (MAU_DAYS - WAU_DAYS) > 0].sum()),
        days=int((number * customers).sum()),
        days_squared=int((number**2 * customers).sum()),
    )


def activity_on(data: Dataset, until: dt.date) -> tuple[Activity, str] | None:
    """Activity to a day by events, or else by orders, and the table's name; None unless the table reaches back."""
    table = most_telling(data)
    rows = facts(data, table) if table else None
    if rows is None or isinstance(rows, NotApplicable):
        return None
    time = fact_time(table)
    first = rows[time].min().execute()
    if first.date() > Window(until, MAU_DAYS).start:
        return None
    return activity(rows, time, until), table


def activity_figures(data: Dataset, until: dt.date) -> list[Figure]:
    """DAU, WAU and MAU on a day. Intervals are those of another draw of as many customers, each with its own habits."""
    measured = activity_on(data, until)
    if measured is None:
        return []
    active, table = measured
    known = max(known_customers(data, until), active.monthly)
    lower, upper = ratio_interval((active.days, known), (active.days_squared, active.days, known), known)
    daily = (max(0.0, lower) * known / MAU_DAYS, upper * known / MAU_DAYS)
    fact, month, week = FACT_WORDS[table], active.window, Window(until, WAU_DAYS)
    formula = f"customers with {fact} on a day, mean of {MAU_DAYS} days"
    words = Definition(formula, str(month), f"of {known:,} customers")
    return [
        Figure("DAU", active.daily, "customers", words, daily),
        _active_within("WAU", active.weekly, known, fact, week),
        _active_within("MAU", active.monthly, known, fact, month),
    ]


def _active_within(kpi: str, count: int, known: int, fact: str, window: Window) -> Figure:
    """Customers with a fact in a window, with Wilson's interval of their share of those known."""
    lower, upper = (float(limit) * known for limit in wilson_interval(count, known))
    words = Definition(f"customers with {fact} in {window.days} days", str(window), f"of {known:,} customers")
    return Figure(kpi, count, "customers", words, (lower, upper))


def stickiness_shares(data: Dataset) -> list[Share]:
    """Days on which the month's active customers came, of all days on which they could have."""
    measured = activity_on(data, data.as_of)
    if measured is None or not measured[0].monthly:
        return []
    active, table = measured
    earlier = activity_on(data, active.window.before.end)
    before = (earlier[0].days, earlier[0].monthly * MAU_DAYS) if earlier else UNKNOWN
    words = Definition(
        "mean daily active customers (DAU) ÷ monthly active customers (MAU)",
        str(active.window),
        f"{MAU_DAYS} days × customers active in them, by {table}",
    )
    now = active.days, active.monthly * MAU_DAYS
    return [Share("stickiness", now, before, words, active.stickiness_interval(), active.window.before.end)]
