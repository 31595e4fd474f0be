"""Shapes of time: the demo's truth, stays drawn from each shape, and conclusions that turn or do not."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.drivers import distributions, samples
from helpers.analyses.churn.drivers.distributions import OBSERVED, shapes
from helpers.analyses.churn.drivers.failure_times import fit_failure_times
from helpers.analyses.churn.leaving.definition import Stays
from helpers.findings import NotApplicable
from helpers.statistics import survival

UNTIL = dt.date(2024, 12, 31)
ERRORS = {
    "Weibull": lambda rng, n: np.log(rng.exponential(size=n)),
    "log-normal": lambda rng, n: rng.normal(size=n),
    "log-logistic": lambda rng, n: rng.logistic(size=n),
}


@pytest.fixture(scope="module")
def of_demo(contracts):
    return shapes(contracts)


def drawn(rng, name, n=1_000, stretch=0.6, first_day=0):
    """Stays of a shape: plan b lasts exp(stretch) times as long, the device is nothing; some end on their first day."""
    table = pd.DataFrame(
        {
            "customer_id": [f"c{i}" for i in range(n)],
            "plan": rng.choice(["a", "b"], n),
            "device": rng.choice(["app", "web"], n),
        }
    )
    days = np.ceil(np.exp(5 + stretch * (table["plan"] == "b") + 0.8 * ERRORS[name](rng, n))).clip(upper=1e6)
    seen = rng.integers(100, 700, n)
    days[:first_day] = 0
    return as_stays(table.assign(left=days <= seen, duration_days=np.minimum(days, seen).astype(int)))


def as_stays(table):
    started = pd.Timestamp(UNTIL) - pd.to_timedelta(table["duration_days"], unit="D")
    return Stays(
        table.assign(started_on=started, entry_days=0.0, reason=None), ("plan", "device"), "contract", UNTIL, UNTIL
    )


@pytest.mark.parametrize("name", ERRORS)
def test_the_shape_that_stays_were_drawn_from_fits_best_and_meets_kaplan_meier(name):
    found = shapes(drawn(np.random.default_rng(1), name, n=3_000))
    assert found.table["distribution"].iloc[0] == name
    assert found.table["widest_gap_share"].iloc[0] < 0.03
    assert f" {name.capitalize()} stays fit best (AIC " in words_of(found)


def test_the_constant_rates_of_the_demo_are_a_weibull_and_no_conclusion_changes(of_demo):
    """Truth: exponential stays by plan and channel, a Weibull of shape 1; two plans and a channel differ."""
    assert of_demo.table["distribution"].iloc[0] == "Weibull"
    assert of_demo.table["widest_gap_share"].iloc[0] < 0.03
    assert set(of_demo.beyond_chance["covariate"]) == {"Plan: 季付", "Plan: 年付", "Channel: 抖音"}
    assert of_demo.turning == []
    assert "No conclusion depends on the shape of the curve: all 3 point one way" in words_of(of_demo)
    table = of_demo.summary()
    assert table[["beyond_chance_in_cox", "same_direction", "confirmed"]].eq(3).all(axis=None)


def test_directions_are_compared_with_cox_of_the_same_stays():
    found = shapes(drawn(np.random.default_rng(2), "log-normal", n=2_000))
    plan = found.beyond_chance
    assert set(plan["covariate"].str.split(":").str[0]) == {"Plan"}
    assert ((plan["hazard_ratio"] < 1) == (plan["time_ratio"] > 1)).all() and plan["agrees"].all()
    best = plan.iloc[0]
    ratio = np.exp(0.6) if best["covariate"] == "Plan: b" else np.exp(-0.6)
    assert best["lower"] < ratio < best["upper"]


def test_a_covariate_that_turns_is_named():
    """Made by hand: the second shape's ratio moved to the other side of 1."""
    found = shapes(drawn(np.random.default_rng(3), "Weibull"))
    name = found.beyond_chance["covariate"].iloc[0]
    second = (found.ratios["covariate"] == name) & (found.ratios["distribution"] == found.table["distribution"].iloc[1])
    ratios = found.ratios.assign(time_ratio=found.ratios["time_ratio"].where(~second, 1 / found.ratios["time_ratio"]))
    turned = replace(found, ratios=ratios)
    assert turned.turning == [name]
    assert str(turned.headline()) == "1 of 1 conclusions depend on the shape of the curve."
    assert f"They turn direction under some shape: {name}." in words_of(turned)
    assert turned.summary()["same_direction"].tolist() == [1, 0, 1]
    assert turned.summary()["confirmed"].tolist() == [1, 0, 1]


def test_where_nothing_is_beyond_chance_no_conclusion_rests_on_the_shape():
    found = shapes(drawn(np.random.default_rng(4), "Weibull", stretch=0.0, n=800))
    assert found.beyond_chance.empty
    assert found.summary()["beyond_chance_in_cox"].tolist() == [0, 0, 0]
    assert "No conclusion rests on the shape" in words_of(found)


def test_stays_that_end_on_their_first_day_are_left_out_and_said_so():
    with_them = drawn(np.random.default_rng(5), "log-logistic", first_day=200)
    found = shapes(with_them)
    assert found.first_day_share == 0.2
    assert "Left out are the 20.0% of stays that ended on their first day." in words_of(found)
    without = as_stays(
        with_them.table[with_them.table["duration_days"] > 0][
            ["customer_id", "plan", "device", "left", "duration_days"]
        ]
    )
    pd.testing.assert_frame_equal(found.table, shapes(without).table)


def test_delayed_entry_is_known_to_every_model():
    """Half came under observation on day 100; who left before is not in the table."""
    rng = np.random.default_rng(6)
    given = drawn(rng, "Weibull", n=4_000)
    entry = np.where(rng.random(4_000) < 0.5, 100.0, 0.0)
    table = given.table.assign(entry_days=entry)[given.table["duration_days"] > entry]
    found = shapes(replace(given, table=table))
    ratios = {name: rows.set_index("covariate")["time_ratio"] for name, rows in found.ratios.groupby("distribution")}
    plan = ratios["Weibull"].filter(like="Plan").iloc[0]  # against the larger plan, whichever that is
    assert abs(np.log(plan)) == pytest.approx(0.6, abs=0.08)
    assert found.table["widest_gap_share"].iloc[0] < 0.03


def test_the_figure_has_a_curve_for_each_shape_and_kaplan_meier(of_demo, contracts):
    ax = of_demo.plot()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == [OBSERVED, *of_demo.table["distribution"]]
    given = contracts.table.query("duration_days > 0")
    curve = survival.kaplan_meier(given["duration_days"], given["left"], entry=given["entry_days"])
    days, rates = ax.get_lines()[0].get_xydata()[[0, 40]].T
    np.testing.assert_allclose(rates, survival.at(curve, days)["survival"])


def test_too_few_leavers_or_no_column_are_no_answer():
    given = drawn(np.random.default_rng(7), "Weibull", n=300)
    nobody = replace(given, table=given.table.assign(left=False))
    assert isinstance(shapes(nobody), NotApplicable)
    assert isinstance(shapes(replace(given, attributes=())), NotApplicable)
    assert isinstance(shapes(NotApplicable("nothing.")), NotApplicable)


def test_no_maximum_is_no_answer_but_one_shape_may_lack_it(monkeypatch):
    given = drawn(np.random.default_rng(8), "Weibull", n=600)

    def without(*names):
        def fit(name, *args):
            return None if name in names else fit_failure_times(name, *args)

        monkeypatch.setattr(distributions, "fit_failure_times", fit)
        return shapes(given)

    found = without("log-normal")
    assert set(found.table["distribution"]) == {"Weibull", "log-logistic"}
    assert words_of(found).endswith(" Left out, as their model has no maximum here: log-normal stays.")
    assert isinstance(without("log-normal", "Weibull"), NotApplicable)


def test_of_very_many_stays_a_sample_is_fitted_and_said(monkeypatch):
    monkeypatch.setattr(samples, "MOST_STAYS", 400)
    found = shapes(drawn(np.random.default_rng(9), "Weibull"))
    assert found.table["distribution"].iloc[0] == "Weibull"
    assert words_of(found).endswith(" Fitted to 400 of 1,000 stays, at random.")
