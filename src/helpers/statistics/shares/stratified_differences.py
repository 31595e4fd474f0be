"""The difference of two shares within strata: Mantel and Haenszel's, for few large strata and for many small ones."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm


class StratifiedDifference(NamedTuple):
    """The share of the exposed with the outcome less that of others of the same stratum, with its limits."""

    difference: float
    lower: float
    upper: float
    p_value: float  # two-sided, that there is none
    exposed: int  # who have others in their stratum
    share: float  # of these with the outcome


def stratified_difference(
    exposed: ArrayLike, outcome: ArrayLike, strata: ArrayLike, level: float = 0.95
) -> StratifiedDifference:
    """Mantel–Haenszel difference of shares over strata, with normal limits; NaN where no stratum has both sides.

    `exposed`, `outcome` (true or false) and `strata` have one value a row. The variance holds for few large strata and
    for many small ones; p is that of the Cochran–Mantel–Haenszel test, which takes the variance under no difference.
    Assumes independent rows and one difference in all strata. Source: Greenland & Robins (1985), Biometrics 41; Sato
    (1989), Biometrics 45, for the variance; Mantel & Haenszel (1959) for the test.
    """
    cells = _cells(*(np.asarray(values) for values in (exposed, outcome, strata)))
    if cells.empty:
        return StratifiedDifference(np.nan, np.nan, np.nan, np.nan, 0, np.nan)
    x, y, n, m = (cells[name].to_numpy(float) for name in ("x", "y", "n", "m"))
    rows = n + m
    weight = (n * m / rows).sum()
    difference = float(((x * m - y * n) / rows).sum() / weight)
    first = (n**2 * y - m**2 * x + n * m * (m - n) / 2) / rows**2
    second = (x * (m - y) + y * (n - x)) / (2 * rows)
    error = np.sqrt(max(difference * first.sum() + second.sum(), 0)) / weight
    reach = norm.ppf((1 + level) / 2) * error
    had = x + y
    chance = (n * m * had * (rows - had) / (rows**2 * (rows - 1))).sum()
    z = (x - n * had / rows).sum() / np.sqrt(chance) if chance > 0 else np.nan
    lower, upper = float(difference - reach), float(difference + reach)
    return StratifiedDifference(difference, lower, upper, float(2 * norm.sf(abs(z))), int(n.sum()), x.sum() / n.sum())


def _cells(exposed: np.ndarray, outcome: np.ndarray, strata: np.ndarray) -> pd.DataFrame:
    """Of each stratum with both sides: `n` exposed, `x` of them with the outcome, `m` others, `y` of them with it."""
    is_exposed, has = exposed.astype(bool), outcome.astype(bool)
    counts = {"n": is_exposed, "x": is_exposed & has, "m": ~is_exposed, "y": ~is_exposed & has}
    cells = pd.DataFrame(counts).groupby(strata).sum()
    return cells[(cells["n"] > 0) & (cells["m"] > 0)]
