"""The level of a metric in one arm, from moments: share, mean or ratio, with its variance and degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from helpers.statistics.effects.moments import Moments

Kind = Literal["proportion", "mean", "count", "ratio"]
COLUMNS = {"proportion": 1, "mean": 1, "count": 1, "ratio": 2}


@dataclass(frozen=True)
class Level:
    """A level, the variance of that estimate and its degrees of freedom.

    A relative effect is divided by `base`, the level before any adjustment; `covariance` is that of the two.
    """

    value: float
    variance: float
    df: float
    base: float
    base_variance: float
    covariance: float

    @classmethod
    def unadjusted(cls, value: float, variance: float, df: float) -> Level:
        """A level that is its own base."""
        return cls(value, variance, df, value, variance, variance)


def level(arm: Moments, kind: Kind) -> Level:
    """The level of an arm whose columns are those of the metric alone.

    The variance of a proportion is p(1 - p)/n, taken as known; that of a mean s²/n, that of a ratio the delta
    method's (Deng, Knoblich & Lu 2018). NaN where the arm is empty or the denominator's mean is 0.
    """
    value, gradient = value_and_gradient(arm.means, kind)
    n = np.float64(arm.n)
    if kind == "proportion":
        return Level.unadjusted(value, value * (1 - value) / n, np.float64("inf"))
    return Level.unadjusted(value, gradient @ arm.covariances @ gradient / n, n - 1)


def value_and_gradient(means: np.ndarray, kind: Kind) -> tuple[np.float64, np.ndarray]:
    """The level that the means of a metric's columns give, and its derivative by each; NaN of a ratio to nothing."""
    if kind == "ratio":
        denominator = means[1] or np.nan  # a ratio to nothing is not known, rather than infinite
        ratio = means[0] / denominator
        return ratio, np.array([1, -ratio]) / denominator
    return means[0], np.ones(1)
