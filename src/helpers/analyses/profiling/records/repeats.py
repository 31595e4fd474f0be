"""Rows that occur more than once: equal in every column, under one key, or equal but for their own number."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records.accounting import SAME_ROW, repeats
from helpers.analyses.profiling.records.vocabulary import (
    EQUAL_BUT_NUMBER,
    EQUAL_ROWS,
    REPEATED_KEYS,
    REPEATS,
    ROWS_READ,
)
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.findings import Finding, charts
from helpers.findings.vocabulary import ROWS, TABLE

WAYS = {
    EQUAL_ROWS: "equal another in every column",
    REPEATED_KEYS: "repeat a key",
    EQUAL_BUT_NUMBER: "equal another in all but their number",
}


@dataclass(frozen=True)
class Duplicates(Finding):
    """The rows of each table that repeat another one.

    One line a table; rows are those in use, and `equal_but_number` is empty where they have no number of their own.
    """

    table: pd.DataFrame
    columns = (TABLE, ROWS_READ, EQUAL_ROWS, REPEATED_KEYS, ROWS, EQUAL_BUT_NUMBER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The rows of each table that repeat another in any of the three ways."""
        repeats = self.table[list(WAYS)].astype("float64").sum(axis="columns")
        return charts.bars(self.table.assign(repeats=repeats), value=REPEATS, label=TABLE, ax=ax)

    def headline(self) -> str:
        """How many rows repeat another, by way, and where most of them are."""
        by_way = []
        for column, words in WAYS.items():
            counts = self.table.set_index(TABLE)[column].dropna()
            if counts.sum():
                by_way.append(f"{int(counts.sum()):,} rows {words} (most in {counts.astype(int).idxmax()})")
        return f"{'; '.join(by_way)}." if by_way else "No row repeats another one."


def duplicates(data: Dataset) -> Duplicates:
    """Rows of `data` beyond the first that are equal in every column read, share a key, or differ in their key only.

    The first two are counted as the files were read: a key's repeats are merged, equal rows treated by the policy;
    rows that are merged on purpose, many to a key, are no repeats. Rows that are equal but for their own number, such
    as an order sent twice, are in use, and counted where they name a customer.
    """
    read = data.accounting[data.accounting["outcome"] == "read"].set_index("table")["rows"]
    again = repeats(data)
    same, keyed = again["rule"].str.startswith(SAME_ROW), again["rule"].str.endswith(" repeats")
    equal, keys = (again[which].groupby("table")["rows_meeting"].sum() for which in (same, keyed))
    lines = pd.DataFrame(
        [(name, *_again(data, name)) for name in data.tables], columns=[TABLE, ROWS, EQUAL_BUT_NUMBER]
    ).astype({EQUAL_BUT_NUMBER: "Int64"})
    lines = lines.assign(
        rows_read=lines[TABLE].map(read).astype("Int64"),
        equal_rows=lines[TABLE].map(equal).fillna(0).astype("int64"),
        repeated_keys=lines[TABLE].map(keys).fillna(0).astype("int64"),
    )
    return Duplicates(lines[list(Duplicates.columns)])


def _again(data: Dataset, table: str) -> tuple[int, int | None]:
    """Rows in use, and those equal to an earlier one in all columns but the key; None without a number or customers."""
    rows, key = data.tables[table], contracts.TABLES[table].key
    n = int(rows.count().execute())
    if len(key) != 1 or table == "customers":
        return n, None
    named = rows.filter(rows.customer_id.notnull())
    others = [name for name in rows.columns if name not in key]
    groups = named.group_by(others).agg(n=named.count())
    counts = groups.agg(rows=groups.n.sum().fill_null(0), groups=groups.count()).execute().iloc[0]
    return n, int(counts["rows"] - counts["groups"]) if counts["rows"] else None
