"""Rules and guardrails are checked when they are declared."""

from __future__ import annotations

import pytest

from helpers.analyses import experiments


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"correction": "bonferroni"}, "correction = 'bonferroni': choose one of holm"),
        ({"alpha": 5}, "alpha = 5: give a number from"),
        ({"power": 80}, "power = 80: give a number from"),
        ({"least_days": -1}, "least_days = -1: give a number from 0"),
        ({"largest_risk": 50}, "largest_risk = 50: give a number from 0"),
    ],
)
def test_rules_are_checked_when_they_are_declared(rule, message):
    with pytest.raises(ValueError, match=message):
        experiments.Rules(**rule)


def test_guardrails_are_declared_in_the_settings(two_arms, assigned):
    rows = two_arms(20, 20, (0.1, 0.2))
    assert experiments.guardrails(assigned(rows, words={"test": {"guardrails": {"spend": 0.02}}, "other": {}})) == {
        "test": {"spend": 0.02}
    }
