"""Arms are set beside the plan."""

from __future__ import annotations

import pytest

from answers import words_of
from helpers.analyses import experiments


def test_hillstrom_comes_in_the_planned_ratio(hillstrom):
    """Known answer: experiments.md, hillstrom."""
    (trial,) = hillstrom
    assert dict(zip(trial.arms["arm"], trial.arms["customers"], strict=True)) == {
        "No E-Mail": 21306,
        "Mens E-Mail": 21307,
        "Womens E-Mail": 21387,
    }
    assert experiments.health(hillstrom).summary()["sample_ratio_p_value"].iloc[0] == pytest.approx(0.903693, abs=5e-7)


def test_observed_and_planned_shares_stand_side_by_side(two_arms, assigned):
    trials = experiments.read(assigned(two_arms(100, 300), words={"test": {"weights": {"control": 1, "new": 3}}}))
    health = experiments.health(trials)
    assert health.table["arm_share"].tolist() == health.table["planned_share"].tolist() == [0.25, 0.75]
    assert str(health.headline()) == "The arms of test are as large as planned."
    assert words_of(health).endswith("As large as planned: test (p > 0.999).")
