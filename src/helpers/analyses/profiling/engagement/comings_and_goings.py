"""Lifecycle of the customer base: who is new, who came back at once or after a pause, and who fell silent."""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.engagement import periods
from helpers.analyses.profiling.engagement.clock import MOST_INTERVALS, Clock
from helpers.analyses.profiling.engagement.facts import fact_time
from helpers.analyses.profiling.engagement.facts import facts as facts_of
from helpers.analyses.profiling.engagement.presence import patterns, places
from helpers.analyses.profiling.engagement.vocabulary import (
    ACTIVE,
    DONE,
    DORMANT,
    INTERVAL_ON,
    NAMED,
    NEW,
    RESURRECTING,
    RETURNING,
    STAGE,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS

STAGES = (NEW, RETURNING, RESURRECTING, DORMANT)


@dataclass(frozen=True)
class Lifecycle(Finding):
    """Customers by stage in each whole interval; dormant ones are counted below zero."""

    table: pd.DataFrame
    clock: Clock
    done: str  # what customers did, by the table that says so
    columns = (INTERVAL_ON, ACTIVE, *STAGES)
    shown = (*NAMED.values(), ACTIVE, *STAGES)

    @property
    def balances(self) -> bool:
        """Whether in every interval the dormant are the active of the one before less those returning."""
        before = self.table[ACTIVE].shift()
        return bool((before - self.table[RETURNING] == -self.table[DORMANT])[1:].all())

    def summary(self) -> pd.DataFrame:
        """One line an interval, the latest last."""
        places = pd.Series(self.clock.starts.get_indexer(self.table[INTERVAL_ON]), self.table.index)
        return self.table.rename(columns={INTERVAL_ON: NAMED[self.clock.interval]}).assign(
            **{NAMED[self.clock.interval]: self.clock.named(places)}
        )

    def plot(self, ax: Axes | None = None) -> Axes:
        """Stacked bars: those there in an interval to the right, those who fell silent in it to the left."""
        label = NAMED[self.clock.interval]
        tidy = self.to_show().melt(label, list(STAGES), STAGE, CUSTOMERS)
        named = tidy.assign(stage=tidy[STAGE].map(STAGE.write))
        return charts.stacked_bars(named, value=CUSTOMERS, label=label, part=STAGE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Who came, stayed and fell silent in each interval?")

    def headline(self) -> Sentence:
        """Who was new in the last whole interval that can be shown, and how many more or fewer came than before it."""
        if not self.balances:
            return say(
                "Active, returning and dormant customers do not add up from one interval to the next: report it."
            )
        shown = self.to_show().dropna()
        if shown.empty:
            return say(
                "Some stage always holds fewer than {least} customers: ask for longer intervals.",
                least=facts.Count(SMALLEST_GROUP),
            )
        at, last = int(shown.index[-1]), shown.iloc[-1]
        return self._change(at, last).resting_on(
            say(
                "{active} {done}: {new} new, {again} again, {back} back after a pause; {silent} fell silent.",
                done=facts.Word(self.done, DONE),
                active=facts.Count(last[ACTIVE]),
                new=facts.Count(last[NEW]),
                again=facts.Count(last[RETURNING]),
                back=facts.Count(last[RESURRECTING]),
                silent=facts.Count(abs(last[DORMANT])),
            ),
            say("New: for the first time in the data."),
        )

    def _change(self, at: int, last: pd.Series) -> Sentence:
        """New customers of an interval, and how many more or fewer were there than in the one before."""
        then, before = (
            periods.period(self.table[INTERVAL_ON].iloc[place], self.clock.interval) for place in (at, max(at - 1, 0))
        )
        new, done = facts.Count(last[NEW]), facts.Word(self.done, DONE)
        if not at:
            active = facts.Count(last[ACTIVE])
            return say(
                "In {period} {active} customers {done}, {new} of them for the first time.",
                period=then,
                active=active,
                done=done,
                new=new,
            )
        change = last[NEW] + last[RESURRECTING] - abs(last[DORMANT])
        known = {"period": then, "new": new, "change": facts.Count(abs(change)), "done": done, "before": before}
        if change < 0 and not last[NEW]:
            return say("No new customers in {period}; {change} fewer customers {done} than in {before}.", **known)
        if change > 0:
            return say("{new} new customers in {period}; {change} more customers {done} than in {before}.", **known)
        if change < 0:
            return say("{new} new customers in {period}; {change} fewer customers {done} than in {before}.", **known)
        del known["change"]
        return say("{new} new customers in {period}; as many customers {done} as in {before}.", **known)


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


@analysis
def lifecycle(
    data: Dataset, table: str = "orders", *, interval: str = "month", intervals: int = 12, week_start: str = "monday"
) -> Lifecycle | NotApplicable:
    """Stages of the customers of `data` by interval, over those of the last `intervals` to `as_of` that are over.

    Customers are there by a row of `table`: orders, events, tickets, surveys or touches. `interval` is day, week or
    month; weeks begin on `week_start`. Assumes that the first fact in the data is a customer's first. Not applicable
    where no customer was there.
    """
    clock = Clock(data.as_of, interval, min(intervals, MOST_INTERVALS - 1), week_start=week_start)
    rows = facts_of(data, table)
    if isinstance(rows, NotApplicable):
        return rows
    counts = lifecycle_counts(rows, clock, fact_time(table))
    counts = counts[clock.complete(pd.Series(np.arange(len(counts))), pd.Series(np.zeros(len(counts), dtype="int64")))]
    lively = counts[ACTIVE].to_numpy().nonzero()[0]
    if not len(lively):
        empty = say(
            "no customer {done} in the last {span} that are over.",
            done=facts.Word(table, DONE),
            span=periods.span(intervals, interval),
        )
        return NotApplicable(empty)
    return Lifecycle(counts.iloc[lively[0] :].reset_index(drop=True), clock, table)
