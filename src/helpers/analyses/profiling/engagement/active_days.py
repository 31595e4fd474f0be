"""Stickiness: in how many days, weeks or months of a span each customer was there."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from helpers.analyses.profiling.engagement import periods
from helpers.analyses.profiling.engagement.clock import Clock
from helpers.analyses.profiling.engagement.facts import fact_time
from helpers.analyses.profiling.engagement.facts import facts as facts_of
from helpers.analyses.profiling.engagement.presence import patterns, places
from helpers.analyses.profiling.engagement.vocabulary import DONE, INTERVALS_THERE, NAMED_THERE, ONE
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS, LOWER, SHARE, UPPER
from helpers.statistics.shares import wilson_interval

MOST_LINES = 12


@dataclass(frozen=True)
class Stickiness(Finding):
    """Customers by the number of intervals in which they were there, of those there in any."""

    table: pd.DataFrame
    clock: Clock
    done: str  # what customers did, by the table that says so
    columns = (INTERVALS_THERE, CUSTOMERS.but(adds_up=[()]), SHARE.but(tells=CUSTOMERS), LOWER, UPPER)
    shown = (*NAMED_THERE.values(), *columns[1:])

    def summary(self) -> pd.DataFrame:
        """One line a number of intervals, the long tail as one; too few customers join the line before."""
        customers, names = _readable(self.table)
        return pd.DataFrame({NAMED_THERE[self.clock.interval]: names, **_shares(customers)})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by number of intervals."""
        label = NAMED_THERE[self.clock.interval]
        return charts.bars(self.to_show(), value=CUSTOMERS, label=label, share=SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        span = periods.span(self.clock.intervals, self.clock.interval)
        return say("In how many of the last {span} did customers come?", span=span)

    def headline(self) -> Sentence:
        """The share there once only; its interval and in how many intervals the average customer was below."""
        counts = self.table
        total = counts[CUSTOMERS].sum()
        once = int(counts.loc[counts[INTERVALS_THERE] == 1, CUSTOMERS].sum())
        span = periods.span(self.clock.intervals, self.clock.interval)
        low, high = (facts.Share(float(limit)) for limit in wilson_interval(once, total))
        return say(
            "Of the customers who {done} in the last {span}, {share} did so in {one} only.",
            done=facts.Word(self.done, DONE),
            span=span,
            share=facts.Share(once / total),
            one=facts.Word(self.clock.interval, ONE),
        ).resting_on(
            say(
                "{customers} customers; 95% interval {interval}.",
                customers=facts.Count(total),
                interval=facts.Range(low, high),
            ),
            say(
                "On average {mean} of {span}.",
                mean=facts.Number((counts[INTERVALS_THERE] * counts[CUSTOMERS]).sum() / total),
                span=span,
            ),
        )


def stickiness_counts(rows: ir.Table, clock: Clock, time: str) -> pd.DataFrame:
    """Customers there in exactly so many of the clock's intervals, from 1 on, their share and its limits (Wilson).

    `rows` has customer_id and `time`, one row a fact. Customers there in none of the intervals are not counted.
    """
    seen = clock.observed(rows, time)
    bits, customers = patterns(seen.select("customer_id", place=places(seen, clock, time)))
    number = np.bitwise_count(bits >> 1).astype("int64")  # bit 0 is the time before
    counted = np.bincount(number, customers, clock.intervals + 1).astype("int64")[1:]
    return pd.DataFrame({INTERVALS_THERE: np.arange(1, clock.intervals + 1), **_shares(counted)})


@analysis
def stickiness(
    data: Dataset, table: str = "orders", *, interval: str = "month", intervals: int = 12, week_start: str = "monday"
) -> Stickiness | NotApplicable:
    """In how many of the `intervals` days, weeks or months to `as_of` customers of `data` were there.

    They are there by a row of `table`: orders, events, tickets, surveys or touches. `interval` is day, week or month;
    weeks begin on `week_start`. Not applicable where too few customers were there.
    """
    clock = Clock(data.as_of, interval, intervals, week_start=week_start)
    rows = facts_of(data, table)
    if isinstance(rows, NotApplicable):
        return rows
    counts = stickiness_counts(rows, clock, fact_time(table))
    if counts[CUSTOMERS].sum() < SMALLEST_GROUP:
        few = say(
            "fewer than {least} customers {done} in the {span} to {day}.",
            least=facts.Count(SMALLEST_GROUP),
            done=facts.Word(table, DONE),
            span=periods.span(intervals, interval),
            day=facts.Day(data.as_of),
        )
        return NotApplicable(few)
    return Stickiness(counts, clock, table)


def _shares(customers: ArrayLike) -> dict[str, ArrayLike]:
    """Numbers of customers with their shares of all, and the limits of these."""
    total = np.sum(customers)
    lower, upper = wilson_interval(customers, total)
    share = np.asarray(customers) / total if total else np.full(len(lower), np.nan)
    return {CUSTOMERS: customers, SHARE: share, LOWER: lower, UPPER: upper}


def _readable(counts: pd.DataFrame) -> tuple[list[int], list[str]]:
    """Numbers of customers and names of lines: each holds enough customers, and those beyond the last are one."""
    lines: list[tuple[int, int, int]] = []  # customers, first, last
    for row in counts.itertuples():
        if lines and (lines[-1][0] < SMALLEST_GROUP or len(lines) == MOST_LINES):
            held, first, _ = lines.pop()
            lines.append((held + row.customers, first, row.intervals_there))
        else:
            lines.append((row.customers, row.intervals_there, row.intervals_there))
    if len(lines) > 1 and lines[-1][0] < SMALLEST_GROUP:
        (held, first, _), (rest, _, last) = lines[-2:]
        lines[-2:] = [(held + rest, first, last)]
    return [held for held, *_ in lines], [f"{low}" if low == high else f"{low}–{high}" for _, low, high in lines]
