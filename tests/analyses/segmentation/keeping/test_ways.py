"""The likeliest ways between groups, on cases counted by hand."""

from __future__ import annotations

import pytest

from answers import words_of
from helpers.analyses.segmentation.keeping.moves import NEWCOMERS, migration
from helpers.analyses.segmentation.keeping.ways import Transitions, transitions
from helpers.findings import NotApplicable


def test_rates_are_of_those_known_at_both_dates(moved):
    rates = transitions(moved).table.set_index(["before", "after"])
    assert rates.loc[("silver", "gold"), "transition_rate"] == pytest.approx(0.3)
    assert NEWCOMERS not in rates.index.get_level_values("before")
    assert rates.loc[("silver", "bronze"), "transition_rate"] == pytest.approx(0.2)
    readers = transitions(moved).for_readers()
    assert readers.summary().empty and not readers.plot().texts


def test_of_two_ways_alike_none_is_the_likeliest(moved):
    """30 % of 20 and of 30 rise; of the ten gold there are too few to be told."""
    found = transitions(moved)
    likely = found.table.set_index(["before", "after"])["likely_rate"]
    assert likely.index[likely.notna()].tolist() == [("silver", "gold"), ("silver", "bronze"), ("bronze", "silver")]
    assert likely["silver", "gold"] == likely["bronze", "silver"] == pytest.approx(0.3)
    assert not words_of(found).startswith("The most likely way up")


def test_the_way_that_is_ahead_is_told_a_little_lower(tier):
    """Half of 40 silver rise, and 5 of 40 bronze; the 5 silver that fall go the only way down."""
    before = tier([("silver", 40), ("bronze", 40)])
    after = tier([("gold", 20), ("silver", 15), ("bronze", 5), ("silver", 5), ("bronze", 35)])
    found = transitions(migration(before, after, days=91))
    rates = found.table.set_index(["before", "after"])["likely_rate"]
    assert 0.125 < rates["bronze", "silver"] < rates["silver", "gold"] < 0.5
    assert str(found.headline()) == "The most likely way down: 91 days later 12.5% of “silver” are “bronze”."
    assert "The most likely way up: " in words_of(found) and "of “silver” are “gold”." in words_of(found)


def test_the_only_way_up_that_may_be_shown_is_not_the_likeliest_for_that(moved, monkeypatch):
    """30 % of silver and of bronze rise, and nobody may see the bronze."""
    found = transitions(moved)
    shown = found.table.assign(customers=found.table["customers"].where(found.table["before"] == "silver"))
    monkeypatch.setattr(Transitions, "readable", shown)
    assert "The most likely way up" not in words_of(found)


def test_without_a_migration_or_a_change_there_is_no_way(tier):
    nobody = NotApplicable("x")
    assert transitions(nobody) is nobody
    same = transitions(migration(tier([("gold", 10), ("silver", 8)]), tier([("gold", 10)]), days=30))
    assert same.table["before"].tolist() == ["gold"]
    assert words_of(same) == "No change of tier was made by 5 customers within 30 days."
