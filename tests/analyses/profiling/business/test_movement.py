"""What moved between two windows: published arithmetic, and the interval of the quick ratio."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.business.movement import Movement, movement


def units(before: list[float], now: list[float]) -> ibis.Table:
    frame = pd.DataFrame({"before": before, "now": now}, dtype=float)
    return ibis.memtable(frame.assign(there_before=frame["before"] != 0, there_now=frame["now"] != 0))


def test_the_quick_ratio_equals_the_published_one():
    """Case Q1 of behaviour.md (pitchkit): gained 20 + 8, lost 5 + 3."""
    found = movement(units([0, 10, 15, 3, 7], [20, 18, 10, 0, 7]))
    assert (found.new, found.expansion, found.contraction, found.churned) == (20, 8, 5, 3)
    assert found.quick_ratio == 3.5


def test_of_a_hundred_at_the_start_eighty_remain():
    """Case Q2 (posthog.com): churn 20 %; who comes anew is in neither number."""
    found = movement(units([5] * 100 + [0] * 30, [6] * 80 + [0] * 20 + [9] * 30))
    assert (found.at_start, found.remaining) == (100, 80)
    assert 1 - found.remaining / found.at_start == pytest.approx(0.2)


def test_nothing_lost_has_no_quick_ratio():
    assert np.isnan(movement(units([1, 0], [2, 3])).quick_ratio)


def test_its_interval_covers_the_true_ratio_as_often_as_it_says():
    """Half of the customers gain 10 times a gamma, half lose 5 times one: the true ratio is 2."""
    rng, covered = np.random.default_rng(5), 0
    for _ in range(600):
        step = np.where(rng.random(400) < 0.5, 10.0, -5.0) * rng.gamma(2, 0.5, 400)
        gained, lost = step.clip(0), (-step).clip(0)
        found = Movement(400, 400, 400, 0.0, gained.sum(), lost.sum(), 0.0, (gained**2).sum(), (lost**2).sum())
        lower, upper = found.quick_ratio_interval()
        covered += lower <= 2 <= upper
    assert 0.92 <= covered / 600 <= 0.98


def test_the_sums_that_the_interval_rests_on_are_those_of_the_customers():
    found = movement(units([0, 10, 15, 3, 7], [20, 18, 10, 0, 7]))
    assert (found.customers, found.gained_squared, found.lost_squared) == (5, 20**2 + 8**2, 5**2 + 3**2)
