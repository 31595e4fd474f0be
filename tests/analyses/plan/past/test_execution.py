"""What was carried out is told by results, then by keys, then by names; an idle owner is found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import plans
import shops
from helpers.analyses import plan
from helpers.analyses.plan.past.execution import Compliance, fairness, with_results
from helpers.findings import NotApplicable


def results(keys, status="done", **over):
    rows = {"action_key": keys, "customer_id": [f"c{key[1:]}" for key in keys], "status": status, "cost": None,
            "planned_at": pd.Timestamp(plans.PLAN_ON), "done_at": pd.Timestamp("2025-03-07 12:00")}  # fmt: skip
    return rows | over


def touches(customers, **over):
    return {"customer_id": customers, "campaign": "replenish", "touched_at": pd.Timestamp("2025-03-10 12:00")} | over


def test_a_result_counts_before_a_contact():
    history = plan.History(plans.plan(["treat"] * 4))
    data = shops.shop(
        action_results=results(["k0", "k1"], ["done", "refused"], cost=[7.0, None]),
        touches=touches(["c1", "c2", "c3"], touched_at=pd.to_datetime(["2025-03-10", "2025-03-10", "2025-04-10"])),
    )
    found = with_results(data, history).set_index("customer_id")
    assert found["done"].tolist() == [True, False, True, False]  # refused; by name in time; by name too late
    assert found["paid"].tolist() == [7, 0, 1, 0]
    assert found.loc["c2", "done_on"] == pd.Timestamp("2025-03-10")


def test_a_day_without_a_status_says_that_it_was_done():
    """A team that fills in the day alone has done it; a day of what was refused or given up has not."""
    marked = results(["k0", "k1", "k2", "k3"], [None, "dropped", None, "done"])
    marked["done_at"] = pd.to_datetime(["2025-03-07", "2025-03-07", None, None])
    found = with_results(shops.shop(action_results=marked), plan.History(plans.plan(["treat"] * 4)))
    assert found["done"].tolist() == [True, False, False, True]


def test_a_contact_with_the_key_counts_whatever_it_is_called():
    data = shops.shop(touches=touches(["c0", "c1"], campaign="other", action_key=["k0", None]))
    found = with_results(data, plan.History(plans.plan(["treat"] * 2)))
    assert found["done"].tolist() == [True, False]


def test_an_idle_owner_is_told_as_not_carried_out():
    arms = ["treat"] * 40 + ["holdout"] * 40
    history = plan.History(plans.plan(arms, owner=["busy", "idle"] * 40))
    busy = [f"k{place}" for place in range(0, 40, 2)]
    found = plan.carried_out(shops.shop(action_results=results([*busy, "k1", "k3", "k5"])), history)
    table = found.table.sort_values("done_rate")
    assert table["done_rate"].tolist() == [0.15, 1.0]
    assert table["carried_out"].tolist() == ["not_done", "fair"]
    assert "idle" not in found.table.to_string()
    assert "`tables/plan_history.csv`" in found.headline().whole  # which has the names
    assert "only 15.0%" in str(found.headline())
    assert table["lower"].iloc[0] < 0.15 < table["upper"].iloc[0]


def test_nothing_is_said_of_names_where_there_are_none():
    history = plan.History(plans.plan(["treat"] * 20, owner=[None] * 20))
    found = plan.carried_out(shops.shop(action_results=results([f"k{place}" for place in range(20)])), history)
    assert "tables/" not in found.headline().whole


def test_the_figure_shows_the_ten_plans_of_which_least_was_carried_out_and_none_whose_share_is_hidden():
    rates = [1.0, 0.9, *(each / 100 for each in range(10, 20)), np.nan]
    rows = pd.DataFrame({
        "plan_on": pd.Timestamp("2025-03-01"), "action": [f"a{n}" for n in range(13)], "owner": ["me"] * 12 + [None],
        "done_rate": rates, "lower": rates, "upper": rates,
    })  # fmt: skip
    drawn = [text.get_text().replace("\n", " ") for text in Compliance(rows).plot().get_yticklabels()]
    assert drawn == [f"a{n} · 2025-03-01 · me" for n in range(2, 12)]


def test_few_customers_are_few_however_often_they_were_planned_for():
    rows = plans.plan(["treat"] * 40, action=["coupon"] * 20 + ["replenish"] * 20)
    rows["customer_id"] = [f"c{place % 4}" if place < 20 else f"c{place}" for place in range(40)]
    found = plan.carried_out(shops.shop(orders={}), plan.History(rows))
    assert found.table["action"].tolist() == ["replenish"]
    few = plan.carried_out(shops.shop(orders={}), plan.History(rows[:20]))
    assert isinstance(few, NotApplicable)


def test_few_of_an_owner_are_no_group_of_their_own():
    history = plan.History(plans.plan(["treat"] * 20, owner=[f"o{place}" for place in range(20)]))
    found = plan.carried_out(shops.shop(orders={}), history)
    assert found.table["owner"].tolist() == ["(small groups)"]


@pytest.mark.parametrize(
    ("done", "arms", "share", "code"),
    [
        ([True] * 50 + [False] * 50, ["treat"] * 50 + ["holdout"] * 50, 0.5, "fair"),
        ([True] * 50 + [True] * 10 + [False] * 40, ["treat"] * 50 + ["holdout"] * 50, 0.5, "contaminated"),
        ([True] * 80 + [False] * 20, ["treat"] * 80 + ["holdout"] * 20, 0.5, "sample_ratio"),
        ([False] * 100, ["treat"] * 50 + ["holdout"] * 50, 0.5, "not_done"),
        ([True] * 6, ["treat"] * 4 + ["holdout"] * 2, 0.5, "contaminated"),
        ([True] * 4 + [False] * 2, ["treat"] * 4 + ["holdout"] * 2, 0.5, "too_few"),
        ([True] * 6, ["treat"] * 6, 0.0, "fair"),
    ],
)
def test_whether_arms_can_be_compared(done, arms, share, code):
    assert fairness(pd.DataFrame({"arm": arms, "done": done, "holdout_share": share})) == code


def test_without_a_plan_there_is_nothing_to_carry_out():
    assert isinstance(plan.carried_out(shops.shop(orders={}), plan.history(shops.shop(orders={}))), NotApplicable)
