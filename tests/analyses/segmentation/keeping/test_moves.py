"""Who moved between groups, on cases counted by hand; runs of two days under one model."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.segmentation.groups import Groups
from helpers.analyses.segmentation.keeping.moves import GONE, NEWCOMERS, Migration, Move, migration, seen
from helpers.analyses.segmentation.scoring.rfm import scores, segments
from helpers.analyses.segmentation.standing.life_stages import stages
from helpers.analyses.segmentation.standing.value_tiers import TierPlan, spent_within, tiers
from helpers.analyses.segmentation.vocabulary import MOVE
from helpers.findings import NotApplicable
from helpers.statistics.shares.proportions import wilson_interval


def test_cells_are_those_counted_by_hand(moved):
    assert moved.table.pivot(index="before", columns="after", values="customers").fillna(0).to_dict("index") == {
        "gold": {"gold": 10, "silver": 0, "bronze": 0},
        "silver": {"gold": 6, "silver": 10, "bronze": 4},
        "bronze": {"gold": 0, "silver": 9, "bronze": 21},
        NEWCOMERS: {"gold": 0, "silver": 0, "bronze": 7},
    }
    assert moved.matrix().index.tolist() == ["gold", "silver", "bronze", NEWCOMERS]
    cells = moved.table.set_index(["before", "after"])
    assert cells.loc[("silver", "gold"), "before_share"] == pytest.approx(6 / 20)
    assert cells.loc[("silver", "gold"), "held_value"] == 600
    assert cells["move"].to_dict() == {
        ("gold", "gold"): "kept",
        ("silver", "gold"): "up",
        ("silver", "silver"): "kept",
        ("silver", "bronze"): "down",
        ("bronze", "silver"): "up",
        ("bronze", "bronze"): "kept",
        (NEWCOMERS, "bronze"): "came",
    }


def test_a_small_cell_is_hidden_and_with_it_those_from_which_it_could_be_subtracted(moved):
    """The 4 that fell, the 6 of their row, and so the 10 above these and the 7 below those."""
    assert moved.matrix().astype(float).fillna(0).to_numpy().tolist() == [[0, 0, 0], [0, 10, 0], [0, 9, 21], [0, 0, 0]]


def test_upgrades_and_downgrades_are_listed_largest_first_without_hidden_ones(tier):
    before = tier([("silver", 40), ("bronze", 40)])
    after = tier([("gold", 12), ("silver", 28), ("gold", 7), ("silver", 9), ("bronze", 24)])
    moves = migration(before, after, days=91)
    assert moves.summary()[["before", "after", "move", "customers"]].to_numpy().tolist() == [
        ["silver", "gold", "up", 12],
        ["bronze", "silver", "up", 9],
        ["bronze", "gold", "up", 7],
    ]


def test_the_headline_counts_known_customers_with_wilsons_interval(moved):
    low, high = wilson_interval(41, 60)
    assert words_of(moved) == (
        "In 91 days 15 customers moved up a tier and fewer than 5 moved down. "
        f"Of 60 known then 68.3% stayed (95% interval {low:.1%} to {high:.1%}). "
        "Those who moved up hold 33.8% of their revenue so far, those who moved down 2.0%. 7 were not known before."
    )


def test_figures_show_the_cells_that_may_be_shown(moved):
    assert [text.get_text() for text in moved.plot().texts] == ["10", "9", "21"]


def test_customers_who_left_the_data_have_a_column_and_no_rate(tier):
    moves = migration(tier([("gold", 10), ("silver", 8)]), tier([("gold", 10)]), days=30)
    assert moves.matrix()[GONE].dropna().to_dict() == {"silver": 8} and "8 are no longer in the data." in words_of(
        moves
    )
    assert "Of 10 known then 100% stayed (95% interval 72.2% to 100%)." in words_of(moves)


def test_who_was_not_there_yet_is_a_newcomer_whatever_the_group_was_called(tier):
    before, after = tier([("bronze", 20)]), tier([("gold", 20)])
    moves = migration(before, after, known=before.labels.index[:12])
    assert moves.matrix()["gold"].to_dict() == {"bronze": 12, NEWCOMERS: 8}


def test_two_kinds_do_not_compare_and_no_common_customer_is_said(tier):
    with pytest.raises(ValueError, match="after = segment: before is tier"):
        migration(tier([("gold", 9)]), tier([("gold", 9)], kind="segment"))
    apart = migration(tier([("gold", 9)]), tier([("gold", 9)], first=50))
    assert "no customer is known at both dates" in words_of(apart)
    assert isinstance(migration(NotApplicable("x"), tier([("gold", 9)])), NotApplicable)


def test_groups_that_the_model_no_longer_has_stand_last(tier):
    before = tier([("gold", 6), ("silver", 6)])
    after = tier([("gold", 6), ("silver", 6)])
    renamed = after.labels.cat.rename_categories({"silver": "tin"})
    after = Groups(pd.DataFrame(), "tier", renamed, dict.fromkeys(["gold", "tin", "bronze"], "a rule"))
    moves = migration(before, after)
    assert moves.matrix().index.tolist() == ["gold", "silver"] and moves.matrix().columns.tolist() == ["gold", "tin"]


def test_under_one_model_labels_change_only_with_the_customers_own_numbers(two_days):
    """A naive refit moves customers whose value did not move."""
    first, last = two_days
    rfm, tier_then, stage_then = scores(first), tiers(first), stages(first)
    kept = [
        segments(last, scores(last, cuts=rfm.cuts)),
        tiers(last, TierPlan().frozen(tier_then.cuts)),
        stages(last, limits_days=stage_then.cuts),
    ]
    before = [segments(first, rfm), tier_then, stage_then]
    then, now = (data.customers.set_index("customer_id") for data in (first, last))
    counted, counts_now = (spent_within(data, TierPlan().months) for data in (first, last))
    same_money = counted.index[counted == counts_now.reindex(counted.index)]
    assert len(same_money) > 100
    assert (kept[1].labels[same_money] == tier_then.labels[same_money]).all()
    assert (tiers(last).labels[same_money] != tier_then.labels[same_money]).any()  # the naive refit
    for old, new in zip(before, kept, strict=True):
        moves = migration(old, new, now["monetary"], 91, seen(first))
        assert int(moves.known["customers"].sum()) == int(then["tenure_days"].notna().sum())
        assert moves.table["customers"].sum() == len(now) and moves.table["held_value"].sum() == pytest.approx(
            now["monetary"].sum()
        )


def test_every_move_has_words():
    assert set(MOVE.words) == set(Move)


def test_amounts_are_in_the_currency_of_the_groups_that_moved(tier):
    before, after = tier([("gold", 10)]), dataclasses.replace(tier([("gold", 10)]), currency="CNY")
    assert migration(before, after).currency == "CNY"


def test_behind_a_cell_stand_its_customers(two_days):
    before, after = two_days
    labels = [stages(data, limits_days=(30, 60, 90, 120)) for data in (before, after)]
    both = migration(*labels)
    assert isinstance(both, Migration)
    counted = both.members().groupby(["before", "after", "move"], observed=True).size()
    cells = both.table.set_index(["before", "after", "move"])["customers"]
    assert counted.to_dict() == cells.to_dict()
    first, last, _ = cells.idxmax()
    ids = both.customers(before=first, after=last)
    assert (labels[0].labels[ids] == first).all() and (labels[1].labels[ids] == last).all()
