"""Prices are those of the linear programme, and no choice is worth more than their bound."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.allocation import prices
from helpers.statistics.allocation.prices import Scarcity


def test_the_price_of_one_scarce_thing_is_the_value_of_the_first_that_goes_without():
    values = np.arange(1.0, 101)[:, None]  # 30 of them can be had
    scarcity = Scarcity(np.zeros((1, 1)), (np.array([[1]]),), np.array([np.inf, 30.0]))
    found, bound = prices.sought(values, scarcity)
    assert found[0] == 0
    assert 70 <= found[1] <= 71
    assert bound == pytest.approx(np.arange(71, 101).sum())


def test_what_there_is_enough_of_is_free():
    values = np.full((20, 2), 3.0)
    scarcity = Scarcity(np.ones((1, 2)), (np.array([[1, -1]]),), np.array([100.0, 50.0]))
    found, bound = prices.sought(values, scarcity)
    assert (found == 0).all()
    assert bound == 60


def test_a_part_of_the_rows_has_its_part_of_the_limits():
    whole = Scarcity(np.ones((10, 2)), (np.arange(20).reshape(10, 2),), np.array([30.0, *[10.0] * 20]))
    part = whole.of(np.array([2, 5]), 10)
    assert part.costs.shape == (2, 2)
    assert part.groups[0].tolist() == [[4, 5], [10, 11]]
    assert part.limits[0] == 6


def test_prices_found_on_some_rows_first_are_those_of_all(monkeypatch):
    values = np.random.default_rng(4).gamma(1, 5, (3000, 2))
    scarcity = Scarcity(np.array([[1.0, 2.0]]), (), np.array([1500.0]))
    at_once = prices.sought(values, scarcity)
    monkeypatch.setattr(prices, "ROUNDS", ((200, 100, 1.0), (1000, 40, 1e-2), (0, 20, 1e-3)))
    by_rounds = prices.sought(values, scarcity)
    assert by_rounds[0] == pytest.approx(at_once[0], rel=1e-2)
    assert by_rounds[1] == pytest.approx(at_once[1], rel=1e-4)
