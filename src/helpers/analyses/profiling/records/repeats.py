"""Rows that occur more than once: equal in every column, under one key, or equal but for their own number."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records.accounting import SAME_ROW
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.findings import charts


@dataclass(frozen=True)
class Duplicates:
    """The rows of each table that repeat another one."""

    lines: pd.DataFrame  # table, rows_read, equal_rows, repeated_keys, rows (in use), equal_but_number

    def summary(self) -> pd.DataFrame:
        """One line a table; `equal_but_number` are empty where rows have no number of their own."""
        return self.lines

    def plot(self, ax: Axes | None = None) -> Axes:
        """The rows of each table that repeat another in any of the three ways."""
        ways = ["equal_rows", "repeated_keys", "equal_but_number"]
        repeats = self.lines.assign(repeats=self.lines[ways].astype("float64").sum(axis="columns"))
        return charts.bars(repeats, value="repeats", label="table", ax=ax)

    def headline(self) -> str:
        """How many rows repeat another, by way, and where most of them are."""
        ways = {
            "equal_rows": "equal another in every column",
            "repeated_keys": "repeat a key",
            "equal_but_number": "equal another in all but their number",
        }
        said = []
        for column, words in ways.items():
            counts = self.lines.set_index("table")[column].dropna()
            if counts.sum():
                said.append(f"{int(counts.sum()):,} rows {words} (most in {counts.astype(int).idxmax()})")
        return f"{'; '.join(said)}." if said else "No row repeats another one."


def duplicates(data: Dataset) -> Duplicates:
    """Rows beyond the first of those that are equal in every column read, share a key, or differ in their key only.

    The first two are counted as the files were read: a key's repeats are set aside, equal rows treated by the policy;
    rows that are merged on purpose, many to a key, are no repeats. Rows that are equal but for their own number, such
    as an order sent twice, are in use, and counted where they name a customer.
    """
    accounting = data.accounting
    same = accounting["rule"].str.startswith(SAME_ROW)
    keyed = accounting["rule"].str.endswith(" repeats") & (accounting["outcome"] != "merged")
    read = accounting[accounting["outcome"] == "read"].set_index("table")["rows"]
    equal, keys = (accounting[which].groupby("table")["rows_meeting"].sum() for which in (same, keyed))
    lines = pd.DataFrame(
        [(name, *_again(data, name)) for name in data.tables], columns=["table", "rows", "equal_but_number"]
    )
    lines = lines.astype({"equal_but_number": "Int64"}).assign(
        rows_read=lines["table"].map(read).astype("Int64"),
        equal_rows=lines["table"].map(equal).fillna(0).astype("int64"),
        repeated_keys=lines["table"].map(keys).fillna(0).astype("int64"),
    )
    return Duplicates(lines[["table", "rows_read", "equal_rows", "repeated_keys", "rows", "equal_but_number"]])


def _again(data: Dataset, table: str) -> tuple[int, int | None]:
    """Rows in use, and those equal to an earlier one in all columns but the key; None without a number or customers."""
    rows, key = data.tables[table], contracts.TABLES[table].key
    n = int(rows.count().execute())
    if len(key) != 1 or table == "customers":
        return n, None
    named = rows.filter(rows.customer_id.notnull())
    others = [name for name in rows.columns if name not in key]
    groups = named.group_by(others).agg(n=named.count())
    found = groups.agg(rows=groups.n.sum().fill_null(0), groups=groups.count()).execute().iloc[0]
    return n, int(found["rows"] - found["groups"]) if found["rows"] else None
