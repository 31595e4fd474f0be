"""Segments that differ are found as often as they should be, and shrunken effects are nearer to the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from helpers.statistics.effects.heterogeneity import equal_effects, shrunken_effects

EFFECTS = np.array([0.0111, 0.0731, 0.03, 0.05, -0.02])
ERRORS = np.array([0.004, 0.005, 0.01, 0.03, 0.02])


def drawn(rng, segments, tau):
    """True effects around 1, their estimates, and the errors of these, which differ."""
    errors = rng.uniform(0.5, 1.5, segments)
    true = 1 + tau * rng.standard_normal(segments)
    return true, true + errors * rng.standard_normal(segments), errors


def test_q_is_the_sum_over_segments():
    """Cochran (1954), and I² of Higgins & Thompson (2002), by a loop."""
    total = sum(1 / error**2 for error in ERRORS)
    mean = sum(effect / error**2 for effect, error in zip(EFFECTS, ERRORS, strict=True)) / total
    q = sum(((effect - mean) / error) ** 2 for effect, error in zip(EFFECTS, ERRORS, strict=True))
    found = equal_effects(EFFECTS, ERRORS)
    assert (found.q, found.df) == (pytest.approx(q), 4)
    assert found.p_value == pytest.approx(stats.chi2.sf(q, 4))
    assert found.i_squared == pytest.approx((q - 4) / q)


@pytest.mark.parametrize("segments", [3, 5, 50])
@pytest.mark.parametrize("tau", [0.0, 0.5, 3.0])
def test_q_and_tau_are_those_of_statsmodels(segments, tau):
    _, effects, errors = drawn(np.random.default_rng(segments), segments, tau)
    oracle = combine_effects(effects, errors**2, method_re="iterated", atol=1e-7, maxiter=500)
    equal, shrunken = equal_effects(effects, errors), shrunken_effects(effects, errors)
    assert equal.q == pytest.approx(oracle.q)
    assert equal.i_squared == pytest.approx(max(0, oracle.i2))
    assert shrunken.tau**2 == pytest.approx(oracle.tau2, abs=1e-6)
    assert shrunken.mean == pytest.approx(oracle.mean_effect_re, abs=1e-6)


def test_of_two_segments_q_is_the_square_of_their_z_test():
    z = (EFFECTS[1] - EFFECTS[0]) / np.hypot(*ERRORS[:2])
    found = equal_effects(EFFECTS[:2], ERRORS[:2])
    assert found.q == pytest.approx(z**2)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(abs(z)))


def test_tau_makes_q_its_degrees_of_freedom():
    """Paule & Mandel (1982)."""
    tau = shrunken_effects(EFFECTS, ERRORS).tau
    assert tau > 0
    assert equal_effects(EFFECTS, np.hypot(ERRORS, tau)).q == pytest.approx(4)


def test_each_effect_moves_to_the_mean_by_its_share_of_noise():
    found = shrunken_effects(EFFECTS, ERRORS)
    for effect, error, shrunken in zip(EFFECTS, ERRORS, found.effects, strict=True):
        noise = error**2 / (error**2 + found.tau**2)
        assert shrunken == pytest.approx((1 - noise) * effect + noise * found.mean)


def test_the_errors_count_that_of_tau():
    """Kass & Steffey (1989): the change of each shrunken effect with τ², here by a small step, times its error."""
    found = shrunken_effects(EFFECTS, ERRORS)

    def shrunken(between):
        weights = 1 / (ERRORS**2 + between)
        mean = weights @ EFFECTS / weights.sum()
        return mean + between * weights * (EFFECTS - mean)

    square, step = found.tau**2, 1e-9
    change = (shrunken(square + step) - shrunken(square - step)) / (2 * step)
    weights = 1 / (ERRORS**2 + square)
    projection = np.diag(weights) - np.outer(weights, weights) / weights.sum()
    of_square = 2 / np.trace(projection @ projection)
    noise = ERRORS**2 * weights
    given = ERRORS**2 * (1 - noise) + noise**2 / weights.sum()
    np.testing.assert_allclose(found.std_errors, np.sqrt(given + change**2 * of_square), rtol=1e-5)
    np.testing.assert_allclose(found.upper - found.lower, 2 * stats.norm.isf(0.025) * found.std_errors)


def test_segments_that_differ_by_less_than_chance_share_one_effect():
    found = shrunken_effects([1.0, 1.1, 0.9], [1.0, 1.0, 2.0])
    assert found.tau == 0
    np.testing.assert_allclose(found.effects, found.mean)


def test_equal_effects_leave_nothing_over():
    found = equal_effects([0.2, 0.2], [0.1, 0.3])
    assert (found.q, found.p_value, found.i_squared) == (0, 1, 0)


def test_a_segment_without_an_error_is_left_out():
    holes = equal_effects([*EFFECTS, 0.5, np.nan], [*ERRORS, np.nan, 0.1])
    assert holes == equal_effects(EFFECTS, ERRORS)
    found = shrunken_effects([np.nan, *EFFECTS], [0.1, *ERRORS])
    assert np.isnan(found.effects[0]) and np.isnan(found.upper[0])
    np.testing.assert_allclose(found.effects[1:], shrunken_effects(EFFECTS, ERRORS).effects)


@pytest.mark.parametrize("effects", [[], [0.3], [0.3, np.nan]])
def test_fewer_than_two_segments_are_not_compared(effects):
    errors = [0.1] * len(effects)
    assert np.isnan(equal_effects(effects, errors).p_value)
    found = shrunken_effects(effects, errors)
    assert np.isnan(found.tau) and len(found.effects) == len(effects) and np.isnan(found.effects).all()


def test_another_unit_changes_nothing_but_the_unit():
    small, large = (shrunken_effects(EFFECTS * unit, ERRORS * unit) for unit in (1e-6, 1e6))
    np.testing.assert_allclose(small.effects * 1e12, large.effects, rtol=1e-8)
    np.testing.assert_allclose(small.lower * 1e12, large.lower, rtol=1e-8)


@pytest.mark.parametrize(
    ("effects", "errors", "words"),
    [
        ([1, 2], [1], "one of each"),
        ([1, 2], [1, 0], "above 0"),
        ([1, 2], [1, -1], "above 0"),
    ],
)
def test_impossible_input_is_named(effects, errors, words):
    with pytest.raises(ValueError, match=words):
        equal_effects(effects, errors)


def test_alpha_lies_between_0_and_1():
    with pytest.raises(ValueError, match="alpha = 1"):
        shrunken_effects(EFFECTS, ERRORS, alpha=1)


# By simulation


@pytest.mark.parametrize("segments", [2, 8])
def test_equal_segments_are_said_to_differ_as_often_as_stated(segments):
    rng, runs = np.random.default_rng(segments), 1000
    p_values = [equal_effects(*drawn(rng, segments, 0.0)[1:]).p_value for _ in range(runs)]
    assert stats.binomtest(sum(p < 0.05 for p in p_values), runs, 0.05).pvalue > 0.001


@pytest.mark.parametrize("tau", [0.5, 1.0, 3.0])
def test_the_known_spread_is_found(tau):
    rng = np.random.default_rng(7)
    found = [shrunken_effects(*drawn(rng, 200, tau)[1:]).tau ** 2 for _ in range(100)]
    assert np.mean(found) == pytest.approx(tau**2, abs=4 * np.std(found) / 10)


@pytest.mark.parametrize(("segments", "tau", "gain"), [(3, 0.0, 0.5), (10, 0.3, 0.3), (10, 1.0, 0.7), (30, 3.0, 0.95)])
def test_shrunken_effects_are_nearer_to_the_truth_and_their_intervals_hold_it(segments, tau, gain):
    """`gain` bounds the mean squared error as a share of that of the raw effects."""
    rng = np.random.default_rng(8)
    raw, shrunken, held = [], [], []
    for _ in range(300):
        true, effects, errors = drawn(rng, segments, tau)
        found = shrunken_effects(effects, errors)
        raw.append(np.mean((effects - true) ** 2))
        shrunken.append(np.mean((found.effects - true) ** 2))
        held.append(np.mean((found.lower <= true) & (true <= found.upper)))
    assert np.mean(shrunken) < gain * np.mean(raw)
    assert 0.88 < np.mean(held) < 0.995


def test_the_largest_of_many_is_no_longer_too_large():
    rng, raw, shrunken = np.random.default_rng(9), [], []
    for _ in range(300):
        true, effects, errors = drawn(rng, 10, 0.5)
        found = shrunken_effects(effects, errors).effects
        raw.append(effects.max() - true[effects.argmax()])
        shrunken.append(found.max() - true[found.argmax()])
    assert np.mean(raw) > 0.8
    assert abs(np.mean(shrunken)) < 0.25 * np.mean(raw)


def test_few_customers_are_allowed_for_as_by_welch():
    """Means of four groups of their own spread, as statsmodels tests them."""
    from statsmodels.stats.oneway import anova_oneway

    rng = np.random.default_rng(4)
    groups = [rng.normal(0, spread, n) for spread, n in ((1, 9), (2, 30), (4, 14), (1, 50))]
    means, errors = [each.mean() for each in groups], [each.std(ddof=1) / np.sqrt(len(each)) for each in groups]
    welch = anova_oneway(groups, use_var="unequal", welch_correction=True)
    found = equal_effects(means, errors, [len(each) - 1 for each in groups])
    assert found.p_value == pytest.approx(welch.pvalue)
    assert found.p_value > equal_effects(means, errors).p_value == pytest.approx(stats.chi2.sf(found.q, 3))
