"""Who leaves next: chances and reasons of customers whose behaviour tells, and what is saved and shown of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import assert_shows_no_customer, words_of
from helpers.analyses.churn.forecast.chances import risk
from helpers.analyses.churn.forecast.main_reasons import risk_reasons
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable, say

COLUMNS = [
    "customer_id", "at_risk_since", "tenure_days", "leave_30d_rate", "leave_90d_rate", "expected_remaining_days",
    "main_reason", "second_reason", "main_feature", "second_feature",
]  # fmt: skip


@pytest.fixture(scope="module")
def members_risk(members):
    return risk(stays(members.data), members.data)


# Chances


def test_expected_days_are_the_area_under_the_chance_to_stay(members, members_risk):
    days = np.arange(181)
    staying = 1 - np.array([members.chance(day) for day in days])
    true = pd.Series(np.trapezoid(staying, days, axis=0), index=members.ids)
    table = members_risk.table
    assert table["expected_remaining_days"].mean() == pytest.approx(true[table["customer_id"]].mean(), abs=2)


def test_who_was_not_seen_lately_is_at_highest_risk_and_that_is_the_reason(members, members_risk):
    table = members_risk.table
    faded = pd.Series(members.has_faded, index=members.ids)[table["customer_id"]].to_numpy()
    highest = (members_risk.tenths == 1).to_numpy()
    assert faded[highest].mean() > 4 * faded[~highest].mean()
    unseen = table["main_reason"] == "no active day in 30 days"
    assert unseen[highest].mean() > 0.5
    assert not unseen[~highest].any()
    named = risk_reasons(members_risk).table.set_index("feature").loc["active_days_30d"]
    assert named["top_tenth_share"] == pytest.approx(unseen[highest].mean())
    assert named["everybody_share"] == pytest.approx(unseen.mean())


@pytest.mark.parametrize(("column", "days"), [("leave_30d_rate", 30), ("leave_90d_rate", 90)])
def test_chances_in_the_demo_are_those_its_memberships_were_drawn_from(
    contracts, contract_risk, demo_shop, column, days
):
    """The model knows the plan's hazard at the mean strain of all days that it was trained on."""
    members = demo_shop.members
    followed = np.arange(demo_shop.strained.shape[1]) >= members["started"].to_numpy()[:, None]
    strain = demo_shop.strained[members["customer"]][followed].mean()
    table = contract_risk.table
    running = contracts.table[~contracts.table["left"]]
    both = table.merge(running[["customer_id", "plan", "channel"]], on="customer_id")
    assert len(both) == len(table)
    for plan, rows in both.groupby("plan"):
        true = np.mean([1 - TRUTH.stay_share(plan, channel, days * strain) for channel in rows["channel"].fillna("")])
        leavers = (contracts.table["left"] & (contracts.table["plan"] == plan)).sum()
        assert rows[column].mean() == pytest.approx(true, rel=3 / np.sqrt(leavers))  # 0.09, 0.15 and 0.26


def test_the_demo_names_plan_and_channel_as_reasons_for_whom_they_are_true(contract_risk):
    table = contract_risk.table
    top = table.head(len(table) // 10)
    reasons = pd.concat([top["main_reason"], top["second_reason"]])
    assert (top["main_reason"] == "plan 月付").mean() > 0.9
    assert (reasons == "channel 抖音").any()
    assert not reasons.str.contains("price").any()  # the plan says it all


# The table that is saved, and what the page shows of it


def test_saved_are_all_who_are_there_with_chances_that_rise_with_time(demo, silences, either_risk):
    table = either_risk.table
    assert list(table.columns) == COLUMNS
    assert table["customer_id"].is_unique
    assert (table["leave_30d_rate"] <= table["leave_90d_rate"] + 1e-12).all()
    assert table["leave_90d_rate"].is_monotonic_decreasing
    assert table["leave_90d_rate"].between(0, 1).all()
    assert table["expected_remaining_days"].between(0, 120).all()
    assert ((table["main_reason"] != "") >= (table["second_reason"] != "")).all()
    assert (table["main_reason"] != table["second_reason"]).where(table["main_reason"] != "", True).all()
    assert (table.loc[table["leave_90d_rate"] == 0, "main_reason"] == "").all()
    if either_risk.definition == "silence":
        lacking = silences.silence_days - (pd.Timestamp(demo.as_of) - last_order(demo, table)).dt.days
        assert (table.loc[lacking > 90, "leave_90d_rate"] == 0).all()
        assert (table.loc[lacking <= 90, "leave_90d_rate"] > 0).all()


def last_order(demo, table):
    return table["customer_id"].map(demo.customers.set_index("customer_id")["last_order_on"])


def test_the_page_shows_groups_and_no_customer(demo, either_risk):
    assert_shows_no_customer(either_risk, demo)
    assert either_risk.summary()["customers"].sum() == len(either_risk.table)
    assert either_risk.summary()["leave_90d_rate"].is_monotonic_decreasing


def test_too_few_leavers_are_not_predicted(members):
    there = stays(members.data)
    few = there.table.assign(left=there.table.index < 5)
    few = few.assign(ended_on=few["ended_on"].where(few["left"]))
    found = risk(replace(there, table=few), members.data)
    assert isinstance(found, NotApplicable)
    assert "too few" in words_of(found)
    assert isinstance(risk_reasons(found), NotApplicable)


def test_the_first_page_hears_of_a_call_list_unless_the_forecast_failed(contract_risk):
    (news,) = contract_risk.brief().news
    called = contract_risk.summary()["customers"].iloc[0]
    assert str(news.said) == f"Call the {called} customers at highest risk; leave a random half uncalled."
    assert news.table == "churn_risk"
    assert not replace(contract_risk, failure=say("it failed.")).brief().news
