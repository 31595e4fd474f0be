"""Numbers that stand for something else: 999 for not known, 1900 for a birth year that nobody asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import ibis.expr.types as ir
import pandas as pd

from helpers.analyses.profiling.records.column_quality import NUMERIC, kind
from helpers.analyses.profiling.records.suspicions import Pattern, Suspicion, rows_of
from helpers.findings import facts, say
from helpers.findings.folding import SMALLEST_GROUP

LEAST_SHARE = 0.001  # of the rows, and at least SMALLEST_GROUP of them, that repeat a sentinel
FAR = 3.0  # spreads (5th to 95th percentile of the values between) from the next value, for any number
MANY_VALUES = 20  # different numbers from which on a gap of that size is not that of a price list
NINES = (99, 999, 9_999, 99_999, 999_999, 9_999_999)
MINUS = (-1, -9, -99, -999, -9_999, -99_999)
MONEY = ("amount", "price", "unit_price", "refund")  # where 99 and 999 are prices
LEAST_MONEY = 99_999
AGES = ("birth_year", "age")
OLDEST = 110
TIMES_AS_MANY = 5  # as the larger of the years beside it, and at least this share of all:
LEAST_YEAR_SHARE = 0.005
BESIDE = 2  # years on either side


def sentinels(table: str, rows: ir.Table, as_of: dt.date) -> list[Suspicion]:
    """Repeated numbers at either end of a column, far from the others; impossible ages and years filled in by habit.

    A number is only named that five rows or more share.
    """
    names = [name for name in rows.columns if kind(table, name, rows[name]) in NUMERIC]
    aged = [name for name in names if name in AGES]
    return [
        *_at_the_ends(rows, [name for name in names if name not in AGES]),
        *(suspicion for name in aged for suspicion in _ages(rows, name, as_of)),
    ]


def _at_the_ends(rows: ir.Table, names: list[str]) -> Iterator[Suspicion]:
    ends = _row(rows, {f"{end}_{name}": getattr(rows[name], end)() for name in names for end in ("min", "max")})
    names = [name for name in names if not pd.isna(ends[f"min_{name}"]) and ends[f"min_{name}"] < ends[f"max_{name}"]]
    measures: dict[str, ir.Value] = {}
    for name in names:
        value, low, high = rows[name], float(ends[f"min_{name}"]), float(ends[f"max_{name}"])
        between = (value > low) & (value < high)
        measures |= {
            f"rows_{name}": value.count(), f"distinct_{name}": value.nunique(),
            f"low_{name}": value.count(where=value == low), f"high_{name}": value.count(where=value == high),
            f"second_{name}": value.min(where=value > low), f"last_but_one_{name}": value.max(where=value < high),
            f"from_{name}": value.quantile(0.05, where=between), f"to_{name}": value.quantile(0.95, where=between),
        }  # fmt: skip
    measured = _row(rows, measures)
    for name in names:
        spread = measured[f"to_{name}"] - measured[f"from_{name}"]
        for end, times, beside in (("min", "low", "second"), ("max", "high", "last_but_one")):
            value, count, nearest = (
                ends[f"{end}_{name}"],
                int(measured[f"{times}_{name}"]),
                measured[f"{beside}_{name}"],
            )
            enough = count >= max(SMALLEST_GROUP, LEAST_SHARE * measured[f"rows_{name}"])
            if enough and _stands_apart(name, value, nearest, spread, measured[f"distinct_{name}"]):
                evidence = say(
                    "{value} in {rows} rows; the next value is {nearest}",
                    value=facts.Number(value),
                    rows=facts.Count(count),
                    nearest=facts.Number(nearest),
                )
                yield Suspicion(name, Pattern.SENTINEL, evidence, count)


def _stands_apart(name: str, value: float, nearest: float, spread: float, distinct: int) -> bool:
    """Whether a value at the end is a code: by its digits and a gap, or by a gap that no list of prices explains."""
    gap, known = abs(value - nearest), not pd.isna(spread)
    if value in MINUS and nearest >= 0:
        return True
    if value in NINES and (name not in MONEY or value >= LEAST_MONEY):
        return known and gap > max(spread, 1.0)
    return known and distinct >= MANY_VALUES and spread > 0 and gap > FAR * spread


def _ages(rows: ir.Table, name: str, as_of: dt.date) -> Iterator[Suspicion]:
    counts = rows.filter(rows[name].notnull()).group_by(value=rows[name].cast("int64")).agg(rows=lambda t: t.count())
    by_value = counts.execute().set_index("value")["rows"].sort_index()
    if by_value.empty:
        return
    age = by_value.index.to_series() if name == "age" else as_of.year - by_value.index.to_series()
    wrong = by_value[(age < 0) | (age > OLDEST)]
    if len(wrong):
        most = int(wrong.max())
        evidence = rows_of(int(wrong.sum()))
        if most >= SMALLEST_GROUP:
            often = facts.Count(most)
            evidence = say(
                "{rows}, {most} of them {value}", rows=evidence, most=often, value=facts.Name(str(wrong.idxmax()))
            )
        yield Suspicion(name, Pattern.IMPOSSIBLE_AGE, evidence, int(wrong.sum()))
    possible = by_value.drop(wrong.index)
    neighbours = [possible.shift(step) for step in range(-BESIDE, BESIDE + 1) if step]
    beside = pd.concat(neighbours, axis="columns").max(axis="columns")
    usual = possible[
        (possible >= TIMES_AS_MANY * beside)
        & (possible >= SMALLEST_GROUP)
        & (possible >= LEAST_YEAR_SHARE * possible.sum())
    ]
    for value, count in usual.items():
        evidence = say(
            "{value} in {rows} rows, {times} times as many as any of those beside it",
            value=facts.Name(str(value)),
            rows=facts.Count(count),
            times=facts.Count(count / beside[value]),
        )
        yield Suspicion(name, Pattern.USUAL_YEAR, evidence, int(count))


def _row(rows: ir.Table, measures: dict[str, ir.Value]) -> dict[str, Any]:
    return rows.agg(**measures).execute().iloc[0].to_dict() if measures else {}
