"""What has to be hidden beside a hidden count, so that no sum which readers may know tells it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from helpers.findings import folding

Cells = np.ndarray  # which cells are meant, of a table or of one column
NOTHING = 1e-9  # of a direction, in which a cell may still vary


def few(counts: np.ndarray) -> Cells:
    """Which counts are of somebody, and of fewer than the smallest group; those below zero count as well."""
    return (np.abs(counts) > 0) & (np.abs(counts) < folding.SMALLEST_GROUP)


def with_companions(cells: Cells, counts: np.ndarray, lines: Sequence[np.ndarray], least: float | None = None) -> Cells:
    """What is hidden, with the next smallest of each line from which what is hidden of it could be subtracted.

    A line is the places of the counts that add up to a known sum. What is hidden of it is to be more than one count and
    to be `least` together, by default the smallest group, and no small count is to follow from all sums at once; what
    is missing already is hidden, and of unknown size. A count of nobody is hidden where nothing else is left.
    """
    least, cells = folding.SMALLEST_GROUP if least is None else least, cells.copy()
    while (place := _companion(cells | np.isnan(counts), cells, counts, lines, least)) is not None:
        cells[place] = True
    return cells


def _companion(
    unseen: Cells, cells: Cells, counts: np.ndarray, lines: Sequence[np.ndarray], least: float
) -> int | None:
    """The next count to hide; None where all that is hidden stays so."""
    for line in lines:
        together = counts[line][unseen[line]].sum()  # not a number, and so not too small, where one is missing
        if cells[line].any() and (unseen[line].sum() == 1 or together < least):
            seen = line[~unseen[line] & (counts[line] > 0)]
            if len(seen):
                return int(seen[np.argmin(counts[seen])])
    for place in _solved(unseen, counts, lines):
        beside = [line for line in lines if place in line]
        about = [line for line in lines if unseen[line].any()]
        for near in (beside, about):
            seen = np.setdiff1d(np.concatenate(near), np.flatnonzero(unseen))
            if len(seen) and (near is about or counts[seen].max() > 0):
                return int(seen[np.argmin(np.where(counts[seen] > 0, counts[seen], np.inf))])
    return None


def _solved(unseen: Cells, counts: np.ndarray, lines: Sequence[np.ndarray]) -> np.ndarray:
    """The places of small hidden counts that follow from all known sums together.

    Sums of fewer than the smallest group are not known, since no page shows them; so a sum that holds others whole
    tells nothing beyond its own line.
    """
    places = np.flatnonzero(unseen)
    parting = [line for line in lines if not any(len(each) < len(line) and np.isin(each, line).all() for each in lines)]
    known = [np.isin(places, line) for line in parting if not counts[line].sum() < folding.SMALLEST_GROUP]
    sums = np.array([line for line in known if line.any()], dtype=float)
    if not len(sums) or (sums.sum(axis=0) <= 1).all():  # of lines that do not cross, none tells of another
        return places[:0]
    *_, directions = np.linalg.svd(sums)
    free = directions[np.linalg.matrix_rank(sums) :]  # along which hidden counts may vary with all sums as they are
    return places[few(counts[places]) & ~(np.abs(free) > NOTHING).any(axis=0)]
