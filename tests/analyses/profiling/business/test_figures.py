"""Intervals of means and ratios from sums."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from helpers.analyses.profiling.business.figures import Definition, Figure, Share, ratio_interval, reading


def interval_of(y: np.ndarray, x: np.ndarray) -> tuple[float, float]:
    return ratio_interval((y.sum(), x.sum()), ((y * y).sum(), (x * y).sum(), (x * x).sum()), len(y))


def test_with_equal_denominators_it_is_the_normal_interval_of_a_mean():
    y = np.random.default_rng(1).gamma(2, 50, 400)
    assert interval_of(y, np.ones(400)) == pytest.approx(DescrStatsW(y).zconfint_mean(), rel=1e-9)


def test_it_covers_the_true_ratio_as_often_as_it_says_when_orders_of_a_customer_are_alike():
    """Customers differ in how dear their orders are: counting orders as independent would cover far less."""
    rng, covered = np.random.default_rng(2), 0
    for _ in range(1000):
        orders = 1 + rng.poisson(2, 300)
        lower, upper = interval_of(orders * rng.gamma(4, 25, 300), orders)
        covered += lower <= 100 <= upper
    assert 0.925 <= covered / 1000 <= 0.97


def test_one_unit_has_no_interval():
    assert np.isnan(ratio_interval((5, 1), (25, 5, 1), 1)).all()


def test_the_reading_of_figures_and_of_shares_has_their_definitions_in_order():
    total = Figure("orders", 4, "orders", Definition("orders placed", "on a day"))
    part = Share("refund", (1, 3), (0, 2), Definition("refunded ÷ paid", "of 90 days", "paid orders"))
    assert reading([total, part]).to_numpy().tolist() == [
        ["orders", "orders placed", "on a day", "–"],
        ["refund", "refunded ÷ paid", "of 90 days", "paid orders"],
    ]
    assert reading([]).empty and np.isnan(total.limits).all()
