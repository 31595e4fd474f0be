"""What a treatment changed at a quantile: the median basket, the 90th percentile of the days to deliver."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy.special import betainc
from scipy.stats import norm

from helpers.statistics.effects.comparisons import Effect

CONVENTION = "difference of quantiles; standard error in closed form (Maritz–Jarrett); p-value and interval: normal"


def quantile_effect(control: pd.Series, treatment: pd.Series, quantile: float = 0.5, *, alpha: float = 0.05) -> Effect:
    """Difference between the arms' quantiles, with standard error, interval of level 1 - alpha and two-sided p-value.

    Each arm is a Series of customers by value, in any order: what `rows.value_counts()` or an engine's group-by
    gives; rounding values first keeps it small. Effect and bounds are in the unit of the values. Errors as in
    `quantile_estimate`. Where the error is NaN, so is everything that needs it.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha = {alpha}: lies between 0 and 1. Write 0.05 for an interval of 95 %.")
    (base, base_error), (other, other_error) = (quantile_estimate(arm, quantile) for arm in (control, treatment))
    effect, std_error = other - base, math.hypot(base_error, other_error)
    statistic, reach = effect / std_error, float(norm.isf(alpha / 2)) * std_error
    return Effect(
        control=base,
        treatment=other,
        effect=effect,
        std_error=std_error,
        lower=effect - reach,
        upper=effect + reach,
        statistic=statistic,
        df=np.inf,
        p_value=float(2 * norm.sf(abs(statistic))),
        variance_saved=0.0,
        alpha=alpha,
        convention=CONVENTION,
    )


def quantile_estimate(customers: pd.Series, quantile: float) -> tuple[float, float]:
    """Sample quantile of one arm and its standard error, from the customers by value.

    The quantile is the smallest value that at least this share of the customers does not exceed. Its error is that
    of the bootstrap with infinitely many resamples, which has a closed form: a resample's k-th of n values is at
    most x with probability I(F(x); k, n − k + 1) (Maritz & Jarrett 1978; Efron 1979). It is NaN for nobody, and where
    no resample differs: a heap of equal values (most spent 0) does not pass for certainty. Assumes independent
    customers, one value each, and some ten customers on either side of the quantile; beside a heap, or with few
    distinct values, the normal interval is rough.
    """
    if not 0 < quantile < 1:
        raise ValueError(f"quantile = {quantile}: lies between 0 and 1. Write 0.9 for the 90th percentile.")
    counted = customers[customers > 0].sort_index()
    values, counts = counted.index.to_numpy(dtype=float), counted.to_numpy(dtype=float)
    if not np.isfinite(values).all():
        raise ValueError("customers = some without a finite value: no such value has a rank. Fill it or leave it out.")
    if not len(values):
        return math.nan, math.nan
    shares = counts.cumsum() / counts.sum()
    n = counts.sum()
    rank = max(math.ceil(n * quantile - 1e-9), 1)  # 0.55 × 100 is above 55 in floating point
    level = values[np.searchsorted(counts.cumsum(), rank)]
    weights = np.diff(betainc(rank, n - rank + 1, shares), prepend=0)
    deviations = values - level
    variance = weights @ deviations**2 - (weights @ deviations) ** 2
    return float(level), math.sqrt(variance) if variance > 0 else math.nan
