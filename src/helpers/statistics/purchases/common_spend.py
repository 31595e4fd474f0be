"""What customers spend on a purchase where they differ by chance alone: the limit of the Gamma-Gamma model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import digamma, gammaln, polygamma

from helpers.statistics.purchases.gamma_gamma import spends, told_spends

NAMES = ("p", "mean")
WIDEST, NARROWEST = 1e-8, 1e6  # shapes; at the last, spends lie within a thousandth of each other, as good as the same


@dataclass(frozen=True)
class CommonSpend:
    """A fitted gamma of what anybody spends on a purchase, in the currency of the spend it was fitted to."""

    parameters: dict[str, float]  # p and mean: shape and mean of a purchase's spend
    std_errors: dict[str, float]
    log_likelihood: float
    overdispersion: float  # how much more customers differ than this model has it; by chance alone a standard normal
    covariance: np.ndarray | None = field(default=None, repr=False, compare=False)  # of the parameters' logarithms

    @property
    def mean_spend(self) -> float:
        """Mean spend on a purchase, of any customer."""
        return self.parameters["mean"]

    def expected_spend(self, frequency: ArrayLike, mean_spend: ArrayLike) -> np.ndarray:
        """Spend expected on each customer's next purchase: the mean of all, whatever they spent.

        Arguments and errors as of `GammaGamma.expected_spend`.
        """
        return np.full(len(spends(frequency, mean_spend)[0]), self.mean_spend)

    def scores(self, frequency: ArrayLike, mean_spend: ArrayLike) -> np.ndarray:
        """Derivative of each customer's log-likelihood by the logarithm of each parameter: (customers, 2).

        0 where there are no purchases. Arguments and errors as of `GammaGamma.scores`.
        """
        x, spend = spends(frequency, mean_spend)
        told, slopes = x > 0, np.zeros((len(x), len(NAMES)))
        shape, ratio = self.parameters["p"] * x[told], spend[told] / self.mean_spend
        by_p = shape * (np.log(shape) - digamma(shape) + np.log(ratio) + 1 - ratio)
        slopes[told] = np.column_stack([by_p, shape * (ratio - 1)])
        return slopes


def fit_common_spend(frequency: ArrayLike, mean_spend: ArrayLike, counts: ArrayLike | None = None) -> CommonSpend:
    """One gamma of every purchase of every customer, by maximum likelihood; its mean is that of all purchases.

    It is what `fit_gamma_gamma` comes to as q grows without limit, and takes its place where it has no maximum since
    customers differ by no more than chance: rows and errors are the same, but there always is a maximum. `p` goes to
    a million at most. `overdispersion` is the score of a spread between customers at none, over its standard
    deviation: high where customers differ and this model is wrong. Assumes that purchases are independent, whoever
    makes them. Source: Moran (1973, "Asymptotic properties of homogeneity tests").
    """
    x, spend, weights = told_spends(frequency, mean_spend, counts)
    mean = (weights * x) @ spend / (weights @ x)
    ratio = spend / mean
    deviance = (weights * x) @ (ratio - 1 - np.log(ratio))

    def slope(log_p: float) -> float:
        """Of the log-likelihood by p; it falls as p grows."""
        shape = np.exp(log_p) * x
        return (weights * x) @ (np.log(shape) - digamma(shape)) - deviance

    widest, narrowest = np.log(WIDEST), np.log(NARROWEST)
    p = float(np.exp(brentq(slope, widest, narrowest))) if slope(narrowest) < 0 else NARROWEST
    shape = p * x
    value = shape * np.log(shape * ratio) - gammaln(shape) - np.log(spend) - shape * ratio
    covariance = np.diag(1 / _information(shape, weights))
    errors = np.sqrt(np.diag(covariance)) * (p, mean)
    return CommonSpend(
        dict(zip(NAMES, (p, float(mean)), strict=True)), dict(zip(NAMES, errors.tolist(), strict=True)),
        float(weights @ value), _overdispersion(shape, ratio, weights), covariance,
    )  # fmt: skip


def _information(shape: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Of the logarithms of p and of the mean, which tell nothing of each other."""
    return np.array([weights @ (shape**2 * polygamma(1, shape) - shape), weights @ shape])


def _overdispersion(shape: np.ndarray, ratio: np.ndarray, weights: np.ndarray) -> float:
    """Squares of how far means are off, less those by chance, over the standard deviation of that sum.

    Means are gamma with that shape; the variance of the sum is net of what estimating p and the mean takes up.
    """
    excess = weights @ ((shape * (ratio - 1)) ** 2 - shape)
    of_p, of_mean = _information(shape, weights)
    variance = 2 * weights @ (shape * (shape + 1)) - of_mean**2 / of_p
    return float(excess / np.sqrt(variance))
