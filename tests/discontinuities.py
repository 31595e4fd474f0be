"""Rows with a threshold at 0 of which it is known whether the outcome jumps there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.statistics.discontinuities import Jump, jump

Curve = Callable[[np.ndarray], np.ndarray]

CURVES: dict[str, Curve] = {
    "line": lambda x: 1 + 0.5 * x,
    "steep": lambda x: 1 + 1 / (1 + np.exp(-8 * x)),
    "rising": np.exp,
}


def drawn(curve: Curve, truth: float, rows: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Normal scores, and outcomes about the curve with a standard deviation of .5 that jump by the truth at 0."""
    x = rng.normal(size=rows)
    return x, curve(x) + truth * (x >= 0) + rng.normal(0, 0.5, rows)


def jumps(curve: Curve, truth: float, rows: int, draws: int) -> list[Jump]:
    """The jump told of each of many draws, the same ones for every truth."""
    rng = np.random.default_rng(rows)
    return [jump(*drawn(curve, truth, rows, rng)) for _draw in range(draws)]


def missed(told: list[Jump], truth: float) -> int:
    """How many intervals missed the truth."""
    return sum(not each.lower <= truth <= each.upper for each in told)


def hurrying(
    customers: int, hurry: float, rng: np.random.Generator, threshold: float = 1000
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What counts towards a reward in each of 52 weeks, by a window of as many, whether there was an order, and money.

    The money is that of 104 weeks. The chance of an order is a customer's own, and `hurry` times as large from .8 of
    the threshold on.
    """
    pace, basket = rng.gamma(1.0, 0.08, customers), rng.lognormal(np.log(threshold / 8), 0.5, customers)
    money, counts, ordered = (np.zeros((customers, 104)) for _each in range(3))
    for week in range(104):
        counts[:, week] = money[:, max(0, week - 52) : week].sum(axis=1)
        near = (counts[:, week] >= 0.8 * threshold) & (counts[:, week] < threshold)
        ordered[:, week] = rng.random(customers) < 1 - np.exp(-pace * np.where(near, hurry, 1))
        money[:, week] = (ordered[:, week] * basket * rng.gamma(2, 0.5, customers)).round(2)
    return counts[:, 52:], ordered[:, 52:] > 0, money


def hurried(customers: int, hurry: float, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The first two of `hurrying`."""
    counts, ordered, _money = hurrying(customers, hurry, rng)
    return counts, ordered
