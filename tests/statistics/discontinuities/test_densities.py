"""Bunching at a threshold is told, and a density that is only steep is not."""

from __future__ import annotations

import numpy as np

from helpers.statistics.discontinuities import density_jump


def scores(rows: int, bunched: float, draws: int = 10) -> list[float]:
    """p-values where that share of those just below 1 moves above it; log-normal scores, steep at 1."""
    rng = np.random.default_rng(rows)
    told = []
    for _draw in range(draws):
        x = rng.lognormal(0, 1, rows)
        moved = (x > 0.6) & (x < 1) & (rng.random(rows) < bunched)
        told.append(density_jump(np.where(moved, 2 - x, x), threshold=1).p_value)
    return told


def test_bunching_is_told():
    assert np.mean(np.array(scores(2000, 0.7)) < 0.05) > 0.7


def test_a_steep_density_is_no_bunching():
    assert np.mean(np.array(scores(600, 0.0)) < 0.05) < 0.5  # 5 of 10 would be once in ten thousand


def test_the_density_is_that_of_the_score():
    x = np.random.default_rng(0).uniform(-1, 1, 20_000)
    jumped = density_jump(x)
    assert abs(jumped.below / len(x) - 0.5) < 0.03
    assert jumped.lower < 0 < jumped.upper


def test_nothing_to_count():
    assert not density_jump([]).known
    assert not density_jump(np.ones(50)).known
