"""Data quality of columns: how full each one is, how many values it has, and between which they lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ibis.expr.datatypes as types
import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers.data.datasets import Dataset
from helpers.reports import charts, formats

COLUMNS_DRAWN = 15


@dataclass(frozen=True)
class ColumnQuality:
    """How full each column of each table is, how many values it has, and between which they lie."""

    lines: pd.DataFrame  # table, column, rows, missing, missing_share, distinct, lowest, highest, earliest, latest

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
        """One line a column of `table` that has a value: missing_share, distinct and the range.

        Identifiers, texts and what describes a person show no range.
        """
        filled = (self.lines["table"] == table) & (self.lines["missing"] < self.lines["rows"])
        shown = self.lines[filled]
        low, high = shown["lowest"].fillna(shown["earliest"]), shown["highest"].fillna(shown["latest"])
        return shown[["column", "missing_share", "distinct"]].assign(
            range=[_range(*ends) for ends in zip(low, high, strict=True)]
        )

    def _gappy(self) -> pd.Series:
        return (self.lines["missing"] > 0) & (self.lines["missing"] < self.lines["rows"])


def columns(data: Dataset) -> ColumnQuality:
    """Missing and distinct values and the range of every column, in one pass over each table."""
    return ColumnQuality(pd.concat([_columns(name, rows) for name, rows in data.tables.items()], ignore_index=True))


def _columns(table: str, rows: ir.Table) -> pd.DataFrame:
    measures = {"rows": rows.count()}
    for place, name in enumerate(rows.columns):
        column = rows[name]
        measures |= {f"filled_{place}": column.count(), f"distinct_{place}": column.nunique()}
        if _has_range(table, name, column):
            measures |= {f"low_{place}": column.min(), f"high_{place}": column.max()}
    found = rows.agg(**measures).execute().iloc[0]
    lines = pd.DataFrame([_column_line(rows[name], place, found) for place, name in enumerate(rows.columns)])
    when = {name: pd.to_datetime(lines[name]) for name in ("earliest", "latest")}
    what = {name: pd.to_numeric(lines[name]).astype("float64") for name in ("lowest", "highest")}
    lines.insert(0, "table", table)
    return lines.assign(**when, **what)


def _names(lines: pd.DataFrame) -> pd.Series:
    return lines["table"] + "." + lines["column"]


def _range(low: Any, high: Any) -> str:
    if pd.isna(low):
        return ""
    ends = (end.date() if isinstance(end, pd.Timestamp) else end for end in (low, high))
    return formats.interval(*ends, formats.text)


def _has_range(table: str, name: str, column: ir.Column) -> bool:
    """Whether extremes may be shown: never of identifiers and texts, nor of what describes a person but joining."""
    ordered = isinstance(column.type(), types.Numeric | types.Timestamp) and not column.type().is_boolean()
    return ordered and (table != "customers" or name == "joined_at")


def _column_line(column: ir.Column, place: int, found: pd.Series) -> dict[str, object]:
    missing = int(found["rows"] - found[f"filled_{place}"])
    low, high = found.get(f"low_{place}"), found.get(f"high_{place}")
    numeric, timed = column.type().is_numeric(), column.type().is_timestamp()
    return {
        "column": column.get_name(), "rows": int(found["rows"]), "missing": missing,
        "missing_share": missing / found["rows"] if found["rows"] else float("nan"),
        "distinct": int(found[f"distinct_{place}"]),
        "lowest": low if numeric else None, "highest": high if numeric else None,
        "earliest": low if timed else None, "latest": high if timed else None,
    }  # fmt: skip
