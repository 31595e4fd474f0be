"""Whether chances come true on days that the model has not seen, and how many leavers the highest hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.churn.forecast import backtest
from helpers.analyses.churn.forecast.backtest import Holdout, holdout
from helpers.analyses.churn.forecast.call_list import gains, lift
from helpers.analyses.churn.leaving.definition import stays
from helpers.data import datasets
from helpers.findings import NotApplicable
from shops import SHARED


@pytest.fixture(scope="module")
def demo():
    return datasets.open("demo")


@pytest.fixture(scope="module")
def by_contract(demo):
    return holdout(stays(demo), demo)


@pytest.fixture(scope="module")
def by_silence(demo):
    return holdout(stays(demo, "silence"), demo)


def test_the_demo_s_chances_come_true(by_contract):
    """Its memberships leave at constant rates by plan and channel, so a model of both is right."""
    assert by_contract.agrees
    assert by_contract.value("ici")["value"] < 0.03
    assert by_contract.value("auc")["lower"] > 0.58
    assert by_contract.value("scaled_brier")["lower"] > 0
    assert "agree with what happened" in by_contract.headline()


def test_measures_are_those_of_the_rows_by_hand(by_contract):
    rows = by_contract.rows
    brier = ((rows["chance"] - rows["left"]) ** 2).mean()
    null = rows["left"].mean() * (1 - rows["left"].mean())
    gone, here = (rows.loc[rows["left"] == left, "chance"].to_numpy() for left in (True, False))
    right = (gone[:, None] > here).mean() + (gone[:, None] == here).mean() / 2
    assert by_contract.value("brier")["value"] == pytest.approx(brier)
    assert by_contract.value("scaled_brier")["value"] == pytest.approx(1 - brier / null)
    assert by_contract.value("auc")["value"] == pytest.approx(right)
    assert by_contract.value("left_rate")["value"] == pytest.approx(rows["left"].mean())


def test_every_measure_has_limits_around_it_and_they_fit_a_screen(by_contract, by_silence):
    for found in (by_contract, by_silence):
        table = found.measures[~found.measures["measure"].isin(["ici", "e50", "e90"])]  # resampling adds error to these
        assert (table["lower"] < table["upper"]).all()
        assert ((table["lower"] <= table["value"]) & (table["value"] <= table["upper"])).all()
        assert set(found.measures["horizon_days"]) == {30, 60, 90}
        assert len(found.summary()) <= 20
        assert found.plot().has_data()


def test_limits_treat_the_chances_of_one_customer_as_one(by_contract):
    """The share that left varies as customers do: more than as many independent rows would."""
    rows = by_contract.rows
    assert rows["customer_id"].nunique() < len(rows) / 2
    left = by_contract.value("left_rate")
    by_row = 1.96 * np.sqrt(rows["left"].mean() * (1 - rows["left"].mean()) / len(rows))
    assert (left["upper"] - left["lower"]) / 2 > 1.15 * by_row


def test_of_the_silent_only_those_count_whose_silence_could_be_complete(by_silence):
    rows = by_silence.rows
    assert (rows["reach_days"] <= 90).all()
    assert (rows["chance"] > 0).all()
    assert (rows.loc[rows["left"], "duration_days"] >= rows.loc[rows["left"], "reach_days"]).all()
    assert "whose silence could be complete" in by_silence.headline()


def test_a_silence_too_long_for_the_history_is_not_tested(demo):
    found = holdout(stays(demo, "silence", 600), demo)
    assert "history is too short" in found.headline()
    assert isinstance(lift(found), NotApplicable)


# Lift


def test_the_lift_of_a_random_score_is_one_within_error():
    rng = np.random.default_rng(8)
    left = rng.random(20_000) < 0.2
    lifts = np.diff(gains(rng.random(20_000), left, np.arange(11) / 10)) * 10
    error = np.sqrt(0.8 / 0.2 / 2_000)
    assert (np.abs(lifts - 1) < 3.5 * error).all()
    assert lifts.mean() == pytest.approx(1)


def test_the_lift_of_a_perfect_score_is_as_high_as_can_be_and_that_of_one_score_for_all_is_one():
    left = np.arange(1_000) < 200
    np.testing.assert_allclose(gains(left, left, [0.1, 0.2, 0.5]), [0.5, 1, 1])
    np.testing.assert_allclose(gains(np.ones(1_000), left, [0.1, 0.2, 0.5]), [0.1, 0.2, 0.5])


def test_a_weight_is_a_repetition():
    rng = np.random.default_rng(9)
    chance, left, weights = rng.integers(0, 9, 200) / 9, rng.random(200) < 0.3, rng.integers(0, 4, 200)
    shares = np.linspace(0, 1, 11)
    repeated = gains(np.repeat(chance, weights), np.repeat(left, weights), shares)
    np.testing.assert_allclose(gains(chance, left, shares, weights), repeated)


def test_the_demo_s_lift_adds_up_and_its_top_tenth_is_better_than_chance(by_contract):
    found = lift(by_contract)
    table = found.summary()
    assert table["left_rate"].mean() == pytest.approx(found.left_rate)
    assert table["found_share"].iloc[-1] == pytest.approx(1)
    assert table["lower"].iloc[0] > 1
    assert table["lift"].iloc[0] > 1.4 > 0.8 > table["lift"].iloc[-1]
    assert found.plot().has_data()
    assert "lift" in found.headline()


# Other people's data


@pytest.mark.parametrize(("name", "auc"), [("online_retail", 0.7), ("cdnow", 0.65)])
def test_of_real_shops_the_chances_rank_better_than_chance(name, auc, monkeypatch):
    monkeypatch.setattr(backtest, "DRAWS", 25)  # limits as wide, known less well
    if not (SHARED / name).is_dir():
        pytest.skip(f"the {name} sample is not beside the project")
    data = datasets.open(SHARED / name)
    found = holdout(stays(data), data)
    assert isinstance(found, Holdout)
    assert found.value("auc")["lower"] > auc - 0.02
    assert found.value("scaled_brier")["value"] > 0
    expected, left = (found.value(name)["value"] for name in ("expected_rate", "left_rate"))
    assert found.agrees or f"were too {'high' if expected > left else 'low'}" in found.headline()
    assert lift(found).summary()["lower"].iloc[0] > 1
    assert pd.Series(found.tested_on).min() - pd.Series(found.trained_on).max() >= pd.Timedelta(days=155)


def test_where_all_ends_lie_on_one_day_there_is_nothing_to_test_on():
    if not (SHARED / "telco").is_dir():
        pytest.skip("the telco sample is not beside the project")
    data = datasets.open(SHARED / "telco")
    assert "most ends lie on one day" in holdout(stays(data), data).headline()
