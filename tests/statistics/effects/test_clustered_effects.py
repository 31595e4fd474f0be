from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from helpers.statistics.designs.sample_sizes import power, sample_size
from helpers.statistics.effects.clustered_effects import (
    cluster_std_dev,
    clustered_effect,
    design_effect,
    intra_cluster_correlation,
)
from helpers.statistics.effects.comparisons import compare
from helpers.statistics.effects.moments import Moments


def stores(rng: np.random.Generator, sizes: np.ndarray, correlation: float, mean: float = 10.0) -> pd.DataFrame:
    """One row a customer: store, spend, of variance 4, of which the share `correlation` lies between stores."""
    store = np.repeat(np.arange(len(sizes)), sizes)
    level = rng.normal(mean, 2 * np.sqrt(correlation), len(sizes))
    return pd.DataFrame(
        {"store": store, "spend": level[store] + rng.normal(0, 2 * np.sqrt(1 - correlation), len(store))}
    )


def sums(rows: pd.DataFrame) -> pd.DataFrame:
    store, spend = rows["store"].to_numpy(), rows["spend"].to_numpy()
    columns = {"customers": None, "total": spend, "squares": spend**2}
    return pd.DataFrame({name: np.bincount(store, weights) for name, weights in columns.items()})


def sizes(rng: np.random.Generator, clusters: int) -> np.ndarray:
    return rng.integers(5, 60, clusters)


def test_the_error_is_the_cluster_robust_one_of_a_regression():
    """statsmodels' OLS on treatment with errors clustered by store; m / (m − 1) is ours, arm by arm."""
    rng = np.random.default_rng(1)
    arms = [stores(rng, sizes(rng, m), 0.2) for m in (14, 14)]
    effect = clustered_effect(*map(sums, arms))
    rows = pd.concat([arm.assign(arm=i, store=arm["store"] + 100 * i) for i, arm in enumerate(arms)])
    model = sm.OLS(rows["spend"], sm.add_constant(rows["arm"].astype(float)))
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": rows["store"], "use_correction": False})
    assert effect.effect == pytest.approx(fit.params["arm"])
    assert effect.std_error == pytest.approx(fit.bse["arm"] * np.sqrt(14 / 13))
    assert "clusters of customers; difference of means" in effect.convention


def test_clusters_of_equal_size_are_compared_like_their_means():
    rng = np.random.default_rng(2)
    arms = [stores(rng, np.full(m, 25), 0.3) for m in (8, 12)]
    effect = clustered_effect(*map(sums, arms), alpha=0.1)
    expected = stats.ttest_ind(*(arm.groupby("store")["spend"].mean() for arm in arms[::-1]), equal_var=False)
    assert (effect.p_value, effect.df) == pytest.approx((expected.pvalue, expected.df))
    assert (effect.lower, effect.upper) == pytest.approx(tuple(expected.confidence_interval(0.9)))


def test_clusters_of_one_customer_are_customers():
    rng = np.random.default_rng(3)
    arms = [stores(rng, np.ones(n, dtype=int), 0.0) for n in (60, 80)]
    effect = clustered_effect(*map(sums, arms))
    plain = compare(*(Moments.of(arm[["spend"]]) for arm in arms), kind="mean")
    for field in ("control", "treatment", "effect", "std_error", "lower", "upper", "df", "p_value"):
        assert getattr(effect, field) == pytest.approx(getattr(plain, field))


@pytest.mark.parametrize("relative", [False, True])
def test_swapping_the_arms_flips_the_sign(relative):
    rng = np.random.default_rng(4)
    a, b = (sums(stores(rng, sizes(rng, 10), 0.1, mean)) for mean in (10, 12))
    there, back = clustered_effect(a, b, relative=relative), clustered_effect(b, a, relative=relative)
    assert np.sign(there.effect) == -np.sign(back.effect) != 0
    if not relative:
        assert (there.effect, there.lower, there.p_value) == pytest.approx((-back.effect, -back.upper, back.p_value))


def test_one_cluster_in_an_arm_cannot_be_tested():
    rng = np.random.default_rng(5)
    effect = clustered_effect(sums(stores(rng, np.array([40]), 0.1)), sums(stores(rng, np.array([30, 20]), 0.1)))
    assert np.isnan([effect.std_error, effect.p_value, effect.lower]).all()


@pytest.mark.long
def test_without_an_effect_one_test_in_twenty_rejects_and_customers_taken_one_by_one_far_more():
    rng = np.random.default_rng(6)
    runs, clustered, alone = 400, 0, 0
    for _ in range(runs):
        arms = [stores(rng, sizes(rng, 20), 0.1) for _ in range(2)]
        clustered += clustered_effect(*map(sums, arms)).p_value < 0.05
        alone += compare(*(Moments.of(arm[["spend"]]) for arm in arms), kind="mean").p_value < 0.05
    low, high = stats.binom.interval(0.999, runs, [0.045, 0.065])  # 20 unequal clusters an arm: slightly liberal
    assert low[0] <= clustered <= high[1]
    assert alone > 0.25 * runs


def test_the_correlation_is_that_of_a_slow_loop_over_the_rows():
    """Donner & Klar (2000): mean squares between clusters of an arm and within clusters, row by row."""
    rng = np.random.default_rng(7)
    arms = [stores(rng, sizes(rng, m), 0.3, mean) for m, mean in ((6, 10), (9, 30))]
    between = within = size = clusters = 0.0
    for arm in arms:
        size += len(arm)
        for _, store in arm.groupby("store"):
            between += len(store) * (store["spend"].mean() - arm["spend"].mean()) ** 2
            within += sum((spend - store["spend"].mean()) ** 2 for spend in store["spend"])
            size -= len(store) ** 2 / len(arm)
            clusters += 1
    between, within, size = between / (clusters - 2), within / (sum(map(len, arms)) - clusters), size / (clusters - 2)
    expected = (between - within) / (between + (size - 1) * within)
    assert intra_cluster_correlation(*map(sums, arms)) == pytest.approx(expected)


@pytest.mark.parametrize("truth", [0.0, 0.05, 0.4])
def test_the_correlation_finds_the_true_one(truth):
    rng = np.random.default_rng(8)
    estimates = [
        intra_cluster_correlation(*(sums(stores(rng, sizes(rng, 20), truth)) for _ in range(2))) for _ in range(60)
    ]
    assert np.mean(estimates) == pytest.approx(truth, abs=4 * np.std(estimates) / np.sqrt(60) + 0.005)


def test_the_correlation_at_its_ends_and_where_there_is_none():
    alike = pd.DataFrame({"customers": [3, 4], "total": [6.0, 20.0], "squares": [12.0, 100.0]})
    assert intra_cluster_correlation(alike) == pytest.approx(1)
    opposite = pd.DataFrame({"customers": [2, 2], "total": [0.0, 0.0], "squares": [2.0, 2.0]})
    assert intra_cluster_correlation(opposite) == pytest.approx(-1)
    lone = pd.DataFrame({"customers": [1, 1], "total": [1.0, 2.0], "squares": [1.0, 4.0]})
    assert np.isnan(intra_cluster_correlation(lone))
    assert np.isnan(intra_cluster_correlation(alike.iloc[:1]))
    assert intra_cluster_correlation(alike, alike.iloc[:0]) == intra_cluster_correlation(alike)


def test_the_design_effect_is_the_variance_of_the_mean_over_that_of_as_many_strangers():
    """With the covariance matrix of all customers written out."""
    customers, correlation = np.array([2, 5, 9]), 0.3
    store = np.repeat(np.arange(3), customers)
    covariance = np.where(store[:, None] == store, correlation, 0.0)
    np.fill_diagonal(covariance, 1.0)
    assert design_effect(correlation, customers) == pytest.approx(covariance.mean() * customers.sum())
    assert design_effect(0.05, [20, 20, 20]) == pytest.approx(1 + 19 * 0.05)
    assert design_effect(0.3, [1, 1]) == 1


def test_a_plan_in_clusters_asks_for_the_design_effect_times_as_many_customers():
    customers = np.array([20, 40, 60, 80])
    clusters = sample_size(0.1, std_dev=cluster_std_dev(2, 0.02, customers))
    alone = sample_size(0.1, std_dev=2)
    # Up to the degrees of freedom, which clusters have fewer of.
    assert clusters * customers.mean() == pytest.approx(alone * design_effect(0.02, customers), rel=0.01)
    assert clusters * customers.mean() > alone * design_effect(0.02, customers)


@pytest.mark.long
def test_the_power_of_a_plan_in_clusters_is_met():
    rng = np.random.default_rng(9)
    runs, customers = 400, np.full(10, 30)
    planned = power(1.0, 10, std_dev=cluster_std_dev(2, 0.15, customers))
    arms = ((stores(rng, customers, 0.15), stores(rng, customers, 0.15, 11)) for _ in range(runs))
    seen = sum(clustered_effect(*map(sums, pair)).p_value < 0.05 for pair in arms)
    low, high = stats.binom.interval(0.999, runs, planned)
    assert 0.5 < planned < 0.9
    assert low <= seen <= high


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: design_effect(0.1, []), "one number above 0 a cluster"),
        (lambda: design_effect(0.1, [3, 0]), "customers = "),
        (lambda: design_effect(5, [3, 3]), "correlation = 5"),
        (
            lambda: clustered_effect(pd.DataFrame({"customers": [0, 3], "total": [0, 1]}), pd.DataFrame()),
            "customers = 0",
        ),
    ],
)
def test_impossible_clusters_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
