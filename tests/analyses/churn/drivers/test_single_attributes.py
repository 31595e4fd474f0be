"""A log-rank test of every attribute: the telco's known ones, and the demo's two that tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from answers import words_of
from helpers.analyses.churn.drivers.single_attributes import attribute_tests
from helpers.findings import NotApplicable
from helpers.findings.folding import compared_groups
from helpers.statistics import survival


def test_telco_log_rank_tests_are_the_known_ones(telco):
    tests = attribute_tests(telco).table.set_index("attribute")["statistic"]
    assert tests["plan"] == pytest.approx(2352.872538, rel=1e-6)
    known = {
        "senior_citizen": 109.49,
        "partner": 423.54,
        "internet_service": 520.12,
        "online_security": 1013.86,
        "tech_support": 989.56,
        "payment_method": 865.24,
        "gender": 0.53,
    }
    for name, statistic in known.items():
        assert tests[name] == pytest.approx(statistic, abs=0.006)


def test_numbers_are_compared_by_quarter(contracts):
    tests = attribute_tests(contracts).table.set_index("attribute")
    table, groups = contracts.table, compared_groups(contracts.table["birth_year"])
    alone = survival.log_rank(table["duration_days"], table["left"], groups)
    assert tests.loc["birth_year", "groups"] == groups.nunique() == 5  # four quarters, and who did not say
    assert tests.loc["birth_year", "statistic"] == pytest.approx(alone.statistic)


def test_the_headline_names_the_attributes_that_the_demo_was_drawn_with(contracts):
    found = attribute_tests(contracts)
    assert str(found.headline()).endswith("attributes go with leaving sooner or later, most clearly “Plan”.")
    assert "Beyond chance: Plan and Channel." in words_of(found)
    assert found.summary().columns.tolist() == ["attribute", "groups", "adjusted_p_value"]
    assert found.summary()["attribute"].head(2).tolist() == ["Plan", "Channel"]


def test_groups_who_all_left_on_one_day_of_their_stay_cannot_be_compared(contracts):
    left = replace(contracts, table=contracts.table.assign(duration_days=30, entry_days=0, left=True))
    assert isinstance(attribute_tests(left), NotApplicable)


def test_no_column_is_no_answer(contracts):
    assert isinstance(attribute_tests(replace(contracts, attributes=())), NotApplicable)
