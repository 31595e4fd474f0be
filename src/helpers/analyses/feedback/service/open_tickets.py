"""The backlog: how many tickets were open at the end of each day, and how old those are that still are."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.service.tickets import NO_TICKETS, minutes_between, recorded, tickets_of
from helpers.analyses.feedback.vocabulary import BELOW_DAYS, FROM_DAYS, OPEN, OPEN_FOR, RECORDED, RESOLVED, TICKETS
from helpers.data.datasets import Dataset
from helpers.data.days import DAY_MINUTES, night
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.briefs import Brief, Direction, News, Topic
from helpers.findings.drawing import charts
from helpers.findings.evidence import Z
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import DAY, MONTH, SHARE
from helpers.language import _

AGES = (0, 1, 3, 7, 14, 30, 90, 365)  # days: where the bands of age begin
BEFORE_DAYS = 28  # how long ago the backlog is compared with
YEAR_DAYS = 365
NEARLY, TWICE = 1.8, 2  # times as many
FEWEST = 10  # tickets, of which a multiple is told
MONTHS_SHOWN = 12


@dataclass(frozen=True)
class Backlog(Finding):
    """Open tickets at the end of each day."""

    table: pd.DataFrame

    columns = (DAY, RECORDED, RESOLVED, OPEN)
    shown = (MONTH, RECORDED, RESOLVED, OPEN)

    @property
    def now(self) -> int:
        """Tickets open at the end of the last day."""
        return int(self.table[OPEN].iloc[-1])

    def summary(self) -> pd.DataFrame:
        """One row a month, the last twelve: tickets recorded and resolved in it, and open at its end."""
        month = self.table[DAY].dt.to_period("M").dt.to_timestamp()
        months = self.table.groupby(month.rename(MONTH)).agg({RECORDED: "sum", RESOLVED: "sum", OPEN: "last"})
        return months.tail(MONTHS_SHOWN).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Open tickets by day."""
        return charts.line(self.table, x=DAY, y=OPEN, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many requests are open?")

    def headline(self) -> Sentence:
        """Tickets open on the last day, and a year before, or as far as is known; four weeks before it below."""
        day = facts.Day(self.table[DAY].iloc[-1].date())
        if len(self.table) <= BEFORE_DAYS:
            now = facts.Count(self.now)
            told = say("1 request is open.") if self.now == 1 else say("{now} requests are open.", now=now)
            return told.resting_on(say("At the end of {day}.", day=day))
        told = self._in_a_year() if len(self.table) > YEAR_DAYS else self._in_weeks()
        return told.resting_on(say("At the end of {day}.", day=day))

    def brief(self) -> Brief:
        """How the open requests moved in a year, where that is beyond chance as of two counts."""
        if len(self.table) <= YEAR_DAYS:
            return Brief()
        gain, both = self.now - self._before(YEAR_DAYS), self.now + self._before(YEAR_DAYS)
        if abs(gain) <= Z * both**0.5:
            return Brief()
        direction = Direction.WORSE if gain > 0 else Direction.BETTER
        return Brief((News(Topic.CHANGE, "open requests", self.headline(), direction=direction, gain=gain),))

    def _before(self, days: int) -> int:
        return int(self.table[OPEN].iloc[-1 - days])

    def _in_weeks(self) -> Sentence:
        return say(
            "Open requests: {now}; {days} before it was {before}.",
            now=facts.Count(self.now),
            days=facts.Days(BEFORE_DAYS),
            before=facts.Count(self._before(BEFORE_DAYS)),
        )

    def _in_a_year(self) -> Sentence:
        before, now = self._before(YEAR_DAYS), facts.Count(self.now)
        lately = say(
            "{days} before it was {before}.",
            days=facts.Days(BEFORE_DAYS),
            before=facts.Count(self._before(BEFORE_DAYS)),
        )
        if self.now == before:
            return say("Open requests are as many as a year ago: {now}.", now=now).resting_on(lately)
        return self._moved(before, facts.Count(before), now).resting_on(lately)

    def _moved(self, opened: int, before: facts.Count, now: facts.Count) -> Sentence:
        """How much more or fewer are open than a year ago, when it was `opened`."""
        if opened >= FEWEST and self.now > TWICE * opened:
            return say("Open requests more than doubled in a year, from {before} to {now}.", before=before, now=now)
        if opened >= FEWEST and self.now >= NEARLY * opened:
            return say("Open requests nearly doubled in a year, from {before} to {now}.", before=before, now=now)
        if self.now > opened:
            return say("Open requests rose in a year, from {before} to {now}.", before=before, now=now)
        return say("Open requests fell in a year, from {before} to {now}.", before=before, now=now)


@dataclass(frozen=True)
class OpenAges(Finding):
    """Open tickets by how long they have been open."""

    table: pd.DataFrame  # one row a band of age; bands of too few customers are joined to the next older
    median_days: float
    late: int  # open for longer than `late_days`
    late_days: float

    columns = (FROM_DAYS, BELOW_DAYS, TICKETS.but(adds_up=[()]), SHARE.but(tells=TICKETS))
    shown = (OPEN_FOR, *columns[2:])

    @property
    def tickets(self) -> int:
        """Open tickets."""
        return int(self.table[TICKETS].sum())

    def summary(self) -> pd.DataFrame:
        """One row a band of age: tickets and their share."""
        bands = [_band(low, high) for low, high in zip(self.table[FROM_DAYS], self.table[BELOW_DAYS], strict=True)]
        return self.table.assign(**{OPEN_FOR: bands})[[OPEN_FOR, TICKETS, SHARE]]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Open tickets by age, with their share."""
        return charts.bars(self.to_show(), value=TICKETS, label=OPEN_FOR, share=SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How old are the open requests?")

    def headline(self) -> Sentence:
        """The median age; how many are older than promised below."""
        return say(
            "Half of the {tickets} open requests have been open for more than {days}.",
            tickets=facts.Count(self.tickets),
            days=facts.Days(self.median_days),
        ).resting_on(
            say(
                "{late} of them ({share}) for more than the {days} that are promised.",
                late=facts.Count(self.late),
                share=facts.Share(self.late / self.tickets),
                days=facts.Days(self.late_days),
            )
        )


@analysis
def backlog(data: Dataset) -> Backlog | NotApplicable:
    """Tickets recorded, resolved and open by day, from the first ticket to `as_of`.

    A ticket is open from its record to its last resolution: while it was closed before being opened again it counts as
    open, since only the last time is kept.
    """
    tickets = _dated(data)
    if isinstance(tickets, NotApplicable):
        return tickets
    opened, closed = (_by_day(tickets, name) for name in ("opened_at", "closed_at"))
    span = pd.date_range(opened.index.min(), pd.Timestamp(data.as_of), freq="D", name=DAY, unit="us")
    days = pd.DataFrame({RECORDED: opened, RESOLVED: closed}).reindex(span).fillna(0).astype(int)
    return Backlog(days.assign(open=(days[RECORDED] - days[RESOLVED]).cumsum()).reset_index())


@analysis
def open_ages(data: Dataset, late_days: float = 3) -> OpenAges | NotApplicable:
    """How long the tickets open at the end of `as_of` have been open; `late_days` is the promised time.

    Raises ValueError unless `late_days` is from 0 to 3660.
    """
    parameters.between("late_days", late_days, 0, parameters.LONGEST_WINDOW_DAYS)
    tickets = _dated(data)
    if isinstance(tickets, NotApplicable):
        return tickets
    waiting = tickets.filter(tickets.closed_at.isnull())
    waiting = waiting.select("customer_id", minutes=minutes_between(waiting.opened_at, night(data.as_of)))
    late = waiting.minutes > round(late_days * DAY_MINUTES)
    counts = waiting.agg(
        customers=waiting.customer_id.nunique(), median=waiting.minutes.quantile(0.5), late=late.sum().fill_null(0)
    )
    counts = counts.execute().iloc[0]
    if counts["customers"] < SMALLEST_GROUP:
        few = say(
            "fewer than {least} customers have an open ticket: their ages are not shown.",
            least=facts.Count(SMALLEST_GROUP),
        )
        return NotApplicable(few)
    return OpenAges(_bands(waiting), float(counts["median"]) / DAY_MINUTES, int(counts["late"]), late_days)


def _dated(data: Dataset) -> ir.Table | NotApplicable:
    """The tickets, where any tells when it was resolved."""
    tickets = tickets_of(data)
    if tickets is None:
        return NO_TICKETS
    if not recorded(tickets, ["closed_at"]):
        return NotApplicable(say("no ticket of this data set says when it was resolved."))
    return tickets


def _by_day(tickets: ir.Table, name: str) -> pd.Series:
    days = tickets.filter(tickets[name].notnull()).select(day=tickets[name].date())
    counts = days.group_by("day").agg(tickets=days.count()).execute()
    return counts.set_index(pd.DatetimeIndex(pd.to_datetime(counts["day"])).as_unit("us"))["tickets"]


def _bands(waiting: ir.Table) -> pd.DataFrame:
    """Tickets by band of age. Starting with the youngest, a band too small to show is joined to the next older."""
    edges = list(AGES)
    while True:
        counts = _counted(waiting, edges)
        small = counts.index[counts["customers"].between(1, SMALLEST_GROUP - 1)]
        if not len(small) or len(edges) == 1:
            break
        place = edges.index(small[0])
        edges.pop(place + 1 if place + 1 < len(edges) else place)
    below, tickets = [*map(float, edges[1:]), np.inf], counts["tickets"].to_numpy()
    return pd.DataFrame({FROM_DAYS: edges, BELOW_DAYS: below, TICKETS: tickets, SHARE: tickets / tickets.sum()})


def _counted(waiting: ir.Table, edges: list[int]) -> pd.DataFrame:
    """Tickets and customers by the band's first day; every band is there."""
    begins = [(waiting.minutes >= low * DAY_MINUTES, ibis.literal(low)) for low in reversed(edges)]
    rows = waiting.mutate(band=ibis.cases(*begins))
    counts = rows.group_by("band").agg(tickets=rows.count(), customers=rows.customer_id.nunique()).execute()
    return counts.set_index("band").reindex(edges, fill_value=0)


def _band(low: int, high: float) -> str:
    """A band of age in words: under 1 day, 1 to under 3 days, 365 days and more."""
    if np.isinf(high):
        return _("{days} and more").format(days=formats.days(low)) if low else _("any time")
    end = formats.days(high)
    return _("{low} to under {days}").format(low=low, days=end) if low else _("under {}").format(end)
