"""Concordance: how often the one at higher risk leaves first."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers.statistics.arrays import event_flags, finite_numbers, same_length
from helpers.statistics.survival.risk_sets import follow_up_rows, time_grid


def concordance(
    durations: ArrayLike,
    events: ArrayLike,
    risk: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
) -> float:
    """Share of comparable pairs in which the one with the higher risk score had the event first; ties in risk count
    half.

    A pair is comparable when one has the event while the other, of the same stratum, is at risk and stays beyond it
    (or is censored at it). NaN without such pairs. Pairs weigh the product of their weights. Takes O(n log n) time.
    Source: Harrell et al. (1982).
    """
    rows = follow_up_rows(durations, event_flags(events), entry, weights, strata, "strata")
    risk = same_length(finite_numbers(risk, "risk"), "risk", len(rows.durations))
    grid = time_grid(rows)
    # events leave at even keys, the censored just after; a late entrant is taken away again below its first slot
    leaves = 2 * grid.last + 1 - rows.outcomes
    late = np.flatnonzero(grid.first > 0)
    keys = np.concatenate([leaves, 2 * grid.first[late] - 1])
    score = np.unique(np.concatenate([risk, risk[late]]), return_inverse=True)[1]
    place = np.concatenate([rows.block, rows.block[late]]) * (score.max() + 1) + score
    weight = np.concatenate([rows.weights, -rows.weights[late]])
    asking = np.concatenate([rows.weights * rows.outcomes, np.zeros(len(late))])

    order = np.lexsort([keys, place])
    keys, place, weight, asking = keys[order], place[order], weight[order], asking[order]
    below = larger_before(keys, weight)
    running = np.concatenate([[0.0], np.cumsum(weight)])
    pairs = place * (keys.max() + 1) + keys
    tied = running[np.searchsorted(place, place, side="right")] - running[np.searchsorted(pairs, pairs, side="right")]
    beyond = np.concatenate([np.cumsum(np.bincount(keys, weight)[::-1])[::-1], [0.0]])[keys + 1]
    comparable = asking @ beyond
    return float((asking @ below + asking @ tied / 2) / comparable) if comparable > 0 else np.nan


def larger_before(keys: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """For each place the sum of the weights of earlier places with a larger key.

    Bit by bit from the highest: places that agree on the bits so far form a block in their first order, and every 0
    counts the 1s before it in its block. Each bit is a few passes over the arrays.
    """
    total = np.zeros(len(keys))
    place = np.arange(len(keys))
    for bit in range(int(keys.max()).bit_length() - 1, -1, -1):
        one = (keys >> bit) & 1 == 1
        starts = np.flatnonzero(np.diff(keys >> (bit + 1), prepend=-1))
        block = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(keys))))
        running = np.cumsum(np.where(one, weights, 0.0))
        base = running[starts] - np.where(one[starts], weights[starts], 0.0)
        total[place] += np.where(one, 0.0, running - base[block])
        order = np.argsort(2 * block + one, kind="stable")
        keys, weights, place = keys[order], weights[order], place[order]
    return total
