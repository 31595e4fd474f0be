"""From when to when each table reaches, what set the report's day, and which facts end long before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from helpers.data import contracts
from helpers.data.intake.rows import calendar, strays
from helpers.language import _

FACT, IGNORED, TERM = "fact", "ignored", "term"  # kinds of days: what happened, strays, ends that lie ahead
WEEK = 7  # days without a row, before which no table has stopped
LONG = 3  # times the usual gap
A_RHYTHM = 5  # days with rows
BURSTS = ("experiments", "experiment_totals", "planned_actions", "action_results")  # that come to an end by themselves


@dataclass(frozen=True)
class Span:
    """The first and the last day of a table's facts, and how many days usually lie between two with rows at most."""

    table: str
    first: dt.date
    last: dt.date
    usual_gap: int | None  # None: too few days to know a rhythm

    def days_before(self, day: dt.date) -> int:
        """How long before a day the facts end."""
        return (day - self.last).days

    def is_long(self, day: dt.date) -> bool:
        """Whether the facts end longer before a day than the table's own rhythm explains."""
        return self.days_before(day) > max(WEEK, LONG * (self.usual_gap or 0))

    def has_stopped(self, day: dt.date) -> bool:
        """Whether the table should have gone on, and ends long before a day."""
        return self.table not in BURSTS and self.usual_gap is not None and self.is_long(day)

    def told_until(self, day: dt.date) -> dt.date:
        """The last day of which the table tells what happened: a given one, unless it stopped long before."""
        return self.last if self.has_stopped(day) else day


@dataclass(frozen=True)
class Lag:
    """Facts that end long before the report's day: those of a table, or all where none is named."""

    table: str
    last: dt.date
    days: int
    usual_gap: int | None

    def __str__(self) -> str:
        """A sentence without its full stop."""
        if not self.table:
            words = _("the data end on {last}, {days:,} days before the report's day: what came after is not known")
            return words.format(last=self.last, days=self.days)
        return _(
            "{table} end on {last}, {days:,} days before the report's day; they are usually at most {gap} apart"
        ).format(table=self.table, last=self.last, days=self.days, gap=_days(self.usual_gap or 0))


def _days(number: int) -> str:
    return _("1 day") if number == 1 else _("{number:,} days").format(number=number)


def dated(tables: Mapping[str, ir.Table], days: strays.Days) -> pd.DataFrame:
    """The rows of each day: table, column, day, rows and kind. `days` are what is known of the tables as read.

    Columns that date nothing, such as days of birth, have no line.
    """
    good = {place: counts for place, counts in calendar.by_day(tables).items() if are_told(place)}
    lines = [
        (*place, day, rows, _kind(place, day, days)) for place, counts in good.items() for day, rows in counts.items()
    ]
    lines += [
        (*place, day, rows, IGNORED)
        for place, counts in days.beyond.items()
        for day, rows in counts.items()
        if day not in good.get(place, ())
    ]
    return pd.DataFrame(lines, columns=["table", "column", "day", "rows", "kind"])


def are_told(place: calendar.Place) -> bool:
    """Whether the days of a column are told: those of something that happens."""
    column = contracts.TABLES[place[0]].column(place[1])
    return column is None or column.fact


def _kind(place: calendar.Place, day: dt.date, days: strays.Days) -> str:
    column = contracts.TABLES[place[0]].column(place[1])
    if place not in days.facts and column is not None and column.ahead:
        return TERM
    last = days.facts.get(place, days.newest)  # orders that are made of their lines were not read themselves
    return FACT if last is None or day <= last else IGNORED


def last_day(dated: pd.DataFrame) -> dt.date | None:
    """The last day on which something happened; None where nothing is dated."""
    return max(dated.loc[dated["kind"] == FACT, "day"], default=None)


def first_day(dated: pd.DataFrame) -> dt.date | None:
    """The first day on which something happened; None where nothing is dated."""
    return min(dated.loc[dated["kind"] == FACT, "day"], default=None)


def set_by(dated: pd.DataFrame, day: dt.date) -> tuple[str, ...]:
    """The columns, as table.column, in which something happened on a day."""
    return _places(dated[(dated["kind"] == FACT) & (dated["day"] == day)])


def terms(dated: pd.DataFrame) -> tuple[str, ...]:
    """The columns whose ends are terms: every row has one, so they may lie ahead and set no day."""
    return _places(dated[dated["kind"] == TERM])


def _places(dated: pd.DataFrame) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(f"{table}.{column}" for table, column in zip(dated["table"], dated["column"], strict=True))
    )


@dataclass(frozen=True)
class Stray:
    """Rows of a column whose times are far from the rest, and set no day."""

    column: str  # table.column
    first: dt.date
    rows: int

    def __str__(self) -> str:
        """A sentence without its full stop."""
        words = _("{column}: {rows:,} rows from {first} on are far from the rest, and set no day")
        if self.rows == 1:
            words = _("{column}: one row, of {first}, is far from the rest, and sets no day")
        return words.format(column=self.column, rows=self.rows, first=self.first)


def ignored(dated: pd.DataFrame, day: dt.date) -> list[Stray]:
    """The strays that lie after a day."""
    later = dated[(dated["kind"] == IGNORED) & (dated["day"] > day)]
    return [
        Stray(f"{table}.{column}", rows["day"].min(), int(rows["rows"].sum()))
        for (table, column), rows in later.groupby(["table", "column"], sort=False)
    ]


def spans(dated: pd.DataFrame, as_of: dt.date) -> dict[str, Span]:
    """The span of each table that has dated facts by `as_of`."""
    known = dated[(dated["kind"] == FACT) & (dated["day"] <= as_of)]
    found = {}
    for table, rows in known.groupby("table", sort=False):
        days = sorted(set(rows["day"]))
        usual_gap = calendar.usual_gap(days) if len(days) >= A_RHYTHM else None
        found[str(table)] = Span(str(table), days[0], days[-1], usual_gap)
    return found


def lags(found: Iterable[Span], as_of: dt.date, within: int | None = None) -> list[Lag]:
    """The facts that end long before `as_of`: all of them, where the newest do, and those of tables beside the others.

    How long that is follows from each table's own rhythm; where `within` is given, the newest may be so many days old,
    and no lag is shorter.
    """
    by_last = sorted(found, key=lambda span: span.last, reverse=True)
    if not by_last:
        return []
    newest = by_last[0]
    long = newest.is_long(as_of) if within is None else newest.days_before(as_of) > within
    whole = [Lag("", newest.last, newest.days_before(as_of), newest.usual_gap)] if long else []
    stopped = [span for span in by_last if span.has_stopped(newest.last)]
    behind = [Lag(span.table, span.last, span.days_before(as_of), span.usual_gap) for span in stopped]
    return whole + [lag for lag in behind if within is None or lag.days > within]


@dataclass(frozen=True)
class Unseen:
    """That a table ends long before the report's day, so that nothing can be foretold from it."""

    table: str
    last: dt.date
    days: int
    as_of: dt.date

    def __str__(self) -> str:
        """A sentence."""
        return _(
            "{table} end on {last}, {days:,} days before {as_of}: what customers did since is not known, so what they "
            "will do cannot be told."
        ).format(table=self.table, last=self.last, days=self.days, as_of=self.as_of)


def unseen(found: Mapping[str, Span], table: str, as_of: dt.date) -> Unseen | None:
    """Why nothing can be foretold from a table, where it ends long before `as_of`; None where it does not."""
    span = found.get(table)
    if span is None or not span.has_stopped(as_of):
        return None
    return Unseen(table, span.last, span.days_before(as_of), as_of)


def account(dated: pd.DataFrame, as_of: dt.date, set_by: Sequence[str]) -> dict[str, Any]:
    """What set the report's day, what did not, and what ends long before it: plain values under stable keys."""
    known = spans(dated, as_of)
    return {
        "set_by": list(set_by),
        "ignored": [asdict(each) | {"first": str(each.first)} for each in ignored(dated, as_of)],
        "terms": list(terms(dated)),
        "behind": [asdict(each) | {"last": str(each.last)} for each in lags(known.values(), as_of)],
    }
