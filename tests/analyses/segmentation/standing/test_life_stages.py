"""Each stage is reached as its rule says, by the limits of everybody or of a group."""

from __future__ import annotations

import pandas as pd

from answers import words_of
from helpers.analyses.segmentation.standing.life_stages import stages
from helpers.findings.folding import SMALL_GROUPS
from shops import shop


def test_each_of_the_eight_stages_is_reached_as_its_rule_says(orders_of):
    days = {
        "new": [10],
        "new twice a day": [10, 10],
        "active": [20, 70],
        "at the limit": [30, 40],
        "need attention": [31, 40],
        "at risk": [90, 99],
        "dormant": [91, 95],
        "dormant at the end": [365],
        "lost": [366],
        "won back": [5, 96],
        "from lost": [5, 500],
        "gap of exactly 90": [5, 95],
        "won back before": [5, 15, 200],
        "gone again": [91, 200],
    }
    fillers = {f"filler{n}": [400] for n in range(20)}
    members = pd.DataFrame({"customer_id": [*days, *fillers, "registered"]})
    groups = stages(shop(orders=orders_of(days | fillers), customers=members), limits_days=[30, 60, 90, 365])
    assert {name: groups.labels[name].rpartition(" ")[0] for name in (*days, "registered")} == {
        "new": "New",
        "new twice a day": "New",
        "active": "Active",
        "at the limit": "Active",
        "need attention": "Need attention",
        "at risk": "At risk",
        "dormant": "Dormant",
        "dormant at the end": "Dormant",
        "lost": "Lost",
        "won back": "Won back",
        "from lost": "Won back",
        "gap of exactly 90": "Active",
        "won back before": "Active",
        "gone again": "Dormant",
        "registered": "Potential",
    }
    assert groups.cuts == (
        30,
        60,
        90,
        365,
    ) and "30, 60, 90, and 365 days of silence. The limits are those given." in words_of(groups)


def test_each_customer_is_judged_by_the_limits_of_its_group(data):
    staged = stages(data, by="channel")
    recency = data.customers.set_index("customer_id")["recency_days"].reindex(staged.labels.index)
    groups = staged.limits.groups.reindex(staged.labels.index)
    limits = staged.limits.table.set_index("group")
    lost = recency > limits["dormant_days"].reindex(groups.astype(str)).to_numpy()
    assert lost.any() and ((staged.labels.str.startswith("Lost")) == lost).all()
    overall = stages(data)
    assert (overall.labels != staged.labels).any() and "limit of its Channel" in str(
        staged.rules[overall.labels.iloc[0]]
    )
    assert "2 of 4 groups by Channel have limits of their own. 2 with fewer than 30 returns" in words_of(staged)


def test_limits_that_are_kept_give_the_same_stages(data):
    for by in ("", "channel"):
        first = stages(data, by=by)
        again = stages(data, limits_days=first.limits.given(), by=by)
        assert (first.labels == again.labels).all() and "The limits are those given." in words_of(again)
    everywhere = stages(data, limits_days={"": (10, 20, 30, 40), "天猫": (1, 2, 3, 4)}, by="channel").limits.table
    assert everywhere.set_index("group")["active_days"].to_dict() == {
        "(all customers)": 10,
        "天猫": 1,
        "抖音": 10,
        "微信": 10,
        SMALL_GROUPS: 10,
    }
