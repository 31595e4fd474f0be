"""Data quality of columns: how full each one is, how many values it has, and between which they lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.findings import charts, formats
from helpers.findings.folding import SMALLEST_GROUP

COLUMNS_DRAWN = 15
MANY = 500_000  # rows of a table from which on each column is counted by value: of fewer, planning costs more
LARGE = 2_000_000  # rows of a table from which on distinct values and quantiles are estimates
QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
NUMERIC = (contracts.INTEGER, contracts.NUMBER)
NUMBERS, TIMES = ("lowest", *QUANTILES, "highest"), ("earliest", "latest")
ENDS = ("lowest", "highest", *TIMES)
COLUMNS = ["table", "column", "kind", "rows", "missing", "missing_share", "distinct", *NUMBERS, *TIMES]
TYPES = dict.fromkeys(NUMBERS, "float64") | dict.fromkeys(TIMES, "datetime64[ns]")


@dataclass(frozen=True)
class ColumnQuality:
    """How full each column of each table is, how many values it has, and between which they lie."""

    # table, column, kind, rows, missing, missing_share, distinct (days, of times), lowest, q05, q25, median, q75, q95,
    # highest, earliest, latest
    lines: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """One line a table: its columns, those with gaps, and those that nothing fills."""
        lines = self.lines.assign(empty=self.lines["missing"] == self.lines["rows"], gap=self._gappy())
        counted = {"rows": ("rows", "max"), "columns": ("column", "size"), "with_gaps": ("gap", "sum")}
        return lines.groupby("table", sort=False).agg(**counted, without_any_value=("empty", "sum")).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of rows that lack a value, of the columns with gaps that lack most; of all where none has gaps."""
        shown = self.lines[self._gappy()] if self._gappy().any() else self.lines
        shown = shown.nlargest(COLUMNS_DRAWN, "missing_share")
        return charts.bars(shown.assign(column=_names(shown)), value="missing_share", label="column", ax=ax)

    def headline(self) -> str:
        """The columns with gaps, the one with most, and the columns that nothing fills."""
        gappy, empty = self.lines[self._gappy()], self.lines[self.lines["missing"] == self.lines["rows"]]
        said = "No column that the source fills has gaps"
        if len(gappy):
            worst = gappy.loc[gappy["missing_share"].idxmax()]
            said = (
                f"{len(gappy)} of {len(self.lines)} columns have gaps, most {worst['table']}.{worst['column']} "
                f"({formats.percent(worst['missing_share'])} missing)"
            )
        return f"{said}. Without any value: {', '.join(_names(empty))}." if len(empty) else f"{said}."

    def of(self, table: str) -> pd.DataFrame:
        """One line a column of `table` that has a value: kind, missing_share, distinct, range, median with quartiles.

        Identifiers, texts and what describes a person show no range, and a person's numbers no quantile that fewer
        than five customers lie beyond. Distinct times are counted by day.
        """
        filled = (self.lines["table"] == table) & (self.lines["missing"] < self.lines["rows"])
        shown = self.lines[filled]
        return shown[["column", "kind", "missing_share", "distinct"]].assign(
            range=[_range(line) for line in shown.itertuples()],
            median_with_quartiles=[_middle(line) for line in shown.itertuples()],
        )

    def _gappy(self) -> pd.Series:
        return (self.lines["missing"] > 0) & (self.lines["missing"] < self.lines["rows"])


def columns(data: Dataset) -> ColumnQuality:
    """Kind, missing and distinct values, quantiles and range of every column, in two to four queries a table.

    Quantiles interpolate between the values on either side of their place (type 7 of Hyndman and Fan 1996, "Sample
    quantiles in statistical packages"). Of tables of more than 2 million rows the engine estimates distinct values
    (HyperLogLog, off by some 10 %) and quantiles (t-digest).
    """
    found = [table_columns(name, rows) for name, rows in data.tables.items()]
    return ColumnQuality(pd.concat(found, ignore_index=True))


def table_columns(table: str, rows: ir.Table) -> pd.DataFrame:
    """The lines of `columns` about one table."""
    kinds = {name: kind(table, name, rows[name]) for name in rows.columns}
    rows = rows.cast(_types_of_empty(rows, kinds))
    size = int(rows.count().execute())
    key = contracts.TABLES[table].key
    found = _by_value(rows, kinds, key) if MANY < size <= LARGE else _at_once(rows, kinds, key, size > LARGE)
    found = found.reindex(range(len(kinds)), columns=["filled", "distinct", *NUMBERS, *TIMES])
    lines = found.assign(table=table, column=list(kinds), kind=list(kinds.values()), rows=size)
    filled, distinct = (lines[name].fillna(0).astype("int64") for name in ("filled", "distinct"))  # none of no values
    lines["missing"] = size - filled
    lines["missing_share"] = lines["missing"] / size if size else np.nan
    lines["distinct"] = distinct.clip(upper=filled)
    people = pd.Series([personal(table, name) for name in kinds], dtype=bool)
    few = people & (filled * min(QUANTILES.values()) < SMALLEST_GROUP)
    hidden = dict.fromkeys(ENDS, people) | dict.fromkeys(QUANTILES, few)
    lines = lines.astype(TYPES)
    return lines.assign(**{name: lines[name].mask(where) for name, where in hidden.items()})[COLUMNS]


def kind(table: str, name: str, column: ir.Column) -> str:
    """What a column holds: the contract's type, or that of its values where the contract does not know it."""
    promised = contracts.TABLES[table].column(name) if table in contracts.TABLES else None
    if promised is not None:
        return promised.type
    type_ = column.type()
    tests = {
        contracts.FLAG: type_.is_boolean(), contracts.INTEGER: type_.is_integer(),
        contracts.NUMBER: type_.is_numeric(), contracts.TIME: type_.is_temporal(),
    }  # fmt: skip
    return next((kind for kind, holds in tests.items() if holds), contracts.TEXT)


def _types_of_empty(rows: ir.Table, kinds: dict[str, str]) -> dict[str, str]:
    """The types of numbers and times that have none because no row has a value."""
    types = {name: type_ for name, type_ in rows.schema().items() if not type_.is_numeric() and not type_.is_temporal()}
    asked = dict.fromkeys(NUMERIC, "float64") | {contracts.TIME: "timestamp"}
    return {name: asked[kinds[name]] for name in types if kinds[name] in asked}


def _at_once(rows: ir.Table, kinds: dict[str, str], key: tuple[str, ...], estimated: bool) -> pd.DataFrame:
    """What is measured of each column, by its place, in one query; exact or estimated."""
    asked = {}
    for place, (name, kind_) in enumerate(kinds.items()):
        measures = _measures(rows[name], kind_, key == (name,), estimated)
        asked |= {f"{measure} {place}": value for measure, value in measures.items()}
    lines: list[dict[str, Any]] = [{} for _ in kinds]
    for said, value in rows.agg(**asked).execute().iloc[0].items():
        measure, place = said.split()
        known = isinstance(value, list | np.ndarray) and len(value) > 0
        lines[int(place)] |= dict(zip(QUANTILES, value, strict=True)) if known else {measure: value}
    return pd.DataFrame(lines)


def _measures(column: ir.Column, kind: str, unique: bool, estimated: bool) -> dict[str, ir.Scalar]:
    value = column.date() if kind == contracts.TIME else column
    measures = {"filled": column.count()}
    measures["distinct"] = column.count() if unique else value.approx_nunique() if estimated else value.nunique()
    if kind in NUMERIC:
        levels = list(QUANTILES.values())
        quantiles = column.approx_quantile(levels) if estimated else column.quantile(levels)
        measures |= {"lowest": column.min(), "quantiles": quantiles, "highest": column.max()}
    return measures | ({"earliest": column.min(), "latest": column.max()} if kind == contracts.TIME else {})


def _by_value(rows: ir.Table, kinds: dict[str, str], key: tuple[str, ...]) -> pd.DataFrame:
    """What `_at_once` yields, from the rows of each value: of many rows they are counted faster than they are sorted.

    Columns of which the same is measured share a query.
    """
    alike: dict[Callable[[ir.Table], ir.Table], list[ir.Table]] = {}
    for place, (name, kind_) in enumerate(kinds.items()):
        measure = _of_numbers if kind_ in NUMERIC else _of_times if kind_ == contracts.TIME else _of_others
        measure = _of_key if key == (name,) else measure
        counts = _counted(rows, rows[name], measure)
        alike.setdefault(measure, []).append(counts.mutate(place=ibis.literal(place, "int64")))
    found = [measure(ibis.union(*same) if len(same) > 1 else same[0]).execute() for measure, same in alike.items()]
    return pd.concat([part.set_index("place") for part in found]).rename_axis(None)


def _counted(rows: ir.Table, column: ir.Column, measure: Callable[[ir.Table], ir.Table]) -> ir.Table:
    """The rows of each value of a column, with what its measure needs to know of the value."""
    told = rows.filter(column.notnull())
    if measure is _of_key:
        return told.agg(rows=told.count())
    if measure is _of_times:
        ends = {"earliest": column.min(), "latest": column.max()}
        return told.group_by(day=column.date()).agg(rows=told.count(), **ends).drop("day")
    value = column.cast("float64") if measure is _of_numbers else column
    counts = told.group_by(value=value).agg(rows=told.count())
    return counts if measure is _of_numbers else counts.drop("value")


def _of_key(counts: ir.Table) -> ir.Table:
    return counts.select("place", filled="rows", distinct="rows")


def _of_others(counts: ir.Table, **more: ir.Scalar) -> ir.Table:
    return counts.group_by("place").agg(filled=counts.rows.sum(), distinct=counts.count(), **more)


def _of_times(counts: ir.Table) -> ir.Table:
    return _of_others(counts, earliest=counts.earliest.min(), latest=counts.latest.max())


def _of_numbers(counts: ir.Table) -> ir.Table:
    so_far = ibis.cumulative_window(group_by="place", order_by="value")
    counts = counts.mutate(upto=counts.rows.sum().over(so_far), filled=counts.rows.sum().over(group_by="place"))
    shown = {name: _quantile(counts, share) for name, share in QUANTILES.items()}
    return _of_others(counts, lowest=counts.value.min(), **shown, highest=counts.value.max())


def _quantile(counts: ir.Table, share: float) -> ir.NumericScalar:
    """The value that `share` of the rows lie below, between its neighbours."""
    place, exact = (counts.filled - 1) * share, (counts.rows.sum() - 1) * share
    below, above = (counts.value.min(where=counts.upto > end) for end in (place.floor(), place.ceil()))
    return below + (above - below) * (exact - exact.floor())


def copied(rows: ir.Table, size: int) -> ir.Table:
    """A copy in the engine's memory of rows that are read many times; the same rows where there are many."""
    untyped = {name: "string" for name in rows.schema().null_fields}  # the engine's tables have no columns without type
    return rows if size > LARGE else rows.cast(untyped).cache()


def personal(table: str, name: str) -> bool:
    """Whether a column describes a person, so that its extremes could point at one."""
    return table == "customers" and name != "joined_at"


def _names(lines: pd.DataFrame) -> pd.Series:
    return lines["table"] + "." + lines["column"]


def _range(line: Any) -> str:
    """Both ends, numbers written as their column asks, times as days; nothing where they may not be shown."""
    if not pd.isna(line.earliest):
        return formats.interval(line.earliest.date(), line.latest.date(), formats.text)
    return "" if pd.isna(line.lowest) else formats.interval(line.lowest, line.highest, formats.for_column(line.column))


def _middle(line: Any) -> str:
    write = formats.for_column(line.column)
    return "" if pd.isna(line.median) else f"{write(line.median)} ({formats.interval(line.q25, line.q75, write)})"
