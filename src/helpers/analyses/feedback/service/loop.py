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
    old_enough,
    recorded,
    tickets_of,
)
from helpers.analyses.feedback.vocabulary import (
    COMPLETENESS_RATE,
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
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMER_ID, LOWER, UPPER
from helpers.statistics.shares import clustered_shares

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


@analysis
def closed_loop(data: Dataset, within_days: int = 30) -> ClosedLoop | NotApplicable:
    """How many tickets reach each stage within `within_days` days of being recorded, of those followed so long.

    A stage counts where any ticket of the data set says when it was reached; a ticket without that time has not
    reached it. Work begun is a first reply where nothing else tells. The share lost at a stage is of the tickets at
    the recorded stage before it. Intervals take customers for independent, not their tickets (see `clustered_shares`).
    A stage that one to four tickets reached says nothing more. Raises ValueError unless `within_days` is from 1 to
    3660.
    """
    followed = staged(data, within_days)
    if isinstance(followed, NotApplicable):
        return followed
    tickets, stages, too_young = followed
    kept = {_kept(stage): (tickets[stage] * tickets[before]).sum() for before, stage in _steps(stages)}
    reached = {stage: tickets[stage].sum() for stage in stages}
    each = tickets.group_by(CUSTOMER_ID).agg(**reached, **kept, **{FULL: all_of(tickets, stages).sum()}).execute()
    missing = tuple(stage for stage in STAGES if stage not in stages)
    full, first = int(each[FULL].sum()), stages[0]
    return ClosedLoop(_by_stage(each, stages), full, _limits(each, FULL, first), within_days, too_young, missing)


def staged(data: Dataset, within_days: int) -> tuple[ir.Table, list[str], int] | NotApplicable:
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


def all_of(table: ir.Table, stages: list[str]) -> ir.IntegerValue:
    """1 for a ticket that reached all these stages, else 0."""
    return ibis.least(*(table[stage] for stage in stages))
