"""Customers who buy at one rate, differ by chance alone, and never leave: the limit of the NBD model."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from helpers.statistics.purchases.counts import grouped, histories, one_each, time_spans


@dataclass(frozen=True)
class CommonRate:
    """A fitted rate at which anybody buys; times are in the unit of the rows it was fitted to."""

    parameters: dict[str, float]  # rate: purchases of a customer in a unit of time
    std_errors: dict[str, float]
    log_likelihood: float
    overdispersion: float  # how much more customers differ than this model has it; by chance alone a standard normal
    covariance: np.ndarray | None = field(default=None, repr=False, compare=False)  # of the rate's logarithm, (1, 1)

    def p_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> np.ndarray:
        """1 for every customer: it is what the model assumes, not what it found. Arguments as of `histories`."""
        return np.ones(len(histories(frequency, recency, age)[0]))

    def expected_purchases(
        self, horizon: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> np.ndarray:
        """Purchases each customer is expected to make over the next `horizon`, whatever they bought so far.

        The rate times the horizon (one for all, or one each). The history as of `histories`; raises ValueError for it
        and for a negative horizon.
        """
        customers = len(histories(frequency, recency, age)[0])
        return self.parameters["rate"] * one_each(time_spans(horizon, "horizon"), "horizon", customers)

    def scores(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> np.ndarray:
        """Derivative of each customer's log-likelihood by the logarithm of the rate: (customers, 1).

        Purchases less those expected in that time. Arguments and errors as of `histories`. At the estimate of all
        customers fitted to, they add up to 0.
        """
        x, _, age = histories(frequency, recency, age)
        return (x - self.parameters["rate"] * age)[:, None]

    def expected_repeats(self, times: ArrayLike) -> np.ndarray:
        """Repeat purchases that any customer makes by each time after the first purchase.

        Raises ValueError for negative times.
        """
        return self.parameters["rate"] * time_spans(times, "times")


def fit_common_rate(
    frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, counts: ArrayLike | None = None
) -> CommonRate:
    """One rate of every customer, by maximum likelihood: all repeat purchases over all time that customers were seen.

    It is what `fit_nbd` comes to as r grows without limit, and takes its place where that has no maximum since
    customers differ by no more than chance. Rows and errors as of `grouped`; also raises ValueError where nobody comes
    back, or no time has passed. The log-likelihood is that of the times of purchases, as that of NBD. `overdispersion`
    is the score of a spread of rates at none, over its standard deviation: high where customers differ, or leave, and
    this model is wrong. Assumes that purchases come at random (Poisson), whoever makes them, and that nobody leaves.
    Source: Dean & Lawless (1989, "Tests for detecting overdispersion in Poisson regression models").
    """
    rows = grouped(frequency, recency, age, counts)
    purchases, time = rows.counts @ rows.x, rows.counts @ rows.age
    if not purchases:
        raise ValueError("frequency = 0 in every row: at least one repeat purchase is needed. Check the filter.")
    if not time:
        raise ValueError("age = 0 in every row: some time must have passed. Fit as of a later day.")
    rate = purchases / time
    return CommonRate(
        {"rate": float(rate)}, {"rate": float(rate / np.sqrt(purchases))},
        float(purchases * (np.log(rate) - 1)),  # the rate times all time is all purchases
        _overdispersion(rows.x, rate * rows.age, rows.counts), np.array([[1 / purchases]]),
    )  # fmt: skip


def _overdispersion(x: np.ndarray, expected: np.ndarray, counts: np.ndarray) -> float:
    """Squares of how far purchases are off, less those by chance, over the standard deviation of that sum.

    Estimating the rate takes up none of it: by chance it goes neither with that sum nor against it.
    """
    excess = counts @ ((x - expected) ** 2 - x)
    return float(excess / np.sqrt(2 * counts @ expected**2))
