"""Suspicious patterns: values that are well formed, pass every rule, and probably mean something else."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records import places
from helpers.analyses.profiling.records.column_quality import copied, kind
from helpers.analyses.profiling.records.common_values import counted_levels, level_texts
from helpers.analyses.profiling.records.sentinels import sentinels
from helpers.analyses.profiling.records.spellings import spellings
from helpers.analyses.profiling.records.suspicions import Pattern, Suspicion, rows_of
from helpers.analyses.profiling.records.timeliness import freshness
from helpers.analyses.profiling.records.units import changes_of_scale, stray_times
from helpers.analyses.profiling.records.vocabulary import (
    COLUMNS,
    EVIDENCE,
    PATTERN,
    PATTERN_MEANING,
    ROWS_CONCERNED,
    ROWS_LEFT_OUT,
    ROWS_SHARE,
)
from helpers.data import contracts
from helpers.data.datasets import Dataset
from helpers.findings import Finding, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import COLUMN, ROWS, TABLE

PATTERNS_SAID = 3
NUMBER_AS_TEXT = r"^\d+\.0+$|^\d(\.\d+)?[eE]\+?\d+$"
LONG, ROUNDED = r"^\d{16,}$", r"^\d{15}0+$"
NOBODY = r"(?i)^(-1|unknown|none|null|n/?a|test|guest|anonymous|匿名|未知|游客|测试)$"
NO_NUMBER, ITS_NEIGHBOUR = r"^(0+|9{4,})$", r"^(0*1|9{3,}8)$"  # with a neighbour 0 and 9999 are numbers like others
ROUNDED_SHARE = 0.5  # of the long identifiers; by chance one in ten ends in a zero after 15 digits
COMMON_SHARE, LEAST_CUSTOMERS = 0.1, 100
CONSTANT_ROWS = 20
LATER_SHARE = 0.01  # more rows than that after the report's day mean that it looks back on purpose


@dataclass(frozen=True)
class Patterns(Finding):
    """Values that look right to every rule and probably are not, one line a pattern found in a column of a table."""

    table: pd.DataFrame
    sought: pd.DataFrame  # every pattern that was looked for, and in how many columns it was found
    columns = (TABLE, COLUMN, PATTERN, EVIDENCE, ROWS_CONCERNED, ROWS_SHARE)
    shown = (*columns, PATTERN_MEANING, COLUMNS)

    def summary(self) -> pd.DataFrame:
        """One line a pattern found in a column; the patterns that were looked for where none was found."""
        return self.sought if self.table.empty else self.table

    def plot(self, ax: Axes | None = None) -> Axes:
        """The number of columns with each pattern, those not found included."""
        named = self.sought.assign(pattern=self.sought[PATTERN].map(PATTERN.write))
        return charts.bars(named, value=COLUMNS, label=PATTERN, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which suspicious patterns were found, in how many columns?")

    def headline(self) -> Sentence:
        """How many columns look wrong, and where to look first; the first reasons below."""
        if self.table.empty:
            return say(
                "None of {patterns} suspicious patterns was found in any column.",
                patterns=facts.Count(len(self.sought)),
            )
        columns = len(self.table[[TABLE, COLUMN]].drop_duplicates())
        first = self.table[self.table[PATTERN] != Pattern.CONSTANT]
        first = (first if len(first) else self.table).nlargest(PATTERNS_SAID, ROWS_SHARE, keep="first")
        where = places.column_of(*first[[TABLE, COLUMN]].iloc[0])
        reasons = [
            say(
                "{column}: {pattern} ({evidence}).",
                column=places.column_of(line.table, line.column),
                pattern=facts.Word(line.pattern, PATTERN),
                evidence=line.evidence,
            )
            for line in first.itertuples()
        ]
        if columns == 1:
            return say("One column should be looked at: {column}.", column=where).resting_on(*reasons)
        return say(
            "{columns} columns should be looked at, first {column}.", columns=facts.Count(columns), column=where
        ).resting_on(*reasons)


@analysis
def patterns(data: Dataset) -> Patterns:
    """Suspicious values of every table of `data`: identifiers, numbers, times, texts, changes of unit or scale.

    Looks for each `Pattern`. Evidence names values only that five rows or more share (texts:
    five customers), and no identifier. A pattern is a reason to ask whoever knows the source, not an error by itself.
    """
    fresh, lines = freshness(data).table.set_index(TABLE), []
    for table, size in fresh[ROWS][fresh[ROWS] > 0].items():
        in_memory = replace(data, tables=data.tables | {table: _filled(data.tables[table], size)})
        suspicions = [*_suspicions(in_memory, table), *_later(table, fresh.loc[table], data)]
        lines += [(table, *suspicion, suspicion.rows_concerned / size) for suspicion in suspicions]
    patterns_found = pd.DataFrame(lines, columns=list(Patterns.columns))
    counts = patterns_found.drop_duplicates([TABLE, COLUMN, PATTERN])[PATTERN].value_counts()
    sought = pd.DataFrame({PATTERN: list(Pattern), PATTERN_MEANING: list(Pattern)})
    return Patterns(patterns_found, sought.assign(columns=sought[PATTERN].map(counts).fillna(0).astype(int)))


def _filled(rows: ir.Table, size: int) -> ir.Table:
    """The columns that have any value; a copy in the engine's memory of tables that are not large, read many times."""
    counts = rows.agg(**{name: rows[name].count() for name in rows.columns}).execute().iloc[0]
    kept = rows.select(*(name for name in rows.columns if counts[name] or name == "question"))
    return copied(kept, size)


def _suspicions(data: Dataset, table: str) -> Iterator[Suspicion]:
    rows = data.tables[table]
    yield from _identifiers(table, rows)
    yield from sentinels(table, rows, data.as_of)
    yield from stray_times(table, rows)
    yield from changes_of_scale(table, rows)
    texts = {name: text for name, text in level_texts(table, rows).items() if not rows[name].type().is_boolean()}
    yield from spellings(counted_levels(data, table, texts))
    yield from _constants(table, rows)


def _identifiers(table: str, rows: ir.Table) -> Iterator[Suspicion]:
    names = [name for name in rows.columns if kind(table, name, rows[name]) == contracts.ID]
    tests = {
        "number": NUMBER_AS_TEXT, "long": LONG, "rounded": ROUNDED, "nobody": NOBODY, "zero": NO_NUMBER,
        "neighbour": ITS_NEIGHBOUR,
    }  # fmt: skip
    measures = {
        f"{test}_{name}": rows.count(where=rows[name].re_search(pattern))
        for name in names
        for test, pattern in tests.items()
    }
    counts = rows.agg(**measures).execute().iloc[0] if measures else {}
    for name in names:
        number, long, rounded, nobody, zero, neighbour = (int(counts[f"{test}_{name}"]) for test in tests)
        nobody += 0 if neighbour else zero
        if number:
            yield Suspicion(name, Pattern.SPREADSHEET_ID, rows_of(number), number)
        if long and rounded > ROUNDED_SHARE * long:
            many, all_long = facts.Count(rounded), facts.Count(long)
            evidence = say("{rows} of {long} long identifiers", rows=many, long=all_long)
            yield Suspicion(name, Pattern.DIGITS_LOST, evidence, rounded)
        if nobody:
            yield Suspicion(name, Pattern.PLACEHOLDER_ID, rows_of(nobody), nobody)
    if table != "customers" and "customer_id" in names:
        yield from _common_customer(rows)


def _common_customer(rows: ir.Table) -> Iterator[Suspicion]:
    by_customer = rows.filter(rows.customer_id.notnull()).group_by("customer_id").agg(rows=lambda t: t.count())
    counts = by_customer.agg(most=by_customer.rows.max(), rows=by_customer.rows.sum(), customers=by_customer.count())
    most, total, customers = counts.execute().iloc[0]
    if customers >= LEAST_CUSTOMERS and most >= COMMON_SHARE * total:
        share, of = facts.Share(most / total), facts.Count(customers)
        evidence = say("{share} of the rows, of {customers} customers", share=share, customers=of)
        yield Suspicion("customer_id", Pattern.COMMON_ID, evidence, int(most))


def _constants(table: str, rows: ir.Table) -> Iterator[Suspicion]:
    kinds = {name: kind(table, name, rows[name]) for name in rows.columns}
    asked: dict[str, ir.Scalar] = {"rows": rows.count()}
    for place, (name, kind_) in enumerate(kinds.items()):
        value = _comparable(rows[name], kind_)
        asked |= {f"filled {place}": value.count(), f"same {place}": (value.min() == value.max()).fill_null(False)}
    told = rows.agg(**asked).execute().iloc[0]
    size = int(told["rows"])
    for place, (name, kind_) in enumerate(kinds.items()):
        if size >= CONSTANT_ROWS and told[f"same {place}"] and told[f"filled {place}"] == size:
            many = facts.Count(size)
            same = (
                say("the same day in all {rows} rows", rows=many)
                if kind_ == contracts.TIME
                else say("the same value in all {rows} rows", rows=many)
            )
            yield Suspicion(name, Pattern.CONSTANT, same, size)


def _comparable(column: ir.Column, kind: str) -> ir.Column:
    """The days of times; flags as numbers, as not all engines know which is less."""
    if kind == contracts.TIME:
        return column.date()
    return column.ifelse(1, 0) if column.type().is_boolean() else column


def _later(table: str, fresh: pd.Series, data: Dataset) -> Iterator[Suspicion]:
    """A few rows after the report's day; of items, that go with their orders, the orders tell."""
    later = int(fresh[ROWS_LEFT_OUT])
    used = int(fresh[ROWS]) + later
    if table != "order_items" and 0 < later <= LATER_SHARE * used:
        after = say("{rows} rows after {day}", rows=facts.Count(later), day=facts.Day(data.as_of))
        yield Suspicion(contracts.TABLES[table].fact_at, Pattern.LATER, after, later)
