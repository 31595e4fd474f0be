"""Whether a reward that comes near makes customers hurry: the same customers, beside thresholds that there are not."""

from __future__ import annotations

import numpy as np
import pytest

from discontinuities import hurried
from helpers.statistics.discontinuities import approach
from helpers.statistics.discontinuities.approaches import FAR, NEAR, PLACEBOS


def slow(spent, acted, threshold):
    """The change by a loop over customers and periods."""
    above, below = 0.0, 0.0
    for money, acts in zip(spent, acted, strict=True):
        rows = [
            (m >= NEAR * threshold, a) for m, a in zip(money, acts, strict=True) if FAR * threshold <= m < threshold
        ]
        if rows:
            mean = sum(near for near, _act in rows) / len(rows)
            above += sum((near - mean) * act for near, act in rows)
            below += sum((near - mean) ** 2 for near, _act in rows)
    return above / below


def test_it_is_the_change_within_customers_less_that_at_placebos():
    spent, acted = hurried(300, 1.0, np.random.default_rng(3))
    found = approach(spent, acted, 1000)
    assert found.change == pytest.approx(slow(spent, acted, 1000))
    assert found.placebo == pytest.approx(np.mean([slow(spent, acted, part * 1000) for part in PLACEBOS]))
    assert found.estimate == pytest.approx(found.change - found.placebo)


def test_where_nobody_hurries_the_naive_change_misleads_and_this_one_does_not():
    """Near a threshold those who order leave: of 60 draws without hurry all naive changes are beyond chance."""
    rng = np.random.default_rng(5)
    found = [approach(*hurried(1500, 1.0, rng), 1000) for _draw in range(60)]
    errors = np.array([(each.upper - each.lower) / (2 * 1.96) for each in found])
    assert (np.array([each.change for each in found]) < -1.96 * errors).all()
    assert sum(each.p_value < 0.05 for each in found) <= 8  # 3 are to be expected
    assert abs(np.mean([each.estimate for each in found])) < 3 * errors.mean() / np.sqrt(60)


def test_hurry_is_found_where_it_is_planted():
    spent, acted = hurried(3000, 1.5, np.random.default_rng(7))
    found = approach(spent, acted, 1000)
    assert found.lower > 0 and found.p_value < 0.001
    assert abs(found.change) < 0.02  # by itself it shows next to nothing


def test_of_nobody_on_both_sides_nothing_is_told():
    found = approach(np.full((5, 4), 900.0), np.ones((5, 4), dtype=bool), 1000)
    assert found.customers == 0 and np.isnan(found.estimate) and np.isnan(found.p_value)
