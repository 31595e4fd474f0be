"""What a reader with a pencil works out of a table: numerators, what is missing to a whole, and what sums leave over.

It knows what is declared of the columns, and all sums, which other tables of a report tell; how the layer chooses
what it hides the attack does not know. `across` lays the tables of all pages side by side: what one hides and another
tells of the same group, and who of a group whose size one tells are not counted in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.findings import Column, DeclaredTable, Kind, formats
from helpers.findings.columns import declared
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.disclosure import disclosed, flattened
from pages import Page

NAMES = (Kind.NAME, Kind.PLAIN, Kind.CODE)
Layer = Callable[[pd.DataFrame, Sequence[Column]], pd.DataFrame]


@dataclass(frozen=True)
class Attack:
    """What was worked out of the tables of some pages."""

    tables: int
    shown: list[str]  # of the tables as readers see them
    hidden: list[str]  # of the same where the layer has hidden nothing


def attacked(pages: Iterable[Page]) -> Attack:
    """The attack on every table that is shown, or stands in the workbook; lists of customers are in neither."""
    shown, hidden, tables = [], [], 0
    for frame, columns in _tables(pages):
        if "customer_id" in frame or frame.empty:
            continue
        whole, tables = flattened(frame), tables + 1
        shown += singled_out(disclosed(whole, columns), whole, columns, SMALLEST_GROUP)
        hidden += singled_out(whole, whole, columns, SMALLEST_GROUP)
    return Attack(tables, shown, hidden)


def _tables(pages: Iterable[Page]) -> Iterator[tuple[pd.DataFrame, Sequence[Column]]]:
    for page in pages:
        for finding in page.findings:
            yield finding.summary(), finding.shown or finding.columns
        for answer in page.saved.values():
            if isinstance(answer, DeclaredTable):
                yield answer.table, answer.columns


def singled_out(shown: pd.DataFrame, whole: pd.DataFrame, columns: Sequence[Column], least: int) -> list[str]:
    """Each count of one to `least` - 1 people that `shown` tells, `whole` being the same table with nothing hidden."""
    found = []
    for name in shown:
        column = declared(columns, str(name))
        values = _numbers(shown[name])
        if column.people:
            found += _told(column, "count", values, least)
        if column.of and column.of in shown:
            of = _numbers(shown[column.of])
            part = values if column.people else np.rint(values * of)
            found += _subtracted_parts(column, columns, shown, whole, least)
            found += _told(column, "numerator", part, least) + _told(column, "complement", of - part, least)
        for count in column.tells if column.kind is Kind.SHARE else ():
            if count in shown and declared(columns, count).people and not declared(columns, count).of:
                part = _numbers(shown[count])
                with np.errstate(divide="ignore", invalid="ignore"):
                    found += _told(column, "rest of the whole", np.rint(part / values - part), least)
        if column.adds_up and len(shown) == len(whole):
            found += _subtracted(column, shown, whole, least)
    return found


def _told(column: Column, how: str, counts: np.ndarray, least: int) -> list[str]:
    few = counts[(np.abs(counts) >= 1) & (np.abs(counts) < least)]
    return [f"{column}: {how} {few[0]:g} and {len(few) - 1} more"] if len(few) else []


def _subtracted(column: Column, shown: pd.DataFrame, whole: pd.DataFrame, least: int) -> Iterator[str]:
    """Hidden cells that the known sums give away: by one sum alone, or by all of them solved at once."""
    seen, true = _numbers(shown[str(column)]), _numbers(whole[str(column)])
    unseen = np.flatnonzero(np.isnan(seen) & ~np.isnan(true) & (true != 0))
    sums = []
    for names in column.adds_up:
        there = [name for name in names if name in whole]
        if names and not there:
            continue
        keys = whole.groupby(there, dropna=False, observed=True).ngroup() if there else pd.Series(0, whole.index)
        for key in keys.unique():
            there = keys.to_numpy() == key
            line = np.isin(unseen, np.flatnonzero(there))
            if np.nansum(true[there]) < least:
                continue  # where a sum is told, it is of enough
            if line.any() and names or column.adds_up == ((),):  # beside sums of parts that of all tells its rest alone
                sums.append(line)
            rest = true[unseen[line]].sum()
            if line.any() and 1 <= rest < least:
                yield f"{column}: {rest:g} are left over of a sum"
    if not sums:
        return
    equations = np.array(sums, dtype=float)
    rank = np.linalg.matrix_rank(equations)
    for place, cell in enumerate(unseen):
        alone = np.zeros(len(unseen))
        alone[place] = 1
        if 1 <= true[cell] < least and np.linalg.matrix_rank(np.vstack([equations, alone])) == rank:
            yield f"{column}: a cell of {true[cell]:g} follows from the sums"


def _subtracted_parts(
    column: Column, columns: Sequence[Column], shown: pd.DataFrame, whole: pd.DataFrame, least: int
) -> Iterator[str]:
    """The same of parts of counts that add up, whose numbers are known of all together where they are not few."""
    parts = []
    for frame in (shown, whole):
        of, values = _numbers(frame[column.of]), _numbers(frame[str(column)])
        parts.append(values if column.people else np.rint(values * of))
    lacking = _numbers(whole[column.of]) - parts[1]
    sums = declared(columns, column.of).adds_up
    if not sums or any(np.nansum(each) < least for each in (parts[1], lacking)):
        return
    summed = column.but(adds_up=sums)
    for counts in (parts[1], lacking):
        seen = np.where(np.isnan(parts[0]), np.nan, counts)
        frames = [frame.assign(**{str(column): each}) for frame, each in ((shown, seen), (whole, counts))]
        yield from _subtracted(summed, *frames, least)


def across(pages: Iterable[Page], everybody: int, passed: Layer = disclosed, least: int = SMALLEST_GROUP) -> list[str]:
    """What tables of different pages tell together once they `passed` a layer, of `everybody` so many."""
    told: dict[frozenset[str], set[tuple[str, float]]] = {}
    hidden: dict[frozenset[str], set[tuple[str, float]]] = {}
    whole_groups: dict[frozenset[str], float] = {}
    for frame, columns in _tables(pages):
        if "customer_id" in frame or frame.empty:
            continue
        whole = flattened(frame)
        shown = flattened(passed(whole, columns))
        first = next((at for at, name in enumerate(whole) if declared(columns, str(name)).people), 0)
        names = [name for name in whole.columns[:first] if declared(columns, str(name)).kind in NAMES]
        for name in (name for name in shown if declared(columns, str(name)).people):
            column, seen, true = declared(columns, str(name)), _numbers(shown[name]), _numbers(whole[name])
            groups = [frozenset(map(str, row)) for row in whole[names].to_numpy()] if names else []
            for group, count, number in zip(groups, seen, true, strict=False):
                if not np.isnan(count):
                    told.setdefault(group, set()).add((str(name), count))
                elif 1 <= number < least:
                    hidden.setdefault(group, set()).add((str(name), number))
            if len(names) == 1 and np.nansum(true) == everybody and () in column.adds_up:
                whole_groups |= dict(zip(groups, seen, strict=True))
    twice = [f"{set(group)}: {few} of one page" for group, few in hidden.items() if few & told.get(group, set())]
    few = [
        f"{set(group)}: {whole_groups[group]:g} on one page, {count:g} {name} on another"
        for group in whole_groups.keys() & told.keys()
        for name, count in told[group]
        if name in ("customers", "buyers") and 1 <= whole_groups[group] - count < least
    ]
    return twice + few


def _numbers(values: pd.Series) -> np.ndarray:
    return np.array([float(each) if formats.is_number(each) else np.nan for each in values], dtype=float)
