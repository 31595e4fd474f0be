"""Levels of a metric adjusted for what was known before the assignment: less variance, the same effect."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from helpers.statistics.effects.levels import COLUMNS, Kind, Level, value_and_gradient
from helpers.statistics.effects.moments import Moments

Slopes = Literal["by arm", "pooled"]
SMALLEST_EIGENVALUE = 1e-10  # of the covariates' correlations; below it one covariate repeats others


@dataclass(frozen=True)
class Regression:
    """Least squares of a metric on covariates, from moments whose columns are the metric's, then the covariates.

    A ratio is regressed through its linearised rows (y - R x) / mean(x) (Deng, Knoblich & Lu 2018). Covariates that
    repeat others share their slope, and one that does not vary has none: the fit is the same.
    """

    arm: Moments
    kind: Kind

    @cached_property
    def slopes(self) -> np.ndarray:
        """Change of the metric with each covariate."""
        return self.inverse[0] @ self.crossed

    @property
    def residual_variance(self) -> np.float64:
        """Variance of a customer's value that the covariates leave, divisor n - 1 - their number; else NaN."""
        spare = self.arm.n - 1 - self.rank
        return (self.squares - self.slopes @ self.crossed) / spare if spare > 0 else np.float64("nan")

    @property
    def rank(self) -> int:
        """Number of covariates that neither repeat others nor stand still."""
        return self.inverse[1]

    @cached_property
    def squares(self) -> np.float64:
        """Sum of squared deviations of the metric."""
        k = COLUMNS[self.kind]
        return self._gradient @ self.arm.scatter[:k, :k] @ self._gradient

    @cached_property
    def crossed(self) -> np.ndarray:
        """Sums of products of deviations of the metric and each covariate."""
        k = COLUMNS[self.kind]
        return self.arm.scatter[k:, :k] @ self._gradient

    @cached_property
    def inverse(self) -> tuple[np.ndarray, int]:
        """Pseudo-inverse of the covariates' scatter, whatever their units, and its rank."""
        k = COLUMNS[self.kind]
        scatter = self.arm.scatter[k:, k:]
        size = np.sqrt(np.diag(scatter))
        unit = np.divide(1, size, out=np.zeros_like(size), where=size > 0)
        scale = np.outer(unit, unit)
        values, vectors = np.linalg.eigh(scatter * scale)
        kept = values > SMALLEST_EIGENVALUE
        return (vectors[:, kept] / values[kept]) @ vectors[:, kept].T * scale, int(kept.sum())

    @cached_property
    def _gradient(self) -> np.ndarray:
        return value_and_gradient(self.arm.means[: COLUMNS[self.kind]], self.kind)[1]


def adjusted_levels(control: Moments, treatment: Moments, kind: Kind, slopes: Slopes) -> tuple[Level, Level]:
    """The levels that both arms would have with the same covariate means: those of the rows of both.

    Slopes "by arm" give the regression on arm, centred covariates and their products (Lin 2013), whose classical
    errors by arm stand in for HC2, which they equal up to terms of 1/n; "pooled" gives one slope from the rows of
    both arms (Deng, Xu, Kohavi & Walker 2013). Both take the covariate means as given: inference is about
    the customers of the experiment.
    """
    both = control + treatment
    centre = both.means[COLUMNS[kind] :]
    common = Regression(both, kind).slopes if slopes == "pooled" else None
    return _adjusted(control, kind, centre, common), _adjusted(treatment, kind, centre, common)


def _adjusted(arm: Moments, kind: Kind, centre: np.ndarray, common: np.ndarray | None) -> Level:
    k, n = COLUMNS[kind], np.float64(arm.n)
    fit, base = Regression(arm, kind), value_and_gradient(arm.means[:k], kind)[0]
    distance = centre - arm.means[k:]
    if common is None:
        slopes, df = fit.slopes, n - 1 - fit.rank
        variance = fit.residual_variance * (1 / n + distance @ fit.inverse[0] @ distance)
    else:
        slopes, df = common, n - 1
        variance = (fit.squares - 2 * slopes @ fit.crossed + slopes @ arm.scatter[k:, k:] @ slopes) / (n - 1) / n
    return Level(
        value=base + slopes @ distance,
        variance=variance,
        df=df,
        base=base,
        base_variance=fit.squares / (n - 1) / n,
        covariance=(fit.squares - slopes @ fit.crossed) / (n - 1) / n,
    )
