"""Customers who buy at a steady rate until, after some purchase, they never come back: BG/NBD and MBG/NBD."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln, digamma, expit, gammaln

from helpers.statistics.purchases.counts import PurchaseCounts, distinct, grouped, histories, one_each, time_spans
from helpers.statistics.purchases.dropout_mixture import purchases_before_dropout
from helpers.statistics.purchases.log_scale_fit import maximise

NAMES = ("r", "alpha", "a", "b")


@dataclass(frozen=True)
class BetaGeometric:
    """A fitted BG/NBD or MBG/NBD model; times are in the unit of the rows it was fitted to."""

    parameters: dict[str, float]  # r and alpha of the rate's gamma, a and b of the dropout probability's beta
    std_errors: dict[str, float]
    log_likelihood: float
    first_may_be_last: bool  # MBG/NBD: customers may drop out after their first purchase as after any other
    covariance: np.ndarray | None = field(default=None, repr=False, compare=False)  # of the parameters' logarithms

    @property
    def _theta(self) -> np.ndarray:
        return np.array([self.parameters[name] for name in NAMES])

    @property
    def model(self) -> str:
        """The name of the model."""
        return "MBG/NBD" if self.first_may_be_last else "BG/NBD"

    def p_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> np.ndarray:
        """Probability that each customer has not dropped out; 1 for every one-time buyer under BG/NBD.

        Arguments and errors as of `histories`. Source: Fader, Hardie & Lee (2008, "Computing P(alive)"); Batislam,
        Denizel & Filiztekin (2007) for MBG/NBD.
        """
        return self._p_alive(*histories(frequency, recency, age))

    def expected_purchases(
        self, horizon: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> np.ndarray:
        """Purchases each customer is expected to make over the next `horizon` (one for all, or one each).

        The history as of `histories`; raises ValueError for it and for a negative horizon. Finite for any frequency and
        any parameters. Source: Fader, Hardie & Lee (2005, eq. 10); Wagner & Hoppe (2008, "Erratum") for MBG/NBD.
        """
        x, t_x, age = histories(frequency, recency, age)
        horizon = one_each(time_spans(horizon, "horizon"), "horizon", len(x))
        r, alpha, a, b = self._theta
        code, first = distinct(x, age, horizon)
        if_alive = purchases_before_dropout(
            horizon[first], r + x[first], alpha + age[first], a, b + x[first] + self.first_may_be_last
        )
        return if_alive[code] * self._p_alive(x, t_x, age)

    def scores(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> np.ndarray:
        """Derivative of each customer's log-likelihood by the logarithm of each parameter: (customers, 4).

        Arguments and errors as of `histories`. At the estimates of all customers fitted to, they add up to 0.
        """
        x, t_x, age = histories(frequency, recency, age)
        by_frequency = _by_frequency(self._theta, x, self.first_may_be_last)[1]
        by_history = _by_history(self._theta, x, t_x, age, self.first_may_be_last)[1]
        return (by_frequency + by_history).T * self._theta

    def expected_repeats(self, times: ArrayLike) -> np.ndarray:
        """Repeat purchases that a customer of whom nothing is known makes by each time after the first purchase.

        Raises ValueError for negative times. Source: Fader, Hardie & Lee (2005, eq. 9).
        """
        r, alpha, a, b = self._theta
        repeats = purchases_before_dropout(time_spans(times, "times"), r, alpha, a, b + self.first_may_be_last)
        return repeats * (b / (a + b) if self.first_may_be_last else 1.0)

    def _p_alive(self, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> np.ndarray:
        alpha = self.parameters["alpha"]
        log_ratio = np.log((alpha + t_x) / (alpha + age))
        return expit(_log_odds_alive(self._theta, x, log_ratio, self.first_may_be_last))


def fit_bg_nbd(
    frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, counts: ArrayLike | None = None
) -> BetaGeometric:
    """BG/NBD by maximum likelihood: rates are gamma, and dropout after each repeat purchase beta, over customers.

    Rows and errors as of `grouped`; also raises ValueError when the likelihood has no maximum. Assumes that a
    customer's rate stays until dropout, that it does not go with the dropout probability, and that nobody drops out
    right after the first purchase, so every one-time buyer is alive. Source: Fader, Hardie & Lee (2005), eq. 6.
    """
    return _fit(grouped(frequency, recency, age, counts), first_may_be_last=False)


def fit_mbg_nbd(
    frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, counts: ArrayLike | None = None
) -> BetaGeometric:
    """MBG/NBD by maximum likelihood: as BG/NBD, but a customer may also drop out right after the first purchase.

    Rows and errors as of `fit_bg_nbd`. Source: Batislam, Denizel & Filiztekin (2007), mended by Wagner & Hoppe (2008).
    """
    return _fit(grouped(frequency, recency, age, counts), first_may_be_last=True)


def _fit(rows: PurchaseCounts, first_may_be_last: bool) -> BetaGeometric:
    frequencies, of_x = np.unique(rows.x, return_inverse=True)
    customers = np.bincount(of_x, rows.counts)

    def objective(parameters: np.ndarray) -> tuple[float, np.ndarray]:
        """−log-likelihood and gradient: what depends on x alone is taken once for each x."""
        value, gradient = _by_frequency(parameters, frequencies, first_may_be_last)
        ends, end_gradient = _by_history(parameters, rows.x, rows.t_x, rows.age, first_may_be_last)
        return -(customers @ value + rows.counts @ ends), -(gradient @ customers + end_gradient @ rows.counts)

    mean_age = rows.counts @ rows.age / rows.customers
    found = maximise(objective, [1.0, mean_age or 1.0, 1.0, 1.0], NAMES)
    return BetaGeometric(found.parameters, found.std_errors, found.log_likelihood, first_may_be_last, found.covariance)


def _by_frequency(parameters: np.ndarray, x: np.ndarray, first_may_be_last: bool) -> tuple[np.ndarray, np.ndarray]:
    """log Γ(r+x)/Γ(r) α^r B(a, b+stayed)/B(a, b) of each x, and its gradient, one row a parameter."""
    r, alpha, a, b = parameters
    stayed = x + first_may_be_last  # how often the customer could have dropped out and did not, when alive
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + betaln(a, b + stayed) - betaln(a, b)
    by_a = digamma(a + b) - digamma(a + b + stayed)
    gradient = [
        digamma(r + x) - digamma(r) + np.log(alpha),
        np.full(len(x), r / alpha),
        by_a,
        by_a + digamma(b + stayed) - digamma(b),
    ]
    return value, np.array(gradient)


def _by_history(
    parameters: np.ndarray, x: np.ndarray, t_x: np.ndarray, age: np.ndarray, first_may_be_last: bool
) -> tuple[np.ndarray, np.ndarray]:
    """log [(α+T)^−(r+x) + a/(b+stayed−1) (α+t_x)^−(r+x)], alive or gone, of each history, and its gradient by row."""
    r, alpha, a, b = parameters
    end, last, bought = alpha + age, alpha + t_x, r + x
    log_end, log_last = np.log(end), np.log(last)
    log_odds = _log_odds_alive(parameters, x, log_last - log_end, first_may_be_last)
    alive = expit(log_odds)
    gone = 1 - alive
    gradient = [
        -(alive * log_end + gone * log_last),
        -(alive / end + gone / last) * bought,
        gone / a,
        -gone / _before_last(b, x, first_may_be_last),
    ]
    return np.logaddexp(0, -log_odds) - bought * log_end, np.array(gradient)


def _log_odds_alive(
    parameters: np.ndarray, x: np.ndarray, log_ratio: np.ndarray, first_may_be_last: bool
) -> np.ndarray:
    """Logarithm of P(alive) ÷ P(gone), where log_ratio is that of (α+t_x) ÷ (α+T); ∞ where nobody can have gone."""
    r, _, a, b = parameters
    log_odds = np.log(_before_last(b, x, first_may_be_last) / a) + (r + x) * log_ratio
    return log_odds if first_may_be_last else np.where(x > 0, log_odds, np.inf)


def _before_last(b: float, x: np.ndarray, first_may_be_last: bool) -> np.ndarray:
    """b and how often a customer stayed who dropped out after the last purchase; b where nobody can have."""
    return b + (x if first_may_be_last else np.maximum(x - 1, 0))
