"""What changed since the report before: columns that come, go or empty, numbers and texts spread in another way."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.profiling.records import places
from helpers.analyses.profiling.records.column_profile import Measure, Profile, edges_of
from helpers.analyses.profiling.records.vocabulary import (
    BEFORE,
    CHANGE,
    LEVEL,
    NOW,
    PLACE,
    PROFILE_MEASURE,
    SIZE,
)
from helpers.findings import Finding, NotApplicable, Sentence, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import OTHERS
from helpers.findings.vocabulary import BY_CHANCE, COLUMN, CUSTOMER_ID, STABILITY_INDEX, TABLE, VALUE
from helpers.language import later
from helpers.statistics.distributions import index_by_chance, stability_index

MODERATE, LARGE = 0.1, 0.25  # of the stability index, by custom (Siddiqi 2006)
MISSING_MODERATE, MISSING_LARGE = 0.05, 0.25  # of all rows
ROWS_MODERATE, ROWS_LARGE = 1.5, 3.0  # times as many, or as few
STD_ERRORS = 3.3  # that a change must be worth: p about 0.001
LEAST_LEVEL = 0.01  # share of a new or vanished value that is worth a line
COLUMNS_DRAWN = 15
COLUMNS_SAID = 3
THERE, ABSENT = later("(there)"), later("(not there)")
OTHERS_ONCE = later("(other values)")  # what earlier reports saved for the values that are not named


class Change(StrEnum):
    """What may change between two reports."""

    APPEARED = "appeared"
    VANISHED = "vanished"
    ROWS = "rows"
    MISSING = "missing"
    DISTRIBUTION = "distribution"
    NEW_VALUE = "new_value"
    VALUE_GONE = "value_gone"


class Size(StrEnum):
    """How large a change is."""

    LARGE = "large"
    MODERATE = "moderate"


@dataclass(frozen=True)
class Drift(Finding):
    """The differences between this report's columns and those of the report before, large ones first."""

    table: pd.DataFrame
    compared: pd.DataFrame  # every distribution that both reports have, those that differ most first
    columns = (TABLE, COLUMN, CHANGE, BEFORE, NOW, STABILITY_INDEX, SIZE)
    shown = (*columns, BY_CHANCE)

    def summary(self) -> pd.DataFrame:
        """One line a change; where there is none, the distributions compared, those that differ most first."""
        return self.compared if self.table.empty else self.table

    def plot(self, ax: Axes | None = None) -> Axes:
        """The stability index of the columns that differ most."""
        drawn = self.compared.head(COLUMNS_DRAWN)
        named = drawn.assign(**{PLACE: places.drawn(drawn[TABLE], drawn[COLUMN])})
        return charts.bars(named, value=STABILITY_INDEX, label=PLACE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which columns are spread otherwise than in the report before?")

    def headline(self) -> Sentence:
        """How many columns changed, the largest change first, or that nothing did."""
        if self.table.empty:
            return say("No column changed noticeably since the report before.").resting_on(
                say(
                    "{columns} distributions were compared; none moved by {limit} or more on the stability index "
                    "beyond chance.",
                    columns=facts.Count(len(self.compared)),
                    limit=facts.Name(f"{MODERATE:g}"),
                )
            )
        first = self.table.iloc[0]
        where = _where(first)
        if len(self.table) == 1:
            return say("One thing changed since the report before: {where}.", where=where).resting_on(*self._changes())
        return say(
            "{changes} things changed since the report before, {large} of them much; first {where}.",
            changes=facts.Count(len(self.table)),
            large=facts.Count((self.table[SIZE] == Size.LARGE).sum()),
            where=where,
        ).resting_on(*self._changes())

    def _changes(self) -> list[Sentence]:
        """The first changes with what was before and is now."""
        return [
            say(
                "{where}: {change}, {before} before, {now} now.",
                where=_where(line),
                change=facts.Word(line.change, CHANGE),
                before=facts.Name(line.before),
                now=facts.Name(line.now),
            )
            for line in self.table.head(COLUMNS_SAID).itertuples()
        ]


def _where(change: Any) -> Sentence | facts.Word:
    """What a line is about: a column of a table, or all of the table."""
    return places.column_of(change.table, change.column) if change.column else places.table_of(change.table)


def drift(profile: Profile, before: pd.DataFrame | None) -> Drift | NotApplicable:
    """The changes between this report's `profile` and `before`, the table that the report before saved of its own.

    A distribution drifts when its stability index is 0.1 or more (large: 0.25) and beyond what chance explains, at 95%
    over all columns together; missing values by 5 points (25), rows by a factor of 1.5 (3). Rows of one customer are
    alike, so where rows name customers these are what chance draws. Not applicable without a report before, or where it
    saved its profile in another form.
    """
    if before is None or before.empty:
        return NotApplicable(say("there is no report before this one to compare with."))
    if not set(Profile.columns) <= set(before.columns):
        return NotApplicable(say("the report before described its columns in another form."))
    now, before = profile.table, before.assign(level=before[LEVEL].replace(OTHERS_ONCE, OTHERS))
    tables = [name for name in now[TABLE].unique() if (before[TABLE] == name).any()]
    measures = [(_wide(now, name), _wide(before, name), name) for name in tables]
    compared = _compared(now, before)
    changes = [
        *_tables_changed(now, before),
        *(line for three in measures for line in _columns_changed(*three)),
        *_moved(compared),
    ]
    lines = pd.DataFrame(changes, columns=list(Drift.columns))
    by_size = lines.assign(small=lines[SIZE] != Size.LARGE, moved=-lines[STABILITY_INDEX].fillna(1e9))
    lines = lines.loc[by_size.sort_values(["small", "moved"], kind="stable").index].reset_index(drop=True)
    return Drift(lines, compared.drop(columns=[BEFORE, NOW]))


def _wide(profile: pd.DataFrame, table: str) -> pd.DataFrame:
    """missing_share of the columns of one table, by column, and how many the table has that are `_independent`."""
    own = profile[profile[TABLE] == table]
    missing = own[own[PROFILE_MEASURE] == Measure.MISSING_SHARE].set_index(COLUMN)[[VALUE]]
    return missing.set_axis(["missing_share"], axis="columns").assign(drawn=_independent(own)[table])


def _rows(profile: pd.DataFrame) -> pd.Series:
    return profile[profile[PROFILE_MEASURE] == Measure.ROWS].set_index(TABLE)[VALUE]


def _independent(profile: pd.DataFrame) -> pd.Series:
    """Customers of each table whose rows name them, else its rows: what differs by chance from report to report."""
    named = (profile[PROFILE_MEASURE] == Measure.DISTINCT) & (profile[COLUMN] == CUSTOMER_ID)
    customers = profile[named].set_index(TABLE)[VALUE].where(lambda counts: counts > 0)
    return customers.reindex(_rows(profile).index).fillna(_rows(profile))


def _tables_changed(now: pd.DataFrame, before: pd.DataFrame) -> Iterator[tuple]:
    """Tables that appeared or vanished, and those with far more or fewer rows."""
    counts = pd.DataFrame({"now": _rows(now), "before": _rows(before)})
    drawn = pd.DataFrame({"now": _independent(now), "before": _independent(before)})
    by_chance = STD_ERRORS * np.sqrt((counts**2 / drawn).sum(axis=1))
    for table, n, m in counts.itertuples():
        if pd.isna(m) or pd.isna(n):
            change = Change.APPEARED if pd.isna(m) else Change.VANISHED
            yield table, "", change, formats.number(m), formats.number(n), math.nan, Size.LARGE
            continue
        factor = max(n, m) / max(1.0, min(n, m))
        if factor >= ROWS_MODERATE and abs(n - m) > by_chance[table]:
            size = Size.LARGE if factor >= ROWS_LARGE else Size.MODERATE
            yield table, "", Change.ROWS, formats.number(m), formats.number(n), math.nan, size


def _columns_changed(now: pd.DataFrame, before: pd.DataFrame, table: str) -> Iterator[tuple]:
    """Columns that appeared or vanished, and those that lack far more or fewer values."""
    both = now.join(before, how="outer", lsuffix="_now", rsuffix="_before")
    for column, share, n, earlier, m in both.itertuples():
        if pd.isna(n) or pd.isna(m):
            if 1 in (share, earlier):  # a column without values is none: later versions know more than files have
                continue
            ends = (ABSENT, THERE) if pd.isna(m) else (THERE, ABSENT)
            yield table, column, Change.APPEARED if pd.isna(m) else Change.VANISHED, *ends, math.nan, Size.LARGE
            continue
        if not n or not m:
            continue
        pooled = (share * n + earlier * m) / (n + m)
        error = math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
        change = abs(share - earlier)
        if change >= MISSING_MODERATE and change > STD_ERRORS * error:
            size = Size.LARGE if change >= MISSING_LARGE else Size.MODERATE
            yield table, column, Change.MISSING, formats.percent(earlier), formats.percent(share), math.nan, size


def _compared(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The stability index of each column whose shares both reports have in the same bins, and what chance explains."""
    shares = [_shares(profile) for profile in (before, now)]
    lines = []
    for key in shares[1]:
        if key in shares[0] and _same_edges(now, before, key):
            expected, actual = _aligned(shares[0][key], shares[1][key])
            filled = [_filled(profile, key) for profile in (before, now)]
            if min(filled) > 0:
                lines.append((*key, stability_index(expected, actual), len(expected), *filled, expected, actual))
    names = [TABLE, COLUMN, STABILITY_INDEX, "bins", "n", "m", BEFORE, NOW]
    compared = pd.DataFrame(lines, columns=names)
    level = 1 - SIGNIFICANCE / max(1, len(compared))
    chance = [index_by_chance(line.bins, line.n, line.m, level) for line in compared.itertuples()]
    compared = compared.assign(by_chance=chance).sort_values(STABILITY_INDEX, ascending=False, kind="stable")
    return compared[[TABLE, COLUMN, STABILITY_INDEX, BY_CHANCE, BEFORE, NOW]].reset_index(drop=True)


def _moved(compared: pd.DataFrame) -> Iterator[tuple]:
    """Distributions that drifted, with the level that moved most, and values that are new or gone."""
    for line in compared.itertuples():
        change = line.now - line.before
        most = None
        if line.stability_index >= MODERATE and line.stability_index > line.by_chance:
            most = change.abs().idxmax()
            size = Size.LARGE if line.stability_index >= LARGE else Size.MODERATE
            yield line.table, line.column, Change.DISTRIBUTION, *_ends(line, most), line.stability_index, size
        once = (change.abs() >= LEAST_LEVEL) & (line.before.eq(0) | line.now.eq(0))
        for level in change.index[once].difference([most]):
            what = Change.NEW_VALUE if change[level] > 0 else Change.VALUE_GONE
            yield line.table, line.column, what, *_ends(line, level), math.nan, Size.MODERATE


def _ends(line: Any, level: str) -> tuple[str, str]:
    """The share of a level before and now, in words."""
    before, now = (f"{level} {formats.percent(share[level])}" for share in (line.before, line.now))
    return before, now


def _shares(profile: pd.DataFrame) -> dict[tuple[str, str], pd.Series]:
    shares = profile[profile[PROFILE_MEASURE] == Measure.SHARE]
    return {key: part.set_index(LEVEL)[VALUE] for key, part in shares.groupby([TABLE, COLUMN], sort=False)}


def _same_edges(now: pd.DataFrame, before: pd.DataFrame, key: tuple[str, str]) -> bool:
    return edges_of(now, *key) == edges_of(before, *key)


def _aligned(before: pd.Series, now: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Shares of the same levels: one that a report does not show is among its others, if it has any, else at 0."""
    hidden = [
        level
        for level in before.index.symmetric_difference(now.index)
        if level != OTHERS and OTHERS in (now if level in before.index else before).index
    ]
    merged = [shares.rename({level: OTHERS for level in hidden}).groupby(level=0).sum() for shares in (before, now)]
    levels = merged[0].index.union(merged[1].index)
    return merged[0].reindex(levels, fill_value=0.0), merged[1].reindex(levels, fill_value=0.0)


def _filled(profile: pd.DataFrame, key: tuple[str, str]) -> float:
    """What has a value in a column, of those that are `_independent`."""
    table, column = key
    missing = profile[PROFILE_MEASURE] == Measure.MISSING_SHARE
    same = (profile[TABLE] == table) & (profile[COLUMN] == column) & missing
    return float(_independent(profile)[table] * (1 - profile.loc[same, VALUE].iloc[0]))
