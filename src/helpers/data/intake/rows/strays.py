"""Times that are no facts: days that stand for none, as 1970-01-01 does, and days far after all others, as in 2204."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import ibis.expr.types as ir
import pandas as pd

from helpers.data import contracts
from helpers.data.days import morning
from helpers.data.intake.feeds import Source
from helpers.data.intake.readings import nulls
from helpers.data.intake.rows import calendar
from helpers.data.intake.rows.calendar import Place
from helpers.data.intake.rows.rules import Rule, in_order

FAR = dt.timedelta(days=366)  # after the newest fact
BY_ACCIDENT = 10  # rows that alone tell of a later time


@dataclass(frozen=True)
class Days:
    """The newest day of a fact; by table and column the days that stand for none, and the columns with strays."""

    newest: dt.date | None = None
    stand_ins: Mapping[Place, Sequence[dt.date]] = field(default_factory=dict)
    strays: frozenset[Place] = frozenset()
    facts: Mapping[Place, dt.date] = field(default_factory=dict)  # times of what happened, with the last day of each
    beyond: Mapping[Place, pd.Series] = field(default_factory=dict)  # the rows of later days

    def rules(self, source: Source, found: Sequence[str]) -> list[Rule]:
        """The rules on the times that the source has: they lose a row whose own time it is, else they empty it.

        A day that stands for none is emptied, and is no end before its beginning.
        """
        times = [column for name, column in source.columns().items() if column.type == contracts.TIME and name in found]
        rules = []
        for column in times:
            empties, place = not (column.required or column.carried), (source.feed.table, column.name)
            rules += [_on(column.name, day, empties) for day in self.stand_ins.get(place, ())]
            if self.newest is not None and place in self.strays:
                rules.append(_after(column.name, self.newest, empties))
        later = source.table.not_before[0] if source.table.not_before else ""
        return [*rules, *in_order(source.table, self.stand_ins.get((source.feed.table, later), ()))]


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


def is_rule(name: str) -> bool:
    """Whether a rule of this name may be one of times, which data have on some days and not on others."""
    day = r"\d{4}-\d\d-\d\d"
    after = rf"more than a year after all else \({day}\)"
    return bool(re.fullmatch(rf"\w+ is ({day}, which stands for no day|{after})", name))


def of(tables: Mapping[str, ir.Table]) -> Days:
    """The days of all contract tables that are no facts, beside those that are."""
    counts = calendar.by_day(tables)
    stand_ins = {place: found for place, each in counts.items() if (found := nulls.sentinel_days(each.to_dict()))}
    times = {place: each.drop(index=list(stand_ins.get(place, ()))) for place, each in counts.items()}
    facts = {
        place: each for place, each in times.items() if len(each) and calendar.is_fact(place, times, tables[place[0]])
    }
    ends = _ends(facts)
    newest = max(ends.values(), default=None)
    strays = {place for place, each in facts.items() if newest and not _is_end(place) and each.index[-1] > newest + FAR}
    beyond = {place: (times if _is_end(place) else counts)[place] for place in facts}
    beyond = {place: each[each.index > ends[place]] for place, each in beyond.items()}
    return Days(
        newest, stand_ins, frozenset(strays), ends, {place: each for place, each in beyond.items() if len(each)}
    )


def _is_end(place: Place) -> bool:
    """Whether a column holds ends, of which one that lies far ahead only says that its row still runs."""
    column = contracts.TABLES[place[0]].column(place[1])
    return column is not None and column.ahead


def _ends(facts: Mapping[Place, pd.Series]) -> dict[Place, dt.date]:
    """The last day of each column: one far from the rest of its own column is none, nor are few far from all others."""
    own = {place: each[each.index <= calendar.last_day(each)] for place, each in facts.items()}
    if not own:
        return {}
    pooled = pd.concat(own.values()).groupby(level=0).sum().sort_index()
    newest = calendar.last_day(pooled, by_rhythm=False)
    if pooled[pooled.index > newest].sum() > BY_ACCIDENT:
        newest = pooled.index[-1]
    return {place: min(each.index[-1], newest) for place, each in own.items()}
