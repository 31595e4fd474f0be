"""Lifecycle of the customer base: who is new, who came back at once or after a pause, and who fell silent."""

from __future__ import annotations

from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.engagement.clock import MOST_INTERVALS, Clock
from helpers.analyses.profiling.engagement.facts import DONE, fact_time, facts
from helpers.analyses.profiling.engagement.presence import patterns, places
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP

STAGES = ("new", "returning", "resurrecting", "dormant")


@dataclass(frozen=True)
class Lifecycle:
    """Customers by stage in each whole interval; dormant ones are counted below zero."""

    counts: pd.DataFrame  # interval, active, new, returning, resurrecting, dormant
    clock: Clock
    done: str

    @property
    def balances(self) -> bool:
        """Whether in every interval the dormant are the active of the one before less those returning."""
        before = self.counts["active"].shift()
        return bool((before - self.counts["returning"] == -self.counts["dormant"])[1:].all())

    def summary(self) -> pd.DataFrame:
        """One line an interval, the latest last; blank stages where any holds fewer than 5 customers.

        All of the interval, since one blank alone could be worked out from the others.
        """
        stages, active = self.counts[list(STAGES)].astype(float), self.counts["active"].astype(float)
        few = ((stages != 0) & (stages.abs() < SMALLEST_GROUP)).any(axis="columns")
        names = self.clock.named(pd.Series(self.clock.starts.get_indexer(self.counts["interval"]), stages.index))
        shown = {"active": active.mask((active > 0) & (active < SMALLEST_GROUP)), **stages.mask(few)}
        return pd.DataFrame({self.clock.interval: names, **shown})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Stacked bars: those there in an interval to the right, those who fell silent in it to the left."""
        tidy = self.summary().melt(self.clock.interval, list(STAGES), "stage", "customers")
        return charts.stacked_bars(tidy, value="customers", label=self.clock.interval, part="stage", ax=ax)

    def headline(self) -> str:
        """Who came and who fell silent in the last whole interval that can be shown."""
        if not self.balances:
            return "Active, returning and dormant customers do not add up from one interval to the next: report it."
        shown, unit = self.summary().dropna(), self.clock.interval
        if shown.empty:
            return f"In every {unit} some stage holds fewer than {SMALLEST_GROUP} customers: ask for longer intervals."
        last = shown.iloc[-1]
        gained, lost = last["new"] + last["resurrecting"], abs(last["dormant"])
        return (
            f"In the {unit} {last[unit]}, {last['active']:,.0f} customers {self.done}: {last['new']:,.0f} for the "
            f"first time in the data, {last['returning']:,.0f} again after the {unit} before and "
            f"{last['resurrecting']:,.0f} after a longer pause; {lost:,.0f} fell silent, so {_net(gained - lost)}."
        )


def _net(change: float) -> str:
    if change == 0:
        return "as many came as went"
    return f"{formats.number(abs(change))} more {'came than went' if change > 0 else 'went than came'}"


def lifecycle_counts(rows: ir.Table, clock: Clock, time: str) -> pd.DataFrame:
    """interval (first day), active, new, returning, resurrecting and dormant customers in each interval of the clock.

    `rows` has customer_id and `time`, one row a fact; ids of one person are to be merged before. New: the first fact of
    all; returning: there in the interval before too; resurrecting: there before that only; dormant, counted below
    zero: there in the interval before and not in this one. So dormant(t) = returning(t) − active(t − 1).
    """
    wide = Clock(clock.until, clock.interval, clock.intervals + 1, clock.kind, clock.week_start, clock.zone)
    seen = wide.observed(rows, time)
    bits, customers = patterns(seen.select("customer_id", place=places(seen, wide, time)))
    lines = []
    for start, place in zip(clock.starts[:-1], range(2, clock.intervals + 2)):  # bit 1 is the interval before them all
        there, before = bits >> place & 1 == 1, bits >> (place - 1) & 1 == 1
        first = bits & (2**place - 1) == 0
        stages = [there, there & first, there & before, there & ~before & ~first, before & ~there]
        active, new, returning, resurrecting, gone = (int(customers[stage].sum()) for stage in stages)
        lines.append((start, active, new, returning, resurrecting, -gone))
    return pd.DataFrame(lines, columns=["interval", "active", *STAGES])


def lifecycle(
    data: Dataset, table: str = "orders", *, interval: str = "month", intervals: int = 12, week_start: str = "monday"
) -> Lifecycle | NotApplicable:
    """Stages of the customers in the rows of `table`, by interval, over those of the last `intervals` that are over.

    `interval` is day, week or month. Assumes that the first fact in the data is a customer's first.
    """
    clock = Clock(data.as_of, interval, min(intervals, MOST_INTERVALS - 1), week_start=week_start)
    rows = facts(data, table)
    if isinstance(rows, NotApplicable):
        return rows
    counts = lifecycle_counts(rows, clock, fact_time(table))
    counts = counts[clock.complete(pd.Series(np.arange(len(counts))), pd.Series(np.zeros(len(counts), dtype="int64")))]
    met = counts["active"].to_numpy().nonzero()[0]
    if not len(met):
        return NotApplicable(f"no whole {interval} of the last {intervals} has any customer.")
    return Lifecycle(counts.iloc[met[0] :].reset_index(drop=True), clock, DONE[table])
