from __future__ import annotations

import pytest

from helpers.statistics.effects.sample_ratios import sample_ratio

NAN = float("nan")


@pytest.mark.parametrize(
    ("observed", "weights", "p_value"),
    [
        ((1000, 1200), (1 / 2, 1 / 2), 0.000020079),
        ((310, 98), (3 / 4, 1 / 4), 0.647434186),
        ((500, 500, 600), (0.34, 0.33, 0.33), 0.000592638),
        ((21, 26), None, 0.465803),
    ],
)
def test_sample_ratio_of_known_experiments(observed, weights, p_value):
    """Experiment cases, sample ratio: GrowthBook's tests and ep-stats."""
    result = sample_ratio(observed, weights)
    assert result.testable
    assert result.p_value == pytest.approx(p_value, abs=5e-10 if weights else 5e-7)


@pytest.mark.parametrize(
    ("observed", "weights"), [((1000, 0, 0), (1, 0, 0)), ((1000, 0, 0, 0), (1, 0, 0, 0)), ((0, 0), None), ((7,), None)]
)
def test_sample_ratio_of_a_lone_arm_or_of_nobody_is_not_testable(observed, weights):
    """Experiment cases, sample ratio: a lone arm against empty ones with weights 1, 0, 0 has p 1."""
    result = sample_ratio(observed, weights)
    assert (result.testable, result.p_value) == (False, 1.0)


def test_sample_ratio_says_what_was_expected_and_takes_weights_of_any_scale():
    result = sample_ratio([310, 98], [75, 25])
    assert result == sample_ratio([310, 98], [0.75, 0.25])
    assert (result.expected, result.df) == ((306.0, 102.0), 1)
    assert result.statistic == pytest.approx(4**2 / 306 + 4**2 / 102)


def test_customers_in_an_arm_that_was_not_planned_break_the_ratio():
    result = sample_ratio([1000, 1000, 3], [1, 1, 0])
    assert (result.testable, result.p_value) == (True, 0.0)


def test_an_empty_arm_that_was_not_planned_changes_nothing():
    assert sample_ratio([1000, 1200, 0], [1, 1, 0]).p_value == sample_ratio([1000, 1200]).p_value


@pytest.mark.parametrize(
    ("observed", "weights", "message"),
    [((1, 2), (1, 1, 1), "weights = 3 for 2 arms"), ((1, -2), None, "observed"), ((1, 2), (1, NAN), "weights")],
)
def test_an_impossible_plan_is_refused(observed, weights, message):
    with pytest.raises(ValueError, match=message):
        sample_ratio(observed, weights)
