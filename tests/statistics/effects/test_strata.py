from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from helpers.statistics.effects.comparisons import compare, post_stratified
from helpers.statistics.effects.moments import Moments, total


def customers(rng: np.random.Generator, n: int, lift: float = 0.0) -> pd.DataFrame:
    """Spend that depends on the city."""
    city = rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1])
    spend = rng.gamma(2, 3, n) + pd.Series(city).map({"a": 0, "b": 8, "c": 30}).to_numpy() + lift
    return pd.DataFrame({"city": city, "spend": spend, "orders": 1 + rng.poisson(2, n)})


def by_city(rows: pd.DataFrame, *columns: str) -> dict[str, Moments]:
    return {city: Moments.of(part[list(columns)]) for city, part in rows.groupby("city")}


def effect(pair, *columns: str, kind: str = "mean", **options):
    return post_stratified(*(by_city(arm, *columns) for arm in pair), kind=kind, **options)


def test_post_stratification_weighs_strata_by_their_share_of_both_arms():
    rng = np.random.default_rng(1)
    pair = customers(rng, 400), customers(rng, 300, 2)
    shares = pd.concat(pair)["city"].value_counts(normalize=True)
    means = [arm.groupby("city")["spend"].agg(["mean", "var", "size"]) for arm in pair]
    result = effect(pair, "spend")
    assert result.effect == pytest.approx(((means[1]["mean"] - means[0]["mean"]) * shares).sum())
    squares = sum((shares**2 * arm["var"] / arm["size"]).sum() for arm in means)
    assert result.std_error == pytest.approx(np.sqrt(squares))


def test_post_stratification_is_ols_with_centred_strata_times_arm():
    """Miratrix, Sekhon & Yu (2013); Lin (2013): the effect exactly, HC2's error exactly."""
    rng = np.random.default_rng(2)
    pair = customers(rng, 200), customers(rng, 150, 2)
    rows = pd.concat(pair, keys=[0, 1], names=["arm"]).reset_index("arm")
    strata = pd.get_dummies(rows["city"], drop_first=True, dtype=float)
    centred = strata - strata.mean()
    design = sm.add_constant(np.column_stack([rows["arm"], centred, centred.mul(rows["arm"], axis=0)]))
    fit = sm.OLS(rows["spend"], design).fit(cov_type="HC2")
    result = effect(pair, "spend")
    assert (result.effect, result.std_error) == pytest.approx((fit.params.iloc[1], fit.bse.iloc[1]))


def test_strata_that_differ_save_variance_and_the_share_is_said():
    rng = np.random.default_rng(3)
    pair = customers(rng, 3000), customers(rng, 3000)
    between = pair[0].groupby("city")["spend"].transform("mean").var() / pair[0]["spend"].var()
    assert effect(pair, "spend").variance_saved == pytest.approx(between, abs=0.03)
    assert abs(effect(pair, "orders").variance_saved) < 0.01


def test_one_stratum_is_no_stratification():
    rng = np.random.default_rng(4)
    pair = [customers(rng, 50).assign(city="a") for _ in range(2)]
    plain = compare(*(Moments.of(arm[["spend"]]) for arm in pair), kind="mean")
    result = effect(pair, "spend")
    for field in ("control", "treatment", "effect", "std_error", "lower", "upper", "df", "p_value", "variance_saved"):
        assert getattr(result, field) == pytest.approx(getattr(plain, field), abs=1e-12)


def test_a_mix_that_differs_does_not_make_an_effect():
    """Simpson: within each city nothing differs, the treatment merely has more of the rich city."""
    poor, rich = np.tile([9.0, 11.0], 50), np.tile([99.0, 101.0], 50)
    control = {"poor": Moments.of({"spend": poor}), "rich": Moments.of({"spend": rich[:20]})}
    treatment = {"poor": Moments.of({"spend": poor[:20]}), "rich": Moments.of({"spend": rich})}
    assert compare(total(control.values()), total(treatment.values()), kind="mean").p_value < 1e-9
    result = post_stratified(control, treatment, kind="mean")
    assert result.effect == pytest.approx(0, abs=1e-9)


def test_small_strata_are_counted_with_the_largest_one_and_nobody_is_lost():
    rng = np.random.default_rng(5)
    control, treatment = customers(rng, 100), customers(rng, 100)
    lone = pd.DataFrame({"city": ["d", "e"], "spend": [500.0, 400.0], "orders": [1, 1]})
    strange = pd.concat([control, lone])
    renamed = strange.assign(city=strange["city"].replace({"d": "a", "e": "a"}))
    result = effect((strange, treatment), "spend")
    assert result.std_error == pytest.approx(effect((renamed, treatment), "spend").std_error)
    assert "post-stratified over 3 strata, 2 small with the largest" in result.convention


@pytest.fixture(scope="module")
def alike():
    """Moments by city of 200 pairs of arms that do not differ."""
    rng = np.random.default_rng(6)
    return [[by_city(customers(rng, n), "spend", "orders") for n in (200, 300)] for _ in range(200)]


@pytest.mark.parametrize("relative", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize("columns", [("spend",), ("spend", "orders")], ids=["mean", "ratio"])
def test_without_an_effect_one_test_in_twenty_rejects(alike, columns, relative):
    kind = "ratio" if len(columns) == 2 else "mean"
    pairs = ([{city: each.select(*columns) for city, each in arm.items()} for arm in pair] for pair in alike)
    rejected = sum(post_stratified(*pair, kind=kind, relative=relative).p_value < 0.05 for pair in pairs)
    low, high = stats.binom.interval(0.999, len(alike), 0.05)
    assert low <= rejected <= high


def test_arms_that_share_no_stratum_with_enough_rows_are_compared_as_one():
    control, treatment = {"a": Moments.of({"spend": [1.0, 2, 4]})}, {"b": Moments.of({"spend": [2.0, 5, 6]})}
    plain = compare(control["a"], treatment["b"], kind="mean")
    assert post_stratified(control, treatment, kind="mean").p_value == pytest.approx(plain.p_value)


def test_no_strata_are_refused():
    with pytest.raises(ValueError, match="strata = none"):
        post_stratified({}, {}, kind="mean")
