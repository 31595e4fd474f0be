"""What customers spend on a purchase, when a few purchases say little about each of them: the Gamma-Gamma model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln, xlogy

from helpers.statistics.arrays import finite_numbers
from helpers.statistics.purchases.counts import cell_counts, distinct, whole_purchases
from helpers.statistics.purchases.log_scale_fit import maximise

NAMES = ("p", "q", "v")


@dataclass(frozen=True)
class GammaGamma:
    """A fitted Gamma-Gamma model, in the currency of the spend it was fitted to."""

    parameters: dict[str, float]  # p is the shape of a purchase's spend, q and v shape and rate of its spread
    std_errors: dict[str, float]
    log_likelihood: float
    covariance: np.ndarray | None = field(default=None, repr=False, compare=False)  # of the parameters' logarithms

    @property
    def mean_spend(self) -> float:
        """Mean spend on a purchase, of customers of whom nothing is known; infinite where q is at most 1."""
        p, q, v = (self.parameters[name] for name in NAMES)
        return p * v / (q - 1) if q > 1 else np.inf

    def expected_spend(self, frequency: ArrayLike, mean_spend: ArrayLike) -> np.ndarray:
        """Spend expected on each customer's next purchase, a mean of what they spent and of what all spend.

        `mean_spend` is over the `frequency` purchases of a customer; where that is 0 it is not looked at, and the
        answer is the mean of all. Raises ValueError as `fit_gamma_gamma`. Source: Fader & Hardie (2013), eq. 5.
        """
        x, spend = spends(frequency, mean_spend)
        p, q, v = (self.parameters[name] for name in NAMES)
        enough = p * x + q > 1
        return np.where(enough, p * (v + x * spend) / np.where(enough, p * x + q - 1, 1.0), np.inf)

    def scores(self, frequency: ArrayLike, mean_spend: ArrayLike) -> np.ndarray:
        """Derivative of each customer's log-likelihood by the logarithm of each parameter: (customers, 3).

        0 where there are no purchases. Arguments and errors as of `fit_gamma_gamma`. At the estimates of all customers
        fitted to, they add up to 0.
        """
        x, spend = spends(frequency, mean_spend)
        theta, told = np.array([self.parameters[name] for name in NAMES]), x > 0
        slopes = np.zeros((len(x), len(NAMES)))
        slopes[told] = (_by_frequency(theta, x[told])[1] + _by_spend(theta, x[told], spend[told])[1]).T * theta
        return slopes


def fit_gamma_gamma(frequency: ArrayLike, mean_spend: ArrayLike, counts: ArrayLike | None = None) -> GammaGamma:
    """Gamma-Gamma by maximum likelihood: spends are gamma within a customer, and so is their rate over customers.

    One element a customer (or a cell of `counts` customers): the mean spend of `frequency` purchases. Rows without a
    purchase say nothing and are left out. Raises ValueError for missing or negative values, for a mean spend that is
    not above 0 where there are purchases, without any purchase, and when the likelihood has no maximum: as a rule
    customers differ by less than chance then, and `fit_common_spend` is the limit. Assumes that what a customer spends
    does not go with how often; check their correlation. Source: Fader, Hardie & Lee (2005, "RFM and CLV");
    likelihood: Fader & Hardie (2013), eq. 1a.
    """
    x, spend, weights = told_spends(frequency, mean_spend, counts)
    code, first = distinct(x, spend)
    x, spend, weights = x[first], spend[first], np.bincount(code, weights)
    frequencies, of_x = np.unique(x, return_inverse=True)
    customers = np.bincount(of_x, weights)

    def objective(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """−log-likelihood and gradient: what depends on x alone is taken once for each x."""
        value, gradient = _by_frequency(parameters, frequencies)
        spent, spent_gradient = _by_spend(parameters, x, spend)
        return -(customers @ value + weights @ spent), -(gradient @ customers + spent_gradient @ weights)

    found = maximise(objective, [2.0, 2.0, weights @ spend / weights.sum()], NAMES)
    return GammaGamma(found.parameters, found.std_errors, found.log_likelihood, found.covariance)


def told_spends(
    frequency: ArrayLike, mean_spend: ArrayLike, counts: ArrayLike | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Purchases, their mean spend and customers of the rows with both; raises ValueError as `fit_gamma_gamma`."""
    x, spend = spends(frequency, mean_spend)
    weights = np.ones(len(x)) if counts is None else cell_counts(counts, len(x))
    told = (x > 0) & (weights > 0)
    if not told.any():
        raise ValueError("frequency = 0 in every row: at least one purchase is needed. Check the filter.")
    return x[told], spend[told], weights[told]


def spends(frequency: ArrayLike, mean_spend: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Purchases and their mean spend, 0 where there are none; raises ValueError for values that cannot be."""
    x = whole_purchases(frequency)
    spend = np.atleast_1d(np.asarray(mean_spend, dtype=float))
    if len({len(x), len(spend)} - {1}) > 1:
        raise ValueError(f"mean_spend = {len(spend)} rows: as many as frequency ({len(x)}). Take both from one table.")
    x, spend = (np.array(values) for values in np.broadcast_arrays(x, spend))
    spend[x == 0] = 0.0
    spend = finite_numbers(spend, "mean_spend")
    wrong = (x > 0) & (spend <= 0)
    if wrong.any():
        raise ValueError(f"mean_spend = {spend[wrong][0]:g} in {wrong.sum()} rows: above 0. Leave those rows out.")
    return x, spend


def _by_frequency(parameters: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The part of the log-likelihood that knows no spend, of each x, and its gradient, one row a parameter."""
    p, q, v = parameters
    value = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v) + p * xlogy(x, x)
    joint = digamma(p * x + q)
    gradient = [x * (joint - digamma(p * x) + np.log(x)), joint - digamma(q) + np.log(v), np.full(len(x), q / v)]
    return value, np.array(gradient)


def _by_spend(parameters: np.ndarray, x: np.ndarray, spend: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The part of each customer's log-likelihood with the spend, and its gradient, one row a parameter."""
    p, q, v = parameters
    total, log_spend = v + x * spend, np.log(spend)
    log_total = np.log(total)
    value = (p * x - 1) * log_spend - (p * x + q) * log_total
    return value, np.array([x * (log_spend - log_total), -log_total, -(p * x + q) / total])
