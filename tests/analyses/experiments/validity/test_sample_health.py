"""Arms as planned, alike before they began, and what a missing value means are told from the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from answers import words_of

from helpers.analyses import experiments
from shops import covariate, metric


def test_hillstrom_comes_in_the_planned_ratio(hillstrom):
    """Known answer: experiments.md, hillstrom."""
    (trial,) = hillstrom
    assert dict(zip(trial.arms["arm"], trial.arms["customers"], strict=True)) == {
        "No E-Mail": 21306,
        "Mens E-Mail": 21307,
        "Womens E-Mail": 21387,
    }
    assert experiments.health(hillstrom).summary()["sample_ratio_p_value"].iloc[0] == pytest.approx(0.903693, abs=5e-7)


def test_where_no_value_is_missing_there_is_no_table_of_them(two_arms, assigned):
    answer = experiments.missing_values(experiments.read(assigned(two_arms(20, 20), metric("bought", "proportion"))))
    assert words_of(answer).startswith("Not applicable: no metric lacks a value")


def test_balance_is_in_standard_deviations_and_words_are_compared_as_shares(assigned):
    rows = pd.DataFrame(
        {
            "variant": ["control"] * 40 + ["new"] * 40,
            "bought": [0.0, 1.0] * 40,
            "age": [20.0, 40.0] * 20 + [30.0, 50.0] * 20,
            "city": ["上海"] * 20 + ["北京"] * 20 + ["上海"] * 10 + ["北京"] * 30,
        }
    )
    data = assigned(rows, metric("bought", "proportion"), covariate("age"), covariate("city", "text"))
    balance = experiments.balance(experiments.read(data))
    found = balance.summary().set_index("covariate")
    spread = np.sqrt((rows["age"][:40].var() + rows["age"][40:].var()) / 2)
    assert found.loc["age", "difference"] == pytest.approx(10 / spread)
    assert found.loc["city: 北京", ["control_mean", "arm_mean"]].tolist() == [0.5, 0.75]
    assert "2 of 2 differences are above 0.1 standard deviations, beyond chance" in words_of(balance)
    assert list(experiments.balance(experiments.read(data, covariates=["age"])).summary()["covariate"]) == ["age"]


def test_what_a_fair_draw_of_few_customers_leaves_is_no_alarm(assigned):
    rng = np.random.default_rng(3)
    ages = {f"age{place}": rng.normal(40, 8, 120) for place in range(6)}
    rows = pd.DataFrame({"variant": ["control", "new"] * 60, "bought": [0.0, 1.0] * 60, **ages})
    balance = experiments.balance(experiments.read(assigned(rows, metric("bought"), *map(covariate, ages))))
    assert (balance.table["difference"].abs() > 0.1).any()
    assert words_of(balance).startswith("No evidence that the arms were unlike: what is above 0.1 standard deviations")


def test_a_difference_has_the_large_sample_interval_of_hedges_and_olkin(assigned):
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"variant": ["control", "new"] * 200, "age": rng.normal(40, 8, 400), "bought": 0.0})
    (line,) = experiments.balance(
        experiments.read(assigned(rows, metric("bought"), covariate("age")))
    ).table.itertuples()
    error = np.sqrt(1 / 200 + 1 / 200 + line.difference**2 / (2 * 400))
    assert [line.lower, line.upper] == pytest.approx(
        [line.difference - 1.959964 * error, line.difference + 1.959964 * error]
    )


def test_arms_of_a_few_customers_are_not_called_unlike(assigned):
    rows = pd.DataFrame({"variant": ["control", "new"] * 9, "age": np.arange(18.0) ** 2, "bought": 0.0})
    few = experiments.balance(experiments.read(assigned(rows, metric("bought"), covariate("age"))))
    assert words_of(few) == "Too few customers to say whether the arms were alike before the experiment."
    assert few.table["control_mean"].notna().all()


def test_observed_and_planned_shares_stand_side_by_side(two_arms, assigned):
    trials = experiments.read(assigned(two_arms(100, 300), words={"test": {"weights": {"control": 1, "new": 3}}}))
    health = experiments.health(trials)
    assert health.table["arm_share"].tolist() == health.table["planned_share"].tolist() == [0.25, 0.75]
    assert words_of(health) == "Arms as large as planned: test (p > 0.999)."


def test_arms_that_leave_out_unequally_are_named(two_arms, assigned):
    rows = two_arms(1000, 1000)
    rows.loc[:299, "bought"] = np.nan
    trials = experiments.read(assigned(rows, metric("bought", "proportion", missing="not eligible")))
    missing = experiments.missing_values(trials)
    assert missing.table["a_missing_value"].tolist() == ["not eligible"] * 2
    assert missing.table["missing_share"].tolist() == [0.3, 0]
    assert "In test the arms lose customers of bought unequally" in words_of(missing)
