"""The backlog: how many tickets were open at the end of each day, and how old those are that still are."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.service.tickets import LONGEST_DAYS, NO_TICKETS, minutes_between, recorded, tickets_of
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.findings import NotApplicable, charts, formats
from helpers.findings.folding import SMALLEST_GROUP

AGES = (0, 1, 3, 7, 14, 30, 90, 365)  # days: where the bands of age begin
BEFORE_DAYS = 28  # how long ago the backlog is compared with
MINUTES = 1440


@dataclass(frozen=True)
class Backlog:
    """Open tickets at the end of each day."""

    days: pd.DataFrame  # day, recorded, resolved, open

    @property
    def now(self) -> int:
        """Tickets open at the end of the last day."""
        return int(self.days["open"].iloc[-1])

    def summary(self) -> pd.DataFrame:
        """One row a month, the last twelve: tickets recorded and resolved in it, and open at its end."""
        month = self.days["day"].dt.to_period("M").dt.to_timestamp()
        sums = self.days.groupby(month.rename("month"))
        table = sums.agg(recorded=("recorded", "sum"), resolved=("resolved", "sum"), open=("open", "last"))
        return table.tail(12).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Open tickets by day."""
        return charts.line(self.days, x="day", y="open", ax=ax)

    def headline(self) -> str:
        """Tickets open on the last day, and four weeks before."""
        last = self.days["day"].iloc[-1].date()
        said = f"{self.now:,} tickets are open at the end of {last}"
        if len(self.days) <= BEFORE_DAYS:
            return f"{said}."
        before = int(self.days["open"].iloc[-1 - BEFORE_DAYS])
        change = self.now - before
        words = "as many as" if not change else f"{abs(change):,} {'more' if change > 0 else 'fewer'} than"
        return f"{said}, {words} {BEFORE_DAYS} days before."


@dataclass(frozen=True)
class OpenAges:
    """Open tickets by how long they have been open."""

    bands: pd.DataFrame  # open_for, tickets, share; bands of fewer than 5 customers are joined to the next older
    median_days: float
    late: int  # open for longer than `late_days`
    late_days: float

    @property
    def tickets(self) -> int:
        """Open tickets."""
        return int(self.bands["tickets"].sum())

    def summary(self) -> pd.DataFrame:
        """One row a band of age: tickets and their share."""
        return self.bands

    def plot(self, ax: Axes | None = None) -> Axes:
        """Open tickets by age, with their share."""
        return charts.bars(self.bands, value="tickets", label="open_for", share="share", ax=ax)

    def headline(self) -> str:
        """The median age, and how many are older than promised."""
        return (
            f"Half of the {self.tickets:,} open tickets have been open for more than {formats.days(self.median_days)}; "
            f"{self.late:,} ({formats.percent(self.late / self.tickets)}) for more than {formats.days(self.late_days)}."
        )


def backlog(data: Dataset) -> Backlog | NotApplicable:
    """Tickets recorded, resolved and open by day, from the first ticket to `as_of`.

    A ticket is open from its record to its last resolution: while it was closed before being opened again it counts as
    open, since only the last time is kept.
    """
    tickets = _dated(data)
    if isinstance(tickets, NotApplicable):
        return tickets
    opened, closed = (_by_day(tickets, name) for name in ("opened_at", "closed_at"))
    span = pd.date_range(opened.index.min(), pd.Timestamp(data.as_of), freq="D", name="day", unit="us")
    table = pd.DataFrame({"recorded": opened, "resolved": closed}).reindex(span).fillna(0).astype(int)
    return Backlog(table.assign(open=(table["recorded"] - table["resolved"]).cumsum()).reset_index())


def open_ages(data: Dataset, late_days: float = 3) -> OpenAges | NotApplicable:
    """How long the tickets open at the end of `as_of` have been open; `late_days` is the promised time."""
    parameters.between("late_days", late_days, 0, LONGEST_DAYS)
    tickets = _dated(data)
    if isinstance(tickets, NotApplicable):
        return tickets
    waiting = tickets.filter(tickets.closed_at.isnull())
    age = minutes_between(waiting.opened_at, night(data.as_of))
    waiting = waiting.select("customer_id", minutes=age)
    found = (
        waiting.agg(
            customers=waiting.customer_id.nunique(),
            median=waiting.minutes.quantile(0.5),
            late=(waiting.minutes > round(late_days * MINUTES)).sum().fill_null(0),
        )
        .execute()
        .iloc[0]
    )
    if found["customers"] < SMALLEST_GROUP:
        return NotApplicable(f"fewer than {SMALLEST_GROUP} customers have an open ticket: their ages are not shown.")
    return OpenAges(_bands(waiting), float(found["median"]) / MINUTES, int(found["late"]), late_days)


def _dated(data: Dataset) -> ir.Table | NotApplicable:
    """The tickets, where any tells when it was resolved."""
    tickets = tickets_of(data)
    if tickets is None:
        return NO_TICKETS
    if not recorded(tickets, ["closed_at"]):
        return NotApplicable("no ticket of this data set says when it was resolved, so none is known to be open.")
    return tickets


def _by_day(tickets: ir.Table, name: str) -> pd.Series:
    days = tickets.filter(tickets[name].notnull()).select(day=tickets[name].date())
    counts = days.group_by("day").agg(tickets=days.count()).execute()
    return counts.set_index(pd.DatetimeIndex(pd.to_datetime(counts["day"])).as_unit("us"))["tickets"]


def _bands(waiting: ir.Table) -> pd.DataFrame:
    """Tickets by band of age. Starting with the youngest, a band too small to show is joined to the next older."""
    edges = list(AGES)
    while True:
        table = _counted(waiting, edges)
        small = table.index[table["customers"].between(1, SMALLEST_GROUP - 1)]
        if not len(small) or len(edges) == 1:
            break
        place = edges.index(small[0])
        edges.pop(place + 1 if place + 1 < len(edges) else place)
    names = [_band(low, high) for low, high in zip(edges, [*edges[1:], None], strict=True)]
    tickets = table["tickets"].to_numpy()
    return pd.DataFrame({"open_for": names, "tickets": tickets, "share": tickets / tickets.sum()})


def _counted(waiting: ir.Table, edges: list[int]) -> pd.DataFrame:
    """Tickets and customers by the band's first day; every band is there."""
    begins = [(waiting.minutes >= low * MINUTES, ibis.literal(low)) for low in reversed(edges)]
    rows = waiting.mutate(band=ibis.cases(*begins))
    counts = rows.group_by("band").agg(tickets=rows.count(), customers=rows.customer_id.nunique()).execute()
    return counts.set_index("band").reindex(edges, fill_value=0)


def _band(low: int, high: int | None) -> str:
    if high is None:
        return f"{formats.days(low)} and more" if low else "any time"
    return f"under {formats.days(high)}" if not low else f"{low} to under {formats.days(high)}"
