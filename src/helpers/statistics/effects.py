"""What a treatment changed: sample ratio, effect with its interval, and corrections for many tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtr, stdtrit
from scipy.stats import chisquare
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from helpers.statistics.moments import Moments

Kind = Literal["proportion", "mean", "ratio"]
COLUMNS = {"proportion": 1, "mean": 1, "ratio": 2}
CONVENTIONS = {
    "proportion": "difference of proportions; p-value: pooled z test; interval: Newcombe's hybrid score",
    "mean": "difference of means; p-value and interval: Welch's t",
    "ratio": "difference of ratios; delta method; p-value and interval: Welch's t",
}
RELATIVE_CONVENTIONS = {
    "proportion": "difference of proportions over |control|; delta method; p-value and interval: normal",
    "mean": "difference of means over |control|; delta method; p-value and interval: Welch's t",
    "ratio": "difference of ratios over |control|; delta method; p-value and interval: Welch's t",
}
CORRECTIONS = {"holm": "holm", "hochberg": "simes-hochberg", "bh": "fdr_bh", "by": "fdr_by"}


@dataclass(frozen=True)
class SampleRatio:
    """Whether the arms are as large as planned: χ² goodness of fit."""

    observed: tuple[float, ...]
    expected: tuple[float, ...]
    statistic: float
    df: int
    p_value: float
    testable: bool


@dataclass(frozen=True)
class Effect:
    """Treatment against control, with its uncertainty; `convention` says how p-value and interval were made."""

    control: float
    treatment: float
    effect: float
    std_error: float
    lower: float
    upper: float
    statistic: float
    df: float
    p_value: float
    alpha: float
    convention: str


def sample_ratio(observed: Sequence[float], weights: Sequence[float] | None = None) -> SampleRatio:
    """χ² test that the customers of each arm came in the planned ratio (equal when `weights` is None).

    `weights` are relative. An arm of weight 0 was not planned: empty it is left out, with customers it gives
    p 0. With fewer than two planned arms, or nobody observed, the result is not testable and p is 1.
    """
    counts = np.asarray(observed, dtype=float)
    shares = np.ones_like(counts) if weights is None else np.asarray(weights, dtype=float)
    if counts.ndim != 1 or shares.shape != counts.shape:
        raise ValueError(
            f"weights = {shares.size} for {counts.size} arms: every arm has one planned weight. "
            "Give one number for each arm, in the same order."
        )
    for name, values in (("observed", counts), ("weights", shares)):
        if not (np.isfinite(values).all() and (values >= 0).all()):
            raise ValueError(f"{name} = {values.tolist()}: numbers of 0 or more only. Correct the plan or the count.")
    total = counts.sum()
    expected = total * shares / shares.sum() if shares.sum() else np.zeros_like(counts)
    planned = shares > 0
    unplanned = bool(counts[~planned].any())
    df = int(planned.sum()) - 1
    testable = unplanned or bool(total and df > 0)
    if unplanned:
        statistic, p_value = np.inf, 0.0
    elif testable:
        statistic, p_value = chisquare(counts[planned], expected[planned])
    else:
        statistic, p_value = 0.0, 1.0
    return SampleRatio(
        observed=tuple(counts.tolist()),
        expected=tuple(expected.tolist()),
        statistic=float(statistic),
        df=max(df, 0),
        p_value=float(p_value),
        testable=testable,
    )


def compare(
    control: Moments, treatment: Moments, *, kind: Kind, relative: bool = False, alpha: float = 0.05
) -> Effect:
    """Effect of the treatment on one metric, with standard error, interval of level 1 - alpha and two-sided p-value.

    `proportion` takes the moments of one 0/1 column, `mean` of one column, `ratio` of two (numerator,
    denominator). A relative effect is divided by the size of the control's level, so that from -10 to -5 is
    +0.5. Methods, named in `convention`: pooled z and the hybrid score interval (Newcombe 1998, method 10;
    the standard error is the unpooled one) for proportions; Welch's t for means; the delta method for ratios
    (Deng, Knoblich & Lu 2018) and relative effects, whose degrees of freedom are those of the difference.
    Assumes that customers are independent and each is one row. What cannot be tested (too few rows, nothing
    varies, a base of 0) is NaN, not an error.
    """
    if kind not in COLUMNS:
        raise ValueError(f"kind = {kind!r}: proportion, mean or ratio. Choose one of them.")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha = {alpha}: lies between 0 and 1. Write 0.05 for intervals of 95 %.")
    for arm in (control, treatment):
        _check_columns(arm, control.columns, kind)
    # A base of 0, an empty arm or one that does not vary divides by 0: the result is NaN, as promised above.
    with np.errstate(divide="ignore", invalid="ignore"):
        base, other = _level(control, kind), _level(treatment, kind)
        effect, std_error = _relative(base, other) if relative else _difference(base, other)
        df = np.inf if kind == "proportion" else _welch_df(base, other)
        statistic, reach = effect / std_error, -stdtrit(df, alpha / 2) * std_error
        p_value, bounds = 2 * stdtr(df, -abs(statistic)), (effect - reach, effect + reach)
        if kind == "proportion" and not relative:
            statistic, p_value = _pooled_z(base, other)
            bounds = _newcombe_bounds(base, other, alpha)
    values = (base.value, other.value, effect, std_error, *bounds, statistic, df, p_value)
    return Effect(*map(float, values), alpha, (RELATIVE_CONVENTIONS if relative else CONVENTIONS)[kind])


def adjust(p_values: ArrayLike, method: str) -> np.ndarray:
    """p-values corrected for being several, in the same order.

    `holm` and `hochberg` hold the family-wise error, `bh` and `by` the false discovery rate. NaN
    stays NaN and is not counted as a test. Hochberg and Benjamini–Hochberg assume independent or positively
    dependent tests, Holm and Benjamini–Yekutieli assume nothing.
    """
    if method not in CORRECTIONS:
        raise ValueError(f"method = {method!r}: {', '.join(CORRECTIONS)}. Choose one of them.")
    adjusted = np.array(p_values, dtype=float)
    tested = ~np.isnan(adjusted)
    if ((adjusted[tested] < 0) | (adjusted[tested] > 1)).any():
        raise ValueError(f"p_values = {adjusted.tolist()}: each lies between 0 and 1. Pass p-values, not statistics.")
    if tested.any():
        adjusted[tested] = multipletests(adjusted[tested], method=CORRECTIONS[method])[1]
    return adjusted


@dataclass(frozen=True)
class _Level:
    """An arm's level, the variance of that level, and the number of rows behind it."""

    value: np.float64
    variance: np.float64
    n: np.float64


def _check_columns(arm: Moments, columns: tuple[str, ...], kind: Kind) -> None:
    if arm.columns != columns or len(columns) != COLUMNS[kind]:
        raise ValueError(
            f"columns = {', '.join(arm.columns)}: a {kind} has {COLUMNS[kind]} column(s), the same in both arms. "
            "Use select() to pick them."
        )
    if kind == "proportion" and arm.n:
        share = arm.means[0]
        # Only a 0/1 column has this sum of squared deviations.
        if not np.isclose(arm.scatter[0, 0], arm.n * share * (1 - share), rtol=1e-6, atol=1e-6):
            raise ValueError(f"{columns[0]} has values other than 0 and 1: no proportion. Compare it as a mean.")


def _level(arm: Moments, kind: Kind) -> _Level:
    n = np.float64(arm.n)
    if kind == "proportion":
        return _Level(arm.means[0], arm.means[0] * (1 - arm.means[0]) / n, n)
    if kind == "mean":
        return _Level(arm.means[0], arm.variances[0] / n, n)
    ratio = arm.means[0] / arm.means[1]
    gradient = np.array([1, -ratio]) / arm.means[1]
    return _Level(ratio, gradient @ arm.covariances @ gradient / n, n)


def _difference(base: _Level, other: _Level) -> tuple[np.float64, np.float64]:
    return other.value - base.value, _positive(np.sqrt(base.variance + other.variance))


def _relative(base: _Level, other: _Level) -> tuple[np.float64, np.float64]:
    variance = other.variance + base.variance * (other.value / base.value) ** 2
    size = abs(base.value) or np.nan
    return (other.value - base.value) / size, _positive(np.sqrt(variance) / size)


def _positive(std_error: np.float64) -> np.float64:
    """A standard error of 0 means that nothing varies, not that the effect is certain."""
    return std_error if std_error > 0 else np.float64("nan")


def _welch_df(base: _Level, other: _Level) -> np.float64:
    squares = base.variance**2 / (base.n - 1) + other.variance**2 / (other.n - 1)
    return (base.variance + other.variance) ** 2 / squares


def _pooled_z(base: _Level, other: _Level) -> tuple[np.float64, np.float64]:
    rows = np.array([other.n, base.n])
    return proportions_ztest(rows * [other.value, base.value], rows)


def _newcombe_bounds(base: _Level, other: _Level, alpha: float) -> tuple[np.float64, np.float64]:
    counts = other.value * other.n, other.n, base.value * base.n, base.n
    return confint_proportions_2indep(*counts, method="newcomb", compare="diff", alpha=alpha)
