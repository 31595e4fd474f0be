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
    LONGEST_DAYS,
    NO_TICKETS,
    SURE,
    chosen_group,
    grouped,
    old_enough,
    recorded,
    share_words,
    tickets_of,
)
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP
from helpers.statistics.shares import equal_shares, wilson_interval

# stage → the column that says when it was reached
STAGES = {
    "recorded": "opened_at", "handled": "handled_at", "followed up": "followed_up_at", "resolved": "closed_at",
    "revisited": "revisited_at", "summarised": "summarised_at",
}  # fmt: skip
FULL = "full loop"


@dataclass(frozen=True)
class ClosedLoop:
    """Tickets by the stages they reached within a fixed time."""

    # stage, tickets (missing where 1 to 4), completeness_rate, lower, upper, loss_rate, loss_rate_lower,
    # loss_rate_upper
    stages: pd.DataFrame
    full: int  # tickets that reached every stage
    within_days: int
    too_young: int  # tickets not old enough to be counted
    not_recorded: tuple[str, ...]  # stages that no ticket says anything about

    @property
    def tickets(self) -> int:
        """Tickets counted."""
        return int(self.stages["tickets"].iloc[0])

    def summary(self) -> pd.DataFrame:
        """One row a stage: tickets and share that reached it, and the share lost among those at the stage before."""
        return self.stages

    def plot(self, ax: Axes | None = None) -> Axes:
        """Tickets that reached each stage, with their share of all."""
        return charts.bars(self.stages, value="tickets", label="stage", share="completeness_rate", ax=ax)

    def headline(self) -> str:
        """The share that went through every stage, where most are lost, and what is not recorded."""
        unknown = f" Not recorded here: {', '.join(self.not_recorded)}." if self.not_recorded else ""
        return (
            f"Within {formats.days(self.within_days)} of being recorded, {self._full()} of {self.tickets:,} tickets "
            f"went through all {len(self.stages)} recorded stages.{self._lost()}{unknown}"
        )

    def _full(self) -> str:
        if 0 < self.full < SMALLEST_GROUP:
            return f"fewer than {SMALLEST_GROUP}"
        limits = formats.interval(*map(float, wilson_interval(self.full, self.tickets)), formats.percent)
        return f"{self.full:,} ({formats.percent(self.full / self.tickets)}, 95% CI {limits})"

    def _lost(self) -> str:
        if self.stages["loss_rate"].isna().all():
            return ""
        place = self.stages["loss_rate"].argmax()
        lost, before = self.stages.iloc[place], self.stages["stage"].iloc[place - 1]
        spread = formats.interval(lost["loss_rate_lower"], lost["loss_rate_upper"], formats.percent)
        return (
            f" Most are lost between {before} and {lost['stage']}: {formats.percent(lost['loss_rate'])} "
            f"(95% CI {spread})."
        )


@dataclass(frozen=True)
class ClosedLoopBy:
    """The share of tickets that reached each stage, and all of them, by group."""

    cells: pd.DataFrame  # group, tickets, stage (the last one: full loop), completeness_rate, lower, upper
    by: str
    within_days: int
    p_value: float  # that all groups go the full loop equally often: Pearson's χ²; NaN where all or none do

    def summary(self) -> pd.DataFrame:
        """One row a group: tickets, those that went the full loop, and with its interval their share."""
        full = self.cells[self.cells["stage"] == FULL].rename(columns={"completeness_rate": "full_loop_rate"})
        return full.drop(columns="stage").rename(columns={"group": self.by}).reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share that reached each stage, group by group."""
        return charts.heat_map(self.cells, row="group", column="stage", value="completeness_rate", ax=ax)

    def headline(self) -> str:
        """Whether the groups differ beyond chance in how often they close the loop, and the two ends."""
        table = self.summary().dropna(subset="full_loop_rate").sort_values("full_loop_rate", kind="stable")
        named = table[table[self.by] != SMALL_GROUPS]
        if len(named) < 2:
            return f"Fewer than two groups by {self.by} are large enough to compare how far their tickets get."
        if not self.p_value < SURE:
            chance = "" if np.isnan(self.p_value) else f" ({formats.p_value(self.p_value)})"
            return f"No evidence that the share of tickets that go the full loop differs by {self.by}{chance}."
        low, high = ((row[self.by], share_words(row, "full_loop_rate")) for _, row in named.iloc[[0, -1]].iterrows())
        return (
            f"Within {formats.days(self.within_days)}, {high[1]} of the tickets of {self.by} {high[0]} go the full "
            f"loop, and {low[1]} of those of {low[0]}; groups differ beyond chance ({formats.p_value(self.p_value)})."
        )


def closed_loop(data: Dataset, within_days: int = 30) -> ClosedLoop | NotApplicable:
    """How many tickets reach each stage within `within_days` days of being recorded, of those followed so long.

    A stage counts where any ticket of the data set says when it was reached; a ticket without that time has not
    reached it. Work begun is a first reply where nothing else tells. The share lost at a stage is of the tickets at
    the recorded stage before it. Wilson's intervals, which take tickets for independent. A stage that one to four
    tickets reached says nothing more.
    """
    found = _reached(data, within_days)
    if isinstance(found, NotApplicable):
        return found
    mature, stages, too_young = found
    sums = {_kept(stage): (mature[stage] * mature[before]).sum() for before, stage in _steps(stages)}
    counts = (
        mature.agg(**{stage: mature[stage].sum() for stage in stages}, **sums, full=_all(mature, stages).sum())
        .execute()
        .iloc[0]
        .astype(int)
    )
    table = pd.DataFrame({"stage": stages, "tickets": counts[stages].to_numpy(dtype="float64")})
    n = int(counts["recorded"])
    lower, upper = wilson_interval(table["tickets"], n)
    table = table.assign(completeness_rate=table["tickets"] / n, lower=lower, upper=upper)
    before = counts[stages[:-1]].to_numpy()
    lost = before - counts[[_kept(stage) for stage in stages[1:]]].to_numpy()
    low, high = wilson_interval(lost, before)
    rates = [lost / np.where(before > 0, before, np.nan), low, high]
    names = ("loss_rate", "loss_rate_lower", "loss_rate_upper")
    table = table.assign(**{name: [np.nan, *rate] for name, rate in zip(names, rates, strict=True)})
    few = _is_small(table["tickets"])
    table.loc[few, table.columns[1:]] = np.nan
    table.loc[few.shift(fill_value=False), list(names)] = np.nan
    missing = tuple(stage for stage in STAGES if stage not in stages)
    return ClosedLoop(table, int(counts["full"]), within_days, too_young, missing)


def closed_loop_by(data: Dataset, by: str = "category", within_days: int = 30) -> ClosedLoopBy | NotApplicable:
    """The same by category, channel, workgroup or priority; groups of fewer than 5 customers are folded.

    Of a stage that one to four tickets of a group reached nothing is told.
    """
    tickets = tickets_of(data)
    chosen = NO_TICKETS if tickets is None else chosen_group(tickets, by)
    found = chosen if isinstance(chosen, NotApplicable) else _reached(data, within_days)
    if isinstance(found, NotApplicable):
        return found
    mature, stages, _ = found
    rows, names = grouped(mature, by)
    sums = {stage: rows[stage].sum() for stage in stages[1:]}
    wide = rows.group_by("group").agg(tickets=rows.count(), **sums, **{FULL: _all(rows, stages).sum()}).execute()
    wide = wide.set_index("group").loc[names].reset_index()
    cells = wide.melt(["group", "tickets"], var_name="stage", value_name="reached")
    lower, upper = wilson_interval(cells["reached"], cells["tickets"])
    reached = cells.pop("reached")
    cells = cells.assign(completeness_rate=reached / cells["tickets"], lower=lower, upper=upper)
    cells.loc[_is_small(reached), ["completeness_rate", "lower", "upper"]] = np.nan
    return ClosedLoopBy(cells, by, within_days, equal_shares(wide[FULL], wide["tickets"]))


def _reached(data: Dataset, within_days: int) -> tuple[ir.Table, list[str], int] | NotApplicable:
    """Tickets old enough with one 0/1 column a recorded stage, these stages, and how many tickets are too young."""
    parameters.between("within_days", within_days, 1, LONGEST_DAYS)
    tickets = tickets_of(data)
    if tickets is None:
        return NO_TICKETS
    tickets = tickets.mutate(handled_at=ibis.coalesce(tickets.handled_at, tickets.first_reply_at))
    known = recorded(tickets, STAGES.values())
    stages = [stage for stage, column in STAGES.items() if column in known]
    if len(stages) < 2:
        return NotApplicable("the tickets of this data set say when they were recorded, but not what became of them.")
    mature = old_enough(tickets, data.as_of, within_days)
    size = mature.agg(tickets=mature.count(), customers=mature.customer_id.nunique()).execute().iloc[0]
    if size["customers"] < SMALLEST_GROUP:
        return NotApplicable(f"fewer than {SMALLEST_GROUP} customers have a ticket of {formats.days(within_days)} ago.")
    seconds = within_days * 86_400
    took = {stage: mature[STAGES[stage]].epoch_seconds() - mature.opened_at.epoch_seconds() for stage in stages}
    flags = {stage: (each <= seconds).fill_null(False).cast("int64") for stage, each in took.items()}
    return mature.mutate(**flags), stages, int(tickets.count().execute() - size["tickets"])


def _is_small(tickets: pd.Series) -> pd.Series:
    """Whether there are tickets, but fewer than may be told."""
    return tickets.between(1, SMALLEST_GROUP - 1)


def _steps(stages: list[str]) -> list[tuple[str, str]]:
    return list(zip(stages[:-1], stages[1:], strict=True))


def _kept(stage: str) -> str:
    return f"{stage} after the stage before"


def _all(table: ir.Table, stages: list[str]) -> ir.IntegerValue:
    return ibis.least(*(table[stage] for stage in stages))
