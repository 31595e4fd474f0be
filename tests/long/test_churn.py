"""All answers about the demo's contracts and silences together: they speak, draw, and name nobody."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

from answers import words_of
from helpers.analyses import churn
from helpers.analyses.churn.forecast import backtest, call_list
from helpers.findings import Finding, NotApplicable
from helpers.findings.columns import declared


def answers(demo, definition: str) -> list[Finding | NotApplicable]:
    """Every answer about the demo, under a meaning of leaving."""
    stays = churn.stays(demo, definition)
    hazards = churn.hazard_ratios(stays)
    drift = churn.proportionality(hazards)
    risk = churn.risk(stays, demo)
    with pytest.MonkeyPatch.context() as patch:  # limits as wide, known less well
        patch.setattr(backtest, "DRAWS", 10)
        patch.setattr(call_list, "DRAWS", 10)
        tested = churn.holdout(stays, demo)
        lift = churn.lift(tested)
    return [
        stays,
        churn.staying(stays),
        churn.group_pairs(stays),
        churn.hazard_over_tenure(stays),
        churn.cohorts(stays),
        churn.retention(stays),
        churn.reasons(stays),
        churn.reason_ratios(hazards),
        churn.attribute_tests(stays),
        hazards,
        drift,
        churn.shapes(stays),
        risk,
        churn.risk_reasons(risk),
        tested,
        lift,
        churn.silence_choices(demo),
        churn.silence_errors(demo),
        churn.trust(stays, hazards, drift),
        churn.suspects(stays),
    ]


@pytest.mark.parametrize("definition", ["contract", "silence"])
def test_every_finding_speaks_draws_and_tabulates_columns_that_are_declared(demo, definition):
    ids = set(demo.customers["customer_id"])
    given = answers(demo, definition)
    findings = [answer for answer in given if isinstance(answer, Finding)]
    assert len(findings) >= len(given) - 2  # a silence has no stated reasons
    for finding in findings:
        table = finding.summary()
        assert len(table)
        assert all(declared(finding.columns, str(name)).meaning for name in finding.table.columns)
        assert all(declared(finding.shown or finding.columns, str(name)).meaning for name in table.columns)
        assert words_of(finding).endswith(".")
        assert finding.plot().has_data()
        plt.close("all")
        assert not ids & set(map(str, table.astype(object).to_numpy().ravel()))
