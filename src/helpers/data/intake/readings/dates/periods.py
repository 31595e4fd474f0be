"""When things happened, as the names of files and other columns say: which order of day and month goes with that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

YEAR, A_DAY = timedelta(days=366), timedelta(days=1)
A_WEEK, A_MONTH = timedelta(days=7), timedelta(days=31)
_NAMED = re.compile(
    r"(?<!\d)(20\d\d)([-_.年]?)(0[1-9]|1[0-2]|(?<=年)[1-9](?=月))(?:(?:\2|月)(0[1-9]|[12]\d|3[01]))?(?!\d)"
)


class Span(NamedTuple):
    """From a first to a last day."""

    first: date
    last: date


class Period(NamedTuple):
    """Days among which those of a column must lie.

    A column goes with them where it begins and ends within `slack` of them and spans at least `least`, and not where
    one of its days is more than `out` away. Where they are another column's it must begin and end as that does.
    """

    span: Span
    slack: timedelta = A_DAY
    out: timedelta = A_DAY
    least: timedelta = timedelta()
    alike: bool = False

    def has(self, days: Span) -> bool:
        """Whether days from a first to a last go with the period."""
        inside = self.span.first - self.slack <= days.first and days.last <= self.span.last + self.slack
        reaches = days.first <= self.span.first + self.slack and days.last >= self.span.last - self.slack
        return inside and (reaches or not self.alike) and days.last - days.first >= self.least

    def lacks(self, day: date) -> bool:
        """Whether a day is surely none of the period."""
        return not self.span.first - self.out <= day <= self.span.last + self.out


def named(names: Iterable[str]) -> tuple[Period, ...]:
    """The period that the names of a feed's files tell: their months, or the year before the day of an export.

    None where a name tells none.
    """
    spans = [_named(name) for name in names]
    if not spans or not all(spans):
        return ()
    first, last = min(span.first for span in spans if span), max(span.last for span in spans if span)
    if first == last:
        return (Period(Span(first - YEAR, last)),)
    return (Period(Span(first, last), least=A_WEEK),)


def beside(span: Span) -> Period:
    """The period of a column of facts in the same rows."""
    return Period(span, A_WEEK, A_MONTH, A_WEEK, alike=True)


def goes_with(days: Span, seen: Sequence[Sequence[date]], periods: Iterable[Period]) -> bool:
    """Whether a period has the days of one reading, and surely not those `seen` in each of the other readings."""
    return any(
        period.has(days) and all(any(period.lacks(day) for day in others) for others in seen) for period in periods
    )


def _named(name: str) -> Span | None:
    """The days that the name of a file tells; None where it tells none."""
    days: list[date] = []
    for year, _, month, day in _NAMED.findall(name):
        first = date(int(year), int(month), int(day or 1)) if _exists(year, month, day or "1") else None
        if first is None:
            return None
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        days += [first] if day else [first, following - A_DAY]
    return Span(min(days), max(days)) if days else None


def _exists(*parts: str) -> bool:
    try:
        return bool(date(*map(int, parts)))
    except ValueError:
        return False
