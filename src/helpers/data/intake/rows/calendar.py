"""How many rows each day has, by table and column of times; how far apart such days are, and which is the last of them.

A lone day that is far from the rest, a slip of the pen such as 2204 for 2024, is not the last.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import contracts
from helpers.data.intake.readings import nulls

Place = tuple[str, str]  # a table and one of its columns of times

QUARTER, YEAR, DECADE = dt.timedelta(days=90), dt.timedelta(days=366), dt.timedelta(days=3_650)
MONTH = 30  # days
MANY = 100  # rows, of which a hundredth is one
FEW, VERY_FEW = 0.05, 0.01  # of the rows of a column
FAR = 10  # times the usual gap
A_RHYTHM = 10  # gaps that show what is usual
RARE = 0.99  # of the gaps, those beyond this quantile are not ordinary


def by_day(tables: Mapping[str, ir.Table]) -> dict[Place, pd.Series]:
    """The rows of each day, in order of days, for each column of times that has any."""
    counts = {
        (table, name): _counted(rows, name).mutate(place=ibis.literal(f"{table}.{name}"))
        for table, rows in tables.items()
        for name in rows.columns
        if rows[name].type().is_timestamp()
    }
    if not counts:
        return {}
    together = ibis.union(*counts.values()) if len(counts) > 1 else next(iter(counts.values()))
    lines = dict(list(together.execute().dropna().sort_values("day").groupby("place")))
    return {
        place: pd.Series(found["rows"].to_numpy(), index=[dt.date.fromisoformat(day) for day in found["day"]])
        for place in counts
        if (found := lines.get(".".join(place))) is not None
    }


def _counted(rows: ir.Table, name: str) -> ir.Table:
    """The rows of each day of one column; days as text, for some are none that pandas knows."""
    counted = rows.group_by(day=rows[name].date()).agg(rows=lambda each: each.count())
    return counted.mutate(day=counted.day.cast("string"))


def largest_gap(days: Sequence[dt.date]) -> int:
    """The largest gap between two days with rows, in days."""
    return max(((after - day).days for day, after in zip(days, days[1:], strict=False)), default=0)


def usual_gap(days: Sequence[dt.date]) -> int:
    """The largest ordinary gap between two days with rows, in days: of many gaps one in a hundred may be larger."""
    gaps = sorted((after - day).days for day, after in zip(days, days[1:], strict=False))
    if len(gaps) < A_RHYTHM:
        return max(gaps, default=0)
    return gaps[math.floor(RARE * (len(gaps) - 1))]


def last_day(counts: pd.Series, by_rhythm: bool = True) -> dt.date | None:
    """The last day of these counts, but for a few rows that are far from the rest, also `by_rhythm` of the days."""
    possible = counts[[day.year < nulls.NEVER for day in counts.index]]
    counts = possible if len(possible) else counts
    days, total = list(counts.index), counts.sum()
    following = counts[::-1].cumsum()[::-1].to_numpy()  # rows of each day and of those after it
    for place, (day, after) in enumerate(zip(days, days[1:], strict=False), start=1):
        rows, before = following[place], days[:place] if by_rhythm else ()
        if 2 * rows < total and (
            _is_far(after - day, rows, total, before) or _is_thin(days[place:], rows, before, total)
        ):
            return day
    return days[-1] if days else None


def _is_far(gap: dt.timedelta, rows: int, total: int, before: Sequence[dt.date]) -> bool:
    """Whether the last `rows` of `total` come so long after the days `before` them that they are no facts."""
    if gap > DECADE:
        return rows <= max(1, FEW * total)
    if gap <= QUARTER or rows > max(1, VERY_FEW * total):
        return False
    if gap > YEAR and total >= MANY:
        return True
    is_long = gap > (QUARTER if total >= MANY else YEAR)
    return is_long and len(before) > A_RHYTHM and gap.days > FAR * usual_gap(before)


def _is_thin(last: Sequence[dt.date], rows: int, before: Sequence[dt.date], total: int) -> bool:
    """Whether the `last` days, with so many rows of `total`, are slips or bookings ahead: hardly any, over a month.

    No gap before was as long as the one that they come after, which is much longer than usual.
    """
    if total < MANY or rows > max(1, VERY_FEW * total) or len(before) <= A_RHYTHM:
        return False
    reach, gap = (last[-1] - before[-1]).days, (last[0] - before[-1]).days
    if reach <= MONTH or gap <= FAR * usual_gap(before) or gap <= largest_gap(before):
        return False
    return FAR * rows / reach < (total - rows) / ((before[-1] - before[0]).days + 1)


def is_fact(place: Place, counts: Mapping[Place, pd.Series], rows: ir.Table) -> bool:
    """Whether the times of a column are of what has happened: rows that still run have none.

    Days that were set, or of birth, are none. Where every row has an end, ends are terms, which may lie ahead; also
    where very few have none and the others are whole months after their beginning.
    """
    table = contracts.TABLES[place[0]]
    column = table.column(place[1])
    if column is None or not (column.fact and column.ahead):
        return column is None or column.fact
    begun, ended = counts[table.name, table.fact_at].sum(), counts[place].sum()
    if ended >= begun:
        return False
    return bool(begun - ended >= FEW * begun) or not _are_whole_months(rows[table.fact_at], rows[column.name])


def _are_whole_months(begun: ir.TimestampValue, ended: ir.TimestampValue) -> bool:
    """Whether nearly all of these ends come whole months after their beginning, or a day before that."""
    first, last = begun.date().day(), ended.date().day()
    whole = last.isin([first, first - 1]) | ((first == 1) & (last >= 28))
    return bool((whole.mean() >= 1 - FEW).execute())
