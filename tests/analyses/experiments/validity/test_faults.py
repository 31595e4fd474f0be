"""An experiment whose arms are not to be trusted is not read, and the first fault is named."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses import experiments
from helpers.analyses.experiments.validity.faults import Fault, fault, in_words
from shops import covariate, metric

BEGAN = pd.Timestamp("2025-01-01")


def test_arms_that_lose_customers_unequally_are_not_readable(two_arms, decided):
    rows = two_arms(1000, 1000, (0.1, 0.2))
    rows.loc[rows.index[:300], "bought"] = np.nan
    eligible = decided(rows, metric("bought", "proportion", missing="not eligible"))
    assert eligible["decision"].tolist() == ["unreadable"]
    assert "unequally" in eligible["why"].iloc[0]
    assert decided(rows)["decision"].tolist() == ["ship"]  # where missing means 0, everyone counts


def code(trials):
    (trial,) = trials
    return fault(trial, experiments.Rules())


def test_the_first_fault_is_a_code_and_a_sound_experiment_has_none(two_arms, assigned):
    assert code(experiments.read(assigned(two_arms(2000, 2000)))) is None
    assert code(experiments.read(assigned(two_arms(2000, 2500)))) == "sample_ratio"
    assert code(experiments.read(assigned(two_arms(50, 50).assign(variant="control")))) == "single_arm"
    assert code(experiments.read(assigned(two_arms(50, 50), words={"test": {"control": "old"}}))) == "empty_control"
    twice = two_arms(500, 500).assign(customer_id=[f"c{i % 900}" for i in range(1000)])
    assert code(experiments.read(assigned(twice))) == "two_arms"
    unknown = two_arms(500, 500).assign(bought=np.nan, spend=np.nan)
    left_out = [metric(name, missing="not eligible") for name in ("bought", "spend")]
    assert code(experiments.read(assigned(unknown, *left_out))) == "no_metric"


def test_every_fault_has_a_sentence(two_arms, assigned):
    rows = two_arms(500, 500).assign(store=[f"s{at % 50}" for at in range(1000)])
    by_store = {"test": {"unit": "store"}}
    (trial,) = experiments.read(assigned(rows, metric("bought"), covariate("store", "text"), words=by_store))
    sentences = [in_words(each, trial) for each in Fault]
    assert len(set(map(str, sentences))) == len(Fault)


def test_a_broken_sample_ratio_blocks_a_ship_decision(two_arms, decided):
    assert decided(two_arms(2000, 2000, (0.1, 0.2)))["decision"].tolist() == ["ship"]
    blocked = decided(two_arms(2000, 2500, (0.1, 0.2)))
    assert blocked["decision"].tolist() == ["unreadable"]
    assert "not as large as planned" in blocked["why"].iloc[0]
    assert blocked[["effect", "p_value", "lift_rate"]].isna().all(axis=None)


def test_planned_weights_are_those_of_the_settings(two_arms, decided):
    planned = {"test": {"weights": {"control": 4, "new": 5}}}
    assert decided(two_arms(2000, 2500, (0.1, 0.2)), words=planned)["decision"].tolist() == ["ship"]
    unplanned = {"test": {"weights": {"control": 1}}}
    assert decided(two_arms(2000, 2500, (0.1, 0.2)), words=unplanned)["decision"].tolist() == ["unreadable"]


def test_too_many_customers_in_two_arms_block_a_decision(two_arms, decided):
    rows = two_arms(2000, 2000, (0.1, 0.2)).assign(customer_id=[f"c{i % 3950}" for i in range(4000)])
    blocked = decided(rows)
    assert blocked["decision"].tolist() == ["unreadable"]
    assert "1.3% of the customers were met in two arms" in blocked["why"].iloc[0]  # 50 of 3,950
    assert decided(rows, largest_two_arm_share=0.02)["decision"].tolist() == ["ship"]


def test_a_control_that_nobody_is_in_is_said(two_arms, decided):
    table = decided(two_arms(20, 20), words={"test": {"control": "old"}})
    assert set(table["decision"]) == {"unreadable"}


def test_shares_that_change_from_week_to_week_cannot_be_read(two_arms, decided_row):
    half = two_arms(1000, 3000, (0.1, 0.1))
    late = two_arms(3000, 1000, (0.2, 0.2)).assign(assigned_at=BEGAN + pd.Timedelta(days=7))
    row = decided_row(pd.concat([half, late], ignore_index=True))
    assert row.decision == "unreadable"
    assert "The arms' shares changed from week to week (p < 0.001)" in row.why
    assert np.isnan(row.win_probability)
