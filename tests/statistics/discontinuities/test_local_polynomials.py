"""Polynomials of one side against least squares, and variances against a loop from the formula."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.discontinuities.local_polynomials import Side


@pytest.fixture(scope="module")
def side() -> Side:
    rng = np.random.default_rng(2)
    x = np.sort(np.round(rng.uniform(0, 2, 60), 1))
    return Side(x, rng.normal(size=60))


def test_weights_are_those_of_least_squares(side: Side):
    near = side.x < 1.5
    root = np.sqrt(1 - side.x[near] / 1.5)
    powers = side.x[near][:, None] ** np.arange(3)
    expected = np.linalg.lstsq(powers * root[:, None], side.y[near] * root, rcond=None)[0]
    np.testing.assert_allclose(side.weights(1.5, 2) @ side.y, expected)


def test_residuals_leave_the_row_out(side: Side):
    near = side.within(1.5)
    told = near.residuals(1.5, 1)
    for row in range(len(near.x)):
        others = Side(np.delete(near.x, row), np.delete(near.y, row))
        level, slope = others.weights(1.5, 1) @ others.y
        assert told[row] == pytest.approx(near.y[row] - level - slope * near.x[row])


def test_variances_are_by_three_neighbours_and_their_ties(side: Side):
    told = side.variances()
    for row, x in enumerate(side.x):
        distances = np.abs(side.x - x)
        distances[row] = np.nan
        reach = np.sort(distances)[2]
        near = np.flatnonzero(distances <= reach + 1e-9)
        gap = side.y[row] - side.y[near].mean()
        assert told[row] == pytest.approx(len(near) / (len(near) + 1) * gap**2)
