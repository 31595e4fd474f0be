"""The claims of 05_value, on customers of whom the truth is known."""

from __future__ import annotations

import numpy as np

from claims import Claim
from helpers.analyses.value.acquisition.payback import Pays, verdict
from helpers.findings.evidence import SIGNIFICANCE
from helpers.statistics.purchases import cumulative_mean

MONTHS = 12
LEAVE = 0.08  # of the customers who are left, each month


def told(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether a channel is told to pay back, or not to, though a customer brings just what one costs in the horizon:
    log-normal orders of customers who leave, half of whom came less than a year ago. Nothing is told of fewer than 20.
    """
    truth = sum((0.25 if month else 1.25) * (1 - LEAVE) ** month for month in range(MONTHS)) * np.exp(0.32)
    wrong = np.full(draws, np.nan)
    for draw in range(draws):
        course = cumulative_mean(*_brought(customers, rng), SIGNIFICANCE)
        course = course[course["at_risk"] >= 20]
        if len(course):
            wrong[draw] = verdict(course, truth, MONTHS) is not Pays.OPEN
    return wrong


def _brought(customers: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """What each customer brought by month, and the months that each was followed."""
    orders = rng.poisson(rng.gamma(1, 0.25, customers)[:, None], (customers, MONTHS))
    orders[:, 0] += 1
    orders[np.arange(MONTHS) >= rng.geometric(LEAVE, customers)[:, None]] = 0
    money = np.bincount(
        np.repeat(np.arange(orders.size), orders.ravel()), rng.lognormal(0, 0.8, orders.sum()), orders.size
    )
    return money.reshape(orders.shape), np.minimum(rng.integers(0, 2 * MONTHS, customers), MONTHS)


CLAIMS = (
    Claim(
        "a channel pays back, or does not", "value/acquisition/payback", "a customer brings just what one costs", 0.05,
        told, costs=5,
    ),
)  # fmt: skip
