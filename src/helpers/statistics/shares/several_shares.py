"""Many shares, or means, at once: whether they differ at all, and what each likely is where the extremes are told."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2


def alike_shares(count: ArrayLike, n: ArrayLike, covariance: ArrayLike) -> float:
    """p-value of the test that all shares count / n are one; NaN where nothing can differ.

    `covariance` (groups, groups) is that of count − p·n where p is the share of all rows: the sum over customers of
    the products of what each adds, so rows of a customer may be alike and stand in several groups. A score test with
    that covariance, less what the estimated p takes off. Assumes independent customers, some 20 or more in each group.
    Source: Boos (1992), generalized score tests; Rotnitzky & Jewell (1990) for clusters.
    """
    count, n, covariance = (np.asarray(values, dtype=float) for values in (count, n, covariance))
    if len(n) < 2 or not 0 < count.sum() < n.sum():
        return np.nan
    score = count - count.sum() / n.sum() * n
    estimated = np.eye(len(n)) - np.outer(n, np.ones(len(n))) / n.sum()
    spread = estimated @ covariance @ estimated.T
    rank = np.linalg.matrix_rank(spread, hermitian=True)
    return float(chi2.sf(score @ np.linalg.pinv(spread, hermitian=True) @ score, rank)) if rank else np.nan


def alike_means(estimates: ArrayLike, variances: ArrayLike) -> float:
    """p-value of the test that estimates of separate groups, with such variances, are of one value; NaN for one group.

    Groups whose variance is 0 or not known have no say. Assumes groups without a customer in common, and estimates that
    are nearly normal. Source: Cochran (1954).
    """
    estimates, variances = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    known = variances > 0
    if known.sum() < 2:
        return np.nan
    estimates, weights = estimates[known], 1 / variances[known]
    return float(chi2.sf(weights @ (estimates - np.average(estimates, weights=weights)) ** 2, len(weights) - 1))


def shrunken(estimates: ArrayLike, variances: ArrayLike) -> np.ndarray:
    """Each group's estimate drawn towards the mean of all, the more the less it is sure.

    The highest of many estimates is too high on average, for chance helped it there; the shrunken one is right on
    average. Groups that vary no more than their `variances` (of the estimates) would make them are all at the mean; a
    variance of 0 is taken for the smallest above it. Empirical Bayes with the spread between groups by moments.
    Source: DerSimonian & Laird (1986); Morris (1983).
    """
    estimates, variances = np.asarray(estimates, dtype=float), np.asarray(variances, dtype=float)
    if not (variances > 0).any():
        return estimates
    variances = np.where(variances > 0, variances, variances[variances > 0].min())
    weights = 1 / variances
    mean = np.average(estimates, weights=weights)
    excess = weights @ (estimates - mean) ** 2 - (len(estimates) - 1)
    between = max(excess / (weights.sum() - weights @ weights / weights.sum()), 0.0) if len(estimates) > 1 else 0.0
    middle = np.average(estimates, weights=1 / (variances + between))
    return middle + between / (between + variances) * (estimates - middle)
