"""Before an experiment its arms bought alike, as a slow loop over the orders finds them."""

from __future__ import annotations

from dataclasses import replace

import ibis
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from answers import words_of
from arrivals import BEGAN, dataset, two_arms
from helpers.analyses.experiments.trials.arms import read
from helpers.analyses.experiments.validity import history as experiments_history
from helpers.analyses.experiments.validity.arrivals import assignment, daily
from helpers.analyses.experiments.validity.history import before, with_orders
from helpers.findings import NotApplicable


def orders(customers, times, amounts=10.0):
    table = pd.DataFrame({"customer_id": customers, "ordered_at": pd.to_datetime(times), "amount": amounts})
    return table.assign(order_id=[f"o{i}" for i in range(len(table))], refund=0.0, cancelled=False)


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
            assert line[f"net_spend{suffix}"] == pytest.approx(sum(order["amount"] - order["refund"] for order in kept))


# A/A on the pre-period


def test_the_a_a_test_compares_the_ninety_days_before_each_assignment(history):
    rows, made = history
    data = dataset(rows, orders=made)
    table = before(read(data), data).table.set_index("metric")
    met = made.merge(rows, on="customer_id")
    distance = (met["ordered_at"].dt.normalize() - met["assigned_at"]).dt.days
    counts = met[distance.between(-90, -1) & ~met["cancelled"]].groupby("variant").size() / 200
    assert table.loc["orders", ["control_level", "arm_level"]].tolist() == pytest.approx(counts.tolist())
    assert table["history_days"].unique().tolist() == [90]
    assert table["control_n"].tolist() == [200] * 3  # everyone counts, also those without an order


def test_the_demos_arms_bought_alike_before(demo, demo_trials):
    found = before(demo_trials, demo)
    assert len(found.table) == 12
    assert "the arms bought alike. None of 12 differences in up to 90 days" in words_of(found)
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
    assert "3 of 3 differences are beyond chance" in words_of(found)
    assert "cannot be credited to the experiment" in words_of(found)


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
    p_values = before(trials, data).table.query("metric == 'net_spend'")["p_value"]
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
    assert reason in words_of(before(read(data), data))
    assert isinstance(before((), data), NotApplicable)


def test_experiments_without_dates_have_no_time_before():
    data = dataset(two_arms(50).assign(assigned_at=pd.NaT), orders=orders(["c1"], [BEGAN]))
    assert isinstance(before(read(data), data), NotApplicable)
    assert "do not say when customers were assigned" in words_of(assignment(read(data), data))
