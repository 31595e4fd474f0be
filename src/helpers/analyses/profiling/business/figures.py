"""A key figure and a share with what it takes to read them, and intervals from sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.profiling.vocabulary import DENOMINATOR, FORMULA, KPI, WINDOW
from helpers.findings.evidence import Z
from helpers.statistics.effects import skewed_interval

UNKNOWN = (np.nan, np.nan)  # an interval, or a count and its whole, of which nothing is known


@dataclass(frozen=True)
class Definition:
    """What a figure is made of: its formula, the days that it is of, and what it is a share or a mean of."""

    formula: str
    window: str
    denominator: str = "–"


@dataclass(frozen=True)
class Figure:
    """One key figure of a window; totals that no chance moves have no interval (NaN)."""

    kpi: str
    value: float
    unit: str
    definition: Definition
    limits: tuple[float, float] = UNKNOWN
    relative: bool = True  # whether a change of it is told as a share of the value before


@dataclass(frozen=True)
class Share:
    """One share: a count and the whole of which it is a part, and both again one window earlier."""

    kpi: str
    now: tuple[float, float]
    before: tuple[float, float]
    definition: Definition
    limits: tuple[float, float] | None = None  # where the count is not of independent cases; else Wilson's
    previous_on: dt.date | None = None  # the last day of the window before, where it is not that of the other shares
    tells_most: bool = False  # of customers staying


def reading(figures: Sequence[Figure | Share]) -> pd.DataFrame:
    """How to read each: kpi, formula, window and denominator."""
    return pd.DataFrame({
        KPI: [figure.kpi for figure in figures],
        FORMULA: [figure.definition.formula for figure in figures],
        WINDOW: [figure.definition.window for figure in figures],
        DENOMINATOR: [figure.definition.denominator for figure in figures],
    })  # fmt: skip


def ratio_interval(
    sums: tuple[float, float], squares: tuple[float, float, float], n: float, skewness: float | None = None
) -> tuple[float, float]:
    """95% interval of the ratio Σy ÷ Σx over `n` independent units; NaN for fewer than two units.

    `sums` are Σy and Σx, `squares` are Σy², Σxy and Σx². With x = 1 it is the usual interval of a mean. The variance
    is that of the residuals y − r·x, n/(n−1) · Σ(y − r·x)² ÷ (Σx)² (Cochran 1977, Sampling Techniques, eq. 6.9,
    without the finite population correction). Assumes that units are independent. Without `skewness` it is the normal
    interval, of many units; with that of the ratio, Σe³ ÷ (Σe²)^1.5 of the residuals e, it is `skewed_interval`.
    """
    (y, x), scatter = sums, residual_squares(sums, squares)
    if n < 2 or x <= 0:
        return UNKNOWN
    ratio, error = y / x, np.sqrt(n / (n - 1) * scatter) / x
    if skewness is not None:
        return skewed_interval(ratio, error, skewness, n)
    return ratio - Z * error, ratio + Z * error


def residual_squares(sums: tuple[float, float], squares: tuple[float, float, float]) -> float:
    """Σ(y − r·x)² around the ratio r = Σy ÷ Σx, of the sums that `ratio_interval` takes."""
    (y, x), (yy, xy, xx) = sums, squares
    ratio = y / x if x else np.nan
    return max(0.0, yy - 2 * ratio * xy + ratio**2 * xx)  # rounding may leave a hair below zero
