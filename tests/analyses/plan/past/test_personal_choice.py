"""Choosing customers is told to pay where it does; what models say of customers who taught them is no evidence."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import plans
import shops
from answers import words_of
from helpers.analyses import plan
from helpers.analyses.plan.past.personal_choice import judged
from helpers.findings import NotApplicable
from helpers.statistics.targeting import policies, two_models


def offered(gains: dict[str, float], n: int = 4000, cost: float = 8.0, seed: int = 1, names: str = "c"):
    """A shop after a plan, half of it held out: of each channel so many more of those who got it order, for 50."""
    rng = np.random.default_rng(seed)
    channel = rng.choice(sorted(gains), n)
    arms = np.where(rng.random(n) < 0.5, "holdout", "treat")
    buys = rng.random(n) < 0.2 + np.array([gains[each] for each in channel]) * (arms == "treat")
    rows = plans.plan(list(arms), cost=cost, customer_id=[f"{names}{place}" for place in range(n)])
    who, got = rows["customer_id"].to_numpy(), arms == "treat"
    data = shops.shop(
        customers={"customer_id": who, "channel": channel, "joined_at": pd.Timestamp("2024-01-01")},
        orders={"customer_id": who[buys], "order_id": [f"o{place}" for place in range(buys.sum())], "amount": 50.0,
                "ordered_at": pd.Timestamp("2025-03-20")},
        action_results={"action_key": rows["action_key"][got], "customer_id": who[got], "status": "done", "cost": cost,
                        "planned_at": pd.Timestamp(plans.PLAN_ON), "done_at": pd.Timestamp("2025-03-06")},
    )  # fmt: skip
    return data, plan.History(rows)


def test_where_it_pays_for_one_kind_of_customer_choosing_them_is_told():
    """Of the web 40 points more order, worth 20 each; the call costs 8 and brings nothing of the shop."""
    found = plan.personal_choice(*offered({"web": 0.4, "shop": 0.0}))
    row = found.table.iloc[0]
    assert (row["choice"], row["randomised"]) == ("choose", 4000) and row["chosen_share"] == pytest.approx(
        0.5, abs=0.05
    )
    assert row["over_all_lower"] < 4.0 < row["over_all_upper"]  # half of them are spared 8
    assert row["over_none_lower"] < 6.0 < row["over_none_upper"]  # half of them bring 20 less 8
    assert words_of(found).startswith("“refill reminder”: choosing customers earns more than giving it to all, or to")
    assert found.plot().get_yticklabels()


@pytest.mark.parametrize("gain", [0.0, 0.4])
def test_where_it_pays_for_nobody_or_for_all_alike_there_is_nothing_to_choose(gain):
    found = plan.personal_choice(*offered({"web": gain, "shop": gain}))
    assert found.table["choice"].tolist() == ["no_evidence"]
    assert words_of(found).startswith("No evidence that choosing customers for “refill reminder” earns more")


def test_tried_on_those_who_taught_it_any_choice_seems_to_pay():
    """Nothing changes anything: the naive gain over giving it to nobody is above 0 in nearly every draw, ours in half."""
    ours, naive = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        rows = pd.DataFrame(rng.normal(size=(2000, 8)), columns=list("abcdefgh"))
        rows = rows.assign(arm=rng.choice(["treat", "holdout"], 2000), earned=rng.lognormal(2, 1, 2000))
        ours.append(judged(rows, 0.05)["over_none"])
        twice = pd.concat([rows, rows], ignore_index=True)
        known, half = twice[list("abcdefgh")], np.arange(4000) < 2000
        expected, _ = two_models.expected_outcomes(known, twice["arm"], twice["earned"], half, "mean")
        choice = np.where(expected["treat"] > expected["holdout"], "treat", "holdout").astype(object)
        naive.append(policies.gain(rows["arm"], rows["earned"], choice, "holdout").value)
    assert np.mean(np.array(naive) > 0) > 0.9 and 0.25 < np.mean(np.array(ours) > 0) < 0.75


def test_names_of_customers_and_the_order_of_rows_change_nothing():
    gains = {"web": 0.4, "shop": 0.0}
    data, history = offered(gains)
    other, _ = offered(gains, names="x")
    renamed = history.table.assign(customer_id="x" + history.table["customer_id"].str[1:])
    tables = [
        plan.personal_choice(*each).table
        for each in ((data, history), (other, plan.History(renamed.iloc[::-1].reset_index(drop=True))))
    ]
    pd.testing.assert_frame_equal(*tables)


def test_of_fewer_than_two_thousand_nothing_is_tried():
    answer = plan.personal_choice(*offered({"web": 0.4, "shop": 0.0}, n=1900))
    assert isinstance(answer, NotApplicable) and "1,900 of 2,000" in words_of(answer)
    assert isinstance(plan.personal_choice(*plans.tried(n=60, share=0.0)), NotApplicable)


def test_the_demo_s_coupon_is_for_nobody(demo):
    """Planted: it changes nothing and costs 12; giving it to fewer is better than to all, and no better than to none."""
    found = plan.personal_choice(demo, plan.history(demo))
    row = found.table.set_index("action").loc["coupon"]
    assert row["choice"] == "no_evidence" and row["over_all_lower"] > 0 and row["over_none_lower"] < 0
    assert set(found.table["choice"]) == {"no_evidence", "too_few"}
