"""How much more often one list hits than another, both shown to the same customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import bdtr

DRAWS = 2_000


@dataclass(frozen=True)
class HitGain:
    """A difference of two shares of the same rows, its limits, and the p-value of there being none."""

    gain: float
    lower: float
    upper: float
    p_value: float


def hit_gain(hit: ArrayLike, instead: ArrayLike, *, level: float = 0.95, draws: int = DRAWS, seed: int = 0) -> HitGain:
    """The share of `hit` minus the share of `instead`, flags of the same independent rows.

    Limits are the quantiles of a paired bootstrap: rows are drawn with replacement, of which only how many were hit by
    the one, by the other, and by both or neither counts, so that the order of the rows does not. The p-value is the
    exact two-sided test of McNemar: rows hit by only one are a fair coin. Raises ValueError for no rows or two lengths.
    Source: Efron & Tibshirani (1993), section 13.3; McNemar (1947).
    """
    ours, theirs = np.asarray(hit, dtype=int), np.asarray(instead, dtype=int)
    if ours.shape != theirs.shape or ours.ndim != 1 or not len(ours):
        raise ValueError(f"hit = {ours.shape} beside {theirs.shape}: one flag a row of each. Take both from one trial.")
    rows = len(ours)
    more, fewer = int((ours > theirs).sum()), int((ours < theirs).sum())
    drawn = np.random.default_rng(seed).multinomial(rows, np.array([more, fewer, rows - more - fewer]) / rows, draws)
    lower, upper = np.quantile((drawn[:, 0] - drawn[:, 1]) / rows, [(1 - level) / 2, (1 + level) / 2])
    p_value = min(1.0, 2 * bdtr(min(more, fewer), more + fewer, 0.5))  # a fair coin's tails are alike
    return HitGain((more - fewer) / rows, float(lower), float(upper), float(p_value))
