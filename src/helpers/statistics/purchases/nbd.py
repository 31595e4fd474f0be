"""Customers who buy at a steady rate of their own and never leave: the NBD model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln

from helpers.statistics.purchases.counts import grouped, histories, one_each, time_spans
from helpers.statistics.purchases.log_scale_fit import maximise

NAMES = ("r", "alpha")
LARGE = 100.0  # r, from which a difference of two gamma functions keeps more digits as a series


@dataclass(frozen=True)
class Nbd:
    """A fitted NBD model; times are in the unit of the rows it was fitted to."""

    parameters: dict[str, float]  # r and alpha, shape and rate of the gamma of purchase rates
    std_errors: dict[str, float]
    log_likelihood: float
    covariance: np.ndarray | None = field(default=None, repr=False, compare=False)  # of the parameters' logarithms

    @property
    def _theta(self) -> np.ndarray:
        return np.array([self.parameters[name] for name in NAMES])

    def p_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> np.ndarray:
        """1 for every customer: it is what the model assumes, not what it found. Arguments as of `histories`."""
        return np.ones(len(histories(frequency, recency, age)[0]))

    def expected_purchases(
        self, horizon: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> np.ndarray:
        """Purchases each customer is expected to make over the next `horizon` (one for all, or one each).

        (r + x) / (alpha + T) a unit of time; when a customer bought last is of no account. The history as of
        `histories`; raises ValueError for it and for a negative horizon. Source: Ehrenberg (1959).
        """
        x, _, age = histories(frequency, recency, age)
        r, alpha = self._theta
        return (r + x) / (alpha + age) * one_each(time_spans(horizon, "horizon"), "horizon", len(x))

    def scores(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> np.ndarray:
        """Derivative of each customer's log-likelihood by the logarithm of each parameter: (customers, 2).

        Arguments and errors as of `histories`. At the estimates of all customers fitted to, they add up to 0.
        """
        x, _, age = histories(frequency, recency, age)
        return _log_likelihoods(self._theta, x, age)[1].T * self._theta

    def expected_repeats(self, times: ArrayLike) -> np.ndarray:
        """Repeat purchases that a customer of whom nothing is known makes by each time after the first purchase.

        Raises ValueError for negative times.
        """
        r, alpha = self._theta
        return r / alpha * time_spans(times, "times")


def fit_nbd(frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, counts: ArrayLike | None = None) -> Nbd:
    """NBD by maximum likelihood: customers buy at random (Poisson), at rates that are gamma over customers.

    Rows and errors as of `grouped`; also raises ValueError when the likelihood has no maximum, as when nobody comes
    back, or customers differ by less than chance: then `fit_common_rate` is the limit. The log-likelihood is that of
    the times of purchases, as that of BG/NBD and Pareto/NBD, which it limits where nobody leaves. Assumes that nobody
    ever leaves: where customers do, it expects too much of those long silent. Source: Ehrenberg (1959), "The pattern of
    consumer purchases".
    """
    rows = grouped(frequency, recency, age, counts)
    rows = grouped(rows.x, 0.0, rows.age, rows.counts)  # the time of the last purchase tells nothing here

    def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = _log_likelihoods(theta, rows.x, rows.age)
        return -(rows.counts @ value), -(gradient @ rows.counts)

    purchases = max(rows.counts @ rows.x, 1.0)
    found = maximise(objective, [1.0, (rows.counts @ rows.age or 1.0) / purchases], NAMES)
    return Nbd(found.parameters, found.std_errors, found.log_likelihood, found.covariance)


def _log_likelihoods(theta: np.ndarray, x: np.ndarray, age: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log Γ(r+x)/Γ(r) α^r (α+T)^−(r+x) of each history, and its gradient, one row a parameter."""
    r, alpha = theta
    log_share = -np.log1p(age / alpha)
    rising, slope = _rising(r, x)
    value = rising + r * log_share - x * np.log(alpha + age)
    gradient = [slope + log_share, (r * age - x * alpha) / (alpha * (alpha + age))]
    return value, np.array(gradient)


def _rising(r: float, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """log Γ(r+x)/Γ(r) and its slope by r; of a large r by Stirling's series.

    As r grows without limit both gammas do, and rounding would make up a maximum where there is none.
    """
    if r < LARGE:
        return gammaln(r + x) - gammaln(r), digamma(r + x) - digamma(r)
    end, growth = r + x, np.log1p(x / r)
    value = (end - 0.5) * growth + x * (np.log(r) - 1) + (1 / end - 1 / r) / 12 - (end**-3 - r**-3) / 360
    slope = growth - (1 / end - 1 / r) / 2 - (end**-2 - r**-2) / 12 + (end**-4 - r**-4) / 120
    return value, slope
