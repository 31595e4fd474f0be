"""Before an experiment its arms bought alike; customers came in one ratio from week to week, and none too early."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from helpers.analyses.experiments.trials.arms import read
from helpers.analyses.experiments.validity import history as experiments_history
from helpers.analyses.experiments.validity.arrivals import assignment, changed_ratio_p_value, daily, weekly
from helpers.analyses.experiments.validity.history import before, with_orders
from helpers.data import datasets
from helpers.data.datasets import Dataset
from helpers.data.intake.settings import DEFAULT_POLICY, Extra, Feed, Origin, Settings
from helpers.findings import NotApplicable
from shops import SHARED

BEGAN = pd.Timestamp("2025-03-01")


def dataset(rows, **tables):
    bought = Extra("bought", "metrics", Origin(), type="number", kind="proportion", missing="0", label="Bought")
    settings = Settings(
        title="t",
        preset="",
        time_zone="UTC",
        currency="",
        contractual=None,
        observed_from="",
        observed_on="",
        policy=DEFAULT_POLICY,
        feeds={"experiments": Feed("experiments", (), extras=(bought,))},
        experiments={},
        notebooks={},
    )
    rows = rows.assign(**{name: value for name, value in (("experiment", "test"), ("bought", 0.0)) if name not in rows})
    found = {name: ibis.memtable(table) for name, table in {"experiments": rows, **tables}.items()}
    lines = pd.DataFrame(columns=["table", "outcome", "rule", "rows", "rows_meeting"])
    return Dataset("t", dt.date(2025, 6, 1), settings, found, lines, Path(), (), Path())


def orders(customers, times, amounts=10.0):
    table = pd.DataFrame({"customer_id": customers, "ordered_at": pd.to_datetime(times), "amount": amounts})
    return table.assign(order_id=[f"o{i}" for i in range(len(table))], refund=0.0, cancelled=False)


def two_arms(n, days=14):
    at = np.arange(2 * n)
    return pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in at],
            "variant": np.where(at % 2, "new", "control"),
            "assigned_at": BEGAN + pd.to_timedelta(at // 2 % days, unit="D"),
        }
    )


@pytest.fixture(scope="module")
def history() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two hundred customers an arm with orders around their assignment, some refunded, some cancelled."""
    rng = np.random.default_rng(5)
    rows = two_arms(200)
    made = orders(
        rng.choice(rows["customer_id"], 3000),
        BEGAN
        + pd.to_timedelta(rng.integers(-200, 60, 3000), unit="D")
        + pd.to_timedelta(rng.integers(0, 86_400, 3000), unit="s"),
        rng.gamma(2, 20, 3000),
    )
    made["cancelled"], made["refund"] = rng.random(3000) < 0.1, np.where(rng.random(3000) < 0.1, 5.0, 0.0)
    return rows, made


# Orders around a day


def test_orders_around_a_day_are_those_of_a_slow_loop(history):
    rows, made = history
    data = dataset(rows, orders=made)
    entered = ibis.memtable(rows.assign(day=rows["assigned_at"].dt.date)[["customer_id", "day"]])
    found = with_orders(entered, data, {"": (1, 28), "_before": (-28, -1)}).execute()
    assert len(found) == len(rows)
    lines = {line["customer_id"]: line for line in found.to_dict("records")}
    bought = {customer: own.to_dict("records") for customer, own in made[~made["cancelled"]].groupby("customer_id")}
    for customer, day in zip(rows["customer_id"], rows["assigned_at"], strict=True):
        for suffix, (first, last) in (("", (1, 28)), ("_before", (-28, -1))):
            kept = [
                order
                for order in bought.get(customer, [])
                if first <= (order["ordered_at"].normalize() - day).days <= last
            ]
            line = lines[customer]
            assert line[f"orders{suffix}"] == len(kept)
            assert line[f"bought{suffix}"] == (len(kept) > 0)
            assert line[f"spend{suffix}"] == pytest.approx(sum(order["amount"] - order["refund"] for order in kept))


# A/A on the pre-period


def test_the_a_a_test_compares_the_ninety_days_before_each_assignment(history):
    rows, made = history
    data = dataset(rows, orders=made)
    table = before(read(data), data).table.set_index("metric")
    met = made.merge(rows, on="customer_id")
    distance = (met["ordered_at"].dt.normalize() - met["assigned_at"]).dt.days
    counts = met[distance.between(-90, -1) & ~met["cancelled"]].groupby("variant").size() / 200
    assert table.loc["Orders a customer", ["control_level", "arm_level"]].tolist() == pytest.approx(counts.tolist())
    assert table["days"].unique().tolist() == [90]
    assert table["control_n"].tolist() == [200] * 3  # everyone counts, also those without an order


def test_the_demos_arms_bought_alike_before():
    data = datasets.open("demo")
    found = before(read(data), data)
    assert len(found.table) == 12
    assert "the arms bought alike: none of 12 differences is beyond chance" in found.headline()
    assert len(found.plot().get_yticklabels()) == 12
    plt.close("all")


def test_arms_that_bought_differently_before_are_named():
    rows = two_arms(300)
    keen = rows[rows["variant"] == "new"]
    made = orders(
        [*keen["customer_id"], *rows["customer_id"][:100]],
        [*keen["assigned_at"] - pd.Timedelta(days=3), *[BEGAN - pd.Timedelta(days=30)] * 100],
    )
    data = dataset(rows, orders=made)
    found = before(read(data), data)
    assert "3 of 3 differences were beyond chance" in found.headline()
    assert "cannot be credited to the experiment" in found.headline()


def test_what_was_bought_from_the_assignment_on_is_not_compared():
    rows = two_arms(300)
    keen = rows[rows["variant"] == "new"]
    alike = orders(rows["customer_id"][:300], [BEGAN - pd.Timedelta(days=20)] * 300)
    after = orders(keen["customer_id"], keen["assigned_at"] + pd.Timedelta(hours=1)).assign(
        order_id=[f"late{i}" for i in range(300)]
    )
    data, later = (dataset(rows, orders=made) for made in (alike, pd.concat([alike, after], ignore_index=True)))
    pd.testing.assert_frame_equal(before(read(data), data).table, before(read(later), later).table)


def test_the_a_a_test_rejects_at_its_level(monkeypatch):
    """300 fair experiments: the share of p-values below .05 lies within three Monte-Carlo errors of .05."""
    rng = np.random.default_rng(8)
    n, runs = 120, 300
    rows = pd.DataFrame(
        {
            "experiment": np.repeat([f"e{i}" for i in range(runs)], n),
            "customer_id": np.tile(np.arange(n).astype(str), runs),
            "variant": rng.choice(["control", "new"], n * runs),
            "assigned_at": BEGAN,
            "bought": 0.0,
        }
    )
    days = rng.integers(1, 80, n)
    made = orders(np.arange(n).astype(str), BEGAN - pd.to_timedelta(days, unit="D"), rng.gamma(2, 20, n))
    data = dataset(rows, orders=made[rng.random(n) < 0.6])
    (trial,) = read(dataset(rows[rows["experiment"] == "e0"]))
    trials = [replace(trial, name=f"e{i}") for i in range(runs)]
    entered = daily(trial)  # all experiments began on one day: it is counted once
    monkeypatch.setattr(experiments_history, "daily", lambda _: entered)
    p_values = before(trials, data).table.query("metric == 'Spend a customer'")["p_value"]
    assert len(p_values) == runs
    assert abs((p_values < 0.05).mean() - 0.05) < 3 * np.sqrt(0.05 * 0.95 / runs)


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ({}, "no orders"),
        ({"orders": orders(["c1"], [BEGAN - pd.Timedelta(days=3)])}, "no experiment has 7 days of orders before"),
    ],
)
def test_without_a_time_before_there_is_nothing_to_compare(table, reason):
    data = dataset(two_arms(50), **table)
    assert reason in before(read(data), data).headline()
    assert isinstance(before((), data), NotApplicable)


def test_experiments_without_dates_have_no_time_before():
    data = dataset(two_arms(50).assign(assigned_at=pd.NaT), orders=orders(["c1"], [BEGAN]))
    assert isinstance(before(read(data), data), NotApplicable)
    assert "do not say when customers were assigned" in assignment(read(data), data).headline()


# Assignment


def test_shares_by_week_are_tested_for_independence():
    rows = two_arms(700)
    late = (rows["assigned_at"] >= BEGAN + pd.Timedelta(days=7)) & (rows["variant"] == "new") & (rows.index % 3 == 0)
    rows = rows[~late]
    (trial,) = read(dataset(rows))
    week = (rows["assigned_at"] - BEGAN).dt.days // 7 + 1
    expected = pd.crosstab(rows["variant"], week)
    found = weekly(trial)
    assert (
        found.pivot(index="arm", columns="week", values="customers").to_numpy().tolist() == expected.to_numpy().tolist()
    )
    assert found.groupby("week")["customer_share"].sum().tolist() == pytest.approx([1, 1])
    assert changed_ratio_p_value(trial) == pytest.approx(chi2_contingency(expected, correction=False).pvalue)
    data = dataset(rows)
    assert (
        assignment((trial,), data).headline().startswith("test: the arms' shares changed from week to week (p < 0.001)")
    )


def test_weeks_with_few_customers_are_counted_with_the_one_before():
    late = two_arms(20, days=1).assign(
        assigned_at=BEGAN + pd.Timedelta(days=24), customer_id=[f"l{i}" for i in range(40)]
    )
    few = pd.DataFrame({"customer_id": ["x"], "variant": ["new"], "assigned_at": [BEGAN + pd.Timedelta(days=16)]})
    rows = pd.concat([two_arms(70), few, late], ignore_index=True)
    found = weekly(read(dataset(rows))[0])
    assert found.groupby("week")["customers"].sum().to_dict() == {1: 70, 2: 71, 4: 40}
    assert changed_ratio_p_value(read(dataset(rows))[0]) > 0.9


def test_a_first_week_with_few_customers_is_counted_with_the_next():
    early = pd.DataFrame({"customer_id": ["y"], "variant": ["new"], "assigned_at": [BEGAN - pd.Timedelta(days=7)]})
    found = weekly(read(dataset(pd.concat([two_arms(70), early], ignore_index=True)))[0])
    assert found.groupby("week")["customers"].sum().to_dict() == {2: 71, 3: 70}


def test_the_demos_arms_came_in_one_ratio():
    data = datasets.open("demo")
    found = assignment(read(data), data)
    assert found.table["weeks"].tolist() == [2, 2, 2]
    assert "stayed the same from week to week: spring_coupon (p = 0." in found.headline()
    assert "When a customer was first treated is not in the data." in found.headline()
    assert len(found.plot().lines) == 7
    plt.close("all")


def test_customers_exposed_before_their_assignment_are_counted():
    rows = two_arms(50)
    exposed = rows["assigned_at"] + pd.to_timedelta(np.where(np.arange(100) < 7, -1, 0), unit="h")
    rows = rows.assign(exposed_at=exposed.where(np.arange(100) < 60))
    data = dataset(rows)
    (line,) = assignment(read(data), data).summary().itertuples()
    assert (line.exposed, line.exposed_before) == (60, 7)
    assert "7 of 60 customers of test were treated before they were assigned" in assignment(read(data), data).headline()


def test_customers_in_two_arms_are_counted_with_the_rows_that_were_set_aside():
    rows = two_arms(50)
    other = {"control": "new", "new": "control"}
    twice = rows.head(3).assign(variant=rows["variant"].head(3).map(other), experiment="test")
    data = replace(dataset(rows), aside={"experiments": ibis.memtable(pd.concat([twice, rows.tail(9)]).fillna("test"))})
    found = assignment(read(data), data)
    assert found.summary()["in_two_arms"].tolist() == [3]
    assert "3 customers of test were met in two arms, counting the rows that were set aside." in found.headline()
    assert assignment(read(dataset(rows)), dataset(rows)).summary()["in_two_arms"].tolist() == [0]


def test_udacitys_users_in_both_groups_are_told_although_their_rows_were_set_aside():
    """Experiment cases, udacity_ab: 1,895 users in both groups, none of them left among the 290,584 compared."""
    folder = SHARED / "udacity_ab"
    if not folder.is_dir():
        pytest.skip("the udacity_ab sample is not beside the project")
    data = datasets.open(folder)
    (trial,) = read(data)
    assert assignment((trial,), data).summary()["in_two_arms"].tolist() == [1895]
    assert (trial.in_two_arms, trial.arms["customers"].sum()) == (0, 290_584)


def test_a_campaign_with_the_experiments_name_is_its_exposure():
    rows = two_arms(50)
    touches = pd.DataFrame(
        {
            "customer_id": ["c0", "c0", "c1", "c2"],
            "campaign": ["test", "test", "test", "other"],
            "touched_at": [
                BEGAN - pd.Timedelta(days=1),
                *[BEGAN + pd.Timedelta(days=1)] * 2,
                BEGAN - pd.Timedelta(days=9),
            ],
        }
    )
    data = dataset(rows, touches=touches)
    (line,) = assignment(read(data), data).summary().itertuples()
    assert (line.exposed, line.exposed_before) == (2, 1)
    later = dataset(rows, touches=touches[1:])
    assert "Nobody was treated before the assignment." in assignment(read(later), later).headline()
