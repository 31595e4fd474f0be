"""The level of a metric in an arm, from its moments: known values, the delta method, and arms that have none."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.statistics.effects.levels import COLUMNS, Level, level, value_and_gradient
from helpers.statistics.effects.moments import Moments


def arm_of(*columns):
    return Moments.of(np.column_stack(columns))


def test_a_share_has_the_variance_of_its_own_value_and_needs_no_degrees_of_freedom():
    share = level(arm_of([1.0, 0, 0, 0, 1, 0, 0, 0]), "proportion")
    assert (share.value, share.variance) == (pytest.approx(0.25), pytest.approx(0.25 * 0.75 / 8))
    assert share.df == np.inf


@pytest.mark.parametrize("kind", ["mean", "count"])
def test_a_mean_has_the_variance_of_the_sample_over_its_size(kind):
    spend = np.array([3.0, 0, 12, 5, 1])
    mean = level(arm_of(spend), kind)
    assert (mean.value, mean.variance) == (pytest.approx(spend.mean()), pytest.approx(spend.var(ddof=1) / 5))
    assert mean.df == 4


def test_a_ratio_has_the_variance_of_its_residuals_by_the_delta_method():
    rng = np.random.default_rng(3)
    visits = rng.poisson(4, 500) + 1.0
    orders = rng.binomial(visits.astype(int), 0.3).astype(float)
    ratio = level(arm_of(orders, visits), "ratio")
    residuals = (orders - orders.sum() / visits.sum() * visits) / visits.mean()
    assert ratio.value == pytest.approx(orders.sum() / visits.sum())
    assert ratio.variance == pytest.approx(residuals.var(ddof=1) / 500)


def test_the_derivative_is_what_a_small_change_of_each_mean_does():
    means = np.array([2.0, 5.0])
    value, gradient = value_and_gradient(means, "ratio")
    for place in range(2):
        step = 1e-6 * (np.arange(2) == place)
        change = (value_and_gradient(means + step, "ratio")[0] - value) / 1e-6
        assert gradient[place] == pytest.approx(change, rel=1e-5)


def test_money_in_another_currency_scales_the_level_and_its_variance():
    spend = np.array([3.0, 0, 12, 5, 1])
    one, other = level(arm_of(spend), "mean"), level(arm_of(7 * spend), "mean")
    assert (other.value, other.variance) == (pytest.approx(7 * one.value), pytest.approx(49 * one.variance))


def test_a_level_without_adjustment_is_its_own_base():
    plain = level(arm_of([1.0, 2.0, 3.0]), "mean")
    assert plain == Level.unadjusted(plain.value, plain.variance, plain.df)
    assert (plain.base, plain.base_variance, plain.covariance) == (plain.value, plain.variance, plain.variance)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("kind", COLUMNS)
def test_an_empty_arm_has_no_level(kind):
    empty = level(arm_of(*[np.empty(0)] * COLUMNS[kind]), kind)
    assert np.isnan(empty.value) or np.isnan(empty.variance)


@pytest.mark.parametrize("numerator", [[0.0, 0.0], [3.0, 5.0], [-3.0, 0.0]])
def test_a_ratio_to_nothing_is_not_known(numerator):
    nothing = level(arm_of(numerator, [0.0, 0.0]), "ratio")
    assert np.isnan([nothing.value, nothing.variance]).all()
    assert np.isnan(level(arm_of([2.0, 4.0], [1.0, -1.0]), "ratio").value)
