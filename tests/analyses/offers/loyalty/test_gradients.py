"""Whether a tier that is near makes customers order: not where they only pass it, and where it is planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from discontinuities import hurrying
from helpers.analyses.offers.loyalty.costs import membership
from helpers.analyses.offers.loyalty.gradients import WEEKS, goal_gradient
from helpers.findings import NotApplicable
from helpers.statistics.discontinuities import approach

GOLD = {"name": "Gold", "spend": 1000, "window_days": 364}


def opened(ruled, hurry):
    """The shop of customers who hurry, and its rules replayed; each order lies in the middle of its week."""
    _counts, _ordered, money = hurrying(2500, hurry, np.random.default_rng(1))
    who, week = np.nonzero(money)
    rows = {
        "customer_id": [f"c{each:04}" for each in who],
        "days_ago": 7 * (103 - week) + 3,
        "amount": money[who, week],
    }
    data = ruled(pd.DataFrame(rows), tiers=[GOLD])
    return membership(data), data


def test_where_nobody_hurries_the_page_says_so_though_customers_order_less_often_near_a_tier(ruled):
    found = goal_gradient(*opened(ruled, 1.0))
    row = found.table.iloc[0]
    assert row["near_change"] < -0.02 and row["lower"] < 0 < row["upper"]
    words = words_of(found)
    assert words.startswith("No evidence that customers order more often when a tier is near.")
    assert "which says nothing: whoever orders near a threshold passes it." in words
    found.plot()


def test_planted_hurry_is_told_with_its_interval(ruled):
    found = goal_gradient(*opened(ruled, 1.6))
    assert found.table["lower"][0] > 0
    assert words_of(found).startswith("When “Gold” is near, customers order in more weeks than usual: +")


def test_weeks_are_counted_as_the_customers_lived_them(ruled):
    counts, ordered, _money = hurrying(2500, 1.6, np.random.default_rng(1))
    found, row = approach(counts, ordered, 1000), goal_gradient(*opened(ruled, 1.6)).table.iloc[0]
    assert counts.shape[1] == WEEKS
    assert row["customers"] == found.customers
    assert row[["near_change", "near_more"]].tolist() == pytest.approx([found.change, found.estimate])


def test_what_is_not_known_is_said(ruled):
    rules, data = opened(ruled, 1.0)
    assert isinstance(goal_gradient(NotApplicable(rules.title()), data), NotApplicable)
    rows = pd.DataFrame({"customer_id": "c1", "days_ago": [900, 20, 10], "amount": [1.0, 850.0, 10.0]})
    alone = ruled(rows, tiers=[GOLD])
    assert "were seen both near to it and farther from it" in goal_gradient(membership(alone), alone).headline().whole


def test_nobody_hurries_in_the_demo(demo):
    found = goal_gradient(membership(demo), demo)
    assert found.table["tier"].tolist() == ["银卡", "金卡", "钻石"]
    assert (found.table["near_change"] < 0).all() and (found.table["adjusted_p_value"] > 0.5).all()
