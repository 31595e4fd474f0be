"""The columns of a data set as a table that the next report compares its own with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers import parameters
from helpers.analyses.profiling.records.column_quality import NUMERIC, QUANTILES, copied, personal, table_columns
from helpers.analyses.profiling.records.common_values import level_texts, shown_levels
from helpers.analyses.profiling.records.vocabulary import DISTINCT, LEVEL, MISSING_SHARE, PROFILE_MEASURE
from helpers.data import contracts, engine
from helpers.data.datasets import Dataset
from helpers.data.days import morning
from helpers.findings import DeclaredTable, analysis
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import COLUMN, ROWS, SHARE, TABLE, VALUE

TENTHS = [place / 10 for place in range(1, 10)]


class Measure(StrEnum):
    """What is measured of a table or a column."""

    ROWS = "rows"
    MISSING_SHARE = "missing_share"
    DISTINCT = "distinct"
    QUANTILE = "quantile"
    EDGE = "edge"
    SHARE = "share"


@dataclass(frozen=True)
class Profile(DeclaredTable):
    """The columns of a data set as `drift` compares them with those of the next report."""

    table: pd.DataFrame
    columns = (TABLE, COLUMN, PROFILE_MEASURE, LEVEL, VALUE)


NAMES = list(Profile.columns)


@analysis
def profile_table(data: Dataset, before: pd.DataFrame | None = None, recent_days: int = 90) -> Profile:
    """What `drift` compares, as a table to save.

    Describes the rows of the `recent_days` days to `as_of` of each dated table, and all customers: over the whole past
    a new fault would be diluted. Measures are those of `Measure`; a share is that of each level, of texts and flags,
    and of numbers that of each bin, with small cells folded. The edges of bins are the tenths of the first report's
    values, handed on by `before`, the table that the report before saved.
    """
    parameters.between("recent_days", recent_days, 1, parameters.LONGEST_WINDOW_DAYS)
    start = morning(data.as_of - dt.timedelta(days=recent_days - 1))
    recent = replace(data, tables={name: _since(name, rows, start) for name, rows in data.tables.items()})
    parts = [part for name in recent.tables for part in _profile(recent, name, before) if len(part)]
    return Profile(pd.concat(parts, ignore_index=True)[NAMES])


def edges_of(profile: pd.DataFrame | None, table: str, column: str) -> list[float]:
    """The edges of a column's bins in the table of a `Profile`, in order; none where it has none."""
    if profile is None or not set(NAMES) <= set(profile.columns):
        return []
    same = (profile[TABLE] == table) & (profile[COLUMN] == column) & (profile[PROFILE_MEASURE] == Measure.EDGE)
    return profile[same].sort_values(LEVEL)[VALUE].to_list()


def _since(name: str, rows: ir.Table, start: ir.TimestampScalar) -> ir.Table:
    fact_at = contracts.TABLES[name].fact_at
    if name == "customers" or fact_at not in rows.columns or not rows[fact_at].notnull().any().execute():
        return rows
    recent = rows.filter(rows[fact_at] >= start)
    return copied(recent, int(recent.count().execute()))


def _profile(data: Dataset, table: str, before: pd.DataFrame | None) -> Iterator[pd.DataFrame]:
    rows = data.tables[table]
    lines = table_columns(table, rows)
    yield pd.DataFrame([(table, "", Measure.ROWS.value, "", float(lines[ROWS].max()))], columns=NAMES)
    for measure, values in ((Measure.MISSING_SHARE, lines[MISSING_SHARE]), (Measure.DISTINCT, lines[DISTINCT])):
        yield lines.assign(measure=measure.value, level="", value=values.astype(float).fillna(0.0))[NAMES]
    numeric = lines[lines["kind"].isin(NUMERIC)]
    spread = numeric.melt([TABLE, COLUMN], list(map(str, QUANTILES)), LEVEL, VALUE).dropna(subset=VALUE)
    yield spread.assign(measure=Measure.QUANTILE.value)[NAMES]
    edges = _edges(rows, numeric, before)
    for name, ends in edges.items():
        order = [f"{place:02d}" for place in range(1, len(ends) + 1)]
        edge = Measure.EDGE.value
        yield pd.DataFrame({TABLE: table, COLUMN: name, PROFILE_MEASURE: edge, LEVEL: order, VALUE: ends})
    bins = {name: _bins(rows[name], ends) for name, ends in edges.items()}
    shares = shown_levels(data, table, level_texts(table, rows) | bins)
    yield shares.assign(measure=Measure.SHARE.value, value=shares[SHARE])[NAMES]


def _edges(rows: ir.Table, numeric: pd.DataFrame, before: pd.DataFrame | None) -> dict[str, list[float]]:
    """The edges of the report before, of new columns their tenths, by numeric column that has values enough."""
    edges, new = {}, []
    for line in numeric.itertuples():
        filled, handed_on = line.rows - line.missing, edges_of(before, line.table, line.column)
        enough = filled * TENTHS[0] >= SMALLEST_GROUP or not personal(line.table, line.column)
        if handed_on or (filled and enough):
            edges[line.column] = handed_on
            new += [] if handed_on else [line.column]
    tenths = rows.agg(**{name: rows[name].quantile(TENTHS) for name in new}).execute().iloc[0] if new else {}
    return edges | {name: sorted({float(edge) for edge in tenths[name]}) for name in new}


def _bins(number: ir.NumericColumn, edges: list[float]) -> ir.StringValue:
    """The bin of each number, above its lower edge up to its upper edge, in words."""
    ends = [f"{edge:.6g}" for edge in edges]
    names = [f"up to {ends[0]}", *(f"above {low} to {high}" for low, high in zip(ends, ends[1:], strict=False))]
    steps = [(engine.up_to(number, edge), name) for edge, name in zip(edges, names, strict=True)]
    return ibis.cases(*steps, (number.notnull(), f"above {ends[-1]}"))
