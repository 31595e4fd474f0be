"""How sure a sum over customers is when what each counts for comes from a model fitted to the same customers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm


@dataclass(frozen=True)
class FittedValues:
    """A number for each customer, and how it and its model hang on who happened to be among them.

    `slopes` are derivatives of each number by the parameters (customers, parameters). `influences` say how far each
    parameter moves when a customer counts once more: the scores of the log-likelihood times the parameters' covariance.
    """

    values: np.ndarray
    slopes: np.ndarray
    influences: np.ndarray

    def total_limits(self, chosen: np.ndarray, level: float = 0.95) -> tuple[float, float, float]:
        """The sum over these very customers, those `chosen` (true or false each), and its confidence limits.

        The limits are of what is not known of the parameters: what fitting again to customers drawn anew would give for
        the same ones, without drawing (the nonparametric delta method, or infinitesimal jackknife). Assumes that
        customers are independent. Source: Jaeckel (1972); Davison & Hinkley (1997), section 2.7.2.
        """
        influence = self.influences @ self.slopes[chosen].sum(axis=0)
        return _limits(self.values[chosen].sum(), influence, level)

    def mean_limits(self, chosen: np.ndarray, level: float = 0.95) -> tuple[float, float, float]:
        """The mean over customers such as those `chosen`, and its confidence limits.

        As `total_limits`, but who happens to be among the chosen, and how many they are, is drawn anew as well: two
        groups differ where such limits lie apart.
        """
        mean = self.values[chosen].mean()
        influence = self.influences @ self.slopes[chosen].sum(axis=0)
        influence[chosen] += self.values[chosen] - mean
        return _limits(mean, influence / chosen.sum(), level)


def _limits(estimate: float, influence: np.ndarray, level: float) -> tuple[float, float, float]:
    half = norm.ppf(0.5 + level / 2) * np.sqrt(((influence - influence.mean()) ** 2).sum())
    return float(estimate), float(estimate - half), float(estimate + half)
