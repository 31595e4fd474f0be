"""Whether chances come true on days that the model has not seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.forecast.backtest import Quality, holdout, tried
from helpers.analyses.churn.forecast.call_list import lift
from helpers.analyses.churn.forecast.vocabulary import QUALITY
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.findings import NotApplicable, facts


@pytest.mark.long
def test_the_demo_s_chances_come_true(contract_holdout):
    """A model of plan and channel is right but for what is planted since: more complaints stay unresolved."""
    left, expected = contract_holdout.value("left_rate"), contract_holdout.value("expected_rate")
    assert 0 < left["value"] - expected["value"] < 0.02 and not contract_holdout.agrees
    assert contract_holdout.value("ici")["value"] < 0.03
    assert contract_holdout.value("auc")["lower"] > 0.58
    assert contract_holdout.value("scaled_brier")["lower"] > 0
    assert str(contract_holdout.headline()).endswith("did: close enough to use.")


def test_beside_the_calibration_error_stands_that_of_right_chances(contract_holdout):
    by_chance = contract_holdout.error_of_right_chances
    assert 0 < by_chance < 0.05
    assert f"right chances would show {facts.Hundredths(by_chance)} by" in words_of(contract_holdout)


@pytest.mark.parametrize(
    ("expected", "difference", "fails"),
    [(0.5, (0.02, 0.2), True), (0.95, (0.01, 0.04), False), (0.5, (-0.1, 0.4), False)],
)
def test_chances_that_were_far_off_beyond_chance_say_so_first(
    contract_holdout, contract_risk, expected, difference, fails
):
    left = contract_holdout.value("left_rate")["value"]
    wrong = contract_holdout.table["quality"] == "expected_rate"
    table = contract_holdout.table.assign(value=contract_holdout.table["value"].mask(wrong, expected * left))
    told = tried(contract_risk, replace(contract_holdout, table=table, difference=difference)).headline()
    assert str(told).endswith("but this forecast failed its trial.") == fails
    assert str(told.basis[0]).startswith("These chances failed their own trial: ") == fails
    assert [str(each) for each in told.basis[fails:]] == [str(each) for each in contract_risk.headline().basis]


def test_chances_that_were_never_tried_or_came_true_stay_as_they_are(contract_holdout, contract_risk):
    assert tried(contract_risk, NotApplicable("the history is too short.")) is contract_risk
    assert words_of(tried(contract_risk, contract_holdout)) == words_of(contract_risk)


def test_measures_are_those_of_the_rows_by_hand(contract_holdout):
    rows = contract_holdout.rows
    brier = ((rows["chance"] - rows["left"]) ** 2).mean()
    null = rows["left"].mean() * (1 - rows["left"].mean())
    gone, here = (rows.loc[rows["left"] == left, "chance"].to_numpy() for left in (True, False))
    right = (gone[:, None] > here).mean() + (gone[:, None] == here).mean() / 2
    assert contract_holdout.value("brier")["value"] == pytest.approx(brier)
    assert contract_holdout.value("scaled_brier")["value"] == pytest.approx(1 - brier / null)
    assert contract_holdout.value("auc")["value"] == pytest.approx(right)
    assert contract_holdout.value("left_rate")["value"] == pytest.approx(rows["left"].mean())


def test_every_measure_has_limits_around_it_and_they_fit_a_screen(contract_holdout, silence_holdout):
    for found in (contract_holdout, silence_holdout):
        table = found.table[~found.table["quality"].isin(["ici", "e50", "e90"])]  # resampling adds error to these
        assert (table["lower"] < table["upper"]).all()
        assert ((table["lower"] <= table["value"]) & (table["value"] <= table["upper"])).all()
        assert set(found.table["horizon_days"]) == {30, 60, 90}
        assert len(found.summary()) <= 20
        assert found.plot().has_data()


def test_limits_treat_the_chances_of_one_customer_as_one(contract_holdout):
    """The share that left varies as customers do: more than as many independent rows would."""
    rows = contract_holdout.rows
    assert rows["customer_id"].nunique() < len(rows) / 2
    left = contract_holdout.value("left_rate")
    by_row = 1.96 * np.sqrt(rows["left"].mean() * (1 - rows["left"].mean()) / len(rows))
    assert (left["upper"] - left["lower"]) / 2 > 1.15 * by_row


def test_of_the_silent_only_those_count_whose_silence_could_be_complete(silence_holdout):
    rows = silence_holdout.rows
    assert (rows["reach_days"] <= 90).all()
    assert (rows["chance"] > 0).all()
    assert (rows.loc[rows["left"], "duration_days"] >= rows.loc[rows["left"], "reach_days"]).all()
    assert "whose silence could be complete" in words_of(silence_holdout)


def test_a_silence_too_long_for_the_history_is_not_tested(demo):
    found = holdout(stays(demo, "silence", 600), demo)
    assert "history is too short" in words_of(found)
    assert isinstance(lift(found), NotApplicable)


def test_every_quality_has_words_and_the_whole_horizon_comes_first(contract_holdout):
    assert set(QUALITY.words) == set(Quality)
    table = contract_holdout.table
    assert table["horizon_days"].is_monotonic_decreasing
    assert table.loc[table["horizon_days"] == 90, "quality"].tolist() == list(Quality)
    assert contract_holdout.value("brier")["horizon_days"] == 90


def test_tested_on_later_days_chances_are_true_of_buyers_who_never_change_however_much_they_differ(steady_buyers):
    """No gap counts for more because it is long and seen from many landmarks: such a mistake would raise the chances."""
    made = steady_buyers(np.random.default_rng(4), size=3_000, own_taste=True)
    found = holdout(stays(made.data, silence_days=90), made.data)
    rows = found.rows
    true = (1 - made.rate[rows["customer_id"]].to_numpy()) ** rows["reach_days"].to_numpy()
    assert 0.2 < true.mean() < 0.8
    assert rows["chance"].mean() == pytest.approx(true.mean(), abs=0.025)
    assert np.corrcoef(rows["chance"], true)[0, 1] > 0.85
    late = (rows["reach_days"] <= 30).to_numpy()
    for some in (late, ~late):
        assert rows["chance"][some].mean() == pytest.approx(true[some].mean(), abs=0.03)
    assert found.value("ici")["value"] < 0.04
    assert found.value("auc")["lower"] > 0.65 and lift(found).table["lower"].iloc[0] > 1
    assert pd.Series(found.tested_on).min() - pd.Series(found.trained_on).max() >= pd.Timedelta(days=90)


def test_where_all_ends_lie_on_one_day_there_is_nothing_to_test_on(seen_once_data, seen_once):
    assert "most ends lie on one day" in words_of(holdout(seen_once, seen_once_data))
