"""Where whole groups were assigned, errors are those of the groups, and what would need others is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses import experiments
from helpers.analyses.experiments.validity.faults import fault
from helpers.findings import NotApplicable
from helpers.statistics.designs import sample_sizes
from helpers.statistics.effects import clustered_effect
from shops import Extra, covariate, metric

STORE = covariate("store", "text")
BY_STORE = {"test": {"control": "control", "unit": "store"}}


def customers_of(rng, stores=60, effect=0.0, alike=0.5):
    """Customers in stores of unequal size, whole stores in one arm; those of a store spend alike."""
    sizes = rng.integers(10, 60, stores)
    store = np.repeat(np.arange(stores), sizes)
    variant = np.where(store % 2, "new", "control")
    spend = 10 + rng.normal(0, alike, stores)[store] + rng.normal(0, 1, len(store)) + effect * (variant == "new")
    return pd.DataFrame({"variant": variant, "store": [f"s{at:03d}" for at in store], "spend": spend})


@pytest.fixture(scope="module")
def rows():
    return customers_of(np.random.default_rng(1), effect=2.0)


@pytest.mark.long
def test_the_interval_covers_no_effect_as_often_as_it_says_and_the_naive_one_does_not(assigned, table_of):
    """80 experiments without an effect on 60 stores, as many metrics of one: the share of intervals that hold 0."""
    rng = np.random.default_rng(2)
    rows, runs = customers_of(rng, stores=60), 80
    place = rows["store"].astype("category").cat.codes.to_numpy()
    shifts, noise = rng.normal(0, 0.5, (60, runs)), rng.normal(0, 1, (len(rows), runs))
    spends = pd.DataFrame(shifts[place] + noise, columns=[f"m{run}" for run in range(runs)])
    data = rows[["variant", "store"]].join(spends)
    covered = {}
    for name, words in (("by store", BY_STORE), ("one by one", {"test": {"control": "control"}})):
        trials = experiments.read(assigned(data, *map(metric, spends), STORE, words=words))
        table = table_of(trials, "test")
        covered[name] = ((table["lower"] <= 0) & (table["upper"] >= 0)).mean()
    assert abs(covered["by store"] - 0.95) < 3 * np.sqrt(0.05 * 0.95 / runs)
    assert covered["one by one"] < 0.7


def test_the_effect_is_that_of_the_clustered_estimator_on_totals_by_store(rows, assigned, table_of):
    trials = experiments.read(assigned(rows, metric("spend"), STORE, words=BY_STORE))
    row = table_of(trials, "test").loc[("new", "spend")]
    stores = rows.groupby(["variant", "store"])["spend"].agg(customers="size", total="sum")
    exact = clustered_effect(stores.loc["control"], stores.loc["new"])
    assert row[["effect", "lower", "upper", "p_value"]].tolist() == pytest.approx(
        [exact.effect, exact.lower, exact.upper, exact.p_value]
    )
    assert row["effect"] == pytest.approx(rows.groupby("variant")["spend"].mean().diff()["new"])
    assert "clusters of customers" in row["convention"]


def test_the_page_says_that_errors_allow_for_the_groups(rows, assigned):
    trials = experiments.read(assigned(rows, metric("spend"), STORE, words=BY_STORE))
    assert words_of(experiments.effects(trials)[0]).endswith("Customers were assigned by store: errors allow for it.")
    assert "Customers of test were assigned by store: the ratio is that of the groups." in (
        words_of(experiments.health(trials))
    )
    plain = experiments.read(assigned(rows, metric("spend"), STORE))
    assert "assigned by" not in words_of(experiments.effects(plain)[0]) + words_of(experiments.health(plain))


def test_a_ratio_is_taken_over_the_sums_of_each_store(rows, assigned, table_of):
    orders = 1.0 + np.random.default_rng(3).poisson(2, len(rows))
    both = rows.assign(orders=orders)
    value = metric("spend", "ratio", per="orders")
    row = table_of(experiments.read(assigned(both, value, STORE, words=BY_STORE)), "test").loc[("new", "spend")]
    stores = both.groupby(["variant", "store"])[["orders", "spend"]].sum()
    stores = stores.rename(columns={"orders": "customers", "spend": "total"})
    exact = clustered_effect(stores.loc["control"], stores.loc["new"])
    assert row[["effect", "lower", "upper"]].tolist() == pytest.approx([exact.effect, exact.lower, exact.upper])


def test_the_ratio_of_the_arms_is_that_of_the_stores(assigned):
    """Thirty stores in either arm, those of one arm five times as large: as planned, though customers are not."""
    at = np.arange(60)
    store = np.repeat(at, np.where(at % 2, 50, 10))
    rows = pd.DataFrame({"variant": np.where(store % 2, "new", "control"), "store": store.astype(str), "spend": 1.0})
    (by_store,) = experiments.read(assigned(rows, metric("spend"), STORE, words=BY_STORE))
    (plain,) = experiments.read(assigned(rows, metric("spend"), STORE))
    assert by_store.sample_ratio.p_value == 1 and plain.sample_ratio.p_value < 1e-10
    assert by_store.groups.sizes.to_dict() == {"control": 30, "new": 30}


def test_a_difference_between_stores_is_decided_on_with_the_noise_of_stores(assigned, decided):
    """Nothing works here, but stores differ by chance far more than customers would."""
    rows = customers_of(np.random.default_rng(13), alike=2.0)
    assert decided(rows, metric("spend"), STORE)["decision"].tolist() == ["ship"]
    (row,) = decided(rows, metric("spend"), STORE, words=BY_STORE).itertuples()
    assert row.decision == "extend" or row.decision == "keep"
    assert 0.5 < row.win_probability < 0.99


def test_sizes_are_planned_in_stores(rows, assigned):
    """The noise of a store is what makes the variance of the control's mean, by hand, with as many stores."""
    trials = experiments.read(assigned(rows, metric("spend"), STORE, words=BY_STORE))
    (line,) = experiments.detectable(trials).table.itertuples()
    control = rows[rows["variant"] == "control"]
    stores = control.groupby("store")["spend"].agg(n="size", total="sum")
    residual = stores["total"] - control["spend"].mean() * stores["n"]
    std_dev = np.sqrt(30 * 30 / 29 * (residual**2).sum()) / stores["n"].sum()
    assert sample_sizes.power(line.smallest_effect, 30, std_dev=std_dev) == pytest.approx(0.8, abs=0.002)
    assert line.control_n == len(control)


def test_few_stores_are_too_few_and_split_ones_are_a_fault(assigned, decided):
    few = customers_of(np.random.default_rng(4), stores=18)
    table = decided(few, metric("spend"), STORE, words=BY_STORE)
    assert table["decision"].tolist() == ["unreadable"]
    assert table["why"].tolist() == ["Fewer than 10 groups (store) in an arm: too few to test."]
    split = customers_of(np.random.default_rng(5)).assign(
        variant=lambda rows: np.where(rows.index % 2, "new", "control")
    )
    (trial,) = experiments.read(assigned(split, metric("spend"), STORE, words=BY_STORE))
    assert fault(trial, experiments.Rules()) == "split_groups"
    assert (
        "100% of the groups (store) are in two arms"
        in (decided(split, metric("spend"), STORE, words=BY_STORE)["why"].iloc[0])
    )


def test_arms_that_lose_whole_stores_by_chance_are_readable(assigned):
    """A third of the stores do not measure: by customers the arms lose unequally, by stores they do not."""
    rng = np.random.default_rng(6)
    rows = customers_of(rng)
    silent = rng.choice(rows["store"].unique(), 20, replace=False)
    rows["spend"] = rows["spend"].mask(rows["store"].isin(silent))
    spend = metric("spend", missing="not eligible")
    (by_store,) = experiments.read(assigned(rows, spend, STORE, words=BY_STORE))
    (plain,) = experiments.read(assigned(rows, spend, STORE))
    assert by_store.eligible_p_value("spend") > 0.01 > plain.eligible_p_value("spend")


def test_answers_that_need_customers_one_by_one_say_so(rows, assigned):
    data = assigned(rows.assign(age=40.0), metric("spend", cap=(0, 0.9)), covariate("age"), STORE, words=BY_STORE)
    trials = experiments.read(data)
    answers = (
        experiments.before(trials, data),
        experiments.balance(trials),
        experiments.variance_saved(data, trials),
        experiments.capped(data, trials),
        *experiments.over_time(trials),
        *experiments.segment_effects(experiments.segments(data, trials)),
        *experiments.quantile_effects(experiments.distributions(data, trials)),
        *experiments.uplift(experiments.predictions(data, trials)),
    )
    for answer in answers:
        assert isinstance(answer, NotApplicable)
        assert str(answer.reason).endswith("this answer holds for customers who are assigned one by one.")
    assert "no change is tested: test." in words_of(experiments.assignment(trials, data))


def test_customers_without_a_store_are_one_more_group_of_their_arm(rows, assigned, table_of):
    lost = rows.assign(store=rows["store"].mask(rows.index % 10 == 0))
    trials = experiments.read(assigned(lost, metric("spend"), STORE, words=BY_STORE))
    row = table_of(trials, "test").loc[("new", "spend")]
    assert row["effect"] == pytest.approx(rows.groupby("variant")["spend"].mean().diff()["new"])
    assert trials[0].groups.sizes.to_dict() == {"control": 30, "new": 30}
    assert len(trials[0].groups.totals("new", "spend")) == 31


def test_a_unit_that_is_no_covariate_is_refused(rows, assigned):
    data = assigned(rows, metric("spend"), STORE, words={"test": {"unit": "stroe"}})
    with pytest.raises(ValueError, match="experiments.test.unit = 'stroe'.*Did you mean 'store'"):
        experiments.read(data)


def test_the_label_of_the_column_stands_in_the_sentence(rows, assigned):
    branch = Extra("store", "covariates", STORE.origin, label="branch office")
    trials = experiments.read(assigned(rows, metric("spend"), branch, words=BY_STORE))
    assert "Customers were assigned by branch office" in words_of(experiments.effects(trials)[0])
