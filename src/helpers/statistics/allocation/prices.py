"""Prices of what is scarce: the dual of a choice of one option a row under limits, by subgradient steps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

ROUNDS = ((4_000, 400, 1.0), (40_000, 80, 1e-3), (0, 30, 5e-5))  # rows (0: all), steps, their promise
PATIENCE = 4  # steps without a bound that is better by a part of the promise, after which the promise is halved
NOTICED = 20  # parts of the promise
LEAST_PROMISE = 1e-8  # below it nothing is sought any more


@dataclass(frozen=True)
class Scarcity:
    """What choices use up: all of them together a budget, and a unit each of limited groups.

    `costs` are (n, k), or (1, k) where all rows pay the same. Each table of `groups`, of the same shapes, says by its
    place in `limits` of what a choice uses one unit, -1 for nothing. `limits` are the budget and then the groups';
    what has no limit is infinite.
    """

    costs: np.ndarray
    groups: tuple[np.ndarray, ...]
    limits: np.ndarray

    def used(self, rows: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """How much of each limit `chosen`, the options of `rows`, use together."""
        used = np.zeros(len(self.limits))
        used[0] = picked(self.costs, rows, chosen).sum()
        for group in self.groups:
            used += np.bincount(picked(group, rows, chosen) + 1, minlength=len(used) + 1)[1:]
        return used

    def priced(self, prices: np.ndarray) -> np.ndarray:
        """What each choice uses at these prices; (n, k) or (1, k)."""
        free_too = np.append(prices, 0.0)  # where -1 points to
        return sum((free_too[group] for group in self.groups), self.costs * prices[0])

    def of(self, rows: np.ndarray, n: int) -> Scarcity:
        """The same for some of `n` rows, which have their part of each limit."""
        groups = tuple(_some(group, rows) for group in self.groups)
        return Scarcity(_some(self.costs, rows), groups, self.limits * len(rows) / n)


def sought(values: np.ndarray, scarcity: Scarcity, seed: int = 0) -> tuple[np.ndarray, float]:
    """The price of a unit of each limit, and what no choice within the limits is worth more than.

    `values` are (n, k), -inf where a row has no such option. Subgradient steps towards a bound that is better by a
    promised part (Polyak 1969; the promise is halved where it cannot be kept), first on some rows drawn by `seed`.
    """
    n = len(values)
    order = np.random.default_rng(seed).permutation(n)
    prices = np.zeros(len(scarcity.limits))
    *firsts, last = [each for at, each in enumerate(ROUNDS) if not at or ROUNDS[at - 1][0] < n]
    for size, steps, promise in firsts:
        rows = np.sort(order[:size])
        prices, _ = _descended(values[rows], scarcity.of(rows, n), prices, steps, promise)
    return _descended(values, scarcity, prices, *last[1:])


def best(values: np.ndarray, scarcity: Scarcity, prices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row's best option at these prices, and what is left of its value above them."""
    surplus = values - scarcity.priced(prices)
    chosen = surplus.argmax(axis=1)
    return chosen, np.take_along_axis(surplus, chosen[:, None], axis=1)[:, 0]


def picked(table: np.ndarray, rows: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """The entries of `chosen` columns in `rows`, in a table of all rows or of one for all."""
    return table[rows if len(table) > 1 else 0, chosen]


def _descended(
    values: np.ndarray, scarcity: Scarcity, prices: np.ndarray, steps: int, promise: float
) -> tuple[np.ndarray, float]:
    limited = np.isfinite(scarcity.limits)
    scale = np.where(limited, np.maximum(scarcity.limits, 1e-12), 1.0)
    lowest, waited = (np.inf, prices, scale), 0
    for _ in range(steps):
        bound, left = _bound(values, scarcity, prices, limited)
        waited = 0 if bound < lowest[0] * (1 - promise / NOTICED) or lowest[0] == np.inf else waited + 1
        lowest = min(lowest, (bound, prices, left / scale), key=lambda each: each[0])
        slope = left / scale
        if waited >= PATIENCE:
            promise, waited = promise / 2, 0
            bound, prices, slope = lowest
        slope = np.where((prices <= 0) & (slope > 0), 0.0, slope)
        if promise < LEAST_PROMISE or not slope.any():
            break
        step = (bound - lowest[0] * (1 - promise)) / (slope @ slope)
        prices = np.maximum(0.0, prices - step * slope / scale)
    return lowest[1], lowest[0]


def _bound(values: np.ndarray, scarcity: Scarcity, prices: np.ndarray, limited: np.ndarray) -> tuple[float, np.ndarray]:
    """The dual's value, and what is left of each limit, which is its slope."""
    chosen, surplus = best(values, scarcity, prices)
    rows = np.flatnonzero(surplus > 0)
    left = np.where(limited, scarcity.limits - scarcity.used(rows, chosen[rows]), 0.0)
    return float(surplus[rows].sum() + prices[limited] @ scarcity.limits[limited]), left


def _some(table: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return table[rows] if len(table) > 1 else table
