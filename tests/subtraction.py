"""What a reader with a pencil works out of a table: numerators, what is missing to a whole, and what sums leave over.

It knows what is declared of the columns, and all sums, which other tables of a report tell; how the layer chooses
what it hides the attack does not know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.findings import Column, DeclaredTable, Kind, formats
from helpers.findings.columns import declared
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.disclosure import disclosed, flattened
from pages import Page


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
            line = np.isin(unseen, np.flatnonzero(keys.to_numpy() == key))
            if line.any():
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


def _numbers(values: pd.Series) -> np.ndarray:
    return np.array([float(each) if formats.is_number(each) else np.nan for each in values], dtype=float)
