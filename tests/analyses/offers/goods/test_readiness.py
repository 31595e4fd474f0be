"""Whom a dearer plan may be offered: a loop over contracts, and nobody where movers leave for it."""

from __future__ import annotations

import pandas as pd
import pytest

from dearer_plans import shop_of
from helpers.analyses.offers.goods.readiness import of_plans, ready_customers
from helpers.analyses.offers.goods.upgrades import moved_up
from helpers.findings import NotApplicable, say

HALF_YEAR_AGO, TODAY = pd.Timestamp("2025-01-01"), pd.Timestamp("2025-06-30")


@pytest.fixture(scope="module")
def contracts():
    return shop_of(2000)


def test_chances_are_the_share_of_those_on_the_plan_half_a_year_ago_who_moved(contracts):
    rows = contracts.tables["subscriptions"].execute()
    basic, gold = (rows[rows["plan"] == plan].set_index("customer_id") for plan in ("basic", "gold"))
    then = basic[(basic["started_at"] <= HALF_YEAR_AGO) & ~(basic["ended_at"] <= HALF_YEAR_AGO)]
    on = (HALF_YEAR_AGO - then["started_at"]).dt.days
    own = then[(on > 180) & (on <= 365)]
    now = basic[basic["ended_at"].isna() & (TODAY - basic["started_at"]).dt.days.between(181, 365)]
    found = ready_customers(NotApplicable(say("none")), moved_up(contracts), contracts).table.set_index("customer_id")
    there = found.loc[now.index]
    assert (there["family"] == "gold").all() and (there["step"] == "dearer_plan").all()
    assert there["chance"].unique() == pytest.approx([own.index.isin(gold.index).mean()])
    assert ((there["lower"] < there["chance"]) & (there["chance"] < there["upper"])).all()
    assert not found.index.isin(gold.index[gold["ended_at"].isna()]).any(), "whoever has the plan is offered it"


def test_a_plan_for_which_more_leave_is_offered_to_nobody():
    bad = shop_of(2000, ratio=3.0)
    assert of_plans(moved_up(bad), bad).empty


def test_where_nothing_is_known_nobody_is_ready(contracts):
    none = NotApplicable(say("none"))
    assert ready_customers(none, none, contracts).table.empty
