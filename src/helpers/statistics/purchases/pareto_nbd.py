"""The Pareto/NBD model: customers buy at a rate of their own until, at a moment nobody sees, they leave for good.

What is not seen is when they left. All answers are means over that: of each history the density of the time of leaving
is laid on a grid, fine enough for sixteen digits, beside the chance of being there still.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, exprel, gammaln

from helpers.statistics.purchases.counts import distinct, grouped, histories, time_spans
from helpers.statistics.purchases.log_scale_fit import maximise

NAMES = ("r", "alpha", "s", "beta")
NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)
FORGOTTEN = 40.0  # logarithms below the density at the last purchase, from which on nothing is left of sixteen digits
STEPS_TO_FORGOTTEN = 6
ROWS_AT_ONCE = 2_000  # histories whose grids stay together in the processor's cache


@dataclass(frozen=True)
class ParetoNbd:
    """A fitted Pareto/NBD model; times are in the unit of the recency and age that it was fitted to."""

    # r, alpha: shape and rate of the gamma of purchase rates; s, beta: the same of the rates of leaving
    parameters: dict[str, float]
    std_errors: dict[str, float]
    log_likelihood: float
    covariance: np.ndarray | None = field(default=None, repr=False, compare=False)  # of the parameters' logarithms

    @property
    def _theta(self) -> np.ndarray:
        return np.array([self.parameters[name] for name in NAMES])

    def p_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> np.ndarray:
        """Probability of being a customer still, at the end of observation, of each history.

        Arguments and errors as `fit_pareto_nbd`; scalars stand for every row.
        """
        x, t_x, end = histories(frequency, recency, age)
        code, first = distinct(x, t_x, end)
        rows = x[first], t_x[first], end[first]
        parts = ([values[part] for values in rows] for part in _parts(len(first)))
        alive = [_leaving(self._theta, *part).chances[:, -1] for part in parts]
        return np.concatenate([np.empty(0), *alive])[code]

    def expected_purchases(
        self, horizon: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> np.ndarray:
        """Purchases expected of each history over the next `horizon` (one for all, or one each).

        Raises ValueError as `p_alive` and for a negative horizon. Source: Fader & Hardie (2005), "A note on deriving
        the Pareto/NBD model", eq. 41; written so that s = 1 is a point like others.
        """
        x, _, end = histories(frequency, recency, age)
        r, alpha, s, beta = self._theta
        there = _mean_time_there(time_spans(horizon, "horizon"), s, beta + end)
        return (r + x) / (alpha + end) * there * self.p_alive(frequency, recency, age)

    def scores(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> np.ndarray:
        """Derivative of each customer's log-likelihood by the logarithm of each parameter: (customers, 4).

        Arguments and errors as of `fit_pareto_nbd`. At the estimates of all customers fitted to, they add up to 0.
        """
        x, t_x, end = histories(frequency, recency, age)
        slopes = [_log_likelihoods(self._theta, x[part], t_x[part], end[part])[1] for part in _parts(len(x))]
        return np.hstack([np.empty((len(NAMES), 0)), *slopes]).T * self._theta

    def expected_repeats(self, times: ArrayLike) -> np.ndarray:
        """Repeat purchases expected of a customer by each of `times` after the first purchase.

        Raises ValueError for negative times.
        """
        r, alpha, s, beta = self._theta
        return r / alpha * _mean_time_there(time_spans(times, "times"), s, beta)


def fit_pareto_nbd(
    frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, counts: ArrayLike | None = None
) -> ParetoNbd:
    """The Pareto/NBD model of highest likelihood of customers' purchase histories.

    One element a customer: `frequency` is the number of repeat purchases, `recency` the time from the first purchase to
    the last and `age` that to the end of observation, in any one unit; `counts` the number of customers alike. The time
    taken grows with the distinct histories only. Raises ValueError for impossible histories, and where the likelihood
    has no maximum: too few customers, or none that leaves. Assumes that a customer buys at random (Poisson) at a
    constant rate until an exponential time of leaving, that both rates have gamma distributions over customers, and
    that the two are independent. Source: Schmittlein, Morrison & Colombo (1987); Fader & Hardie (2005).
    """
    rows = grouped(frequency, recency, age, counts)
    mean_age = rows.counts @ rows.age / rows.customers or 1.0
    purchases = max(rows.counts @ rows.x, 1.0)

    def objective(theta: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = 0.0, np.zeros(4)
        for part in _parts(len(rows.x)):
            each, slopes = _log_likelihoods(theta, rows.x[part], rows.t_x[part], rows.age[part])
            value -= rows.counts[part] @ each
            gradient -= slopes @ rows.counts[part]
        return value, gradient

    start = [1.0, mean_age * rows.customers / purchases, 1.0, mean_age]
    found = maximise(objective, start, NAMES)
    return ParetoNbd(found.parameters, found.std_errors, found.log_likelihood, found.covariance)


@dataclass(frozen=True)
class _Leaving:
    """When the customers of each history left: one column a time u, the last of which is that they have not."""

    chances: np.ndarray  # (rows, nodes + 1) of each u, given the history; a row adds up to 1
    buying: np.ndarray  # alpha + u
    staying: np.ndarray  # beta + u
    log_buying: np.ndarray
    log_staying: np.ndarray
    log_total: np.ndarray  # (rows,) logarithm of what the chances were divided by


def _leaving(theta: np.ndarray, x: np.ndarray, t_x: np.ndarray, age: np.ndarray) -> _Leaving:
    """The distribution of u: s (α + u)^−(r+x) (β + u)^−(s+1) du after t_x, and (α + age)^−(r+x) (β + age)^−s if never.

    Gauss–Legendre nodes in the logarithm of (u + the smaller of α and β): there the density is analytic within ± π of
    the line and log-concave. It is cut where it is forgotten, so that the grid is as fine as it is steep.
    """
    r, alpha, s, beta = theta
    x, t_x, age = x[:, None], t_x[:, None], age[:, None]
    low, gap = min(alpha, beta), abs(alpha - beta)
    powers = (r + x, s + 1) if alpha < beta else (s + 1, r + x)
    begin, last = np.log(low + t_x), np.log(low + age)
    end = _forgotten(begin, last, powers, gap)
    log_near = np.hstack([begin + (end - begin) * (NODES + 1) / 2, last])
    near = np.exp(log_near)
    bases = (near, log_near), (near + gap, np.log(near + gap))
    (buying, log_buying), (staying, log_staying) = bases if alpha < beta else bases[::-1]
    logs = -(r + x) * log_buying - s * log_staying
    with np.errstate(divide="ignore"):  # no time has passed since the last purchase
        logs[:, :-1] += (log_near - log_staying)[:, :-1] + np.log(s * (end - begin) / 2) + np.log(WEIGHTS)
    top = logs.max(axis=1, keepdims=True)
    chances = np.exp(logs - top)
    total = chances.sum(axis=1, keepdims=True)
    return _Leaving(chances / total, buying, staying, log_buying, log_staying, (top + np.log(total))[:, 0])


def _forgotten(
    begin: np.ndarray, last: np.ndarray, powers: tuple[np.ndarray | float, np.ndarray | float], gap: float
) -> np.ndarray:
    """Where the density of at = log(u + low) has fallen to nothing beside that at `begin`, or `last`.

    Newton's steps from beyond stay beyond, since the density is log-concave.
    """
    near, far = powers  # of (u + low) and of (u + low + gap)
    height = (1 - near) * begin - far * np.log(np.exp(begin) + gap) - FORGOTTEN
    at = last
    for _ in range(STEPS_TO_FORGOTTEN):
        above = (1 - near) * at - far * np.log(np.exp(at) + gap) - height
        fall = near - 1 + far / (1 + gap * np.exp(-at))
        at = at + np.minimum(above, 0) / np.where(above < 0, fall, 1)
    return at


def _log_likelihoods(
    theta: np.ndarray, x: np.ndarray, t_x: np.ndarray, age: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Log-likelihood of each history, and its derivatives by r, alpha, s, beta (a row each).

    The derivative is the mean, over when the customer left, of the derivative had that been seen.
    """
    r, alpha, s, beta = theta
    leaving = _leaving(theta, x, t_x, age)
    chances, departed = leaving.chances, 1 - leaving.chances[:, -1]
    value = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + leaving.log_total
    slopes = [
        digamma(r + x) - digamma(r) + np.log(alpha) - _mean(chances, leaving.log_buying),
        r / alpha - (r + x) * _mean(chances, 1 / leaving.buying),
        np.log(beta) + departed / s - _mean(chances, leaving.log_staying),
        s / beta - (s + 1) * _mean(chances, 1 / leaving.staying) + chances[:, -1] / (beta + age),
    ]
    return value, np.array(slopes)


def _mean(chances: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.einsum("ij,ij->i", chances, values)


def _mean_time_there(ahead: np.ndarray, s: float, beta: np.ndarray | float) -> np.ndarray:
    """Mean time until leaving within the time `ahead`, of who is there now: ∫ (β / (β + u))^s du."""
    logarithm = np.log1p(ahead / beta)
    return beta * logarithm * exprel((1 - s) * logarithm)


def _parts(rows: int) -> Iterator[slice]:
    return (slice(start, start + ROWS_AT_ONCE) for start in range(0, rows, ROWS_AT_ONCE))
