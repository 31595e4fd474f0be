"""From when to when each table reaches, and which of them set the report's day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from helpers.data import contracts
from helpers.data.datasets import Dataset

QUIET_DAYS = 90  # before the report's day: a table whose last row is older has stopped


@dataclass(frozen=True)
class Span:
    """The first and the last day of a table's facts."""

    table: str
    first: dt.date
    last: dt.date

    def is_quiet(self, as_of: dt.date) -> bool:
        """Whether nothing more came in for a quarter before the report's day."""
        return (as_of - self.last).days > QUIET_DAYS


def spans(data: Dataset) -> dict[str, Span]:
    """The span of each table that has dated rows, by its name."""
    found = {}
    for name, table in data.tables.items():
        fact_at = contracts.TABLES[name].fact_at
        if fact_at not in table.columns:
            continue
        ends = table.agg(first=table[fact_at].min(), last=table[fact_at].max()).execute().iloc[0]
        if ends["last"] is not None and ends["last"] == ends["last"]:
            found[name] = Span(name, ends["first"].date(), ends["last"].date())
    return found


def set_by(data: Dataset, found: dict[str, Span]) -> str:
    """The table whose last row is of the report's day; empty where the day was given."""
    return next((name for name, span in found.items() if name != "customers" and span.last == data.as_of), "")
