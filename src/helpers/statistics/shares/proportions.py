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


def independent_rows(count: ArrayLike, n: ArrayLike, squares: ArrayLike, customers: ArrayLike) -> np.ndarray:
    """How many independent rows would tell each share count / n as well as its n rows, of which a customer has several.

    `squares` is the sum over the `customers` of (x − share · m)², x of the m rows of each: their variance, linearised
    as for a ratio of sums. No more than n; where all rows are equal, or one customer has all, as many as there are
    customers. Wilson's interval of a share and this size is right for customers who differ.
    Source: Kish (1965), design effect; Korn & Graubard (1998) for the effective size in an interval for shares.
    """
    count, n, squares, customers = (np.asarray(each, dtype=float) for each in (count, n, squares, customers))
    with np.errstate(divide="ignore", invalid="ignore"):
        share = count / n
        variance = np.clip(squares, 0, None) / n**2 * customers / (customers - 1)
        alike = share * (1 - share) / variance
        varies = (share > 0) & (share < 1) & (variance > 0) & np.isfinite(alike)
    return np.minimum(np.where(varies, alike, customers), n)


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
