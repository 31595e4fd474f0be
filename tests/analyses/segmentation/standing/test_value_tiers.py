"""Tiers by thresholds, quantiles and shares of revenue; their names, benefits and frozen cuts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers import language
from helpers.analyses.segmentation.standing.value_tiers import (
    BANDS,
    LEVELS,
    MEMBERSHIP,
    METALS,
    TierPlan,
    plan_from,
    tier_cuts,
    tiers,
)
from helpers.data.datasets import Dataset
from shops import AS_OF, shop, words


def spending(amounts, **tables) -> Dataset:
    """A shop in yuan whose customer n spent the n-th of the amounts."""
    orders = pd.DataFrame(
        {
            "customer_id": [f"c{n:03}" for n in range(len(amounts))],
            "order_id": [f"o{n}" for n in range(len(amounts))],
            "days_ago": 3,
            "amount": np.asarray(amounts, dtype=float),
        }
    )
    return shop(settings=words(currency="CNY"), orders=orders, **tables)


@pytest.fixture(scope="module")
def twenty() -> Dataset:
    """Customer k of 0 … 19 spent (k + 1) × 100; one more only registered."""
    members = pd.DataFrame({"customer_id": [*(f"c{n:03}" for n in range(20)), "r"]})
    return spending(np.arange(1, 21) * 100, customers=members)


def by_customer(groups) -> list[str]:
    return groups.labels.drop("r", errors="ignore").sort_index().tolist()


def test_a_tier_begins_at_its_threshold(twenty):
    groups = tiers(twenty, TierPlan(LEVELS, "thresholds", (500, 2000)))
    assert by_customer(groups) == ["low"] * 4 + ["mid"] * 15 + ["high"]
    assert groups.labels["r"] == "low" and groups.cuts == (500, 2000)
    assert "Tiers begin at ¥500 and ¥2,000. These thresholds are given." in words_of(groups)


def test_quantiles_are_of_the_buyers_and_usual_where_none_are_given(twenty):
    assert by_customer(tiers(twenty, TierPlan(("a", "b"), "quantiles", (0.5,)))) == ["a"] * 10 + ["b"] * 10
    assert tiers(twenty).cuts == pytest.approx(np.quantile(np.arange(1, 21) * 100, (0.5, 0.8, 0.95, 0.99)))


def test_the_top_tiers_together_bring_their_share_of_revenue_and_no_smaller_group_does(twenty):
    """1 … 20 hundreds sum to 210: 20 + 19 + … + 15 = 105 is half, and + 14 + … + 10 = 165, + 9 = 174 reaches 80 %."""
    groups = tiers(twenty, TierPlan(LEVELS, "shares", (0.5, 0.8)))
    assert groups.cuts == (900, 1500)
    assert by_customer(groups) == ["low"] * 8 + ["mid"] * 6 + ["high"] * 6
    assert "From the top down the tiers bring 50.0% and 80.0% of revenue in the last 12 months together." in words_of(
        groups
    )


def test_by_shares_equal_customers_stay_together():
    groups = tiers(spending([50] * 10 + [10] * 30), TierPlan(("rest", "top"), "shares", (0.2,)))
    assert groups.cuts == (50,) and by_customer(groups) == ["top"] * 10 + ["rest"] * 30


def test_one_customer_with_everything_leaves_the_tiers_between_empty():
    groups = tiers(spending([10_000] + [1] * 30), TierPlan(LEVELS, "shares", (0.5, 0.8)))
    assert by_customer(groups) == ["high"] + ["low"] * 30


def test_refunds_beyond_orders_neither_help_nor_shift_the_shares():
    spent = pd.Series([-500.0, 0, 100, 100, 200])
    assert tier_cuts(spent, TierPlan(("a", "b"), "shares", (0.5,))) == (200,)


def test_kept_cuts_give_the_same_tiers_whatever_the_plan_was(twenty):
    for plan in (TierPlan(), TierPlan(LEVELS, "shares"), TierPlan(MEMBERSHIP, "thresholds", (1, 2, 3, 4))):
        first = tiers(twenty, plan)
        again = tiers(twenty, plan.frozen(first.cuts))
        assert (
            (again.labels == first.labels).all()
            and again.cuts == first.cuts
            and "These thresholds are given." in map(str, again.remarks)
        )
    assert TierPlan().frozen(()) == TierPlan()


def test_benefits_stand_beside_the_rule_of_the_tier_that_has_them(twenty):
    plan = plan_from(
        {"names": "levels", "by": "thresholds", "at": [500, 1000], "benefits": {"high": "包邮 free delivery"}}
    )
    table = tiers(twenty, plan).summary()
    assert table.columns[-2:].tolist() == ["group_rule", "benefits"]
    assert table.set_index("tier")["benefits"].to_dict() == {"high": "包邮 free delivery", "mid": "", "low": ""}
    assert "benefits" not in tiers(twenty).summary()


def test_a_plan_is_read_from_settings():
    assert plan_from({}) == TierPlan() and plan_from({"names": "membership"}).names == MEMBERSHIP
    own = plan_from({"names": ["x", "y"], "by": "quantiles", "at": [0.9]})
    assert own == TierPlan(("x", "y"), "quantiles", [0.9])
    assert plan_from({"benefits": {METALS[2]: "x"}}).names == METALS  # settings made before bands had their name
    assert len(BANDS) == len(METALS) == len(MEMBERSHIP) == 5 and TierPlan(LEVELS).begins == (0.5, 0.8)


@pytest.mark.parametrize(
    "setting, rule",
    [
        ({"naems": []}, "tiers = 'naems'.*Did you mean 'names'"),
        ({"names": "metal"}, "tiers.names = 'metal'.*Did you mean 'metals'"),
        ({"names": ["a", "a"], "at": [0.5]}, "two different names"),
        ({"by": "share"}, "tiers.by = 'share'.*Did you mean 'shares'"),
        ({"by": "thresholds"}, "5 tiers need 4 numbers"),
        ({"by": "thresholds", "at": [4, 3, 2, 1]}, "rising order"),
        ({"at": [0.5, 0.8, 0.9, 99]}, "shares between 0 and 1"),
        ({"months": -1}, "tiers.months = -1: give a number from 0 to 120"),
        ({"benefits": {"Band 5": "x"}}, "tiers.benefits = 'Band 5'.*Did you mean"),
        ({"names": [str(n) for n in range(7)]}, "7 tiers need 6 numbers"),
    ],
)
def test_plans_that_cannot_be_are_refused(setting, rule):
    with pytest.raises(ValueError, match=rule):
        plan_from(setting)


@pytest.mark.parametrize("by", ["shares", "quantiles"])
def test_without_revenue_there_are_no_tiers_by_it(by):
    told = words_of(tiers(spending([0] * 30), TierPlan(by=by)))
    assert told == "Cannot be told: 0 customers brought revenue in the last 12 months, and tiers need at least 20."


# The window


def at_days(*orders, as_of=AS_OF):
    """A shop of thirty customers who spent 10 in winter, and of customers by (id, days ago, amount)."""
    usual = [(f"c{n:03}", 200, 10.0) for n in range(30)]
    rows = pd.DataFrame([*usual, *orders], columns=["customer_id", "days_ago", "amount"])
    return shop(as_of=as_of, orders=rows.assign(order_id=[f"o{n}" for n in range(len(rows))]))


BY_MONEY = TierPlan(LEVELS, "thresholds", (100, 1000))


def test_a_tier_counts_the_last_twelve_months():
    data = at_days(("old", 800, 5000), ("old", 2, 20), ("new", 300, 5000), ("gone", 500, 5000))
    assert tiers(data, BY_MONEY).labels[["old", "new", "gone"]].tolist() == ["low", "high", "low"]
    ever = tiers(data, replace(BY_MONEY, months=0))
    assert ever.labels[["old", "new", "gone"]].tolist() == ["high"] * 3
    assert "a tier can rise, and falls only by money given back" in words_of(ever)


@pytest.mark.parametrize(
    ("back", "tier"), [(365, "low"), (364, "high")]
)  # the window begins a year before, that day not in it
def test_a_window_begins_after_the_same_day_a_year_before(back, tier):
    assert tiers(at_days(("x", back, 5000)), BY_MONEY).labels["x"] == tier


def test_a_tier_rises_with_orders_and_falls_as_they_leave_the_window():
    rows = [("x", 400, 5000), ("x", 0, 500)]
    then, now = (at_days(*rows, as_of=AS_OF - pd.Timedelta(days=days)) for days in (100, 0))
    moved = [tiers(each, BY_MONEY).labels["x"] for each in (then, now)]
    assert moved == ["high", "mid"]


def test_who_would_fall_within_a_month_is_counted_and_before_that_from_when():
    leaving = [(f"l{n}", 350, 5000.0) for n in range(7)]
    told = words_of(tiers(at_days(*leaving, ("first", 900, 1)), BY_MONEY))
    assert "without another order 7 customers would fall within a month." in told
    young = words_of(tiers(at_days(*leaving), BY_MONEY))
    falls = pd.Timestamp(AS_OF) - pd.Timedelta(days=350) + pd.DateOffset(months=12)
    assert young.endswith(f"fall as these leave the last 12 months: from {language.day(falls)} on.")


def test_cuts_are_of_those_who_brought_something_in_the_window():
    silent = [(f"s{n:03}", 600, 99.0) for n in range(300)]
    assert tiers(at_days(*silent), TierPlan(LEVELS, at=(0.5, 0.9))).cuts == (10, 10)
    assert tiers(at_days(*silent), TierPlan(LEVELS, at=(0.5, 0.9))).labels["s000"] == "low"
