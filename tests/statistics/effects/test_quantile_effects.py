from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from helpers.statistics.effects.quantile_effects import quantile_effect, quantile_estimate


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.7, 0.9])
@pytest.mark.parametrize("rows", [(3.0, 1.0, 7.0, 10.0), (2.0, 2.0, 5.0, 9.0, -4.0), (1.0, 6.0)], ids=str)
def test_the_error_is_that_of_every_resample_there_is(rows, quantile):
    """Efron (1979): all n^n equally likely resamples, by enumeration."""
    resamples = [np.quantile(draw, quantile, method="inverted_cdf") for draw in product(rows, repeat=len(rows))]
    level, std_error = quantile_estimate(pd.Series(rows).value_counts(), quantile)
    assert level == np.quantile(rows, quantile, method="inverted_cdf")
    assert std_error == pytest.approx(np.std(resamples))


@pytest.mark.parametrize("quantile", [0.05, 0.3, 0.5, 0.7, 0.95])
@pytest.mark.parametrize("n", [10, 20, 101])
def test_the_quantile_of_an_arm_is_that_of_numpy(n, quantile):
    rows = np.random.default_rng(n).gamma(2, 3, n).round(1)
    assert quantile_estimate(pd.Series(rows).value_counts(), quantile)[0] == np.quantile(
        rows, quantile, method="inverted_cdf"
    )


def test_a_share_of_whole_customers_has_their_rank():
    customers = pd.Series(1, index=np.arange(1, 101))
    assert 100 * 0.55 > 55  # in floating point
    assert quantile_estimate(customers, 0.55)[0] == 55


def test_for_many_customers_the_error_is_that_of_the_density():
    """√(p (1 − p) / n) / f at the quantile, for an exponential."""
    n, quantile = 40_000, 0.8
    rows = stats.expon.ppf((np.arange(n) + 0.5) / n)
    density = stats.expon.pdf(stats.expon.ppf(quantile))
    error = quantile_estimate(pd.Series(rows).value_counts(), quantile)[1]
    assert error == pytest.approx(np.sqrt(quantile * (1 - quantile) / n) / density, rel=5e-3)


def test_counts_by_value_in_any_order_are_the_rows():
    rng = np.random.default_rng(3)
    rows = pd.Series(rng.poisson(20, 500))
    by_value = pd.Series(np.bincount(rows), index=range(rows.max() + 1))  # as from a group-by, with empty values
    assert quantile_estimate(rows.value_counts(), 0.9) == quantile_estimate(by_value[::-1], 0.9)


@pytest.mark.parametrize("quantile", [0.5, 0.9])
def test_the_interval_covers_the_true_difference_about_as_often_as_stated(quantile):
    rng = np.random.default_rng(4)
    runs, true = 300, (30 - 20) * np.exp(stats.norm.ppf(quantile))
    covered = 0
    for _ in range(runs):
        control, treatment = rng.lognormal(np.log(20), 1, 300), rng.lognormal(np.log(30), 1, 250)
        effect = quantile_effect(*(pd.Series(arm.round(2)).value_counts() for arm in (control, treatment)), quantile)
        covered += effect.lower <= true <= effect.upper
    low, high = stats.binom.interval(0.999, runs, [0.94, 0.97])
    assert low[0] <= covered <= high[1]


def test_swapping_the_arms_flips_the_sign():
    rng = np.random.default_rng(5)
    a, b = (pd.Series(rng.gamma(2, scale, 80).round(1)).value_counts() for scale in (3, 5))
    there, back = quantile_effect(a, b, 0.75), quantile_effect(b, a, 0.75)
    assert (there.effect, there.lower, there.statistic) == (-back.effect, -back.upper, -back.statistic)
    assert (there.p_value, there.std_error) == (back.p_value, back.std_error)
    assert (there.control, there.treatment) == (back.treatment, back.control)


def test_the_interval_leaves_0_out_exactly_when_p_is_below_alpha():
    rng = np.random.default_rng(6)
    arms = [pd.Series(rng.normal(mean, 5, 100)).value_counts() for mean in (20, 22)]
    p_value = quantile_effect(*arms).p_value
    for alpha in (p_value * 0.99, p_value * 1.01):
        effect = quantile_effect(*arms, alpha=alpha)
        assert (effect.lower > 0 or effect.upper < 0) == (effect.p_value < alpha)


def test_a_shift_of_all_values_shifts_the_quantile_and_not_its_error():
    rows = np.random.default_rng(7).gamma(2, 3, 60)
    level, error = quantile_estimate(pd.Series(rows).value_counts(), 0.5)
    moved, same = quantile_estimate(pd.Series(rows + 1e6).value_counts(), 0.5)
    assert moved == pytest.approx(level + 1e6) and same == pytest.approx(error, rel=1e-6)


@pytest.mark.parametrize("rows", [[], [5.0], [0.0] * 40])
def test_nobody_or_equal_values_have_no_error_and_no_p_value(rows):
    customers = pd.Series(rows, dtype=float).value_counts()
    level, error = quantile_estimate(customers, 0.5)
    assert np.isnan(error)
    assert np.isnan(level) == (not rows)
    other = pd.Series(np.arange(50.0)).value_counts()
    assert np.isnan(quantile_effect(customers, other).p_value)


def test_impossible_quantiles_values_and_levels_are_refused():
    customers = pd.Series([1, 1, 1], index=[1.0, 2.0, np.inf])
    with pytest.raises(ValueError, match="without a finite value"):
        quantile_estimate(customers, 0.5)
    with pytest.raises(ValueError, match="quantile = 90"):
        quantile_estimate(customers, 90)
    with pytest.raises(ValueError, match="alpha = 5"):
        quantile_effect(customers, customers, alpha=5)
