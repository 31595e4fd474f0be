"""Rows that occur more than once: equal in every column, under one key, or equal but for their own number."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records import places
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
from helpers.findings import Finding, Sentence, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import ROWS, TABLE

WAYS = (EQUAL_ROWS, REPEATED_KEYS, EQUAL_BUT_NUMBER)


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

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many rows of each table repeat another one?")

    def headline(self) -> Sentence:
        """How many rows repeat another in the most frequent way, and where most of them are; the other ways below."""
        counts = {way: self.table.set_index(TABLE)[way].dropna().astype("int64") for way in WAYS}
        ways = sorted((way for way in WAYS if counts[way].sum()), key=lambda way: -counts[way].sum())
        if not ways:
            return say("No row repeats another one.")
        first, *others = (_told(way, counts[way]) for way in ways)
        return first.resting_on(*others)


def _told(way: str, rows: pd.Series) -> Sentence:
    """How many rows, by table, repeat another in a way."""
    known = {"rows": facts.Count(rows.sum()), "table": places.table_of(str(rows.idxmax()))}
    if way == EQUAL_ROWS:
        return say("{rows} rows equal another in every column, most of them in {table}.", **known)
    if way == REPEATED_KEYS:
        return say("{rows} rows repeat a key, most of them in {table}.", **known)
    return say("{rows} rows equal another in all but their number, most of them in {table}.", **known)


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
    rows, contract = data.tables[table], contracts.TABLES[table]
    n = int(rows.count().execute())
    if not contract.shareable:
        return n, None
    named = rows.filter(rows.customer_id.notnull())
    others = [name for name in rows.columns if name not in contract.key]
    groups = named.group_by(others).agg(n=named.count())
    counts = groups.agg(rows=groups.n.sum().fill_null(0), groups=groups.count()).execute().iloc[0]
    return n, int(counts["rows"] - counts["groups"]) if counts["rows"] else None
