"""Intervals for shares of customers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import binomtest, chi2_contingency
from statsmodels.stats.proportion import proportion_confint


def wilson_interval(count: ArrayLike, n: ArrayLike, alpha: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper bound of each share count / n, between 0 and 1; NaN where n is 0.

    `count` and `n` are numbers or arrays that broadcast. Wilson's score interval (Wilson 1927): the shares that
    a score test at `alpha` accepts. It keeps its level for small n and for shares near 0 and 1. Assumes
    independent trials.
    """
    count, n = np.broadcast_arrays(np.asarray(count, dtype=float), np.asarray(n, dtype=float))
    impossible = (count < 0) | (count > n)
    if impossible.any():
        k, trials = count[impossible][0], n[impossible][0]
        raise ValueError(f"count = {k:g} of n = {trials:g}: a count lies between 0 and n. Check numerator and filter.")
    lower, upper = proportion_confint(count, np.where(n > 0, n, np.nan), alpha=alpha, method="wilson")
    return np.where(count == 0, 0 * lower, lower), np.where(count == n, 1 + 0 * upper, upper)  # exact at the ends


def equal_shares(count: pd.Series, n: pd.Series) -> float:
    """p-value of Pearson's χ² that all shares count / n are one; NaN where nothing can differ."""
    table = np.array([count, n - count], dtype=float)[:, n.to_numpy() > 0]
    return float(chi2_contingency(table).pvalue) if table.shape[1] > 1 and table.sum(axis=1).all() else np.nan


def leads(counts: ArrayLike, alpha: float = 0.05) -> bool:
    """Whether the largest of counts of one sample is ahead of the second beyond chance; not with a tie.

    Exact sign test of the two: where both are equally likely, half of their sum falls to each.
    """
    second, first = np.sort(np.append([0, 0], np.asarray(counts, dtype=int)))[-2:]
    return bool(first and binomtest(int(first), int(first + second), 0.5).pvalue < alpha)
