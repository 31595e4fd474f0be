"""Harm is tested as one family over arms and guardrails, safety of each guardrail alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from helpers.analyses import experiments
from helpers.analyses.experiments.decision.harms import GUARDRAIL, PRIMARY, harms
from helpers.analyses.experiments.decision.repeated_reports import AT_THE_END, Look
from helpers.analyses.experiments.effect.lifts import effect_table
from shops import metric

LOOK = Look()


def of(assigned, rows: pd.DataFrame, margins: dict[str, float], *extras) -> pd.DataFrame:
    (trial,) = experiments.read(assigned(rows, *extras))
    rules = experiments.Rules(guardrails={"test": margins})
    return harms(trial, effect_table(trial, rules), rules, LOOK).set_index(["role", "metric"])


def test_one_broken_guardrail_costs_what_all_of_them_may_find(two_arms, assigned):
    """Spend fell by 10.6 % of 10, the margin is 10 %; harm alone, and beside two more things that may fall."""
    rows = two_arms(2000, 2000, (0.1, 0.1), spend=(10.0, 8.94))
    alone = of(assigned, rows[["variant", "spend", "assigned_at"]], {"spend": 0.1}, metric("spend"))
    beside = of(assigned, rows.assign(visits=rows["spend"]), {"spend": 0.1, "bought": 0.1})
    raw = alone.loc[(GUARDRAIL, "spend"), "harm_p_value"]
    assert alone.loc[(PRIMARY, "spend"), "harm_p_value"] < 1e-9  # which takes the first place
    assert beside.loc[(GUARDRAIL, "spend"), "harm_p_value"] == pytest.approx(3 * raw)


def test_safety_is_not_corrected_for_other_guardrails(two_arms, assigned):
    rows = two_arms(2000, 2000, (0.1, 0.2), spend=(10.0, 9.95))
    one, two = (of(assigned, rows, margins) for margins in ({"spend": 0.01}, {"spend": 0.01, "bought": 0.5}))
    assert one.loc[(GUARDRAIL, "spend"), "safe_p_value"] == two.loc[(GUARDRAIL, "spend"), "safe_p_value"]


def test_p_values_are_those_of_a_shifted_test_after_the_correction_for_looks(two_arms, assigned):
    rows = two_arms(500, 500, (0.1, 0.1), spend=(10.0, 9.9))
    spend = rows.groupby("variant")["spend"]
    error = np.sqrt((spend.var() / 500 * pd.Series({"control": 0.98**2, "new": 1.0})).sum())
    t = (9.9 - 0.98 * 10.0) / error
    safe = of(assigned, rows, {"spend": 0.02}).loc[(GUARDRAIL, "spend"), "safe_p_value"]
    assert safe == pytest.approx(2 * norm.sf(t) / AT_THE_END, rel=0.01)


def test_what_was_not_measured_is_neither_harmed_nor_safe(two_arms, assigned):
    rows = two_arms(500, 500, (0.1, 0.1))
    lost = of(assigned, rows, {"returns": 0.1}).loc[(GUARDRAIL, "returns")]
    assert lost[["harm_p_value", "safe_p_value"]].isna().all()
