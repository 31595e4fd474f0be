"""Stickiness: in how many days, weeks or months of a span each customer was there."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.engagement.clock import Clock
from helpers.analyses.profiling.engagement.facts import DONE, fact_time, facts
from helpers.analyses.profiling.engagement.presence import patterns, places
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP
from helpers.statistics.shares import wilson_interval

MOST_LINES = 12


@dataclass(frozen=True)
class Stickiness:
    """Customers by the number of intervals in which they were there, of those there in any."""

    counts: pd.DataFrame  # intervals, customers, share, lower, upper
    clock: Clock
    done: str

    def summary(self) -> pd.DataFrame:
        """One line a number of intervals, the long tail as one; fewer than 5 customers join the line before."""
        lines, names = _readable(self.counts, self.clock.intervals)
        total = self.counts["customers"].sum()
        lower, upper = wilson_interval(lines, total)
        unit = f"{self.clock.interval}s"
        return pd.DataFrame(
            {unit: names, "customers": lines, "share": np.array(lines) / total, "lower": lower, "upper": upper}
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by number of intervals."""
        return charts.bars(self.summary(), value="customers", label=f"{self.clock.interval}s", share="share", ax=ax)

    def headline(self) -> str:
        """The share there once only, and in how many intervals the average customer was."""
        counts, unit = self.counts, self.clock.interval
        total = counts["customers"].sum()
        once = int(counts.loc[counts["intervals"] == 1, "customers"].sum())
        mean = (counts["intervals"] * counts["customers"]).sum() / total
        spread = formats.interval(*(float(limit) for limit in wilson_interval(once, total)), formats.percent)
        return (
            f"Of the {total:,} customers who {self.done} in the {self.clock.intervals} {unit}s to {self.clock.until}, "
            f"{formats.percent(once / total)} (95 % interval {spread}) did so in one {unit} only; on average in "
            f"{formats.number(mean)}."
        )


def stickiness_counts(rows: ir.Table, clock: Clock, time: str) -> pd.DataFrame:
    """intervals (from 1), customers there in exactly so many of them, share, lower and upper (Wilson, 95 %).

    `rows` has customer_id and `time`, one row a fact. Customers there in none of the intervals are not counted.
    """
    seen = clock.observed(rows, time)
    bits, customers = patterns(seen.select("customer_id", place=places(seen, clock, time)))
    number = np.bitwise_count(bits >> 1).astype("int64")  # bit 0 is the time before
    counted = np.bincount(number, customers, clock.intervals + 1).astype("int64")[1:]
    total = counted.sum()
    lower, upper = wilson_interval(counted, total)
    share = counted / total if total else np.full(len(counted), np.nan)
    intervals = np.arange(1, clock.intervals + 1)
    return pd.DataFrame({"intervals": intervals, "customers": counted, "share": share, "lower": lower, "upper": upper})


def stickiness(
    data: Dataset, table: str = "orders", *, interval: str = "month", intervals: int = 12, week_start: str = "monday"
) -> Stickiness | NotApplicable:
    """In how many of the `intervals` days, weeks or months to `as_of` customers were there, by the rows of `table`."""
    clock = Clock(data.as_of, interval, intervals, week_start=week_start)
    rows = facts(data, table)
    if isinstance(rows, NotApplicable):
        return rows
    counts = stickiness_counts(rows, clock, fact_time(table))
    if counts["customers"].sum() < SMALLEST_GROUP:
        return NotApplicable(
            f"fewer than {SMALLEST_GROUP} customers {DONE[table]} in the {intervals} {interval}s to {data.as_of}."
        )
    return Stickiness(counts, clock, DONE[table])


def _readable(counts: pd.DataFrame, intervals: int) -> tuple[list[int], list[str]]:
    """Numbers of customers and names of lines: each holds at least 5 customers, and those beyond the last are one."""
    lines: list[tuple[int, int, int]] = []  # customers, first, last
    for row in counts.itertuples():
        if lines and (lines[-1][0] < SMALLEST_GROUP or len(lines) == MOST_LINES):
            held, first, _ = lines.pop()
            lines.append((held + row.customers, first, row.intervals))
        else:
            lines.append((row.customers, row.intervals, row.intervals))
    if len(lines) > 1 and lines[-1][0] < SMALLEST_GROUP:
        (held, first, _), (rest, _, last) = lines[-2:]
        lines[-2:] = [(held + rest, first, last)]
    return [held for held, *_ in lines], [f"{low}" if low == high else f"{low}–{high}" for _, low, high in lines]
