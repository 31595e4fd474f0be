"""Data quality of columns: how full each one is, how many values it has, and between which they lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.data.privacy import SMALLEST_GROUP
from helpers.reports import charts, formats

COLUMNS_DRAWN = 15
LARGE = 2_000_000  # rows of a table from which on distinct values are estimates of the engine
MANY = 500_000  # and from which on quantiles are
QUANTILES = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
NUMERIC = (contracts.INTEGER, contracts.NUMBER)


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
            said = f"{len(gappy)} of {len(self.lines)} columns have gaps, most {worst['table']}.{worst['column']} " \
                f"({formats.percent(worst['missing_share'])} missing)"
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
    """Kind, missing and distinct values, quantiles and range of every column, in two queries a table.

    Tables of more than 2 million rows have their distinct values estimated by the engine (HyperLogLog, off by some
    10 %), those of more than half a million their quantiles (t-digest); smaller ones have them counted.
    """
    found = [table_columns(name, rows) for name, rows in data.tables.items()]
    return ColumnQuality(pd.concat(found, ignore_index=True))


def table_columns(table: str, rows: ir.Table) -> pd.DataFrame:
    """The lines of `columns` about one table."""
    filled = {f"filled_{place}": rows[name].count() for place, name in enumerate(rows.columns)}
    found = rows.agg(rows=rows.count(), **filled).execute().iloc[0].to_dict()
    measures = {}
    for place, name in enumerate(rows.columns):
        measured = _measures(table, rows[name], kind(table, name, rows[name]), found["rows"])
        measures |= {f"{measure}_{place}": value for measure, value in measured if found[f"filled_{place}"]}
    found |= rows.agg(**measures).execute().iloc[0].to_dict() if measures else {}
    lines = [_line(table, rows[name], place, found) for place, name in enumerate(rows.columns)]
    numbers = ["lowest", *QUANTILES, "highest"]
    order = ["table", "column", "kind", "rows", "missing", "missing_share", "distinct", *numbers, "earliest", "latest"]
    frame = pd.DataFrame(lines, columns=order)
    when = {name: pd.to_datetime(frame[name]) for name in ("earliest", "latest")}
    return frame.assign(**when, **{name: pd.to_numeric(frame[name]).astype("float64") for name in numbers})


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


def _measures(table: str, column: ir.Column, kind: str, size: int) -> Iterator[tuple[str, ir.Value]]:
    if contracts.TABLES[table].key != (column.get_name(),):  # a key has no repeats: they are in quarantine
        values = column.date() if kind == contracts.TIME else column
        yield "distinct", values.approx_nunique() if size > LARGE else values.nunique()
    if kind in NUMERIC:
        levels = list(QUANTILES.values())
        yield "quantiles", column.approx_quantile(levels) if size > MANY else column.quantile(levels)
    if kind in (*NUMERIC, contracts.TIME) and not personal(table, column.get_name()):
        yield "low", column.min()
        yield "high", column.max()


def copied(rows: ir.Table, size: int) -> ir.Table:
    """A copy in the engine's memory of rows that are read many times; the same rows where there are many."""
    untyped = {name: "string" for name in rows.schema().null_fields}  # the engine's tables have no columns without type
    return rows if size > LARGE else rows.cast(untyped).cache()


def personal(table: str, name: str) -> bool:
    """Whether a column describes a person, so that its extremes could point at one."""
    return table == "customers" and name != "joined_at"


def _line(table: str, column: ir.Column, place: int, found: dict[str, Any]) -> dict[str, Any]:
    name, filled = column.get_name(), int(found[f"filled_{place}"])
    kind_, missing = kind(table, name, column), int(found["rows"]) - filled
    ends = ("earliest", "latest") if kind_ == contracts.TIME else ("lowest", "highest")
    shown = dict(zip(ends, (found.get(f"low_{place}"), found.get(f"high_{place}")), strict=True))
    at = found.get(f"quantiles_{place}")
    if _is_known(at) and not (personal(table, name) and filled * min(QUANTILES.values()) < SMALLEST_GROUP):
        shown |= dict(zip(QUANTILES, at, strict=True))
    return {
        "table": table, "column": name, "kind": kind_, "rows": int(found["rows"]), "missing": missing,
        "missing_share": missing / found["rows"] if found["rows"] else float("nan"),
        "distinct": min(filled, int(found.get(f"distinct_{place}", filled))), **shown,
    }  # fmt: skip


def _is_known(quantiles: Any) -> bool:
    return isinstance(quantiles, list | np.ndarray) and len(quantiles) > 0


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
