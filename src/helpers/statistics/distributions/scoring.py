"""Scores 1 … k by cuts on a value: equal values always get equal scores, whatever their number."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def quantile_cuts(values: ArrayLike, bins: int, margin: float = 1.0) -> tuple[float, ...]:
    """The bins − 1 cuts that would fill `bins` equally if no values were equal, each `margin` above its quantile.

    Quantiles of type 7 (Hyndman & Fan 1996) at 1/bins, 2/bins …; missing values are left out. The margin is that of
    R's rfm package, which adds one unit so that whoever lies at a quantile scores beneath it; give 0 for plain
    quantiles. Raises ValueError for fewer than two bins or no values.
    """
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if bins < 2:
        raise ValueError(f"bins = {bins}: scores need at least 2.")
    if known.size == 0:
        raise ValueError("values = none: quantiles need at least one known value. Give the cuts instead.")
    return tuple(float(cut) for cut in np.quantile(known, np.arange(1, bins) / bins) + margin)


def scores(values: ArrayLike, cuts: ArrayLike, descending: bool = False) -> np.ndarray:
    """Whole scores from 1 to len(cuts) + 1: one more than the number of cuts that a value reaches.

    A value below the first cut scores 1, one at or above the last cut scores highest; `descending` turns the scale
    round, for values that are good when small. Raises ValueError for missing values or cuts out of order.
    """
    values, cuts = np.asarray(values, dtype=float), np.asarray(cuts, dtype=float)
    if np.isnan(values).any():
        raise ValueError(f"values = {int(np.isnan(values).sum())} missing: a score needs a number. Leave them out.")
    if np.isnan(cuts).any() or (np.diff(cuts) < 0).any():
        raise ValueError(f"cuts = {cuts.tolist()}: write them in rising order.")
    ascending = np.searchsorted(cuts, values, side="right") + 1
    return len(cuts) + 2 - ascending if descending else ascending


def effective_bins(scored: ArrayLike) -> int:
    """How many different scores were given: ties and equal cuts leave fewer than were asked for."""
    return len(np.unique(np.asarray(scored)))
