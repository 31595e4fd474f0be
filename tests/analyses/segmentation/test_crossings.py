"""How two groupings cross: customers in every pair of groups, and who they are."""

from __future__ import annotations

import pytest

from helpers.analyses.segmentation.crossings import crossing
from helpers.findings import NotApplicable


def test_small_cells_of_a_crossing_are_empty(regulars, labels):
    segments, tiers = labels.segments, labels.tiers
    crossed = crossing(segments, tiers)
    wide = crossed.summary().set_index("segment")
    assert not wide.isin(range(1, 5)).to_numpy().any() and wide.isna().to_numpy().any()
    assert crossed.table["customers"].sum() == len(regulars.customers)
    cell = crossed.readable.dropna().query("customers > 0").iloc[0]
    assert wide.loc[cell["segment"], cell["tier"]] == cell["customers"]
    both = (segments.labels == cell["segment"]) & (tiers.labels == cell["tier"])
    assert cell["customers"] == both.sum()
    assert cell["column_share"] == pytest.approx(both.sum() / (tiers.labels == cell["tier"]).sum())


def test_a_crossing_with_a_missing_side_is_missing_for_its_reason(labels):
    missing = NotApplicable("no orders.")
    assert crossing(missing, labels.tiers) is missing and crossing(labels.segments, missing) is missing


def test_a_crossing_is_drawn_as_a_grid_of_customers(labels):
    crossed = crossing(labels.segments, labels.tiers)
    assert len(crossed.for_readers().plot().texts) == crossed.summary().set_index("segment").notna().to_numpy().sum()


def test_behind_a_pair_of_groups_stand_their_customers(labels):
    crossed = crossing(labels.segments, labels.tiers)
    cell = crossed.table.dropna(subset="customers").nlargest(1, "customers").iloc[0]
    pair = crossed.customers(segment=cell["segment"], tier=cell["tier"])
    assert len(pair) == cell["customers"]
    assert set(pair) <= set(labels.segments.customers(segment=cell["segment"]))
