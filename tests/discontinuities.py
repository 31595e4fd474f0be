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
