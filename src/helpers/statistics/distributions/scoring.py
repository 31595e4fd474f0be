"""Scores 1 … k by cuts on a value: equal values always get equal scores, whatever their number."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def quantile_cuts(values: ArrayLike, bins: int, margin: float | None = None) -> tuple[float, ...]:
    """The bins − 1 cuts that would fill `bins` equally if no values were equal, each just above its quantile.

    Quantiles of type 7 (Hyndman & Fan 1996) at 1/bins, 2/bins …; missing values are left out. A cut is the next larger
    value that there is, so whoever lies at a quantile scores beneath it, and scores do not depend on the unit of the
    values; above the largest it is one step more, as far as from the one before. With a `margin` a cut is the quantile
    plus so much: R's rfm package adds 1, whatever the unit is. Raises ValueError for fewer than two bins or no values.
    """
    known = np.asarray(values, dtype=float)
    known = np.sort(known[~np.isnan(known)])
    if bins < 2:
        raise ValueError(f"bins = {bins}: scores need at least 2.")
    if known.size == 0:
        raise ValueError("values = none: quantiles need at least one known value. Give the cuts instead.")
    if margin is not None:
        return tuple(float(cut) for cut in np.quantile(known, np.arange(1, bins) / bins) + margin)
    at = known[np.arange(1, bins) * (known.size - 1) // bins]
    larger = np.append(known, _beyond(known))
    return tuple(float(cut) for cut in larger[np.searchsorted(known, at, side="right")])


def _beyond(known: np.ndarray) -> float:
    """A value above the last of sorted ones, as far as that lies above the next lower one, or above 0."""
    last, lower = known[-1], known[known < known[-1]]
    step = last - lower[-1] if lower.size else abs(last)
    return max(last + step, np.nextafter(last, np.inf))


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
