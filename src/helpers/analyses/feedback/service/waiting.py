"""How fast tickets are answered and resolved, with those still open counted for as long as they have waited."""

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
    minutes_between,
    recorded,
    share_words,
    tickets_of,
)
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP
from helpers.statistics import survival
from helpers.statistics.inference import adjust

DRAWN = 200  # points of a curve
AT_RISK_TIMES = 6
NEARLY_ALL = 0.95  # curves are drawn until so many are done


@dataclass(frozen=True)
class Clock:
    """What is waited for: the ticket's column, the unit in which readers count it, and the words for it."""

    column: str
    unit: str
    minutes: int  # in a unit
    done: str

    def time(self, length: float) -> str:
        """A length of time in words: 1 hour, 2.5 days."""
        shown = formats.number(length)
        return f"{shown} {self.unit.removesuffix('s') if shown == '1' else self.unit}"


CLOCKS = {
    "first_reply": Clock("first_reply_at", "hours", 60, "answered"),
    "resolution": Clock("closed_at", "days", 1440, "resolved"),
}


@dataclass(frozen=True)
class Speed:
    """Kaplan–Meier curves of the time to the first reply or to the resolution, in hours or days."""

    curve: pd.DataFrame  # group, time, at_risk, events, censored, survival, std_error, lower, upper
    what: str  # first_reply or resolution
    sla: float  # the time within which it is promised, in the clock's unit
    by: str  # the column, or "" for all tickets together
    p_value: float = np.nan  # log-rank test that all groups wait equally long

    @property
    def clock(self) -> Clock:
        """What is waited for."""
        return CLOCKS[self.what]

    def summary(self) -> pd.DataFrame:
        """One row a group: tickets, still open, the median time, and the share done within the SLA with 95% CI."""
        counts = self.curve.groupby("group", sort=False, observed=True)[["events", "censored"]].sum()
        table = pd.DataFrame({"tickets": counts.sum(axis=1), "waiting": counts["censored"]}).astype(int)
        median = survival.quantiles(self.curve, 0.5).set_index("group")["time"]
        on_time = _done(survival.at(self.curve, self.sla)).set_index("group").drop(columns=["time", "at_risk"])
        table = table.assign(**{f"median_{self.clock.unit}": median}).join(on_time)
        return table.rename_axis(self.by or "group").rename(columns={"done_share": "on_time_share"}).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share done by the time since the ticket was recorded, with the numbers still waiting at each time."""
        time, share = f"{self.what}_{self.clock.unit}", f"{self.clock.done}_share"
        horizon = self._horizon()
        step = _round_step(horizon / (AT_RISK_TIMES - 1))
        names = {"time": time, "done_share": share}
        drawn = _done(survival.at(self.curve, np.linspace(0, horizon, DRAWN + 1))).rename(columns=names)
        waiting = survival.at(self.curve, np.arange(0, horizon + step / 2, step)).rename(columns=names)
        group = "group" if self.by else ""
        return charts.steps(drawn, x=time, y=share, group=group, band=("lower", "upper"), at_risk=waiting, ax=ax)

    def headline(self) -> str:
        """The share done within the SLA with its interval, and the median; of groups, whether they differ, and how."""
        clock, within = self.clock, f"within {self.clock.time(self.sla)}"
        told = self.summary().dropna(subset="on_time_share").sort_values("on_time_share", kind="stable")
        if told.empty:
            return f"No ticket was followed for {clock.time(self.sla)}, so none can be judged by it."
        if not self.by:
            row = told.iloc[0]
            middle = row[f"median_{clock.unit}"]
            half = "fewer than half so far" if np.isnan(middle) else f"half within {clock.time(middle)}"
            return (
                f"{share_words(row, 'on_time_share')} of tickets are {clock.done} {within}, {half}; "
                f"{row['waiting']:,} of {row['tickets']:,} are still waiting and count for as long as they have."
            )
        if not self.p_value < SURE:
            return f"No evidence that the time until tickets are {clock.done} differs by {self.by}."
        ends = told.iloc[[0, -1]].iterrows()
        slow, fast = (f"{share_words(row, 'on_time_share')} of {row[self.by]}" for _, row in ends)
        return (
            f"The time until tickets are {clock.done} differs by {self.by} ({formats.p_value(self.p_value)}): {within} "
            f"it is {fast}, and {slow}."
        )

    def _horizon(self) -> float:
        """A time by which nearly all of every group are done, but no more than a few times the SLA's length."""
        reached = survival.quantiles(self.curve, NEARLY_ALL)["time"].max()
        last = self.curve["time"].max()
        return float(min(last, max(reached if reached == reached else last, 2 * self.sla))) or 1.0


@dataclass(frozen=True)
class SpeedBy:
    """The share done within the SLA in every group of every grouping, and a log-rank test of each grouping."""

    groups: pd.DataFrame  # by, group, tickets, median_<unit>, on_time_share, lower, upper, adjusted_p_value
    what: str
    sla: float

    def summary(self) -> pd.DataFrame:
        """One row a group; p-values are log-rank tests of the whole grouping, Holm-adjusted for their number."""
        return self.groups

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share done within the SLA with its 95% CI."""
        shown = self.groups.assign(name=self.groups["by"] + ": " + self.groups["group"].astype(str))
        return charts.forest(shown, estimate="on_time_share", label="name", ax=ax)

    def headline(self) -> str:
        """The groupings whose groups differ beyond chance."""
        tests = self.groups.drop_duplicates("by").set_index("by")["adjusted_p_value"]
        sure = tests[tests < SURE]
        what = f"the time until tickets are {CLOCKS[self.what].done}"
        if sure.empty:
            return f"No evidence that {what} differs by {_listed(tests.index, 'or')}."
        told = [f"{name} ({formats.p_value(p)})" for name, p in sure.items()]
        others = [name for name in tests.index if name not in sure.index]
        rest = f"; no evidence by {_listed(others, 'or')}" if others else ""
        many = f", corrected for {len(tests)} tests" if len(tests) > 1 else ""
        return f"{what[0].upper()}{what[1:]} differs beyond chance by {_listed(told, 'and')}{many}{rest}."


def speed(data: Dataset, what: str = "resolution", sla: float = 3, by: str = "") -> Speed | NotApplicable:
    """Kaplan–Meier of the time from a ticket's record to its first reply (hours) or its resolution (days).

    Whole minutes, a begun one counted. A ticket not yet answered, or resolved, at the end of `as_of` is censored there;
    a ticket resolved without a reply stays among those never answered, so that 1 − S(t) is the share of all tickets
    answered within t. `sla` is in the unit of `what`. With `by` one curve a group, small groups folded. Assumes that
    tickets are independent and that when a ticket comes tells nothing of how long it takes.
    """
    counts = _waits(data, what, sla, by)
    if isinstance(counts, NotApplicable):
        return counts
    return Speed(_curve(counts, what), what, sla, by, _log_rank(counts) if by else np.nan)


def speed_by(
    data: Dataset, what: str = "resolution", sla: float = 3, by: tuple[str, ...] = ("category", "channel", "workgroup")
) -> SpeedBy | NotApplicable:
    """The same within each grouping that tickets have, with log-rank tests across the groups of each."""
    tables, tests = [], []
    reason = NO_TICKETS
    for name in by:
        counts = _waits(data, what, sla, name)
        if isinstance(counts, NotApplicable):
            reason = counts
            continue
        found = Speed(_curve(counts, what), what, sla, name, _log_rank(counts))
        tables.append(found.summary().rename(columns={name: "group"}).drop(columns="waiting").assign(by=name))
        tests.append(found.p_value)
    if not tables:
        return reason
    adjusted = adjust(tests, "holm")
    whole = pd.concat([table.assign(adjusted_p_value=p) for table, p in zip(tables, adjusted, strict=True)])
    return SpeedBy(whole[["by", *whole.columns.drop("by")]].reset_index(drop=True), what, sla)


def _waits(data: Dataset, what: str, sla: float, by: str) -> pd.DataFrame | NotApplicable:
    """How many tickets of each group waited how many minutes and were then done, or still wait: counted in the engine.

    Groups are an ordered categorical, the largest first.
    """
    clock = CLOCKS[parameters.one_of("what", what, CLOCKS)]
    parameters.between("sla", sla, 0, LONGEST_DAYS * 1440 / clock.minutes)
    tickets = tickets_of(data)
    if tickets is None:
        return NO_TICKETS
    if not recorded(tickets, [clock.column]):
        return NotApplicable(f"no ticket of this data set says when it was {clock.done}.")
    if by and isinstance(lacking := chosen_group(tickets, by), NotApplicable):
        return lacking
    if tickets.customer_id.nunique().execute() < SMALLEST_GROUP:
        return NotApplicable(f"fewer than {SMALLEST_GROUP} customers have a ticket.")
    rows, names = grouped(tickets, by)
    counts = _counted(rows, clock.column, data).execute()
    return counts.assign(group=pd.Categorical(counts["group"], names)).sort_values(["group", "minutes", "done"])


def _counted(rows: ir.Table, column: str, data: Dataset) -> ir.Table:
    done = rows[column].notnull()
    until = ibis.coalesce(rows[column], night(data.as_of))
    waits = rows.select("group", minutes=minutes_between(rows.opened_at, until), done=done)
    return waits.group_by("group", "minutes", "done").agg(tickets=waits.count())


def _curve(counts: pd.DataFrame, what: str) -> pd.DataFrame:
    times = counts["minutes"] / CLOCKS[what].minutes
    return survival.kaplan_meier(times, counts["done"], weights=counts["tickets"], groups=counts["group"])


def _log_rank(counts: pd.DataFrame) -> float:
    """p-value of the test that all groups wait equally long; NaN where there is nothing to compare."""
    try:
        groups = counts["group"].cat.remove_unused_categories()
        return survival.log_rank(counts["minutes"], counts["done"], groups, weights=counts["tickets"]).p_value
    except ValueError:
        return np.nan


def _done(curve: pd.DataFrame) -> pd.DataFrame:
    """Survival turned into the share done, with its limits."""
    turned = curve.assign(done_share=1 - curve["survival"], lower=1 - curve["upper"], upper=1 - curve["lower"])
    return turned[["group", "time", "at_risk", "done_share", "lower", "upper"]]


def _round_step(step: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** np.floor(np.log10(step))
    return float(next(power * each for each in (1, 2, 5, 10) if power * each >= step * (1 - 1e-9)))


def _listed(names: list[str], last: str) -> str:
    names = list(names)
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {last} {names[-1]}"
