"""How old the data are on the report's day, and in which months or days rows are missing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records import places
from helpers.analyses.profiling.records.vocabulary import (
    BEHIND_DAYS,
    FEWEST_ROWS,
    FIRST,
    FIRST_FACT_ON,
    LAST,
    LAST_FACT_ON,
    MEDIAN_ROWS,
    MOST_ROWS,
    ROWS_LEFT_OUT,
    UNDATED_ROWS,
    WITHOUT_ROWS,
)
from helpers.data import contracts, spans
from helpers.data.datasets import Dataset
from helpers.data.remembered import once
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import DAY, MONTH, ROWS, TABLE

DAYS_SHOWN_SINGLY = 92  # over a longer time rows are counted by month
TABLES_SAID = 3
UNITS = {"month": MONTH, "day": DAY}
UNIT_STEPS = {"month": "MS", "day": "D"}
UNIT_LAYOUTS = {"month": "%Y-%m", "day": "%Y-%m-%d"}
LINES_DRAWN = 6  # that can be told apart


@dataclass(frozen=True)
class Freshness(Finding):
    """The rows of each table known by the report's day, and how long before it the table's last fact lies."""

    table: pd.DataFrame
    as_of: dt.date
    set_by: tuple[str, ...]  # what set that day; empty where it was given
    ignored: tuple[spans.Stray, ...]  # rows far from the rest, which do not set it
    columns = (TABLE, ROWS, ROWS_LEFT_OUT, UNDATED_ROWS, FIRST_FACT_ON, LAST_FACT_ON, BEHIND_DAYS)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Days between each table's last fact and the report's day; the rows of each table where none has a date."""
        dated = self.table.dropna(subset=BEHIND_DAYS)
        if dated.empty:
            return charts.bars(self.table, value=ROWS, label=TABLE, ax=ax)
        return charts.bars(dated, value=BEHIND_DAYS, label=TABLE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.table[BEHIND_DAYS].isna().all():
            return say("How many rows does each table have?")
        return say("How many days before the report's day does each table end?")

    def headline(self) -> Sentence:
        """How near the data come to the report's day, and the table that ends longest before it."""
        dated = self.table.dropna(subset=BEHIND_DAYS)
        if dated.empty:
            return say("No table says when its facts happened, so their age is not known.")
        stalest = dated.loc[dated[BEHIND_DAYS].idxmax()]
        newest, day = int(dated[BEHIND_DAYS].min()), facts.Day(self.as_of)
        table, days = places.table_of(stalest[TABLE]), facts.Days(int(stalest[BEHIND_DAYS]))
        if stalest[BEHIND_DAYS] > newest:
            if newest:
                told = say(
                    "The data end {age} before {day}; {table} {days} before it.",
                    age=facts.Days(newest),
                    day=day,
                    table=table,
                    days=days,
                )
            else:
                told = say("The data reach {day}; {table} end {days} before it.", day=day, table=table, days=days)
        elif newest:
            told = say("The data end {age} before {day}.", age=facts.Days(newest), day=day)
        else:
            told = say("The data reach the report's day, {day}.", day=day)
        return told.resting_on(self._by(), self._far())

    def _by(self) -> Sentence | None:
        """What set the report's day, where that was not given."""
        if not self.set_by:
            return None
        table, point, column = self.set_by[0].partition(".")
        if not point:
            return say("The report's day is `observed_on` of `dataset.toml`.")
        return say("The report's day is that of {column}.", column=places.column_of(table, column))

    def _far(self) -> Sentence | None:
        """The rows that are far from the rest, where there are any."""
        if not self.ignored:
            return None
        return say(
            "Far from the rest, and ignored: {rows} rows, such as in {column}.",
            rows=facts.Count(sum(stray.rows for stray in self.ignored)),
            column=places.column_of(*self.ignored[0].column.split(".", 1)),
        )


@dataclass(frozen=True)
class RowsOverTime(Finding):
    """Rows of each table by month, or by day where the data span less than a quarter.

    There are lines of 0 where a table has no rows between its first and its last.
    """

    table: pd.DataFrame
    unit: str  # month or day
    columns = (TABLE, MONTH, DAY, ROWS)
    shown = (TABLE, FIRST, LAST, WITHOUT_ROWS, FEWEST_ROWS, MEDIAN_ROWS, MOST_ROWS)

    @property
    def gaps(self) -> pd.DataFrame:
        """The months (days) without a row between a table's first and last."""
        return self.table[self.table[ROWS] == 0]

    def summary(self) -> pd.DataFrame:
        """One line a table: its first and last month (day), how many have no rows, and the fewest and most rows."""
        first, last, without = (column.format(self.unit) for column in (FIRST, LAST, WITHOUT_ROWS))
        by_table = self.table.groupby(TABLE, sort=False).agg(**{
            first: (self.unit, "min"), last: (self.unit, "max"),
            without: (ROWS, lambda rows: int((rows == 0).sum())),
            FEWEST_ROWS: (ROWS, "min"), MEDIAN_ROWS: (ROWS, "median"), MOST_ROWS: (ROWS, "max"),
        })  # fmt: skip
        layout = UNIT_LAYOUTS[self.unit]
        return by_table.assign(**{end: by_table[end].dt.strftime(layout) for end in (first, last)}).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Rows over time, one line a table: of many those with holes, then those with most rows."""
        by_table = self.table.groupby(TABLE, sort=False)[ROWS]
        order = pd.DataFrame({"holes": by_table.agg(lambda rows: (rows == 0).sum()), "rows": by_table.sum()})
        first = order.sort_values(["holes", "rows"], ascending=False).index[:LINES_DRAWN]
        drawn = self.table[self.table[TABLE].isin(first)]
        return charts.line(drawn, x=UNITS[self.unit], y=ROWS, group=TABLE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.unit == "month":
            return say("How many rows does each table have a month?")
        return say("How many rows does each table have a day?")

    def headline(self) -> Sentence:
        """Whether any table has a hole in time, and where the largest are."""
        monthly, span = self.unit == "month", facts.Count(self.table[self.unit].nunique())
        long = (
            say("The data span {months} months.", months=span)
            if monthly
            else say("The data span {days} days.", days=span)
        )
        if self.gaps.empty:
            if monthly:
                return say("No table has a month without rows between its first and last.").resting_on(long)
            return say("No table has a day without rows between its first and last.").resting_on(long)
        holes = self.gaps[TABLE].value_counts()
        named = facts.Listed(
            tuple(
                say("{table} ({count})", table=places.table_of(table), count=facts.Count(count))
                for table, count in holes.head(TABLES_SAID).items()
            )
        )
        if monthly:
            return say("Some months between first and last row are empty: {tables}.", tables=named).resting_on(long)
        return say("Some days between first and last row are empty: {tables}.", tables=named).resting_on(long)


@once
def freshness(data: Dataset) -> Freshness:
    """For each table of `data` its rows known by `as_of`, the first and last day with a fact, and the days since."""
    good = data.accounting[data.accounting["outcome"].isin(["used", "later"])].groupby("table")["rows"].sum()
    facts = [_facts(name, rows) for name, rows in data.tables.items()]
    lines = (ibis.union(*facts) if len(facts) > 1 else facts[0]).execute()
    lines = lines.set_index("table").loc[list(data.tables)].reset_index()
    days = {name: pd.to_datetime(lines[name]).dt.normalize() for name in ("first_fact_on", "last_fact_on")}
    read = lines["table"].map(good).fillna(lines["rows"])  # orders made from their items were never read themselves
    lines = lines.assign(
        **days,
        rows_left_out=(read - lines["rows"]).astype("int64"),
        behind_days=(pd.Timestamp(data.as_of) - days["last_fact_on"]).dt.days.astype("Int64"),
    )
    strays = tuple(spans.ignored(data.days, data.as_of))
    return Freshness(lines[list(Freshness.columns)], data.as_of, data.set_by, strays)


@analysis
@once
def rows_over_time(data: Dataset) -> RowsOverTime | NotApplicable:
    """Rows of each table of `data` by the month of their fact, or by its day where the data span at most a quarter.

    Not applicable where no table says when its facts happened.
    """
    dated = {
        name: table[contracts.TABLES[name].fact_at]
        for name, table in data.tables.items()
        if contracts.TABLES[name].fact_at in table.columns
    }
    days = {name: _rows_by_day(data.tables[name], fact) for name, fact in dated.items()}
    days = {name: counts for name, counts in days.items() if len(counts)}
    if not days:
        return NotApplicable(say("no table says when its facts happened."))
    whole = pd.concat(days).index.get_level_values("day")
    unit = "day" if (whole.max() - whole.min()).days <= DAYS_SHOWN_SINGLY else "month"
    filled = [
        counts.resample(UNIT_STEPS[unit]).sum().rename_axis(unit).rename("rows").reset_index().assign(table=name)
        for name, counts in days.items()
    ]
    return RowsOverTime(pd.concat(filled, ignore_index=True)[["table", unit, "rows"]], unit)


def _facts(name: str, rows: ir.Table) -> ir.Table:
    """Rows, those without a date, and the times of the first and the last fact."""
    fact_at = contracts.TABLES[name].fact_at
    fact = rows[fact_at].cast("timestamp") if fact_at in rows.columns else ibis.null("timestamp")
    dated = rows.select(fact_at=fact)
    fact = dated.fact_at
    undated = dated.count(where=fact.isnull())
    counts = dated.agg(rows=dated.count(), undated_rows=undated, first_fact_on=fact.min(), last_fact_on=fact.max())
    return counts.mutate(table=ibis.literal(name))


def _rows_by_day(table: ir.Table, fact_at: ir.TimestampValue) -> pd.Series:
    counts = table.filter(fact_at.notnull()).group_by(day=fact_at.date()).agg(rows=lambda rows: rows.count())
    counted = counts.execute()
    return counted.assign(day=pd.to_datetime(counted["day"])).set_index("day")["rows"].sort_index()
