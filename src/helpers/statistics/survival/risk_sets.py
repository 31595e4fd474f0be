"""Who is at risk when: checked follow-up rows, laid on the distinct times of each block (group or stratum).

A row is at risk over (entry, duration]; a row without entry, or with entry 0, is at risk from the start, time 0
included. Times are equal when their floating-point numbers are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.statistics.arrays import codes, finite_numbers, same_length


@dataclass(frozen=True)
class FollowUp:
    """Checked rows of follow-up; every array has one element a row."""

    durations: np.ndarray
    outcomes: np.ndarray  # 0 = censored, 1 … = code of the event or cause
    entry: np.ndarray | None
    weights: np.ndarray
    block: np.ndarray  # code of the group or stratum
    labels: pd.Index  # name of each block, by code


@dataclass(frozen=True)
class TimeGrid:
    """The distinct times of every block, sorted by block and time; one slot each, and the slots each row spans."""

    block: np.ndarray  # (slots,) code of the block
    time: np.ndarray  # (slots,)
    first: np.ndarray  # (rows,) slot at which the row comes under observation
    last: np.ndarray  # (rows,) slot of the row's own duration


def follow_up_rows(
    durations: ArrayLike,
    outcomes: np.ndarray,
    entry: ArrayLike | None,
    weights: ArrayLike | None,
    blocks: ArrayLike | None,
    blocks_name: str = "groups",
) -> FollowUp:
    """Follow-up rows that can be trusted: finite, of one length, entered before they left.

    Raises ValueError that names the argument, the offending value and the remedy.
    """
    durations = finite_numbers(durations, "durations")
    size = len(durations)
    if size == 0:
        raise ValueError("durations = 0 rows: at least one row is needed. Check the filter before this call.")
    if durations.min() < 0:
        raise ValueError(f"durations = {durations.min():g} in a row: time starts at 0. Drop or mend negative rows.")
    same_length(outcomes, "events", size)
    if entry is not None:
        entry = same_length(finite_numbers(entry, "entry"), "entry", size)
        late = (entry >= durations) & (entry > 0)
        if entry.min() < 0 or late.any():
            row = int(np.argmin(entry)) if entry.min() < 0 else int(np.argmax(late))
            raise ValueError(
                f"entry = {entry[row]:g} with duration {durations[row]:g} (row {row}): 0 ≤ entry < duration. "
                "Drop rows that left before they could be seen."
            )
    if weights is None:
        weights = np.ones(size)
    else:
        weights = same_length(finite_numbers(weights, "weights"), "weights", size)
        if weights.min() < 0:
            raise ValueError(f"weights = {weights.min():g} in a row: a weight is at least 0. Drop or mend those rows.")
    block, labels = codes(blocks, blocks_name, size)
    return FollowUp(durations, outcomes, entry, weights, block, labels)


def weighted_rows(rows: FollowUp) -> FollowUp:
    """The rows whose weight is above 0: a count of nobody makes no time of its own."""
    keep = rows.weights > 0
    if keep.all():
        return rows
    if not keep.any():
        raise ValueError("weights = 0 in every row: somebody must be at risk. Check the counts.")
    entry = None if rows.entry is None else rows.entry[keep]
    return FollowUp(rows.durations[keep], rows.outcomes[keep], entry, rows.weights[keep], rows.block[keep], rows.labels)


def time_grid(rows: FollowUp) -> TimeGrid:
    """The grid of all distinct durations by block, and the slots each row spans."""
    last, times = pd.factorize(rows.durations, sort=True)
    keys, several = np.arange(len(times)), len(rows.labels) > 1
    if several:
        last, keys = pd.factorize(rows.block * len(times) + last, sort=True)
    first = np.zeros_like(last)
    if several or rows.entry is not None:
        entry = 0.0 if rows.entry is None else rows.entry
        entered = np.where(entry > 0, np.searchsorted(times, entry, side="right"), 0)
        first = np.searchsorted(keys, rows.block * len(times) + entered)
    return TimeGrid(keys // len(times), times[keys % len(times)], first, last)


def tally(slots: np.ndarray, columns: np.ndarray, weights: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Sum of weights in each cell (slot, column)."""
    return np.bincount(slots * shape[1] + columns, weights, shape[0] * shape[1]).reshape(shape)


def still_at_risk(leaving: np.ndarray, entering: np.ndarray) -> np.ndarray:
    """Sum over the rows at risk at each slot, from the sums of those that leave at it and of those that enter at it.

    Sums run backwards, so the small last risk sets keep their digits. What enters at the start of a block equals what
    leaves over it, so one running sum serves every block.
    """
    flow = leaving.astype(float)
    flow[:-1] -= entering[1:]
    return np.cumsum(flow[::-1], axis=0)[::-1]


def fewest_so_far(rows: FollowUp, grid: TimeGrid, at_risk: np.ndarray, leaving: np.ndarray) -> np.ndarray:
    """The smallest number at risk over (0, t], at each slot: it is reached just after a slot, or at the start."""
    first_slot = np.append(True, np.diff(grid.block) > 0)
    since = np.append(0.0, (at_risk - leaving)[:-1])
    since[first_slot] = 0.0
    entry = np.zeros_like(rows.durations) if rows.entry is None else rows.entry
    begun = np.where(first_slot, 0.0, np.append(0.0, grid.time[:-1]))[grid.first]
    since += np.bincount(grid.first, rows.weights * (entry == begun), len(grid.time))
    return pd.Series(since).groupby(grid.block).cummin().to_numpy()


def survival_before(block: np.ndarray, at_risk: np.ndarray, events: np.ndarray) -> np.ndarray:
    """Kaplan–Meier survival just before each slot, block by block."""
    step = pd.Series(1 - events / at_risk)
    return step.groupby(block).cumprod().groupby(block).shift(fill_value=1.0).to_numpy()
