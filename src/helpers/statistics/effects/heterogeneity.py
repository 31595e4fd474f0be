"""Whether an effect differs between segments, and each segment's effect once shrunk towards what all have in common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2, f, norm

STEPS = 100  # of Newton's method for the variance between segments, which takes some ten


@dataclass(frozen=True)
class EqualEffects:
    """Test that all segments have the same effect; `i_squared` is the share of the spread that chance leaves over."""

    q: float
    df: int
    p_value: float
    i_squared: float


@dataclass(frozen=True)
class ShrunkenEffects:
    """Effects of segments as draws around their `mean`: `tau` is the standard deviation of the true effects.

    `effects`, `std_errors`, `lower` and `upper` have one entry a segment, in the order handed in.
    """

    tau: float
    mean: float
    effects: np.ndarray
    std_errors: np.ndarray
    lower: np.ndarray
    upper: np.ndarray


def equal_effects(effects: ArrayLike, std_errors: ArrayLike, df: ArrayLike = np.inf) -> EqualEffects:
    """Cochran's Q test of equal effects over independent segments, with I².

    Takes an estimate and its standard error for each segment, as `effects.compare` gives them; segments where either
    is NaN are left out, and with fewer than two the test is NaN. Q is the sum of squared deviations from the mean
    weighted by 1 / error², χ² on one degree less than there are segments (Cochran 1954); I² is the part of Q beyond
    its degrees of freedom (Higgins & Thompson 2002). Where errors are estimated, `df` are their degrees of freedom: the
    test is Welch's (1951) then. Without them errors are taken as known: some hundreds of customers in each arm, and for
    a share some with and some without.
    """
    values, variances, known = _known(effects, std_errors)
    less = max(len(values) - 1, 0)
    if not less:
        return EqualEffects(np.nan, 0, np.nan, np.nan)
    q = _spread(values, variances, 0.0)[0]
    weights = 1 / variances / (1 / variances).sum()
    unsure = ((1 - weights) ** 2 / np.broadcast_to(df, known.shape)[known]).sum() / (len(values) ** 2 - 1)
    p_value = f.sf(q / less / (1 + 2 * (less - 1) * unsure), less, 1 / (3 * unsure)) if unsure else chi2.sf(q, less)
    return EqualEffects(float(q), less, float(p_value), float(max(0.0, 1 - less / q)) if q else 0.0)


def shrunken_effects(effects: ArrayLike, std_errors: ArrayLike, *, alpha: float = 0.05) -> ShrunkenEffects:
    """Empirical-Bayes effects of segments, with intervals of level 1 - alpha.

    Each effect moves to the mean of all by its share of noise, error² / (error² + τ²), where τ² is Paule & Mandel's
    (1982) estimate of the variance between segments. The largest of many noisy effects is thus no longer too large in
    the mean (regression to the mean), and where segments differ by no more than chance all have the same one. The
    errors count that of the mean and, to first order, that of τ² (Kass & Steffey 1989), which a τ² of 0 has too:
    intervals of 95 % then hold 90 to 99 % of the true effects, without it down to 83 %. Assumes independent segments
    whose true effects scatter normally. A segment without an effect or error is NaN, as all are where fewer than two
    have both.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha = {alpha}: lies between 0 and 1. Write 0.05 for intervals of 95 %.")
    values, variances, known = _known(effects, std_errors)
    if len(values) < 2:
        nowhere = np.full(known.shape, np.nan)
        return ShrunkenEffects(np.nan, np.nan, *[nowhere] * 4)
    between = _paule_mandel(values, variances)
    weights = 1 / (variances + between)
    mean = weights @ values / weights.sum()
    noise = variances * weights
    shrunken = mean + (1 - noise) * (values - mean)
    squares = variances * (1 - noise) + noise**2 / weights.sum()
    errors = np.sqrt(squares + _slope(values, variances, between) ** 2 * _variance_of_between(weights))
    reach = norm.isf(alpha / 2) * errors
    placed = [_placed(column, known) for column in (shrunken, errors, shrunken - reach, shrunken + reach)]
    return ShrunkenEffects(float(np.sqrt(between)), float(mean), *placed)


def _known(effects: ArrayLike, std_errors: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Effects and variances of the segments that have both, and which these are."""
    values, errors = np.asarray(effects, dtype=float), np.asarray(std_errors, dtype=float)
    if values.ndim != 1 or values.shape != errors.shape:
        raise ValueError(
            f"effects = {values.shape}, std_errors = {errors.shape}: one of each a segment. Hand in two equal lengths."
        )
    if (errors <= 0).any():
        raise ValueError(f"std_errors = {errors.min():g}: each is above 0. Write NaN where nothing varies.")
    known = np.isfinite(values) & np.isfinite(errors)
    return values[known], errors[known] ** 2, known


def _spread(values: np.ndarray, variances: np.ndarray, between: float) -> tuple[float, float]:
    """Q at a variance between segments, and minus its derivative by it."""
    weights = 1 / (variances + between)
    deviations = values - weights @ values / weights.sum()
    return weights @ deviations**2, weights**2 @ deviations**2


def _paule_mandel(values: np.ndarray, variances: np.ndarray) -> float:
    """The τ² ≥ 0 at which Q equals its degrees of freedom.

    Q falls and is convex, so Newton's steps from 0 never overshoot (DerSimonian & Kacker 2007).
    """
    between = 0.0
    for _ in range(STEPS):
        q, fall = _spread(values, variances, between)
        step = (q - (len(values) - 1)) / fall if fall else 0.0
        if step <= 1e-12 * (between + variances.min()):
            break
        between += step
    return between


def _slope(values: np.ndarray, variances: np.ndarray, between: float) -> np.ndarray:
    """Change of each shrunken effect with τ²."""
    weights = 1 / (variances + between)
    deviations = values - weights @ values / weights.sum()
    of_mean = -(weights**2) @ deviations / weights.sum()
    return variances * weights**2 * deviations + variances * weights * of_mean


def _variance_of_between(weights: np.ndarray) -> float:
    """Variance of an estimate of τ²: the inverse of its restricted information."""
    one, two, three = (np.sum(weights**power) for power in (1, 2, 3))
    return 2 / (two - 2 * three / one + (two / one) ** 2)


def _placed(column: np.ndarray, known: np.ndarray) -> np.ndarray:
    whole = np.full(known.shape, np.nan)
    whole[known] = column
    return whole
