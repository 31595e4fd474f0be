"""Curves by group: the demo's truth, late entry, groups too small to show, and pairs of groups."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.timing.curves import group_pairs, staying
from helpers.data.synthetic.customers import memberships
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable
from helpers.statistics import survival

DAYS = [30, 90, 180, 365, 540]
MEAN_DAYS = {"a": 150, "b": 300}


@pytest.mark.parametrize("days", [30, 90, 180, 365])
def test_demo_leave_rates_by_plan_are_those_it_was_drawn_from(contracts, demo_shop, days):
    """True is the mean over members of their own chances, given what strains each."""
    rates = staying(contracts, "plan").table.query("days == @days").set_index("group")
    members = demo_shop.members
    shares = memberships.stay_shares(members, demo_shop.people, demo_shop.strained, days)
    for plan in TRUTH.monthly_leave_rates:
        true = shares[members["plan"] == plan].mean()
        row = rates.loc[plan]
        width = row["upper"] - row["lower"]
        assert row["lower"] - 0.25 * width <= true <= row["upper"] + 0.25 * width  # 12 intervals at once


@pytest.mark.parametrize("plan", ["a", "b"])
def test_delayed_entry_recovers_the_truth_where_the_naive_curve_overstates_it(late, naive, plan):
    """Exponential stays in whole days: P(stay > t) = exp(−(t + 1) / mean)."""
    true = np.exp(-(np.array(DAYS) + 1) / MEAN_DAYS[plan])
    curves = [survival.at(staying(each, "plan").curve, DAYS) for each in (late, naive)]
    ours, theirs = (curve[curve["group"] == plan] for curve in curves)
    assert (ours["survival"] - true).abs().max() < 0.03
    assert (theirs["lower"].to_numpy() > true).all()
    assert (theirs["survival"].to_numpy()[:4] > true[:4] + 0.03).all()


def test_the_mean_stay_of_a_year_counts_from_the_entry(late):
    """Exponential stays in whole days, of 150 and of 300 on average."""
    gap = group_pairs(late, "plan").table["difference_days"].abs().iloc[0]
    true = np.subtract(*(sum(np.exp(-(t + 1) / mean) for t in range(365)) for mean in (300, 150)))
    assert gap == pytest.approx(true, abs=6)


def test_a_curve_and_its_numbers_at_risk_have_one_order_and_start_with_everybody(contracts):
    ax = staying(contracts, "plan").plot()
    drawn = [line.get_label() for line in ax.get_lines()]
    written = [text.get_text() for text in ax.texts if text.get_text() in drawn]
    assert drawn == written == ["月付", "季付", "年付"]
    assert [line.get_xydata()[0].tolist() for line in ax.get_lines()] == [[0, 1]] * 3


def test_the_table_of_the_curves_says_who_is_still_there_on_each_day(contracts):
    curves = staying(contracts, "plan")
    rates = curves.table.set_index(["group", "days"])["stay_rate"]
    table = curves.summary().set_index("group")
    assert table["stay_90d_rate"].to_dict() == rates.xs(90, level="days").to_dict()
    assert table["median_days"].isna().tolist() == [False, False, True]


def test_a_day_that_a_group_was_not_followed_to_is_left_out(contracts):
    young = replace(
        contracts, table=contracts.table.assign(duration_days=contracts.table["duration_days"].clip(upper=99))
    )
    assert set(staying(young, "plan").table["days"]) == {30, 90}


def test_groups_of_fewer_than_five_customers_are_never_shown(contracts):
    rare = contracts.table["plan"].where(contracts.table.index >= 3, "秘密")
    stays = replace(contracts, table=contracts.table.assign(plan=rare))
    table = staying(stays, "plan").summary()
    assert "秘密" not in set(table["group"])
    assert table["customers"].min() >= 5
    assert table["customers"].sum() == len(stays.table)


def test_a_pair_is_told_whichever_of_the_two_comes_first(contracts):
    pairs = group_pairs(contracts, "plan").table
    assert len(pairs) == 3
    turned = replace(contracts, table=contracts.table.iloc[::-1].reset_index(drop=True))
    pd.testing.assert_frame_equal(pairs, group_pairs(turned, "plan").table)
    assert (pairs["p_value"] <= pairs["adjusted_p_value"]).all()


def test_groups_who_all_left_on_one_day_of_their_stay_cannot_be_compared(contracts):
    left = replace(contracts, table=contracts.table.assign(duration_days=30, entry_days=0, left=True))
    assert isinstance(group_pairs(left, "plan"), NotApplicable)


def watched(durations, left, entry=0, **attributes) -> Stays:
    """Stays of given whole days that are watched from the tenure `entry` on."""
    table = pd.DataFrame({"duration_days": durations, "left": left}).assign(entry_days=entry, **attributes)
    table = table.assign(customer_id=table.index.astype(str)).astype({"entry_days": float, "left": bool})
    return Stays(table, tuple(attributes), "contract", dt.date(2024, 12, 31), dt.date(2024, 12, 31))


def test_nobody_watched_from_the_beginning_is_no_share_after_a_year():
    """One is watched for the first 10 days and leaves; a hundred have been there for years when watching begins."""
    answer = staying(watched([10] + [2_000] * 100, [True] + [False] * 100, [0] + [1_000] * 100))
    assert isinstance(answer, NotApplicable)
    assert "1 of 101 stays" in str(answer.reason) and "cannot be told" in str(answer.reason)


def test_shares_medians_and_curves_end_where_fewer_than_20_are_at_risk():
    """Of 60 one leaves each day of the first 40, and of the others one each tenth day: 20 are there on day 40."""
    stays = watched([*range(1, 41), *range(50, 250, 10)], [True] * 60)
    curves = staying(stays)
    assert curves.table["days"].tolist() == [30]
    assert str(curves.headline()) == "After 30 days 50.0% of all customers are still there."
    assert curves.summary()["median_days"].tolist() == [30.5]  # flat at one half from day 30 to day 31
    (line,) = curves.plot().get_lines()
    x, y = line.get_xydata().T
    assert x[~np.isnan(y)].max() == 50  # the 20 who were at risk until then


def test_where_orders_follow_silences_nobody_is_said_to_have_left(never_left):
    doubtful = staying(never_left).headline()
    assert str(doubtful).startswith("How long customers stay cannot be told by silence: ")
    assert str(doubtful.basis[0]) == "Still there means here only: not silent for so long yet."
    trusted = words_of(staying(replace(never_left, silences=100, returns=5)))
    assert trusted.startswith("After 365 days ") and "Still there means" not in trusted


def test_where_no_large_group_was_followed_for_30_days_nothing_is_told():
    curves = staying(watched([20] * 50, [True] * 10 + [False] * 40))
    assert words_of(curves) == "How many stay 30 days cannot be told: fewer than 20 were followed so long."


def test_a_group_that_is_too_small_to_tell_neither_speaks_nor_silences_the_others():
    plans = ["a"] * 60 + ["b"] * 60 + ["few"] * 12
    stays = watched([100] * 132, ([True] * 15 + [False] * 45) * 2 + [True] * 12, plan=plans)
    curves = staying(stays)
    assert "few" not in words_of(curves) and set(curves.table["group"]) == {"a", "b"}
    assert set(group_pairs(stays).table[["group_a", "group_b"]].iloc[0]) == {"a", "b"}


def test_groups_that_tie_are_not_ranked():
    curves = staying(watched([100] * 120, [False] * 120, plan=["a", "b"] * 60))
    assert words_of(curves) == "Plan: after 90 days 100% of customers are still there in every group."


def test_pairs_are_compared_as_long_as_20_of_each_are_at_risk():
    plans = ["a"] * 60 + ["b"] * 60
    stays = watched([*range(1, 61), *range(1, 121, 2)], [True] * 120, plan=plans)
    assert group_pairs(stays).horizon_days == 41  # 20 of the sixty in a are there until then


def test_behind_a_group_of_curves_stand_its_customers(contracts):
    curves = staying(contracts, "plan")
    row = curves.summary().iloc[0]
    gone = contracts.table[(contracts.table["plan"] == row["group"]) & contracts.table["left"]]
    assert set(curves.customers(group=row["group"], left=True)) == set(gone["customer_id"])
    assert len(gone) == row["leavers"]
