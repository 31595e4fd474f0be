"""The columns of a data set as a table that the next report compares its own with."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers import parameters
from helpers.analyses.profiling.records.column_quality import NUMERIC, QUANTILES, copied, personal, table_columns
from helpers.analyses.profiling.records.common_values import level_texts, shown_levels
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.data.days import morning
from helpers.findings.folding import SMALLEST_GROUP

PROFILE = ["table", "column", "measure", "level", "value"]
TENTHS = [place / 10 for place in range(1, 10)]


def profile_table(data: Dataset, before: pd.DataFrame | None = None, recent_days: int = 90) -> pd.DataFrame:
    """What `drift` compares, as a table to save: table, column, measure, level, value.

    Describes the rows of the `recent_days` days to `as_of` of each dated table, and all customers: over the whole past
    a new fault would be diluted. Measures are rows, missing_share, distinct, quantile, edge and share: of texts and
    flags the share of each level, of numbers that of each bin, with small cells folded. The edges of bins are the
    tenths of the first report's values, handed on by `before`, the table of the report before.
    """
    parameters.between("recent_days", recent_days, 1, 3660)
    start = morning(data.as_of - dt.timedelta(days=recent_days - 1))
    recent = replace(data, tables={name: _since(name, rows, start) for name, rows in data.tables.items()})
    parts = [part for name in recent.tables for part in _profile(recent, name, before) if len(part)]
    return pd.concat(parts, ignore_index=True)[PROFILE]


def edges_of(profile: pd.DataFrame | None, table: str, column: str) -> list[float]:
    """The edges of a column's bins in a table of `profile_table`, in order; none where it has none."""
    if profile is None or not set(PROFILE) <= set(profile.columns):
        return []
    same = (profile["table"] == table) & (profile["column"] == column) & (profile["measure"] == "edge")
    return profile[same].sort_values("level")["value"].to_list()


def _since(name: str, rows: ir.Table, start: ir.TimestampScalar) -> ir.Table:
    fact_at = contracts.TABLES[name].fact_at
    if name == "customers" or fact_at not in rows.columns or not rows[fact_at].notnull().any().execute():
        return rows
    recent = rows.filter(rows[fact_at] >= start)
    return copied(recent, int(recent.count().execute()))


def _profile(data: Dataset, table: str, before: pd.DataFrame | None) -> Iterator[pd.DataFrame]:
    rows = data.tables[table]
    lines = table_columns(table, rows)
    yield pd.DataFrame([(table, "", "rows", "", float(lines["rows"].max()))], columns=PROFILE)
    for measure in ("missing_share", "distinct"):
        yield lines.assign(measure=measure, level="", value=lines[measure].astype(float).fillna(0.0))[PROFILE]
    numeric = lines[lines["kind"].isin(NUMERIC)]
    spread = numeric.melt(["table", "column"], list(QUANTILES), "level", "value").dropna(subset="value")
    yield spread.assign(measure="quantile")[PROFILE]
    edges = _edges(rows, numeric, before)
    for name, ends in edges.items():
        order = [f"{place:02d}" for place in range(1, len(ends) + 1)]
        yield pd.DataFrame({"table": table, "column": name, "measure": "edge", "level": order, "value": ends})
    bins = {name: _bins(rows[name], ends) for name, ends in edges.items()}
    shares = shown_levels(data, table, level_texts(table, rows) | bins)
    yield shares.assign(measure="share", value=shares["share"])[PROFILE]


def _edges(rows: ir.Table, numeric: pd.DataFrame, before: pd.DataFrame | None) -> dict[str, list[float]]:
    """The edges of the report before, of new columns their tenths, by numeric column that has values enough."""
    edges, new = {}, []
    for line in numeric.itertuples():
        filled, handed_on = line.rows - line.missing, edges_of(before, line.table, line.column)
        enough = filled * TENTHS[0] >= SMALLEST_GROUP or not personal(line.table, line.column)
        if handed_on or (filled and enough):
            edges[line.column] = handed_on
            new += [] if handed_on else [line.column]
    found = rows.agg(**{name: rows[name].quantile(TENTHS) for name in new}).execute().iloc[0] if new else {}
    return edges | {name: sorted({float(edge) for edge in found[name]}) for name in new}


def _bins(number: ir.NumericColumn, edges: list[float]) -> ir.StringValue:
    """The bin of each number, above its lower edge up to its upper edge, in words."""
    said = [f"{edge:.6g}" for edge in edges]
    names = [f"up to {said[0]}", *(f"above {low} to {high}" for low, high in zip(said, said[1:], strict=False))]
    steps = [(number <= edge, name) for edge, name in zip(edges, names, strict=True)]
    return ibis.cases(*steps, (number > edges[-1], f"above {said[-1]}"))
