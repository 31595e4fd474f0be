"""What goes with leaving, across its parts: the telco's leaking column stays out of all of them."""

from __future__ import annotations

from helpers.analyses.churn.drivers.leakage import suspects
from helpers.analyses.churn.drivers.single_attributes import attribute_tests


def test_telco_total_charges_are_left_out_as_leakage_and_proportional_hazards_fails(telco, telco_hazards, telco_drift):
    assert suspects(telco).names == ("total_charges",)
    assert "total_charges" not in set(attribute_tests(telco).table["attribute"])
    assert not telco_hazards.table["covariate"].str.contains("Total charges").any()
    assert telco_hazards.concordance < 0.9
    assert {"Online security: Yes", "Tech support: Yes"} <= set(telco_drift.failing["covariate"])
    assert telco_drift.headline().startswith("Proportional hazards fails")
    for service in ("Online security", "Tech support", "Device protection"):
        assert service in telco_drift.headline()
    assert "Left out as leakage" in attribute_tests(telco).headline()
    assert attribute_tests(telco).headline().endswith("Total charges.")
    assert "Plan" in telco_hazards.left_out["contract"]
