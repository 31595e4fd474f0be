"""What goes with leaving, across its parts: a column that leaks stays out of all of them."""

from __future__ import annotations

from answers import words_of
from helpers.analyses.churn.drivers.hazards import hazard_ratios
from helpers.analyses.churn.drivers.leakage import suspects
from helpers.analyses.churn.drivers.single_attributes import attribute_tests


def test_total_charges_are_left_out_as_leakage(seen_once):
    assert suspects(seen_once).names == ("total_charges",)
    tests, ratios = attribute_tests(seen_once), hazard_ratios(seen_once)
    assert "total_charges" not in set(tests.table["attribute"])
    assert "Left out as leakage" in words_of(tests) and words_of(tests).endswith("Total charges.")
    assert not ratios.table["covariate"].str.contains("Total charges").any()
    assert ratios.concordance < 0.9
