"""How far a distribution has moved from the one a model was fitted to (population stability index)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2

BINS = 10
SMALLEST_SHARE = 1e-4  # stands for an empty bin, whose logarithm would be infinite


def quantile_edges(values: ArrayLike, bins: int = BINS) -> np.ndarray:
    """The different inner edges of `bins` equally filled bins: fewer than bins − 1 where values are tied.

    A bin holds what is above its lower edge up to its upper edge, so the greatest value is no edge: nothing lies above.
    """
    known = _known(values)
    edges = np.unique(np.quantile(known, np.arange(1, bins) / bins, method="inverted_cdf"))
    return edges[edges < known.max()]


def bin_shares(values: ArrayLike, edges: ArrayLike) -> np.ndarray:
    """The share of the known values in each of the len(edges) + 1 bins; the outer bins have no end."""
    known, inner = _known(values), np.asarray(edges, dtype=float)
    places = np.searchsorted(inner, known, side="left")
    return np.bincount(places, minlength=len(inner) + 1) / len(known)


def stability_index(expected: ArrayLike, actual: ArrayLike, *, smallest_share: float = SMALLEST_SHARE) -> float:
    """Σ (actual − expected) · ln(actual / expected) over the shares of the same bins: 0 when nothing moved.

    By custom below 0.1 is stable and above 0.25 is a shift. Smaller shares, as of empty bins, count as
    `smallest_share`: with few rows give that of half a row. Raises ValueError for shares of different bins.
    Source: Siddiqi (2006), Credit Risk Scorecards; it is Jeffreys' (1946) divergence.
    """
    before, now = np.asarray(expected, dtype=float), np.asarray(actual, dtype=float)
    if before.shape != now.shape:
        raise ValueError(f"shares = {before.size} and {now.size} bins: an index compares the same bins.")
    before, now = np.maximum(before, smallest_share), np.maximum(now, smallest_share)
    return float(np.sum((now - before) * np.log(now / before)))


def index_by_chance(bins: int, expected_rows: int, actual_rows: int, level: float = 0.95) -> float:
    """The stability index that two samples of one distribution stay under with probability `level`.

    The index of independent samples is about χ² with bins − 1 degrees of freedom times (1/n + 1/m): with few rows
    chance alone passes 0.25. Samples that share customers differ less. Source: Yurdakul & Naranjo (2020).
    """
    return float(chi2.ppf(level, bins - 1) * (1 / expected_rows + 1 / actual_rows)) if bins > 1 else 0.0


def _known(values: ArrayLike) -> np.ndarray:
    known = np.asarray(values, dtype=float)
    known = known[~np.isnan(known)]
    if known.size == 0:
        raise ValueError("values = none: shares need at least one known value.")
    return known
