"""Jumps against rdrobust's answers, and where their truth is known; a steep curve is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t as student

from discontinuities import CURVES, drawn, jumps, missed
from helpers.statistics.discontinuities import jump


@pytest.mark.parametrize(
    "digits, bandwidth, estimate, corrected, error",
    [
        (16, 0.2477759192867433, 0.42608748, 0.49465045, 0.18364328),
        (2, 0.24678295503233535, 0.38731299, 0.47535172, 0.18493922),
    ],
    ids=["every score once", "scores that tie"],
)
def test_as_rdrobust(digits: int, bandwidth: float, estimate: float, corrected: float, error: float):
    """rdrobust 2.1.1: `rdrobust(y, x)` for bandwidth and estimate, `rdrobust(y, x, h=…, vce="hc3")` for the rest."""
    row = np.arange(1, 601)
    spread = 2 * (row * 0.6180339887498949 % 1) - 0.8
    x = np.round(spread, digits)
    jumped = jump(x, 1 + x + np.sin(3 * x) + 0.4 * (x >= 0) + 0.5 * np.sin(1000 * spread * row))
    assert jumped.bandwidth == pytest.approx(bandwidth, rel=1e-7)
    assert jumped.estimate == pytest.approx(estimate, abs=1e-8)
    assert jumped.corrected == pytest.approx(corrected, abs=1e-8)
    freedom = jumped.rows_below + jumped.rows_above - 6
    assert (jumped.upper - jumped.lower) / 2 / student.ppf(0.975, freedom) == pytest.approx(error, abs=1e-8)


@pytest.mark.parametrize("rows", [200, 800, 2000])
def test_the_interval_holds_the_truth(rows: int):
    """A straight line in noise: how often the interval misses (nominal .05); the long form has more draws and curves."""
    assert missed(jumps(CURVES["line"], 0.3, rows, 15), 0.3) <= 4  # 5 of 15 would be once in two thousand


def test_a_jump_that_is_added_is_told_in_full():
    """So the interval misses 0 as often as .3, and .3 as any other."""
    none, some = (jumps(CURVES["rising"], truth, 300, 1)[0] for truth in (0.0, 0.3))
    for told in ("estimate", "lower", "upper"):
        assert getattr(some, told) - getattr(none, told) == pytest.approx(0.3)
    assert some.bandwidth == pytest.approx(none.bandwidth)


def test_a_steep_curve_is_no_jump():
    """Where the means of the rows above and below differ by far, the jump is told about as often as chance does."""
    assert sum(each.p_value < 0.05 for each in jumps(CURVES["steep"], 0.0, 800, 15)) <= 4
    x, y = drawn(CURVES["steep"], 0.0, 800, np.random.default_rng(3))
    assert y[x >= 0].mean() - y[x < 0].mean() > 0.7


def test_what_must_not_matter():
    rng = np.random.default_rng(1)
    x, noise = rng.normal(size=300), rng.normal(size=300)
    y = x + (x >= 0) + noise
    first, turned = jump(x, y), rng.permutation(300)
    other = jump(7 * x[turned] + 100, 3 * y[turned] + 5, threshold=100)
    assert other.estimate == pytest.approx(3 * first.estimate)
    assert other.lower == pytest.approx(3 * first.lower) and other.p_value == pytest.approx(first.p_value)
    assert other.bandwidth == pytest.approx(7 * first.bandwidth)


def test_too_little_tells_nothing():
    few = jump(np.arange(-30, 10), np.ones(40))
    assert not few.known and np.isnan(few.estimate) and (few.rows_below, few.rows_above) == (30, 10)
    assert not jump(np.arange(-30, 30), np.ones(60)).known
    assert not jump([], []).known
    with pytest.raises(ValueError, match="outcome = 2 rows"):
        jump([1, 2, 3], [1, 2])
