"""What goes with leaving, across its parts: a column that leaks stays out of all of them."""

from __future__ import annotations

from helpers.analyses.churn.drivers.hazards import hazard_ratios
from helpers.analyses.churn.drivers.leakage import suspects
from helpers.analyses.churn.drivers.single_attributes import attribute_tests


def test_total_charges_are_left_out_as_leakage(seen_once):
    assert suspects(seen_once).names == ("total_charges",)
    tests, ratios = attribute_tests(seen_once), hazard_ratios(seen_once)
    assert "total_charges" not in set(tests.table["attribute"])
    assert "Left out as leakage" in tests.headline() and tests.headline().endswith("Total charges.")
    assert not ratios.table["covariate"].str.contains("Total charges").any()
    assert ratios.concordance < 0.9


def test_telco_fails_proportional_hazards(telco_hazards, telco_drift):
    assert {"Online security: Yes", "Tech support: Yes"} <= set(telco_drift.failing["covariate"])
    assert telco_drift.headline().startswith("Proportional hazards fails")
    for service in ("Online security", "Tech support", "Device protection"):
        assert service in telco_drift.headline()
    assert "Plan" in telco_hazards.left_out["contract"]
