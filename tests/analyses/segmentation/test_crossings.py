"""How two groupings cross: customers in every pair of groups, and who they are."""

from __future__ import annotations

import pandas as pd

from helpers.analyses.segmentation.crossings import crossing
from helpers.analyses.segmentation.groups import Groups
from helpers.findings import NotApplicable


def test_small_cells_of_a_crossing_are_empty_and_what_tells_them(regulars, labels):
    """All that is known of so few customers are pairs of groups that have nobody."""
    crossed = crossing(labels.segments, labels.tiers)
    wide = crossed.summary().set_index("segment")
    assert not wide.isin(range(1, 5)).to_numpy().any() and wide.isna().to_numpy().any()
    assert crossed.table["customers"].sum() == len(regulars.customers)


def test_cells_count_the_customers_of_both_groups():
    rows = pd.Categorical(["good", "fair"] * 150, ["good", "fair"])
    columns = pd.Categorical(["one", "one", "two"] * 100, ["one", "two"])
    segments, tiers = (
        Groups(pd.DataFrame(), kind, pd.Series(names, range(300), name=kind), {})
        for kind, names in (("segment", rows), ("tier", columns))
    )
    crossed = crossing(segments, tiers)
    assert crossed.readable.set_index(["segment", "tier"])["customers"].to_dict() == {
        ("good", "one"): 100, ("fair", "one"): 100, ("good", "two"): 50, ("fair", "two"): 50,
    }  # fmt: skip
    assert crossed.table["column_share"].tolist() == [0.5] * 4


def test_the_headline_tells_of_no_pair_that_has_nobody():
    names = ["good"] * 3 + ["fair"] * 3 + ["good"] * 144 + ["fair"] * 130 + ["idle"] * 20
    rows = pd.Categorical(names, ["good", "fair", "idle"])
    columns = pd.Categorical(["one"] * 6 + ["two"] * 294, ["one", "two"])
    segments, tiers = (
        Groups(pd.DataFrame(), kind, pd.Series(names, range(300), name=kind), {})
        for kind, names in (("segment", rows), ("tier", columns))
    )
    assert str(crossing(segments, tiers).headline()) == "6.8% of the customers in “two” are “idle”."


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
