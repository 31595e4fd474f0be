from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from helpers.statistics.effects.comparisons import compare
from helpers.statistics.effects.moments import Moments
from helpers.statistics.effects.relative_effects import RelativeEffect, relative_effect

Z = stats.norm.isf(0.025)


def of_arms(control: tuple[float, float], treatment: tuple[float, float], **options) -> RelativeEffect:
    difference = treatment[0] - control[0], np.hypot(control[1], treatment[1])
    return relative_effect(difference, control, **options)


def test_halving_a_loss_is_a_gain_of_one_half():
    """Experiment cases: a baseline of -10 going to -5 is +0.5."""
    gain = of_arms((-10, 1), (-5, 1))
    assert gain.effect == 0.5
    assert 0 < gain.lower < 0.5 < gain.upper and gain.reach == "bounded"


levels = st.floats(-20, 20)
errors = st.floats(0.1, 3)


@given(levels, errors, levels, errors)
def test_a_bounded_interval_solves_fiellers_quadratic(c, c_error, t, t_error):
    """Fieller (1954): (t − r c)² = z² (t_error² + r² c_error²), for the ratio r = treatment / control."""
    a = c**2 - (Z * c_error) ** 2
    assume(a > 1e-3)
    b, constant = -2 * t * c, t**2 - (Z * t_error) ** 2
    roots = (-b + np.array([-1, 1]) * np.sqrt(b**2 - 4 * a * constant)) / (2 * a)
    result = of_arms((c, c_error), (t, t_error))
    assert result.reach == "bounded"
    expected = np.sort(np.sign(c) * (roots - 1))
    assert (result.lower, result.upper) == pytest.approx(tuple(expected), rel=1e-6, abs=1e-9)


@given(levels, errors, levels, errors)
def test_0_is_left_out_exactly_when_the_difference_is_significant(c, c_error, t, t_error):
    z = abs(t - c) / np.hypot(c_error, t_error)
    assume(abs(z - Z) > 1e-6)
    result = of_arms((c, c_error), (t, t_error))
    assert (result.lower > 0 or result.upper < 0) == (z > Z)


@pytest.mark.parametrize(
    ("control", "treatment", "reach"),
    [
        ((1, 1), (5, 1), "unbounded above"),
        ((-1, 1), (5, 1), "unbounded above"),
        ((0, 1), (5, 1), "unbounded above"),
        ((1, 1), (-5, 1), "unbounded below"),
        ((1.9, 1), (1.5, 0.3), "unbounded above"),
        ((1, 1), (1, 1), "unbounded"),
        ((5, 1), (0.1, 1), "bounded"),
        ((0, 0), (5, 1), "unknown"),
        ((4, np.nan), (5, 1), "unknown"),
    ],
)
def test_the_reach_says_where_the_base_may_be_0(control, treatment, reach):
    result = of_arms(control, treatment)
    assert result.reach == reach
    assert np.isinf([result.lower, result.upper]).tolist() == [
        reach in ("unbounded", "unbounded below"),
        reach in ("unbounded", "unbounded above"),
    ]
    assert np.isnan([result.lower, result.upper]).all() == (reach == "unknown")


def test_a_base_of_0_has_no_effect_but_a_bound():
    result = of_arms((0, 1), (5, 1))
    assert np.isnan(result.effect)
    # The base may be ± 1.96 at most: at the edge of the circle the half-lines leave (base, treatment) = (cos, sin).
    angle = np.arcsin(Z / 5)
    assert result.lower == pytest.approx((np.cos(angle) - np.sin(angle)) / np.sin(angle))


def test_far_from_0_it_is_the_interval_of_the_delta_method():
    rng = np.random.default_rng(5)
    control, treatment = (Moments.of({"spend": rng.normal(mean, 5, 40_000)}) for mean in (50, 51))
    delta, absolute = (compare(control, treatment, kind="mean", relative=relative) for relative in (True, False))
    error = np.sqrt(control.variances[0] / control.n)
    result = relative_effect((absolute.effect, absolute.std_error), (absolute.control, error), df=absolute.df)
    assert result.effect == pytest.approx(delta.effect)
    assert (result.lower, result.upper) == pytest.approx((delta.lower, delta.upper), rel=2e-3)


def test_a_known_covariance_is_used():
    """With a base that is independent of the difference, the ratio is that of two independent estimates."""
    independent = relative_effect((2, 0.5), (10, 1), covariance=0)
    same = of_arms((10, 1), (2, 0.5))
    assert (independent.lower, independent.upper) == pytest.approx((same.lower + 1, same.upper + 1))
    default, said = relative_effect((2, 1.5), (10, 1)), relative_effect((2, 1.5), (10, 1), covariance=-1)
    assert default == said != relative_effect((2, 1.5), (10, 1), covariance=0)


RUNS = 3000


@pytest.mark.parametrize(("c", "t"), [(10, 12), (-10, -5), (1.5, 4), (0.5, 3), (-0.3, -4), (3, 0)])
def test_the_interval_covers_the_true_effect_as_often_as_stated(c, t):
    rng = np.random.default_rng(6)
    true = (t - c) / abs(c)
    draws = zip(rng.normal(c, 1, RUNS), rng.normal(t, 0.8, RUNS), strict=True)
    results = [of_arms((x, 1), (y, 0.8)) for x, y in draws]
    covered = sum(result.lower <= true <= result.upper for result in results)
    low, high = stats.binom.interval(0.999, RUNS, 0.95)
    assert low <= covered
    # Near a base of 0 an effect can come from a base on either side: the interval is then wider than it need be.
    assert covered <= high or abs(c) < 1


def test_the_delta_method_misses_far_more_often_near_a_base_of_0():
    rng = np.random.default_rng(7)
    c, t = rng.normal(0.5, 1, RUNS), rng.normal(3, 0.8, RUNS)
    error = np.sqrt(0.8**2 + (t / c) ** 2) / abs(c)
    assert np.mean(abs((t - c) / abs(c) - 5) < Z * error) < 0.9


def test_an_alpha_in_percent_is_refused():
    with pytest.raises(ValueError, match="alpha = 5"):
        relative_effect((1, 1), (1, 1), alpha=5)
