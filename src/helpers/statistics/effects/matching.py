"""Exposed rows against others alike: means compared within strata that both share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

LEAST_CONTROLS = 5  # in a stratum; fewer hide how much they vary


@dataclass(frozen=True)
class Matched:
    """How much each row counts once the controls have the strata of the exposed, and which rows belong together."""

    exposed: np.ndarray  # bool
    strata: np.ndarray  # whole numbers from 0
    clusters: np.ndarray  # whole numbers from 0
    weights: np.ndarray  # they sum to 1 over the exposed and over the controls; 0 where a stratum has no counterpart

    @property
    def pairs(self) -> int:
        """Exposed rows that have controls alike."""
        return int((self.exposed & (self.weights > 0)).sum())

    def means(self, outcome: ArrayLike) -> tuple[float, float]:
        """Mean of the exposed that have controls alike, and the mean of those controls."""
        weighted = self.weights * np.asarray(outcome, dtype=float)
        return float(weighted[self.exposed].sum()), float(weighted[~self.exposed].sum())

    def adjusted(self, outcomes: ArrayLike, covariates: ArrayLike) -> np.ndarray:
        """`outcomes` without what `covariates` tell of them among controls of one stratum, for `difference`.

        One outcome, or one a column, and `covariates` (rows, k) give an array of the shape of `outcomes`. Least squares
        within strata: bands are never fine enough, and this takes what they leave. Assumes that it is linear there.
        The slopes are taken as known by the limits of `difference`. Source: Abadie & Imbens (2011), bias-corrected
        matching.
        """
        outcomes, covariates = np.asarray(outcomes, dtype=float), np.asarray(covariates, dtype=float)
        scale = np.sqrt(self.weights[~self.exposed])
        x, y = ((scale * self._within(values)[~self.exposed].T).T for values in (covariates, outcomes))
        return outcomes - covariates @ np.linalg.lstsq(x, y, rcond=None)[0]

    def difference(self, outcome: ArrayLike, level: float = 0.95) -> tuple[float, float, float, float]:
        """Difference of the means with lower and upper limit and two-sided p-value; NaN for one where nothing varies.

        The variance is that of the estimate's influence function, summed by cluster: rows of one cluster, exposed or
        control, may depend on each other. Normal limits, for many clusters. Source: Abadie & Imbens (2006), the
        average effect on the treated with exact strata; Liang & Zeger (1986) for the sums.
        """
        outcome = np.asarray(outcome, dtype=float)
        exposed, controls = self.means(outcome)
        difference = exposed - controls
        influence = self.weights * np.where(self.exposed, 1, -1) * self._within(outcome)
        influence -= np.where(self.exposed, self.weights * difference, 0)
        sums = np.bincount(self.clusters, influence)
        clusters = np.count_nonzero(np.bincount(self.clusters[self.weights > 0]))
        error = float(np.sqrt(clusters / (clusters - 1) * (sums**2).sum())) if clusters > 1 else 0.0
        error = error if error > 0 else np.nan
        reach = norm.ppf((1 + level) / 2) * error
        return difference, difference - reach, difference + reach, float(2 * norm.sf(abs(difference / error)))

    def _within(self, values: np.ndarray) -> np.ndarray:
        """`values` less their mean over the controls of each row's stratum; that of none is 0 and weighs nothing."""
        if values.ndim == 2:
            return np.column_stack([self._within(column) for column in values.T])
        strata, size = self.strata[~self.exposed], int(self.strata.max(initial=0)) + 1
        sums = np.bincount(strata, values[~self.exposed], minlength=size)
        return values - (sums / np.maximum(np.bincount(strata, minlength=size), 1))[self.strata]


def match(exposed: ArrayLike, strata: ArrayLike, clusters: ArrayLike) -> Matched:
    """Weights with which the controls of each stratum stand for the exposed in it.

    `exposed`, `strata` and `clusters` have one value a row. Exposed rows of a stratum with fewer than 5 controls weigh
    0, and so do controls without an exposed row. Assumes that rows of one stratum differ by nothing else that matters.
    """
    is_exposed = np.asarray(exposed, dtype=bool)
    stratum, cluster = (pd.factorize(np.asarray(values))[0] for values in (strata, clusters))
    size = int(stratum.max(initial=0)) + 1
    n_exposed = np.bincount(stratum[is_exposed], minlength=size)
    n_controls = np.bincount(stratum[~is_exposed], minlength=size)
    shared = n_controls >= LEAST_CONTROLS
    total = max(1, n_exposed[shared].sum())
    of_control = np.where(shared, n_exposed / np.maximum(n_controls, 1), 0.0)
    weights = np.where(is_exposed, shared[stratum], of_control[stratum]) / total
    return Matched(is_exposed, stratum, cluster, weights)
