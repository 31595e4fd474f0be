"""A key figure with what it takes to read it, and intervals from sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm


@dataclass(frozen=True)
class Figure:
    """One key figure of a window; totals that no chance moves have no interval (NaN)."""

    kpi: str
    value: float
    unit: str
    window: str
    denominator: str
    formula: str
    lower: float = np.nan
    upper: float = np.nan
    relative: bool = True  # whether a change of it is told as a share of the value before


def ratio_interval(
    sums: tuple[float, float], squares: tuple[float, float, float], n: float, level: float = 0.95
) -> tuple[float, float]:
    """Normal interval of the ratio Σy ÷ Σx over `n` independent units; NaN for fewer than two units.

    `sums` are Σy and Σx, `squares` are Σy², Σxy and Σx². With x = 1 it is the usual interval of a mean. The variance
    is that of the residuals y − r·x, n/(n−1) · Σ(y − r·x)² ÷ (Σx)² (Cochran 1977, Sampling Techniques, eq. 6.9,
    without the finite population correction). Assumes that units are independent and many.
    """
    (y, x), (yy, xy, xx) = sums, squares
    if n < 2 or x <= 0:
        return np.nan, np.nan
    ratio = y / x
    scatter = max(0.0, yy - 2 * ratio * xy + ratio**2 * xx)  # rounding may leave a hair below zero
    half = norm.ppf((1 + level) / 2) * np.sqrt(n / (n - 1) * scatter) / x
    return ratio - half, ratio + half
