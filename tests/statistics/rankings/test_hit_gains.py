"""How much more often one list hits than another."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from helpers.statistics.rankings import hit_gain


def pairs(more: int, fewer: int, both: int, neither: int) -> tuple[np.ndarray, np.ndarray]:
    ours = np.repeat([1, 0, 1, 0], [more, fewer, both, neither])
    return ours, np.repeat([0, 1, 1, 0], [more, fewer, both, neither])


def test_gain_limits_and_p_value_of_counts():
    """Limits as the normal approximation of a paired difference has them; McNemar's test is a binomial one."""
    found = hit_gain(*pairs(120, 60, 300, 520))
    spread = np.sqrt(180 / 1000 - 0.06**2) / np.sqrt(1000)
    assert found.gain == pytest.approx(0.06)
    assert (found.lower, found.upper) == pytest.approx((0.06 - 1.96 * spread, 0.06 + 1.96 * spread), abs=0.002)
    assert found.p_value == pytest.approx(binomtest(120, 180).pvalue)


def test_neither_order_nor_side_of_the_rows_matters():
    ours, theirs = pairs(12, 6, 30, 52)
    order = np.random.default_rng(4).permutation(100)
    assert hit_gain(ours[order], theirs[order]) == hit_gain(ours, theirs)
    other = hit_gain(theirs, ours)
    assert other.gain == pytest.approx(-0.06) and other.p_value == hit_gain(ours, theirs).p_value


def test_equal_lists_gain_nothing():
    found = hit_gain(*pairs(0, 0, 3, 4))
    assert (found.gain, found.lower, found.upper, found.p_value) == (0, 0, 0, 1)


def test_limits_hold_the_truth_as_often_as_they_say():
    """400 trials of 300 rows whose hits hang together: two in three rows hit by both or neither."""
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        kind = rng.choice(4, 300, p=[0.2, 0.14, 0.3, 0.36])
        found = hit_gain(np.isin(kind, [0, 2]), np.isin(kind, [1, 2]), draws=400)
        held += found.lower <= 0.06 <= found.upper
    assert held / 400 == pytest.approx(0.95, abs=0.035)


def test_two_lengths_are_refused():
    with pytest.raises(ValueError, match="one flag a row of each"):
        hit_gain([1, 0], [1])
