"""The layer that every table passes before readers see it: nothing in it tells of fewer than the smallest group.

A column declares what it counts and of what it is a part (`columns.Column`); what is hidden follows from that alone: a
row of too few customers; a part, or a share, that too few have or lack, with its limits; where cells add up to a sum
that readers may know, as many more as it takes so that none can be subtracted; a sum of money that one customer makes,
or two. None and all are shown: what is true of nobody, or of everybody, tells one customer of a large group from no
other, and an empty step is often the finding.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.findings import formats
from helpers.findings.columns import Column, Kind, declared
from helpers.findings.privacy.companions import Cells, few, with_companions
from helpers.findings.vocabulary import LIKELY_RATE, STD_ERROR

MEASURES = frozenset(
    (
        Kind.COUNT,
        Kind.NUMBER,
        Kind.SHARE,
        Kind.POINTS,
        Kind.POINTS_APART,
        Kind.DAYS,
        Kind.MONEY,
        Kind.P_VALUE,
        Kind.LIMIT,
        Kind.MIXED,
        Kind.DATE,
    )
)
MOST_OF_ONE, MOST_OF_TWO = 0.5, 0.75  # of a sum of money, that the largest customer may make, and the two largest
BESIDE = (STD_ERROR, LIKELY_RATE)  # which stand beside an estimate and its limits, and would tell it
DOMINATED = Column("dominated", Kind.FLAG, "whether one customer or two make most of the money of the row")
WHOLE = Column("whole", Kind.COUNT, "how many customers the group has, as other pages may tell", people=True)
NEVER_SHOWN = (DOMINATED, WHOLE)  # by which the layer decides


def disclosed(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """`frame` as readers may see it: itself, or with missing values where something is `hidden`.

    Names of index levels become columns then.
    """
    flat, cells = flattened(frame), hidden(frame, columns)
    if not cells.any() and flat.columns.intersection(NEVER_SHOWN).empty:
        return frame
    shown = [
        values.mask(told) if told.any() else values for (_, values), told in zip(flat.items(), cells.T, strict=True)
    ]
    return pd.concat(shown, axis="columns").drop(columns=[*map(str, NEVER_SHOWN)], errors="ignore")


def hidden(frame: pd.DataFrame, columns: Sequence[Column]) -> Cells:
    """Which cells of `frame`, its named index levels as columns before them, would tell of too few customers.

    A row is of as few customers as its smallest count of people that is no part of anything, and is not shown either
    where so few are missing from a whole of which a share beside tells. A count `of` the `WHOLE` group is hidden by
    itself where so few of the group are not in it. What stands before its first count, or its first estimate with
    limits, says what the row is of, and is no number of theirs.
    """
    flat = flattened(frame)
    kept = [known(columns, str(name)) for name in flat.columns]
    cells = np.zeros(flat.shape, dtype=bool)
    if flat.empty or not any(column.people or column.summed for column in kept):
        return cells
    numbers = [numbers_of(values) for _, values in flat.items()]
    places = {str(column): place for place, column in enumerate(kept)}
    counts = [at for at, column in enumerate(kept) if column.people and column.of in ("", WHOLE) and column != WHOLE]
    rows = np.any([few(numbers[place]) for place in counts] or [np.zeros(len(flat), dtype=bool)], axis=0)
    for place in counts:
        rows = with_companions(rows, numbers[place], _lines(flat, kept[place]))
    for place, column in enumerate(kept):
        for part in (places[name] for name in column.tells if column.kind is Kind.SHARE and name in places):
            rows |= _lacks_few(numbers[place], numbers[part]) if part in counts else False
    first = min([*counts, *(at - 1 for at, column in enumerate(kept) if column.kind is Kind.LIMIT)], default=len(kept))
    measures = [at for at, column in enumerate(kept) if column.people or (column.kind in MEASURES and at >= first)]
    cells[np.ix_(rows, measures)] = True
    for place, column in enumerate(kept):
        if column.of in places:
            whole = places[column.of]
            parts = numbers[place] if column.people else np.rint(numbers[place] * numbers[whole])
            lines = _lines(flat, kept[whole]) + _lines(flat, column)
            cells[:, place] = _small_parts(cells[:, place], parts, numbers[whole], lines)
        elif column.of and column.people:
            least = cells[:, place] | few(numbers[place])
            cells[:, place] = with_companions(least, numbers[place], _lines(flat, column))
        if column.summed and DOMINATED in flat:
            made = cells[:, place] | flat[DOMINATED].fillna(False).to_numpy(dtype=bool)
            cells[:, place] = with_companions(made, np.abs(numbers[place]), [np.arange(len(flat))], least=0)
    return _with_what_tells(cells, kept, places)


def flattened(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with names of index levels as columns."""
    return frame.reset_index() if any(name is not None for name in frame.index.names) else frame


def numbers_of(values: pd.Series) -> np.ndarray:
    """The numbers among some values, as floats; not a number for all else, days and flags among them."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.to_numpy(dtype=float, na_value=np.nan)
    return np.array([float(each) if formats.is_number(each) else np.nan for each in values], dtype=float)


def known(columns: Sequence[Column], name: str) -> Column:
    """What is declared of a column; one of which nothing is shares the fate of its rows."""
    try:
        return declared(columns, name)
    except LookupError:
        return Column(name, Kind.MIXED, "nothing is declared of it")


def dominated(money: pd.Series, groups: pd.Series) -> pd.Series:
    """Of each group, whether its largest customer makes more than half of its money, or its two largest over 75 %.

    `money` has one sum a customer; what was given back beyond what was paid is none. Missing groups are left out.
    """
    order = np.argsort(-money.clip(lower=0).to_numpy(dtype=float), kind="stable")
    given, by = (each.iloc[order].reset_index(drop=True) for each in (money.clip(lower=0), groups.reindex(money.index)))
    each = given.groupby(by, observed=True)
    total, largest, first_two = each.sum(), each.max(), (each.cumcount() < 2).to_numpy()
    two = given[first_two].groupby(by[first_two], observed=True).sum()
    return (largest > MOST_OF_ONE * total) | (two.reindex(total.index) > MOST_OF_TWO * total)


def _small_parts(hidden: Cells, parts: np.ndarray, wholes: np.ndarray, lines: Sequence[np.ndarray]) -> Cells:
    """What is `hidden`, and where a part of a whole is of too few customers, or lacks too few, with companions.

    Where wholes add up to a known sum, so do their parts, unless these are too few to be told of all together.
    """
    lacking = wholes - parts
    known = [line for line in lines if not (few(parts[line].sum()) or few(lacking[line].sum()))]
    cells = hidden | few(parts) | few(lacking)
    for counts in (parts, lacking):
        cells = with_companions(cells, counts, known)
    return cells


def _lacks_few(shares: np.ndarray, counts: np.ndarray) -> Cells:
    """Where a count, which is this share of a whole that has no column, lacks too few of the whole."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return few(np.rint(counts / np.where(shares > 0, shares, np.nan) - counts))


def _lines(flat: pd.DataFrame, column: Column) -> list[np.ndarray]:
    """The rows of each sum that readers may know of a count: those alike in the columns that name the sum."""
    found = []
    for names in column.adds_up:
        there = [name for name in names if name in flat]
        if there:
            found += list(flat.groupby(there, sort=False, observed=True, dropna=False).indices.values())
        elif not names:
            found.append(np.arange(len(flat)))
    return found


def _with_what_tells(cells: Cells, kept: Sequence[Column], places: dict[str, int]) -> Cells:
    """What is hidden, with all from which it could be worked out: limits, tests, and columns declared to tell it."""
    whole = 0
    for place, column in enumerate(kept):
        whole = whole if column.kind in (Kind.LIMIT, Kind.P_VALUE) or column in BESIDE else place
        for told in {whole, *(places[name] for name in column.tells if name in places)}:
            cells[:, place] |= cells[:, told]
    return cells
