"""What raises the risk: features that stand in the table, as often as they do."""

from __future__ import annotations

from answers import assert_shows_no_customer
from helpers.analyses.churn.forecast.main_reasons import risk_reasons


def test_a_feature_is_named_wherever_a_reason_is_said(either_risk):
    table = either_risk.table
    for reason, feature in (("main_reason", "main_feature"), ("second_reason", "second_feature")):
        assert ((table[reason] == "") == (table[feature] == "")).all()
    words = dict(
        zip(risk_reasons(either_risk).table["feature"], risk_reasons(either_risk).summary()["feature"], strict=True)
    )
    assert words["plan"] == "plan" if "plan" in words else words["recency_days"] == "time since the last order"


def test_how_often_it_is_a_reason_is_shown_and_no_customer(demo, either_risk):
    reasons = risk_reasons(either_risk)
    assert_shows_no_customer(reasons, demo)
    assert (reasons.table["customers"] >= 5).all()
    assert reasons.table["top_tenth_share"].between(0, 1).all()
