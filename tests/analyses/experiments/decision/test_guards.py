"""Guardrails are safe, unproven or broken by their interval, and decide accordingly."""

from __future__ import annotations

import numpy as np
import pytest

from helpers.analyses import experiments
from helpers.analyses.experiments.decision.guards import BROKEN, SAFE, UNPROVEN, guarded
from helpers.analyses.experiments.effect.lifts import effect_table


@pytest.mark.parametrize(
    ("spend", "decision", "claim", "said"),
    [
        (10.0, "ship", "Better than control, and safe.", "“spend” changed by −0.62"),
        (9.82, "keep", "Better than control, but not shown to be safe.", "“spend” changed by −2.4"),
        (9.0, "harmed", "A guardrail is broken. Stop it.", "“spend” changed by −10.6%"),
    ],
)
def test_a_guardrail_is_safe_unproven_or_broken_by_its_interval(spend, decision, claim, said, two_arms, decided_row):
    """The lift of spend has a half-width of .62 % here: at -1.8 % the margin of 2 % lies inside the interval."""
    row = decided_row(two_arms(2000, 2000, (0.1, 0.2), spend=(10.0, spend)), guardrails={"test": {"spend": 0.02}})
    assert row.decision == decision
    assert said in row.why
    assert row.why.startswith(claim)


def test_a_broken_guardrail_stops_an_arm_without_an_effect_on_the_primary_metric(two_arms, decided_row):
    row = decided_row(two_arms(2000, 2000, (0.1, 0.1), spend=(10.0, 9.0)), guardrails={"test": {"spend": 0.02}})
    assert row.decision == "harmed"


def test_an_unproven_guardrail_is_extended_for_when_that_is_within_reach(two_arms, decided_row):
    rows = two_arms(2000, 2000, (0.1, 0.2), days=7, spend=(10.0, 9.93))
    row = decided_row(rows, guardrails={"test": {"spend": 0.008}})
    assert (row.decision, row.days_to_extend) == ("extend", 7)
    assert "To show that it is safe takes 1.2" in row.why  # 2 × (2.8 × 1 / .08)² = 2,453 an arm


def test_a_guardrail_that_was_not_measured_is_not_taken_for_safe(two_arms, decided_row):
    words = two_arms(2000, 2000, (0.1, 0.2)).assign(spend=np.nan)
    row = decided_row(words, guardrails={"test": {"spend": 0.02}})
    assert row.decision == "keep"
    assert "not shown to be safe." in row.why and "“spend” was not measured; it may get worse by 2.0%." in row.why


def test_guardrails_of_another_experiment_are_not_asked_for(two_arms, decided_row):
    rows = two_arms(2000, 2000, (0.1, 0.2), spend=(10.0, 9.0))
    assert decided_row(rows, guardrails={"other": {"spend": 0.02}}).decision == "ship"


def test_the_state_of_every_guardrail_is_a_code(two_arms, assigned):
    (trial,) = experiments.read(assigned(two_arms(2000, 2000, (0.1, 0.2), spend=(10.0, 9.0))))
    rules = experiments.Rules(guardrails={"test": {"spend": 0.02, "bought": 0.02, "returns": 0.1}})
    guards = guarded(trial, effect_table(trial, rules), "new", rules).set_index("metric")
    assert guards["state"].to_dict() == {"spend": BROKEN, "bought": SAFE, "returns": UNPROVEN}
    assert guards.loc["returns", "label"] == "returns"  # not measured, so it has no label of its own
