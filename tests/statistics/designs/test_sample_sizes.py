from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import NormalIndPower, TTestIndPower
from statsmodels.stats.proportion import power_proportions_2indep, proportion_effectsize

from helpers.statistics.designs.sample_sizes import (
    days_to_run,
    minimum_effect,
    power,
    relative_spread,
    sample_size,
    spread,
)
from helpers.statistics.effects.comparisons import compare
from helpers.statistics.effects.moments import Moments

conventions = st.sampled_from(["unpooled", "pooled", "arcsine"])
ratios = st.floats(0.2, 5)


@pytest.mark.parametrize(("cohen_d", "size"), [(0.2, 393.41), (0.5, 63.77), (0.8, 25.52)])
def test_size_for_a_standardised_difference_of_means(cohen_d, size):
    """Experiment cases, size per arm: Cohen d."""
    assert sample_size(cohen_d, std_dev=1) == pytest.approx(size, abs=0.005)
    assert sample_size(12 * cohen_d, std_dev=12) == pytest.approx(size, abs=0.005)


@pytest.mark.parametrize(("convention", "size"), [(None, 1091.0), ("arcsine", 1091.9), ("pooled", 1093.7)])
def test_size_from_20_to_25_percent_by_convention(convention, size):
    """Experiment cases, size per arm: 20 % → 25 %; unpooled is the default."""
    assert sample_size(0.05, rate=0.2, convention=convention) == pytest.approx(size, abs=0.05)


@settings(max_examples=60, deadline=None)
@given(st.integers(50, 10**7), st.floats(0.01, 0.9), st.floats(0.1, 0.99), ratios, conventions)
def test_power_of_the_minimum_effect_on_a_rate_is_the_power_asked_for(n, rate, target, ratio, convention):
    plan = {"rate": rate, "ratio": ratio, "convention": convention}
    effect = minimum_effect(n, power=target, **plan)
    if np.isnan(effect):
        assert power(1 - rate, n, **plan) < target
    else:
        assert power(effect, n, **plan) == pytest.approx(target, abs=1e-8)


@settings(max_examples=40, deadline=None)
@given(st.integers(10, 10**7), st.floats(0.1, 1e4), st.floats(0.1, 0.99), ratios)
def test_power_of_the_minimum_effect_on_a_mean_is_the_power_asked_for(n, std_dev, target, ratio):
    effect = minimum_effect(n, std_dev=std_dev, power=target, ratio=ratio)
    assert power(effect, n, std_dev=std_dev, ratio=ratio) == pytest.approx(target, abs=1e-8)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.02, 0.4), st.floats(0.01, 0.3), st.floats(0.5, 0.99), ratios, conventions)
def test_power_at_the_sample_size_is_the_power_asked_for(rate, effect, target, ratio, convention):
    n = sample_size(effect, rate=rate, power=target, ratio=ratio, convention=convention)
    reached = power(effect, n, rate=rate, ratio=ratio, convention=convention)
    if n * min(1, ratio) > 2.001:
        assert reached == pytest.approx(target, abs=1e-8)
    else:  # arms are never smaller than two customers
        assert reached >= target - 1e-8


@pytest.mark.parametrize(("n", "ratio"), [(8, 1), (100, 0.5), (200, 3)])
def test_power_for_means_is_that_of_statsmodels(n, ratio):
    expected = TTestIndPower().power(0.3, n, 0.05, ratio)
    assert power(-0.3, n, std_dev=1, ratio=ratio) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(("n", "ratio"), [(30, 1), (300, 0.5), (1200, 2)])
def test_power_for_rates_is_that_of_statsmodels(n, ratio):
    arcsine = NormalIndPower().power(proportion_effectsize(0.26, 0.2), n, 0.05, ratio)
    assert power(0.06, n, rate=0.2, ratio=ratio, convention="arcsine") == pytest.approx(arcsine, rel=1e-9)
    # statsmodels names its groups the other way round: its ratio is that of the second rate to the first.
    pooled = power_proportions_2indep(-0.06, 0.26, n, ratio, 0.05, return_results=False)
    assert power(0.06, n, rate=0.2, ratio=ratio, convention="pooled") == pytest.approx(pooled, abs=1e-4)


def test_the_pooled_power_is_the_exact_rejection_rate_of_the_pooled_test():
    n, control, treatment = 120, 0.2, 0.35
    counts = np.arange(n + 1)
    difference = (counts[None, :] - counts[:, None]) / n
    pooled = (counts[None, :] + counts[:, None]) / (2 * n)
    with np.errstate(invalid="ignore"):
        rejected = np.abs(difference) / np.sqrt(2 * pooled * (1 - pooled) / n) > stats.norm.isf(0.025)
    exact = stats.binom.pmf(counts, n, control) @ rejected @ stats.binom.pmf(counts, n, treatment)
    assert power(treatment - control, n, rate=control, convention="pooled") == pytest.approx(exact, abs=0.01)


def test_the_planned_test_rejects_as_often_as_planned():
    rng = np.random.default_rng(7)
    n, ratio, effect, runs = 80, 1.5, 0.45, 1000
    p_values = [
        compare(
            Moments.of({"spend": rng.normal(3, 1, n)}),
            Moments.of({"spend": rng.normal(3 + effect, 1, int(n * ratio))}),
            kind="mean",
        ).p_value
        for _ in range(runs)
    ]
    rejections = (np.array(p_values) < 0.05).sum()
    low, high = stats.binom.interval(0.999, runs, power(effect, n, std_dev=1, ratio=ratio))
    assert low <= rejections <= high


def test_an_effect_far_beyond_the_noise_is_certain_to_be_seen():
    assert power(50, 2, std_dev=1) == pytest.approx(1)
    assert power(0.3, 1e8, std_dev=1) == 1
    assert sample_size(50, std_dev=1) == 2


def test_no_effect_is_seen_with_probability_alpha():
    assert power(0, 500, rate=0.3, alpha=0.1) == pytest.approx(0.1)
    assert power(0, 500, std_dev=2, alpha=0.1) == pytest.approx(0.1)


def test_an_unequal_split_needs_more_customers_in_all():
    equal, unequal = (sample_size(0.02, rate=0.1, ratio=ratio) for ratio in (1, 3))
    assert unequal < equal
    assert unequal * 4 > equal * 2


def test_where_even_certainty_would_not_be_seen_the_minimum_effect_is_missing():
    assert np.isnan(minimum_effect(5, rate=0.95))


# From the history of the metric


def customers(rng: np.random.Generator, n: int, lift: float = 0.0) -> pd.DataFrame:
    before = rng.gamma(2, 10, n)
    return pd.DataFrame(
        {
            "revenue": before + rng.gamma(2, 5, n) + lift,
            "orders": 1 + rng.poisson(2, n),
            "before": before,
        }
    )


def test_a_share_is_planned_by_its_rate_and_a_mean_by_its_standard_deviation():
    rows = customers(np.random.default_rng(1), 500)
    assert spread(Moments.of({"bought": [0, 0, 0, 1]}), "proportion") == {"rate": 0.25}
    assert spread(Moments.of(rows[["revenue"]]), "mean") == {"std_dev": pytest.approx(rows["revenue"].std())}
    assert spread(Moments.of(rows[["orders"]]), "count") == {"std_dev": pytest.approx(rows["orders"].std())}


def test_a_ratio_is_planned_by_its_linearised_rows():
    rows = customers(np.random.default_rng(2), 500)
    ratio = rows["revenue"].mean() / rows["orders"].mean()
    linearised = (rows["revenue"] - ratio * rows["orders"]) / rows["orders"].mean()
    found = spread(Moments.of(rows[["revenue", "orders"]]), "ratio")
    assert found == {"std_dev": pytest.approx(linearised.std())}


def test_cuped_is_planned_by_what_the_covariate_leaves():
    rows = customers(np.random.default_rng(3), 5000)
    history = Moments.of(rows[["revenue", "before"]])
    plain, adjusted = spread(history, "mean"), spread(history, "mean", ["before"])
    assert plain == {"std_dev": pytest.approx(rows["revenue"].std())}
    correlation = rows["revenue"].corr(rows["before"])
    saved = sample_size(0.2, **adjusted) / sample_size(0.2, **plain)
    assert saved == pytest.approx(1 - correlation**2, rel=1e-3)
    share = Moments.of({"bought": [0, 1, 0, 1, 1, 0], "before": [0, 1, 0, 1, 0, 1]})
    assert set(spread(share, "proportion", ["before"])) == {"std_dev"}


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        pytest.param(["revenue", "before"], "mean", marks=pytest.mark.long),
        pytest.param(["revenue", "orders"], "ratio", marks=pytest.mark.long),
        (["revenue", "orders", "before"], "ratio"),
    ],
)
def test_a_plan_from_history_finds_the_effect_as_often_as_planned(columns, kind):
    rng = np.random.default_rng(4)
    covariates = columns[2 if kind == "ratio" else 1 :]
    noise = spread(Moments.of(customers(rng, 20_000)[columns]), kind, covariates)
    n, runs, lift = 100, 400, 4.0
    p_values = [
        compare(
            *(Moments.of(customers(rng, n, gain)[columns]) for gain in (0.0, lift)), kind=kind, covariates=covariates
        ).p_value
        for _ in range(runs)
    ]
    effect = lift / 3 if kind == "ratio" else lift  # three orders a customer
    low, high = stats.binom.interval(0.999, runs, power(effect, n, **noise))
    assert 0.2 < power(effect, n, **noise) < 0.99
    assert low <= (np.array(p_values) < 0.05).sum() <= high


@pytest.mark.parametrize(
    ("moments", "kind"),
    [
        (Moments.of({"x": [1.0, 1, 1]}), "mean"),
        (Moments.of({"x": [1, 1]}), "proportion"),
        (Moments.of({"x": []}), "mean"),
        (Moments.of({"x": []}), "proportion"),
        (Moments.of({"x": [3.0]}), "count"),
        (Moments.of({"x": [1.0, 2], "y": [0, 0]}), "ratio"),
    ],
)
def test_what_does_not_vary_cannot_be_planned(moments, kind):
    assert spread(moments, kind) == {}


@pytest.mark.parametrize(
    ("customers", "a_day", "days"), [(1400, 100, 14), (1401, 100, 21), (50, 100, 7), (0.7, 0.1, 7)]
)
def test_days_to_run_are_whole_weeks(customers, a_day, days):
    assert days_to_run(customers, a_day) == days


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: days_to_run(100, 0), "customers_a_day = 0"),
        (lambda: days_to_run(float("nan"), 5), "customers = nan"),
        (lambda: power(0.1, 100), "rate = None, std_dev = None"),
        (lambda: power(0.1, 100, rate=0.1, std_dev=1), "Give exactly one"),
        (lambda: power(0.1, 1, rate=0.1), "n = 1"),
        (lambda: power(0.5, 100, rate=0.6), "rate \\+ effect = 1.1"),
        (lambda: power(0.1, 100, rate=1.2), "rate = 1.2"),
        (lambda: power(0.1, 100, std_dev=1, convention="pooled"), "convention = 'pooled': t for this metric"),
        (lambda: sample_size(0, rate=0.1), "effect = 0"),
        (lambda: sample_size(0.1, rate=0.1, power=80), "power = 80: .*Write 0.8"),
        (lambda: minimum_effect(100, rate=0.1, ratio=0), "ratio = 0"),
    ],
)
def test_impossible_plans_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def visits(n: int, seed: int, lift: float = 0.0) -> pd.DataFrame:
    """Orders and visits of n customers, of whom some visit more often than others; orders by visit rise by `lift`."""
    chance = np.random.default_rng(seed)
    many = chance.negative_binomial(3, 0.3, n) + 1
    orders = chance.binomial(many, np.clip(chance.beta(2, 8, n) * (1 + lift), 0, 1))
    return pd.DataFrame({"orders": orders, "visits": many})


def test_a_relative_spread_is_that_of_one_row_as_a_share_of_the_level():
    history = Moments.of(visits(4000, 1))
    for kind, level in (("mean", history.means[0]), ("ratio", history.means[0] / history.means[1])):
        assert relative_spread(history, kind)["std_dev"] == pytest.approx(spread(history, kind)["std_dev"] / level)
    bought = Moments.of({"bought": [1, 0, 0, 0] * 50})
    assert relative_spread(bought, "proportion")["std_dev"] == pytest.approx(np.sqrt(3), rel=0.01)
    assert relative_spread(Moments.of({"lost": [-1.0, 1.0, 3.0, -3.0]}), "mean") == {}


def test_a_relative_effect_on_a_ratio_is_seen_as_often_as_planned():
    """A simulation: of 400 tests of a true lift of 12 %, the share whose relative interval leaves 0 out."""
    n, lift = 1200, 0.12
    planned = power(lift, n, **relative_spread(Moments.of(visits(100_000, 2)), "ratio"))
    seen = 0
    for seed in range(400):
        arms = (Moments.of(visits(n, 10_000 + seed)), Moments.of(visits(n, 20_000 + seed, lift)))
        effect = compare(*arms, kind="ratio", relative=True)
        seen += effect.lower > 0 or effect.upper < 0
    assert 0.3 < planned < 0.95
    assert seen / 400 == pytest.approx(planned, abs=0.07)


def test_the_money_s_unit_does_not_change_how_many_customers_a_relative_effect_takes():
    rows = visits(2000, 3).astype(float)
    sizes = [sample_size(0.05, **relative_spread(Moments.of(rows * [unit, 1]), "ratio")) for unit in (1, 1e4)]
    assert sizes[0] == pytest.approx(sizes[1], rel=1e-9)
