"""What lacks to the next tier is that of its own window, and counts down to the day on which an order leaves it."""

from __future__ import annotations

import pandas as pd
import pytest

import shops
from helpers.analyses.plan.due.tier_gaps import tier_gaps
from helpers.data.intake.wording.programme import Loyalty, Tier

RULES = Loyalty(
    tiers=(Tier(name="gold", spend=1_000, window_days=100), Tier(name="silver", spend=200, window_days=100))
)


def gaps(rules=RULES, **spent):
    """The gaps of customers who spent money so many days before the day: {customer: [(days ago, money), …]}."""
    rows = [(who, ago, money) for who, orders in spent.items() for ago, money in orders]
    orders = {
        "order_id": [str(place) for place, _ in enumerate(rows)], "customer_id": [who for who, _, _ in rows],
        "ordered_at": [pd.Timestamp(shops.AS_OF) - pd.Timedelta(days=ago) for _, ago, _ in rows],
        "amount": [float(money) for _, _, money in rows],
    }  # fmt: skip
    customers = {"customer_id": list(spent)}
    return tier_gaps(shops.shop(settings=shops.words(loyalty=rules), customers=customers, orders=orders))


def test_the_gap_is_that_to_the_lowest_tier_not_reached():
    table = gaps(none=[(5, 50)], silver=[(5, 900)], gold=[(5, 1_000)])
    assert table["tier_gap_share"].to_dict() == pytest.approx({"none": 0.75, "silver": 0.1})


def test_days_are_left_until_the_oldest_order_in_the_window_leaves_it():
    table = gaps(a=[(5, 100), (70, 80), (300, 5_000)])
    assert table.loc["a", "tier_window_days"] == 30
    assert table.loc["a", "tier_gap_share"] == pytest.approx(0.1)


def test_who_spent_nothing_in_the_window_has_no_gap():
    assert gaps(a=[(200, 5_000)], b=[(1, 10)]).index.tolist() == ["b"]


def test_who_reached_a_high_tier_by_its_longer_window_is_not_sent_to_a_lower_one():
    rules = Loyalty(tiers=(Tier(name="gold", spend=1_000), Tier(name="silver", spend=200, window_days=30)))
    assert gaps(rules, a=[(200, 1_000), (5, 150)]).empty


def test_without_rules_nothing_is_known():
    assert gaps(Loyalty(), a=[(5, 50)]).empty
