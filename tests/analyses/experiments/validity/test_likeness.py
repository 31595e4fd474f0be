"""Arms are compared before the experiment in standard deviations, and what chance explains is no alarm."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses import experiments
from shops import covariate, metric


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
    assert "2 of 2 differences are beyond chance and too large." in words_of(balance)
    assert list(experiments.balance(experiments.read(data, covariates=["age"])).summary()["covariate"]) == ["age"]


def test_what_a_fair_draw_of_few_customers_leaves_is_no_alarm(assigned):
    rng = np.random.default_rng(3)
    ages = {f"age{place}": rng.normal(40, 8, 120) for place in range(6)}
    rows = pd.DataFrame({"variant": ["control", "new"] * 60, "bought": [0.0, 1.0] * 60, **ages})
    balance = experiments.balance(experiments.read(assigned(rows, metric("bought"), *map(covariate, ages))))
    assert (balance.table["difference"].abs() > 0.1).any()
    assert words_of(balance).startswith("No evidence that the arms were unlike before. The largest difference is")


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
