"""Hazard ratios of all attributes at once: the demo's truth, late entry, and what a long table shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from helpers.analyses.churn.drivers.hazards import LEAST_LEAVERS, hazard_ratios
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable


def test_demo_hazard_ratios_cover_the_truth_and_nothing_else_is_found(hazards, drift):
    ratios = hazards.table.set_index("covariate")
    douyin = ratios.loc["Channel: 抖音"]
    assert douyin["lower"] < TRUTH.hazard_ratios["抖音"] < douyin["upper"]
    monthly = TRUTH.daily_hazard("月付", "微信")
    for plan in ("季付", "年付"):
        true = TRUTH.daily_hazard(plan, "微信") / monthly
        assert ratios.loc[f"Plan: {plan}", "lower"] < true < ratios.loc[f"Plan: {plan}", "upper"]
    sure = set(ratios.index[ratios["adjusted_p_value"] < 0.05])
    assert sure == {"Channel: 抖音", "Plan: 季付", "Plan: 年付"}
    assert drift.failing.empty


def test_the_ratio_of_rates_counts_from_the_entry(late):
    ratio = hazard_ratios(late).table["hazard_ratio"].iloc[0]
    assert abs(np.log(ratio)) == pytest.approx(np.log(2), abs=0.08)


def test_a_long_table_shows_the_strongest_evidence_and_the_result_keeps_it_all(hazards):
    shown = hazards.summary()
    assert len(shown) == 12 < len(hazards.table)
    assert shown["adjusted_p_value"].max() <= hazards.table["adjusted_p_value"].nlargest(len(hazards.table) - 12).min()


def test_few_leavers_or_no_column_are_no_answer(contracts):
    few = contracts.table.assign(left=contracts.table.index < LEAST_LEAVERS - 1)
    assert str(hazard_ratios(replace(contracts, table=few)).reason) == (
        "19 leavers are too few for a model of what goes with leaving."
    )
    assert isinstance(hazard_ratios(replace(contracts, attributes=())), NotApplicable)
