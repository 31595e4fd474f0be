"""The closed loop 反馈闭环: how far tickets get from recorded to summarised, and where they are lost."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.service.tickets import (
    NO_TICKETS,
    chosen_group,
    grouped,
    old_enough,
    recorded,
    tickets_of,
)
from helpers.analyses.feedback.vocabulary import (
    BY_NAME,
    COMPLETENESS_RATE,
    FULL_LOOP_RATE,
    LABEL,
    LOSS_RATE,
    LOSS_RATE_LOWER,
    LOSS_RATE_UPPER,
    STAGE,
    TICKETS,
)
from helpers.data.datasets import Dataset
from helpers.data.days import DAY_SECONDS
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMER_ID, GROUP, LOWER, UPPER
from helpers.statistics.shares import alike_groups, clustered_shares

# stage → the column that says when it was reached
STAGES = {
    "recorded": "opened_at", "handled": "handled_at", "followed_up": "followed_up_at", "resolved": "closed_at",
    "revisited": "revisited_at", "summarised": "summarised_at",
}  # fmt: skip
FULL = "full_loop"


@dataclass(frozen=True)
class ClosedLoop(Finding):
    """Tickets by the stages they reached within a fixed time."""

    table: pd.DataFrame  # tickets are missing where they are 1 to 4
    full: int  # tickets that reached every stage
    full_limits: tuple[float, float]  # of their share
    within_days: int
    too_young: int  # tickets not old enough to be counted
    not_recorded: tuple[str, ...]  # stages that no ticket says anything about

    columns = (STAGE, TICKETS, COMPLETENESS_RATE, LOWER, UPPER, LOSS_RATE, LOSS_RATE_LOWER, LOSS_RATE_UPPER)

    @property
    def tickets(self) -> int:
        """Tickets counted."""
        return int(self.table[TICKETS].iloc[0])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Tickets that reached each stage, with their share of all."""
        stages = self.table.assign(**{LABEL: self.table[STAGE].map(STAGE.write)})
        return charts.bars(stages, value=TICKETS, label=LABEL, share=COMPLETENESS_RATE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many requests reach each stage?")

    def headline(self) -> Sentence:
        """The share that went through every stage and the weakest step; numbers, and what is not recorded, below."""
        stages = facts.Listed(tuple(facts.Word(stage, STAGE) for stage in self.not_recorded))
        unknown = say("Not recorded here: {stages}.", stages=stages) if self.not_recorded else None
        return self._reached().resting_on(self._full(), self._lost(), unknown)

    @property
    def _weakest(self) -> int:
        """The place of the stage before which the largest share is lost; 0 where none is known to be."""
        return 0 if self.table[LOSS_RATE].isna().all() else int(self.table[LOSS_RATE].argmax())

    def _reached(self) -> Sentence:
        days, share = facts.Days(self.within_days), facts.Share(self.full / self.tickets)
        if 0 < self.full < SMALLEST_GROUP:
            return say(
                "Fewer than {least} of {tickets} requests go the whole way in {days}.",
                least=facts.Count(SMALLEST_GROUP),
                tickets=facts.Count(self.tickets),
                days=days,
            )
        if not self._weakest or self.full * 2 >= self.tickets:
            return say("{share} of requests go the whole way in {days}.", share=share, days=days)
        return say(
            "Only {share} of requests go the whole way in {days}; the weakest step comes after “{stage}”.",
            share=share,
            days=days,
            stage=facts.Word(self.table[STAGE].iloc[self._weakest - 1], STAGE),
        )

    def _full(self) -> Sentence | None:
        if 0 < self.full < SMALLEST_GROUP:
            return None
        return say(
            "{full} of {tickets} requests went through all {stages} recorded stages ({interval}).",
            full=facts.Count(self.full),
            tickets=facts.Count(self.tickets),
            stages=facts.Count(len(self.table)),
            interval=facts.Range(*map(facts.Share, self.full_limits)),
        )

    def _lost(self) -> Sentence | None:
        if not self._weakest:
            return None
        before, stage = (facts.Word(name, STAGE) for name in self.table[STAGE].iloc[self._weakest - 1 :].head(2))
        lost = self.table.iloc[self._weakest]
        return say(
            "Most are lost between “{before}” and “{stage}”: {share} ({interval}).",
            before=before,
            stage=stage,
            share=facts.Share(lost[LOSS_RATE]),
            interval=facts.Range(facts.Share(lost[LOSS_RATE_LOWER]), facts.Share(lost[LOSS_RATE_UPPER])),
        )


@dataclass(frozen=True)
class ClosedLoopBy(Finding):
    """The share of tickets that reached each stage, and all of them, by group."""

    table: pd.DataFrame  # one row a group and stage, the last of which is the full loop
    by: str
    within_days: int
    p_value: float  # that all groups go the full loop equally often; NaN where all or none do

    columns = (GROUP, TICKETS, STAGE, COMPLETENESS_RATE.but(of=TICKETS, tells=()), LOWER, UPPER)
    shown = (TICKETS, FULL_LOOP_RATE, LOWER, UPPER, BY_NAME)

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
def closed_loop(data: Dataset, within_days: int = 30) -> ClosedLoop | NotApplicable:
    """How many tickets reach each stage within `within_days` days of being recorded, of those followed so long.

    A stage counts where any ticket of the data set says when it was reached; a ticket without that time has not
    reached it. Work begun is a first reply where nothing else tells. The share lost at a stage is of the tickets at
    the recorded stage before it. Intervals take customers for independent, not their tickets (see `clustered_shares`).
    A stage that one to four tickets reached says nothing more. Raises ValueError unless `within_days` is from 1 to
    3660.
    """
    followed = _followed(data, within_days)
    if isinstance(followed, NotApplicable):
        return followed
    tickets, stages, too_young = followed
    kept = {_kept(stage): (tickets[stage] * tickets[before]).sum() for before, stage in _steps(stages)}
    reached = {stage: tickets[stage].sum() for stage in stages}
    each = tickets.group_by(CUSTOMER_ID).agg(**reached, **kept, **{FULL: _all(tickets, stages).sum()}).execute()
    missing = tuple(stage for stage in STAGES if stage not in stages)
    full, first = int(each[FULL].sum()), stages[0]
    return ClosedLoop(_by_stage(each, stages), full, _limits(each, FULL, first), within_days, too_young, missing)


@analysis
def closed_loop_by(data: Dataset, by: str = "category", within_days: int = 30) -> ClosedLoopBy | NotApplicable:
    """The same by category, channel, workgroup or priority; groups of too few customers are folded.

    That all groups of 20 customers or more go the whole way alike is one test, over customers (see `alike_groups`).
    Raises ValueError for another `by`, and unless `within_days` is from 1 to 3660.
    """
    tickets = tickets_of(data)
    chosen = NO_TICKETS if tickets is None else chosen_group(tickets, by)
    followed = chosen if isinstance(chosen, NotApplicable) else _followed(data, within_days)
    if isinstance(followed, NotApplicable):
        return followed
    tickets, stages, _ = followed
    rows, names = grouped(tickets, by)
    sums = {stage: rows[stage].sum() for stage in stages[1:]}
    by_customer = rows.group_by(GROUP, CUSTOMER_ID)
    each = by_customer.agg(tickets=rows.count(), **sums, **{FULL: _all(rows, stages).sum()}).execute()
    shares = {stage: clustered_shares(each[GROUP], each[stage], each[TICKETS]).loc[names] for stage in (*sums, FULL)}
    cells = pd.concat(
        [found.rename(columns={"n": TICKETS, "share": COMPLETENESS_RATE}).assign(stage=stage).rename_axis(GROUP)
         for stage, found in shares.items()]
    )  # fmt: skip
    alike = alike_groups(each[GROUP], each[CUSTOMER_ID], each[FULL], each[TICKETS])
    return ClosedLoopBy(cells.reset_index()[[str(name) for name in ClosedLoopBy.columns]], by, within_days, alike)


def _followed(data: Dataset, within_days: int) -> tuple[ir.Table, list[str], int] | NotApplicable:
    """Tickets old enough with one 0/1 column a recorded stage, these stages, and how many tickets are too young."""
    parameters.between("within_days", within_days, 1, parameters.LONGEST_WINDOW_DAYS)
    tickets = tickets_of(data)
    if tickets is None:
        return NO_TICKETS
    tickets = tickets.mutate(handled_at=ibis.coalesce(tickets.handled_at, tickets.first_reply_at))
    known = recorded(tickets, STAGES.values())
    stages = [stage for stage, column in STAGES.items() if column in known]
    if len(stages) < 2:
        return NotApplicable(say("tickets say when they were recorded, but not what became of them."))
    mature = old_enough(tickets, data.as_of, within_days)
    size = mature.agg(tickets=mature.count(), customers=mature.customer_id.nunique()).execute().iloc[0]
    if size["customers"] < SMALLEST_GROUP:
        few = say(
            "fewer than {least} customers have a ticket of {days} ago.",
            least=facts.Count(SMALLEST_GROUP),
            days=facts.Days(within_days),
        )
        return NotApplicable(few)
    seconds = within_days * DAY_SECONDS
    took = {stage: mature[STAGES[stage]].epoch_seconds() - mature.opened_at.epoch_seconds() for stage in stages}
    flags = {stage: (each <= seconds).fill_null(False).ifelse(1, 0) for stage, each in took.items()}
    return mature.mutate(**flags), stages, int(tickets.count().execute() - size["tickets"])


def _by_stage(each: pd.DataFrame, stages: list[str]) -> pd.DataFrame:
    """One row a stage, from the tickets of each customer that reached it, and that reached it and the one before."""
    first, counts = stages[0], each.drop(columns=CUSTOMER_ID).sum()
    rows = [(stage, counts[stage], counts[stage] / counts[first], *_limits(each, stage, first)) for stage in stages]
    table = pd.DataFrame(rows, columns=[STAGE, TICKETS, COMPLETENESS_RATE, LOWER, UPPER]).astype({TICKETS: float})
    lost = each[stages[:-1]].assign(**{before: each[before] - each[_kept(stage)] for before, stage in _steps(stages)})
    losses = [_share(lost[before], each[before]) for before in stages[:-1]]
    names = [LOSS_RATE, LOSS_RATE_LOWER, LOSS_RATE_UPPER]
    table = table.assign(**dict(zip(names, np.array([(np.nan,) * 3, *losses]).T, strict=True)))
    few = _is_small(table[TICKETS])
    table.loc[few, table.columns[1:]] = np.nan
    table.loc[few.shift(fill_value=False), names] = np.nan
    return table


def _limits(each: pd.DataFrame, stage: str, of: str) -> tuple[float, float]:
    """Those of the share of tickets at one stage that reached another."""
    _, lower, upper = _share(each[stage], each[of])
    return lower, upper


def _share(count: pd.Series, of: pd.Series) -> tuple[float, float, float]:
    """A share of the tickets of customers with its limits; NaN without tickets."""
    there = of > 0
    if not there.any():
        return np.nan, np.nan, np.nan
    row = clustered_shares(np.zeros(there.sum()), count[there].to_numpy(), of[there].to_numpy()).iloc[0]
    return float(row["share"]), float(row["lower"]), float(row["upper"])


def _is_small(tickets: pd.Series) -> pd.Series:
    """Whether there are tickets, but fewer than may be told."""
    return tickets.between(1, SMALLEST_GROUP - 1)


def _steps(stages: list[str]) -> list[tuple[str, str]]:
    return list(zip(stages[:-1], stages[1:], strict=True))


def _kept(stage: str) -> str:
    return f"{stage} after the stage before"


def _all(table: ir.Table, stages: list[str]) -> ir.IntegerValue:
    return ibis.least(*(table[stage] for stage in stages))
