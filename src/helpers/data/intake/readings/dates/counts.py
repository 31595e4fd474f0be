"""Times counted from other beginnings: 1960 of SAS and Stata, 1582 of SPSS, the days since 1970 of R and Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import ibis
import ibis.expr.types as ir

A_SECOND = 1_000_000  # microseconds
A_DAY = 86_400 * A_SECOND


@dataclass(frozen=True)
class Count:
    """Times counted in units of so many microseconds from an `origin`, with at most so many `digits`."""

    origin: date
    unit: int
    digits: int

    @property
    def pattern(self) -> str:
        """What its texts look like."""
        return rf"\d{{1,{self.digits}}}(?:\.\d+)?"

    def time(self, number: float) -> datetime:
        """The time that a number names."""
        return datetime.combine(self.origin, datetime.min.time()) + timedelta(microseconds=number * self.unit)


COUNTS = {
    "days since 1960": Count(date(1960, 1, 1), A_DAY, 6),
    "days since 1970": Count(date(1970, 1, 1), A_DAY, 6),
    "seconds since 1960": Count(date(1960, 1, 1), A_SECOND, 11),
    "milliseconds since 1960": Count(date(1960, 1, 1), 1_000, 14),
    "seconds since 1582": Count(date(1582, 10, 14), A_SECOND, 11),  # said by settings alone: phones look alike
}
EXCEL, EPOCH_SECONDS, EPOCH_MILLISECONDS = (
    Count(date(1899, 12, 30), A_DAY, 5), Count(date(1970, 1, 1), A_SECOND, 10), Count(date(1970, 1, 1), 1_000, 13)
)  # fmt: skip
# What is usual, until when a fact is hardly so, or from when on, and what it may be then.
_EARLY, _LATE = datetime(1980, 1, 1), datetime(2030, 1, 1)
DOUBTED = {
    "Excel days": (EXCEL, datetime.min, _EARLY, ("days since 1960", "days since 1970")),
    "epoch seconds": (EPOCH_SECONDS, _LATE, datetime.max, ("seconds since 1960",)),
    "epoch milliseconds": (EPOCH_MILLISECONDS, _LATE, datetime.max, ("milliseconds since 1960",)),
}


def readings(layout: str, texts: Iterable[str]) -> Iterator[tuple[str, date, date]]:
    """What numbers that are usually of a `layout` may be as facts: layouts, each with the first and the last day.

    Nothing where they are what they seem: an order of 1964 or of 2034 is more likely one of 2024 that a program counted
    from another beginning.
    """
    usual, first, last, others = DOUBTED.get(layout, (None, datetime.max, datetime.min, ()))
    numbers = [float(text.replace(",", ".")) for text in texts] if usual else []
    if usual and first <= usual.time(max(numbers)) < last:
        for name in (layout, *others):
            least, greatest = (COUNTS.get(name, usual).time(end(numbers)).date() for end in (min, max))
            yield name, least, greatest


def times(text: ir.StringValue, layout: str) -> ir.TimestampValue:
    """The times that texts in a layout of `COUNTS` name; null for others."""
    count = COUNTS[layout]
    number = ibis.cases((text.re_search(f"^{count.pattern}$"), text)).try_cast("float64")
    passed = (number * count.unit).round().cast("int64").as_interval("us")
    return ibis.timestamp(str(count.origin)) + passed
