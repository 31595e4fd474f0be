"""Bandwidths: what they take in, and how they follow the score's unit and the curve. `test_jumps` has known answers."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.discontinuities.bandwidths import bandwidth
from helpers.statistics.discontinuities.local_polynomials import Side


def sides(bend: float, scale: float = 1.0) -> tuple[Side, Side]:
    rng = np.random.default_rng(4)
    x = np.sort(rng.uniform(-1, 1, 400))
    y = np.where(x < 0, -1, 1) * bend * x**2 + rng.normal(0, 0.2, 400)
    return Side(scale * x[x < 0], y[x < 0]), Side(scale * x[x >= 0], y[x >= 0])


def test_a_bend_that_differs_narrows_it():
    assert bandwidth(*sides(8.0)) < 0.9 * bandwidth(*sides(0.5))


def test_it_is_in_the_unit_of_the_score():
    assert bandwidth(*sides(8.0, scale=1000)) == pytest.approx(1000 * bandwidth(*sides(8.0)))


def test_it_takes_in_ten_scores_of_each_side():
    below, above = sides(8.0)
    gap = Side(above.x[above.x > 0.7], above.y[above.x > 0.7])
    assert (gap.x < bandwidth(below, gap)).sum() >= 10


def test_an_outcome_that_never_varies_has_none():
    below, above = sides(8.0)
    assert bandwidth(Side(below.x, 0 * below.y), Side(above.x, 0 * above.y)) == 0
