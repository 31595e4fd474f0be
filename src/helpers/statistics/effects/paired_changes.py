"""Changes of totals and of ratios between two times, over the same units: what each brought before and now."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr

from helpers.statistics.effects.skewness import limits


def paired_change(
    sums: ArrayLike, products: ArrayLike, n: int, denominators: bool = False, alpha: float = 0.05
) -> tuple[float, float]:
    """The interval of a relative change, now ÷ before − 1, over `n` independent units: lower, upper.

    `sums` are Σ of what a unit brought now and before, then, with `denominators`, of the two that these are divided by;
    `products` is the matrix of the sums of their products. It has all changes that a paired t-test of the difference
    does not refute, with the spread that they would give (a score test, as Fieller's interval of a ratio): where
    nothing changed the differences lean to neither side, however skewed the values are. Infinite where no change is
    refuted; NaN for fewer than two units, and where what was before or is now is not above zero.
    """
    sums, products = np.asarray(sums, dtype=float), np.asarray(products, dtype=float)
    totals = sums[: 4 if denominators else 2]
    if n < 2 or not (totals > 0).all():
        return np.nan, np.nan
    below = tuple(sums[2:4]) if denominators else (1.0, 1.0)
    estimate = np.log(sums[0] / below[0]) - np.log(sums[1] / below[1])

    def statistic(log_ratio: float) -> tuple[float, float]:
        """The difference if what is now were brought back by the supposed ratio, and its standard error."""
        back = np.exp(-log_ratio)
        weights = np.array([back / below[0], -1 / below[1]])
        if denominators:
            pooled = (back * sums[0] + sums[1]) / (below[0] + below[1])
            weights = np.append(weights, [-pooled / below[0], pooled / below[1]])
        used = len(weights)
        total = weights @ sums[:used]
        scatter = weights @ products[:used, :used] @ weights - total**2 / n
        difference = back * sums[0] / below[0] - sums[1] / below[1]
        return difference, np.sqrt(max(0.0, scatter) * n / (n - 1))

    def against(log_ratio: float) -> tuple[float, float]:
        with np.errstate(divide="ignore", invalid="ignore"):
            difference, error = statistic(float(log_ratio))
            t = np.divide(difference, error)
        return stdtr(n - 1, -t), stdtr(n - 1, t)

    error = statistic(estimate)[1] / (sums[1] / below[1])
    if not error > 0:
        return np.nan, np.nan
    with np.errstate(over="ignore"):
        lower, upper = np.expm1(limits(against, estimate, error, alpha))
    return float(lower), float(upper)
