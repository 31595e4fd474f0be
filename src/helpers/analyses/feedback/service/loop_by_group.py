"""The closed loop 反馈闭环 by group: whose tickets go the whole way, and whether groups differ beyond chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.feedback.service.loop import FULL, all_of, staged
from helpers.analyses.feedback.service.tickets import (
    NO_TICKETS,
    chosen_group,
    grouped,
    tickets_of,
)
from helpers.analyses.feedback.vocabulary import (
    BY_NAME,
    COMPLETENESS_RATE,
    FULL_LOOP_RATE,
    STAGE,
    TICKETS,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS
from helpers.findings.vocabulary import CUSTOMER_ID, GROUP, LOWER, UPPER
from helpers.statistics.shares import alike_groups, clustered_shares


@dataclass(frozen=True)
class ClosedLoopBy(Finding):
    """The share of tickets that reached each stage, and all of them, by group."""

    table: pd.DataFrame  # one row a group and stage, the last of which is the full loop
    by: str
    within_days: int
    p_value: float  # that all groups go the full loop equally often; NaN where all or none do

    columns = (GROUP, TICKETS.but(adds_up=[[STAGE]]), STAGE, COMPLETENESS_RATE.but(of=TICKETS, tells=()), LOWER, UPPER)
    shown = (TICKETS.but(adds_up=[()]), FULL_LOOP_RATE, LOWER, UPPER, BY_NAME)

    def summary(self) -> pd.DataFrame:
        """One row a group: tickets, those that went the full loop, and with its interval their share."""
        full = self.readable[self.table[STAGE] == FULL].drop(columns=STAGE)
        return full.rename(columns={COMPLETENESS_RATE: FULL_LOOP_RATE, GROUP: self.by}).reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share that reached each stage, group by group."""
        cells = self.table.assign(**{STAGE: self.table[STAGE].map(STAGE.write)})
        return charts.heat_map(cells, row=GROUP, column=STAGE, value=COMPLETENESS_RATE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many requests reach each stage, by {by}?", by=facts.Attribute(self.by))

    def headline(self) -> Sentence:
        """Whether the groups differ beyond chance in how often they close the loop, and the two ends."""
        groups = self.summary().dropna(subset=FULL_LOOP_RATE).sort_values(FULL_LOOP_RATE, kind="stable")
        named, by = groups[groups[self.by] != SMALL_GROUPS], facts.Attribute(self.by)
        if len(named) < 2:
            return say("{by}: fewer than two groups are large enough to compare.", by=by)
        p, days = facts.PValue(self.p_value), facts.Days(self.within_days)
        if not self.p_value < SIGNIFICANCE:
            share = facts.Share(float(np.average(groups[FULL_LOOP_RATE], weights=groups[TICKETS])))
            alike = say("{by}: {share} of requests go the whole way; no group clearly differs.", by=by, share=share)
            chance = say("Within {days}; the differences are within chance ({p}).", days=days, p=p)
            return alike.resting_on(None if np.isnan(self.p_value) else chance)
        low, high = (row for _, row in named.iloc[[0, -1]].iterrows())
        return say(
            "{by}: requests of “{high}” go the whole way most often ({most}), of “{low}” least ({least}).",
            by=by,
            high=facts.Name(high[self.by]),
            most=facts.Share(high[FULL_LOOP_RATE]),
            low=facts.Name(low[self.by]),
            least=facts.Share(low[FULL_LOOP_RATE]),
        ).resting_on(
            say(
                "Within {days}: {highest} and {lowest}; groups differ beyond chance ({p}).",
                days=days,
                highest=facts.limits(high),
                lowest=facts.limits(low),
                p=p,
            )
        )


@analysis
def closed_loop_by(data: Dataset, by: str = "category", within_days: int = 30) -> ClosedLoopBy | NotApplicable:
    """The same by category, channel, workgroup or priority; groups of too few customers are folded.

    That all groups of 20 customers or more go the whole way alike is one test, over customers (see `alike_groups`).
    Raises ValueError for another `by`, and unless `within_days` is from 1 to 3660.
    """
    tickets = tickets_of(data)
    chosen = NO_TICKETS if tickets is None else chosen_group(tickets, by)
    followed = chosen if isinstance(chosen, NotApplicable) else staged(data, within_days)
    if isinstance(followed, NotApplicable):
        return followed
    tickets, stages, _ = followed
    rows, names = grouped(tickets, by)
    sums = {stage: rows[stage].sum() for stage in stages[1:]}
    by_customer = rows.group_by(GROUP, CUSTOMER_ID)
    each = by_customer.agg(tickets=rows.count(), **sums, **{FULL: all_of(rows, stages).sum()}).execute()
    shares = {stage: clustered_shares(each[GROUP], each[stage], each[TICKETS]).loc[names] for stage in (*sums, FULL)}
    cells = pd.concat(
        [found.rename(columns={"n": TICKETS, "share": COMPLETENESS_RATE}).assign(stage=stage).rename_axis(GROUP)
         for stage, found in shares.items()]
    )  # fmt: skip
    alike = alike_groups(each[GROUP], each[CUSTOMER_ID], each[FULL], each[TICKETS])
    return ClosedLoopBy(cells.reset_index()[[str(name) for name in ClosedLoopBy.columns]], by, within_days, alike)
