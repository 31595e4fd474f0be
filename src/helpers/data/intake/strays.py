"""Times that are no facts: days that stand for none, as 1970-01-01 does, and days far after all others, as in 2204."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import ibis.expr.types as ir
import pandas as pd

from helpers.data import contracts
from helpers.data.days import morning
from helpers.data.intake.feeds import Source
from helpers.data.intake.readings import nulls
from helpers.data.intake.rules import Rule

FAR, VERY_FAR = dt.timedelta(days=366), dt.timedelta(days=3_660)  # after the fact before
FEW, MANY = 0.01, 100  # strays are the last hundredth of so many facts; of fewer one alone, and very far away


@dataclass(frozen=True)
class Days:
    """The newest day of a fact; by table and column the days that stand for none, and the columns with strays."""

    newest: dt.date | None = None
    stand_ins: Mapping[tuple[str, str], Sequence[dt.date]] = field(default_factory=dict)
    strays: frozenset[tuple[str, str]] = frozenset()

    def rules(self, source: Source, found: Sequence[str]) -> list[Rule]:
        """The rules on the times that the source has: they lose a row whose own time it is, else they empty it."""
        times = [column for name, column in source.columns().items() if column.type == contracts.TIME and name in found]
        rules = []
        for column in times:
            empties, place = not (column.required or column.carried), (source.feed.table, column.name)
            rules += [_on(column.name, day, empties) for day in self.stand_ins.get(place, ())]
            if self.newest is not None and place in self.strays:
                rules.append(_after(column.name, self.newest, empties))
        return rules


def _on(name: str, day: dt.date, empties: bool) -> Rule:
    return Rule(
        f"{name} is {day}, which stands for no day",
        lambda rows: rows[name].date() == day,
        name,
        empties,
    )


def _after(name: str, newest: dt.date, empties: bool) -> Rule:
    return Rule(
        f"{name} is more than a year after all else ({newest})",
        lambda rows: rows[name] > morning(newest + FAR),
        name,
        empties,
    )


def of(tables: Mapping[str, ir.Table]) -> Days:
    """The days of all contract tables that are no facts, beside those that are."""
    counts = {
        (table, name): _by_day(rows[name])
        for table, rows in tables.items()
        for name in rows.columns
        if rows[name].type().is_timestamp()
    }
    stand_ins = {place: found for place, each in counts.items() if (found := nulls.sentinel_days(each.to_dict()))}
    facts = {place: each.drop(index=list(stand_ins.get(place, ()))) for place, each in counts.items()}
    own = [each for (table, name), each in facts.items() if name == contracts.TABLES[table].fact_at]
    newest = _newest(own)
    strays = {
        place
        for place, each in facts.items()
        if newest and not _may_lie_ahead(*place) and len(each) and each.index[-1] > newest + FAR
    }
    return Days(newest, stand_ins, frozenset(strays))


def _may_lie_ahead(table: str, name: str) -> bool:
    column = contracts.TABLES[table].column(name)
    return column is not None and column.ahead


def _by_day(time: ir.TimestampValue) -> pd.Series:
    """How many rows each day has, in order of days."""
    days = time.date().cast("string").name("day").as_table().drop_null()
    counted = days.group_by("day").agg(rows=lambda rows: rows.count()).order_by("day").execute()
    return pd.Series(counted["rows"].to_numpy(), index=[dt.date.fromisoformat(day) for day in counted["day"]])


def _newest(facts: Sequence[pd.Series]) -> dt.date | None:
    """The newest day of a fact that is not far from the rest."""
    pooled = pd.concat(facts) if facts else pd.Series(dtype="int64")
    counts = pooled.groupby(level=0).sum().sort_index()
    days, total = list(counts.index), counts.sum()
    far, few = (FAR, FEW * total) if total >= MANY else (VERY_FAR, 1)
    following = counts[::-1].cumsum()[::-1].to_numpy()  # rows of each day and of those after it
    for day, after, rows in zip(days, days[1:], following[1:], strict=False):
        if after - day > far and rows <= few:
            return day
    return days[-1] if days else None
