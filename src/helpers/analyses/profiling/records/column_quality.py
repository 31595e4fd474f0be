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

from helpers.analyses.profiling.records import places
from helpers.analyses.profiling.records.vocabulary import (
    COLUMN_KIND,
    COLUMNS,
    DISTINCT,
    EARLIEST,
    FIVE_QUANTILES,
    HIGHEST,
    LATEST,
    LOWEST,
    MEDIAN_WITH_QUARTILES,
    MISSING,
    MISSING_SHARE,
    PLACE,
    RANGE,
    WITH_GAPS,
    WITHOUT_ANY_VALUE,
)
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.findings import Finding, Listing, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import COLUMN, ROWS, TABLE

COLUMNS_DRAWN = 15
MANY = 500_000  # rows of a table from which on each column is counted by value: of fewer, planning costs more
LARGE = 2_000_000  # rows of a table of which no copy is kept in memory
QUANTILES = dict(zip(FIVE_QUANTILES, (0.05, 0.25, 0.5, 0.75, 0.95), strict=True))
NUMERIC = (contracts.INTEGER, contracts.NUMBER)
NUMBERS, TIMES = (LOWEST, *QUANTILES, HIGHEST), (EARLIEST, LATEST)
ENDS = (LOWEST, HIGHEST, *TIMES)
TYPES = dict.fromkeys(NUMBERS, "float64") | dict.fromkeys(TIMES, "datetime64[ns]")


@dataclass(frozen=True)
class ColumnQuality(Finding):
    """How full each column of each table is, how many values it has, and between which they lie."""

    table: pd.DataFrame
    columns = (TABLE, COLUMN, COLUMN_KIND, ROWS, MISSING, MISSING_SHARE, DISTINCT, *NUMBERS, *TIMES)
    shown = (TABLE, ROWS, COLUMNS, WITH_GAPS, WITHOUT_ANY_VALUE)
    described = (COLUMN, COLUMN_KIND, MISSING_SHARE, DISTINCT, RANGE, MEDIAN_WITH_QUARTILES)  # of `of`

    def summary(self) -> pd.DataFrame:
        """One line a table: its columns, those with gaps, and those that nothing fills."""
        lines = self.table.assign(empty=self.table[MISSING] == self.table[ROWS], gap=self._gappy())
        counted = {ROWS: (ROWS, "max"), COLUMNS: (COLUMN, "size"), WITH_GAPS: ("gap", "sum")}
        return lines.groupby(TABLE, sort=False).agg(**counted, **{WITHOUT_ANY_VALUE: ("empty", "sum")}).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of rows that lack a value, of the columns with gaps that lack most; of all where none has gaps."""
        drawn = self.table[self._gappy()] if self._gappy().any() else self.table
        drawn = drawn.nlargest(COLUMNS_DRAWN, MISSING_SHARE)
        named = drawn.assign(**{PLACE: places.drawn(drawn[TABLE], drawn[COLUMN])})
        return charts.bars(named, value=MISSING_SHARE, label=PLACE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("In which columns are most values missing?")

    def headline(self) -> Sentence:
        """How many columns have gaps and which has most; the columns that nothing fills below."""
        gappy, empty = self.table[self._gappy()], self.table[self.table[MISSING] == self.table[ROWS]]
        names = tuple(places.column_of(line.table, line.column) for line in empty.itertuples())
        nothing = say("Without any value: {columns}.", columns=facts.Listed(names)) if names else None
        if gappy.empty:
            return say("No column that the source fills has gaps.").resting_on(nothing)
        worst = gappy.loc[gappy[MISSING_SHARE].idxmax()]
        return say(
            "{gappy} of {columns} columns have gaps; most values are missing in {worst}: {share}.",
            gappy=facts.Count(len(gappy)),
            columns=facts.Count(len(self.table)),
            worst=places.column_of(worst[TABLE], worst[COLUMN]),
            share=facts.Share(worst[MISSING_SHARE]),
        ).resting_on(nothing)

    def of(self, table: str) -> pd.DataFrame:
        """One line a column of `table` that has a value: its kind, gaps, distinct values, range, median and quartiles.

        Identifiers, texts and what describes a person show no range, and a person's numbers no quantile that fewer
        than five customers lie beyond. Distinct times are counted by day.
        """
        filled = self.table[(self.table[TABLE] == table) & (self.table[MISSING] < self.table[ROWS])]
        return filled[[COLUMN, COLUMN_KIND, MISSING_SHARE, DISTINCT]].assign(
            range=[_range(line) for line in filled.itertuples()],
            median_with_quartiles=[_middle(line) for line in filled.itertuples()],
        )

    def by_table(self) -> list[Listing]:
        """What `of` says of each table as a page shows it, under the table's name."""
        return [Listing(self.of(name), self.described, facts.Word(name, TABLE)) for name in self.table[TABLE].unique()]

    def _gappy(self) -> pd.Series:
        return (self.table[MISSING] > 0) & (self.table[MISSING] < self.table[ROWS])


@analysis
def columns(data: Dataset) -> ColumnQuality:
    """Kind, missing and distinct values, quantiles and range of every column of `data`, in few queries a table.

    Quantiles interpolate between the values on either side of their place (type 7 of Hyndman and Fan 1996, "Sample
    quantiles in statistical packages").
    """
    by_table = [table_columns(name, rows) for name, rows in data.tables.items()]
    return ColumnQuality(pd.concat(by_table, ignore_index=True))


def table_columns(table: str, rows: ir.Table) -> pd.DataFrame:
    """The lines of `columns` about one table."""
    kinds = {name: kind(table, name, rows[name]) for name in rows.columns}
    rows = rows.cast(_types_of_empty(rows, kinds))
    size = int(rows.count().execute())
    key = contracts.TABLES[table].key
    measured = (_by_value if size > MANY else _at_once)(rows, kinds, key)
    measured = measured.reindex(range(len(kinds)), columns=["filled", DISTINCT, *NUMBERS, *TIMES])
    lines = measured.assign(table=table, column=list(kinds), kind=list(kinds.values()), rows=size)
    filled, distinct = (lines[name].fillna(0).astype("int64") for name in ("filled", "distinct"))  # none of no values
    lines["missing"] = size - filled
    lines["missing_share"] = lines["missing"] / size if size else np.nan
    lines["distinct"] = distinct.clip(upper=filled)
    people = pd.Series([personal(table, name) for name in kinds], dtype=bool)
    few = people & (filled * min(QUANTILES.values()) < SMALLEST_GROUP)
    hidden = dict.fromkeys(ENDS, people) | dict.fromkeys(QUANTILES, few)
    lines = lines.astype(TYPES)
    return lines.assign(**{name: lines[name].mask(where) for name, where in hidden.items()})[
        list(ColumnQuality.columns)
    ]


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


def _at_once(rows: ir.Table, kinds: dict[str, str], key: tuple[str, ...]) -> pd.DataFrame:
    """What is measured of each column, by its place, in one query."""
    asked: dict[str, ir.Scalar] = {}
    for place, (name, kind_) in enumerate(kinds.items()):
        measures = _measures(rows[name], kind_, key == (name,))
        asked |= {f"{measure} {place}": value for measure, value in measures.items()}
    lines: list[dict[str, Any]] = [{} for _ in kinds]
    for name, value in rows.agg(**asked).execute().iloc[0].items():
        measure, place = name.split()
        known = isinstance(value, list | np.ndarray) and len(value) > 0
        lines[int(place)] |= dict(zip(QUANTILES, value, strict=True)) if known else {measure: value}
    return pd.DataFrame(lines)


def _measures(column: ir.Column, kind: str, unique: bool) -> dict[str, ir.Scalar]:
    value = column.date() if kind == contracts.TIME else column
    measures = {"filled": column.count()}
    measures["distinct"] = column.count() if unique else value.nunique()
    if kind in NUMERIC:
        quantiles = column.quantile(list(QUANTILES.values()))
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
    parts = [measure(ibis.union(*same) if len(same) > 1 else same[0]).execute() for measure, same in alike.items()]
    return pd.concat([part.set_index("place") for part in parts]).rename_axis(None)


def _counted(rows: ir.Table, column: ir.Column, measure: Callable[[ir.Table], ir.Table]) -> ir.Table:
    """The rows of each value of a column, with what its measure needs to know of the value."""
    filled = rows.filter(column.notnull())
    if measure is _of_key:
        return filled.agg(rows=filled.count())
    if measure is _of_times:
        ends = {
            "earliest": column.min().cast("timestamp"),
            "latest": column.max().cast("timestamp"),
        }  # of any precision
        return filled.group_by(day=column.date()).agg(rows=filled.count(), **ends).drop("day")
    value = column.cast("float64") if measure is _of_numbers else column
    counts = filled.group_by(value=value).agg(rows=filled.count())
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
    quantiles = {str(name): _quantile(counts, share) for name, share in QUANTILES.items()}
    return _of_others(counts, lowest=counts.value.min(), **quantiles, highest=counts.value.max())


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


def _range(line: Any) -> str:
    """Both ends, numbers written as their column asks, times as days; nothing where they may not be shown."""
    if not pd.isna(line.earliest):
        return f"{line.earliest.date()} to {line.latest.date()}"
    write = formats.for_column(line.column)
    return "" if pd.isna(line.lowest) else f"{write(line.lowest)} to {write(line.highest)}"


def _middle(line: Any) -> str:
    write = formats.for_column(line.column)
    return "" if pd.isna(line.median) else f"{write(line.median)} ({write(line.q25)} to {write(line.q75)})"
