"""Active customers by day, week and month (DAU, WAU, MAU), and how many of the month's days they come on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np

from helpers.analyses.profiling.business.figures import Figure, ratio_interval
from helpers.analyses.profiling.business.windows import Window, known_customers
from helpers.analyses.profiling.engagement.clock import Clock
from helpers.analyses.profiling.engagement.facts import fact_time, facts, most_telling
from helpers.analyses.profiling.engagement.presence import patterns, places
from helpers.data.datasets import Dataset
from helpers.statistics.shares import wilson_interval

MONTH_DAYS, WEEK_DAYS = 30, 7


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
        return self.days / MONTH_DAYS

    @property
    def stickiness(self) -> float:
        """Mean daily over monthly active customers: the share of its days on which one of the month comes."""
        return self.daily / self.monthly if self.monthly else np.nan

    def stickiness_interval(self) -> tuple[float, float]:
        """Interval of the stickiness over customers: that of the mean of their shares of days."""
        n, whole = self.monthly, MONTH_DAYS
        lower, upper = ratio_interval((self.days, n * whole), (self.days_squared, self.days * whole, n * whole**2), n)
        return max(0.0, lower) if lower == lower else lower, upper


def activity(rows: ir.Table, time: str, until: dt.date) -> Activity:
    """Active customers of the 30 days to `until` from `rows`, which has customer_id and `time`, one row a fact."""
    clock = Clock(until, "day", MONTH_DAYS)
    seen = clock.observed(rows, time)
    bits, customers = patterns(seen.select("customer_id", place=places(seen, clock, time)))
    within = bits >> 1  # bit 0 is the time before
    number = np.bitwise_count(within).astype("int64")
    return Activity(
        Window(until, MONTH_DAYS),
        monthly=int(customers[within > 0].sum()),
        weekly=int(customers[within >> (MONTH_DAYS - WEEK_DAYS) > 0].sum()),
        days=int((number * customers).sum()),
        days_squared=int((number**2 * customers).sum()),
    )


def activity_on(data: Dataset, until: dt.date) -> tuple[Activity, str] | None:
    """Activity to a day by events, or else by orders, and the table's name; None unless the table reaches back."""
    table = most_telling(data)
    if not table:
        return None
    rows, time = facts(data, table), fact_time(table)
    first = rows[time].min().execute()
    if first.date() > Window(until, MONTH_DAYS).start:
        return None
    return activity(rows, time, until), table


def activity_figures(data: Dataset, until: dt.date) -> list[Figure]:
    """DAU, WAU and MAU on a day. Intervals are those of another draw of as many customers, each with its own habits."""
    found = activity_on(data, until)
    if found is None:
        return []
    told, table = found
    known = max(known_customers(data, until), told.monthly)
    daily = ratio_interval((told.days, known), (told.days_squared, told.days, known), known)
    limits = {"DAU": (max(0.0, daily[0] * known / MONTH_DAYS), daily[1] * known / MONTH_DAYS)}
    for name, count in (("WAU", told.weekly), ("MAU", told.monthly)):
        limits[name] = tuple(float(limit) * known for limit in wilson_interval(count, known))
    fact, week = {"events": "an event", "orders": "an order"}[table], Window(until, WEEK_DAYS)
    said = {
        "DAU": (told.daily, told.window, f"customers with {fact} on a day, mean of {MONTH_DAYS} days"),
        "WAU": (told.weekly, week, f"customers with {fact} in {WEEK_DAYS} days"),
        "MAU": (told.monthly, told.window, f"customers with {fact} in {MONTH_DAYS} days"),
    }
    return [
        Figure(name, value, "customers", str(window), f"of {known:,} customers", formula, *limits[name])
        for name, (value, window, formula) in said.items()
    ]
