"""Lifecycle of the customer base: who is new, who came back at once or after a pause, and who fell silent."""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.engagement.clock import MOST_INTERVALS, Clock
from helpers.analyses.profiling.engagement.facts import DONE, fact_time, facts
from helpers.analyses.profiling.engagement.presence import patterns, places
from helpers.analyses.profiling.engagement.vocabulary import (
    ACTIVE,
    DORMANT,
    INTERVAL_ON,
    NAMED,
    NEW,
    RESURRECTING,
    RETURNING,
    STAGE,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS

STAGES = (NEW, RETURNING, RESURRECTING, DORMANT)


@dataclass(frozen=True)
class Lifecycle(Finding):
    """Customers by stage in each whole interval; dormant ones are counted below zero."""

    table: pd.DataFrame
    clock: Clock
    done: str  # what customers did
    columns = (INTERVAL_ON, ACTIVE, *STAGES)
    shown = (*NAMED.values(), ACTIVE, *STAGES)

    @property
    def balances(self) -> bool:
        """Whether in every interval the dormant are the active of the one before less those returning."""
        before = self.table[ACTIVE].shift()
        return bool((before - self.table[RETURNING] == -self.table[DORMANT])[1:].all())

    def summary(self) -> pd.DataFrame:
        """One line an interval, the latest last; blank stages where any holds fewer than 5 customers.

        All of the interval, since one blank alone could be worked out from the others.
        """
        stages, active = self.table[list(STAGES)].astype(float), self.table[ACTIVE].astype(float)
        few = ((stages != 0) & (stages.abs() < SMALLEST_GROUP)).any(axis="columns")
        names = self.clock.named(pd.Series(self.clock.starts.get_indexer(self.table[INTERVAL_ON]), stages.index))
        many = active.mask((active > 0) & (active < SMALLEST_GROUP))
        return pd.DataFrame({NAMED[self.clock.interval]: names, ACTIVE: many, **stages.mask(few)})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Stacked bars: those there in an interval to the right, those who fell silent in it to the left."""
        label = NAMED[self.clock.interval]
        tidy = self.summary().melt(label, list(STAGES), STAGE, CUSTOMERS)
        named = tidy.assign(stage=tidy[STAGE].map(STAGE.write))
        return charts.stacked_bars(named, value=CUSTOMERS, label=label, part=STAGE, ax=ax)

    def headline(self) -> str:
        """Who came and who fell silent in the last whole interval that can be shown."""
        if not self.balances:
            return "Active, returning and dormant customers do not add up from one interval to the next: report it."
        shown, unit = self.summary().dropna(), self.clock.interval
        if shown.empty:
            return f"In every {unit} some stage holds fewer than {SMALLEST_GROUP} customers: ask for longer intervals."
        last = shown.iloc[-1]
        gained, lost = last[NEW] + last[RESURRECTING], abs(last[DORMANT])
        return (
            f"In the {unit} {last[unit]}, {last[ACTIVE]:,.0f} customers {self.done}: {last[NEW]:,.0f} for the "
            f"first time in the data, {last[RETURNING]:,.0f} again after the {unit} before and "
            f"{last[RESURRECTING]:,.0f} after a longer pause; {lost:,.0f} fell silent, so {_net(gained - lost)}."
        )


def _net(change: float) -> str:
    if change == 0:
        return "as many came as went"
    return f"{formats.number(abs(change))} more {'came than went' if change > 0 else 'went than came'}"


def lifecycle_counts(rows: ir.Table, clock: Clock, time: str) -> pd.DataFrame:
    """The first day of each interval of the clock, and its active, new, returning, resurrecting and dormant customers.

    `rows` has customer_id and `time`, one row a fact; ids of one person are to be merged before. New: the first fact of
    all; returning: there in the interval before too; resurrecting: there before that only; dormant, counted below
    zero: there in the interval before and not in this one. So dormant(t) = returning(t) − active(t − 1).
    """
    wide = replace(clock, intervals=clock.intervals + 1)
    seen = wide.observed(rows, time)
    bits, customers = patterns(seen.select("customer_id", place=places(seen, wide, time)))
    lines = []
    for start, place in zip(clock.starts[:-1], range(2, clock.intervals + 2)):  # bit 1 is the interval before them all
        there, before = bits >> place & 1 == 1, bits >> (place - 1) & 1 == 1
        first = bits & (2**place - 1) == 0
        stages = [there, there & first, there & before, there & ~before & ~first, before & ~there]
        active, new, returning, resurrecting, gone = (int(customers[stage].sum()) for stage in stages)
        lines.append((start, active, new, returning, resurrecting, -gone))
    return pd.DataFrame(lines, columns=list(Lifecycle.columns))


def lifecycle(
    data: Dataset, table: str = "orders", *, interval: str = "month", intervals: int = 12, week_start: str = "monday"
) -> Lifecycle | NotApplicable:
    """Stages of the customers of `data` by interval, over those of the last `intervals` to `as_of` that are over.

    Customers are there by a row of `table`: orders, events, tickets, surveys or touches. `interval` is day, week or
    month; weeks begin on `week_start`. Assumes that the first fact in the data is a customer's first. Not applicable
    where no customer was there.
    """
    clock = Clock(data.as_of, interval, min(intervals, MOST_INTERVALS - 1), week_start=week_start)
    rows = facts(data, table)
    if isinstance(rows, NotApplicable):
        return rows
    counts = lifecycle_counts(rows, clock, fact_time(table))
    counts = counts[clock.complete(pd.Series(np.arange(len(counts))), pd.Series(np.zeros(len(counts), dtype="int64")))]
    lively = counts[ACTIVE].to_numpy().nonzero()[0]
    if not len(lively):
        return NotApplicable(f"no whole {interval} of the last {intervals} has any customer.")
    return Lifecycle(counts.iloc[lively[0] :].reset_index(drop=True), clock, DONE[table])
