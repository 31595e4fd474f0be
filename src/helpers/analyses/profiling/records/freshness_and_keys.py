"""Data quality: how fresh and connected the tables are, and whether rows are missing for a while."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats

DAYS_SHOWN_SINGLY = 92  # over a longer time rows are counted by month
UNIT_STEPS = {"month": "MS", "day": "D"}
UNIT_LAYOUTS = {"month": "%Y-%m", "day": "%Y-%m-%d"}


@dataclass(frozen=True)
class Freshness:
    """The rows known by the report's day, and how long before it each table's last fact lies."""

    lines: pd.DataFrame  # table, rows, rows_left_out, undated_rows, first_fact_on, last_fact_on, behind_days
    as_of: dt.date

    def summary(self) -> pd.DataFrame:
        """One line a table; `rows_left_out` are later than the report's day, or belong to an order not in use."""
        return self.lines

    def plot(self, ax: Axes | None = None) -> Axes:
        """Days between each table's last fact and the report's day; the rows of each table where none has a date."""
        dated = self.lines.dropna(subset="behind_days")
        if dated.empty:
            return charts.bars(self.lines, value="rows", label="table", ax=ax)
        return charts.bars(dated, value="behind_days", label="table", ax=ax)

    def headline(self) -> str:
        """The last fact of all, and the table that lags most behind it."""
        dated = self.lines.dropna(subset="behind_days")
        if dated.empty:
            return "No table says when its facts happened, so their age is not known."
        newest, stalest = dated["behind_days"].min(), dated.loc[dated["behind_days"].idxmax()]
        said = f"The newest fact is {f'{formats.days(newest)} before' if newest else 'of'} {self.as_of}"
        if stalest["behind_days"] > newest:
            said += f"; {stalest['table']} ends {formats.days(stalest['behind_days'])} before that day"
        return f"{said}."


@dataclass(frozen=True)
class Keys:
    """Rows that name a customer or an order which its own table does not have."""

    # table, key, refers_to, rows, without_match, without_match_share, keys_without_match, never_named
    lines: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """One line a reference; `never_named` counts rows of the table referred to that no row here names."""
        return self.lines.drop(columns=["key", "without_match_share"])

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of rows whose key finds no match."""
        return charts.bars(self.lines, value="without_match_share", label="table", ax=ax)

    def headline(self) -> str:
        """How many rows do not join, and where most of them are."""
        missed = self.lines[self.lines["without_match"] > 0]
        rows = self.lines["rows"].sum()
        if missed.empty:
            return f"All keys join: each of {rows:,} rows names a customer or an order that is known."
        worst, lost = missed.loc[missed["without_match"].idxmax()], missed["without_match"].sum()
        return (
            f"{lost:,} of {rows:,} rows name a key that is not known, most in {worst['table']}: "
            f"{worst['without_match']:,} rows with {worst['keys_without_match']:,} values of {worst['key']}."
        )


@dataclass(frozen=True)
class RowsOverTime:
    """Rows of each table by month, or by day where the data span less than a quarter."""

    counts: pd.DataFrame  # table, month or day, rows; 0 where a table has none between its first and its last
    unit: str

    @property
    def gaps(self) -> pd.DataFrame:
        """The months (days) without a row between a table's first and last."""
        return self.counts[self.counts["rows"] == 0]

    def summary(self) -> pd.DataFrame:
        """One line a table: its first and last month (day), how many have no rows, and the fewest and most rows."""
        by_table = self.counts.groupby("table", sort=False)
        table = by_table.agg(**{
            f"first_{self.unit}": (self.unit, "min"), f"last_{self.unit}": (self.unit, "max"),
            f"{self.unit}s_without_rows": ("rows", lambda rows: int((rows == 0).sum())),
            "fewest_rows": ("rows", "min"), "median_rows": ("rows", "median"), "most_rows": ("rows", "max"),
        })  # fmt: skip
        edges, layout = [f"first_{self.unit}", f"last_{self.unit}"], UNIT_LAYOUTS[self.unit]
        return table.assign(**{edge: table[edge].dt.strftime(layout) for edge in edges}).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """Rows over time, one line a table."""
        return charts.line(self.counts, x=self.unit, y="rows", group="table", ax=ax)

    def headline(self) -> str:
        """Whether any table has a hole in time, and where the largest are."""
        n = self.counts[self.unit].nunique()
        if self.gaps.empty:
            span = f"{n} {self.unit}{'s' * (n != 1)}"
            return f"No table has a {self.unit} without rows between its first and last; the data span {span}."
        holes = self.gaps["table"].value_counts()
        named = ", ".join(f"{table} ({count})" for table, count in holes.items())
        return f"Between their first and last row, some tables have {self.unit}s without any: {named}."


def freshness(data: Dataset) -> Freshness:
    """For each table its rows known by `as_of`, the first and last day with a fact, and the days since the last."""
    used = data.accounting[data.accounting["outcome"] == "used"].set_index("table")["rows"]
    facts = [_facts(name, rows) for name, rows in data.tables.items()]
    lines = (ibis.union(*facts) if len(facts) > 1 else facts[0]).execute()
    lines = lines.set_index("table").loc[list(data.tables)].reset_index()
    days = {name: pd.to_datetime(lines[name]).dt.normalize() for name in ("first_fact_on", "last_fact_on")}
    read = lines["table"].map(used).fillna(lines["rows"])  # orders made from their items were never read themselves
    lines = lines.assign(
        **days,
        rows_left_out=(read - lines["rows"]).astype("int64"),
        behind_days=(pd.Timestamp(data.as_of) - days["last_fact_on"]).dt.days.astype("Int64"),
    )
    names = ["table", "rows", "rows_left_out", "undated_rows", "first_fact_on", "last_fact_on", "behind_days"]
    return Freshness(lines[names], data.as_of)


def keys(data: Dataset) -> Keys | NotApplicable:
    """Rows whose customer or order is not in the table that should have it; rows without a key refer to nothing."""
    by_customer = [name for name in data.tables if name not in ("customers", "order_items")]
    references = [*((name, "customer_id", "customers") for name in by_customer), ("order_items", "order_id", "orders")]
    lines = [
        _reference(data.tables[name], data.tables[other], (name, key, other))
        for name, key, other in references
        if name in data.tables and other in data.tables
    ]
    named = [line for line in lines if line["rows"]]
    return Keys(pd.DataFrame(named)) if named else NotApplicable("no table refers to another one of this data set.")


def rows_over_time(data: Dataset) -> RowsOverTime | NotApplicable:
    """Rows of each table by the month of their fact, or by its day where the data span at most a quarter."""
    dated = {
        name: table[contracts.TABLES[name].fact_at]
        for name, table in data.tables.items()
        if contracts.TABLES[name].fact_at in table.columns
    }
    days = {name: _rows_by_day(data.tables[name], fact) for name, fact in dated.items()}
    days = {name: counts for name, counts in days.items() if len(counts)}
    if not days:
        return NotApplicable("no table says when its facts happened.")
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
    found = dated.agg(rows=dated.count(), undated_rows=undated, first_fact_on=fact.min(), last_fact_on=fact.max())
    return found.mutate(table=ibis.literal(name))


def _rows_by_day(table: ir.Table, fact_at: ir.TimestampValue) -> pd.Series:
    counts = table.filter(fact_at.notnull()).group_by(day=fact_at.date()).agg(rows=lambda rows: rows.count())
    counted = counts.execute()
    return counted.assign(day=pd.to_datetime(counted["day"])).set_index("day")["rows"].sort_index()


def _reference(rows: ir.Table, parents: ir.Table, names: tuple[str, str, str]) -> dict[str, object]:
    table, key, refers_to = names
    keyed = rows.filter(rows[key].notnull())
    by_key = keyed.group_by(key).agg(n=keyed.count())
    known = parents.select(parent=parents[key])
    joined = by_key.left_join(known, by_key[key] == known.parent)
    lost, n = joined.parent.isnull(), joined.n
    found = (
        joined.agg(n=n.sum().fill_null(0), rows=n.sum(where=lost).fill_null(0), keys=joined.count(where=lost))
        .execute()
        .iloc[0]
    )
    n = int(found["n"])
    return {
        "table": table, "key": key, "refers_to": refers_to, "rows": n, "without_match": int(found["rows"]),
        "without_match_share": found["rows"] / n if n else 0.0, "keys_without_match": int(found["keys"]),
        "never_named": int(parents.anti_join(by_key, key).count().execute()),
    }  # fmt: skip
