"""Everybody beside those held out of everything; small shops are told to do without."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import plans
import shops
from answers import words_of
from helpers.analyses import plan
from helpers.analyses.plan.past import programme_effect
from helpers.findings import NotApplicable


def seasons(n, gain, seed=0, **tables):
    rng = np.random.default_rng(seed)
    customers = np.array([f"c{place}" for place in range(n)])
    outside = rng.random(n) < 0.2
    buys = rng.random(n) < 0.3 + gain * ~outside
    orders = {"customer_id": customers[buys], "order_id": customers[buys], "amount": 10.0,
              "ordered_at": pd.Timestamp("2025-04-01 12:00")}  # fmt: skip
    data = shops.shop(
        orders=orders, customers={"customer_id": customers, "joined_at": pd.Timestamp("2024-01-01")}, **tables
    )
    held = plans.plan(["holdout"] * int(outside.sum()), action="(global holdout)")
    return data, plan.History(held.assign(customer_id=customers[outside]))


def test_what_all_actions_change_is_found(monkeypatch):
    monkeypatch.setattr(programme_effect, "FEWEST", 500)
    found = plan.programme(*seasons(600, 0.25))
    ordered = found.table.set_index("outcome").loc["ordered"]
    assert ordered["lower"] < 0.25 < ordered["upper"]
    assert ordered["assigned"] + ordered["held_out"] == 600
    assert "All actions together" in str(found.headline())
    found.plot()


def test_where_nothing_changes_nothing_is_told(monkeypatch):
    monkeypatch.setattr(programme_effect, "FEWEST", 500)
    assert "cannot be told" in str(plan.programme(*seasons(600, 0.0, seed=3)).headline())


def test_a_small_shop_is_told_to_do_without():
    found = plan.programme(*seasons(60, 0.0))
    assert isinstance(found, NotApplicable) and "points" in str(found.reason)


def test_without_a_holdout_of_everything_nothing_is_known():
    data, history = plans.tried(n=20)
    assert isinstance(plan.programme(data, history), NotApplicable)
    assert history.actions.equals(history.table)


@pytest.mark.parametrize("arms", [["holdout"] * 3])
def test_those_held_out_of_everything_are_no_action(arms):
    held = plan.History(plans.plan(arms, action="(global holdout)"))
    assert held.actions.empty and len(held.table) == 3


def refusals(n, often):
    """Customers of whom a share refuses a channel after the plan, and all had refused another before it."""
    customers = np.array([f"c{place}" for place in range(n)])
    after = customers[np.random.default_rng(0).random(n) < 0.2]  # as `seasons` draws who is held out
    rest = np.setdiff1d(customers, after)[: round(often * n)]
    when = {"asked_at": pd.Timestamp("2025-03-20"), "channel": "SMS", "given": False}
    early = {"asked_at": pd.Timestamp("2024-03-20"), "channel": "email", "given": False}
    told = [pd.DataFrame({"customer_id": rest, **when}), pd.DataFrame({"customer_id": customers, **early})]
    return pd.concat(told, ignore_index=True)


def test_what_all_actions_earned_stands_beside_the_sum_of_single_ones(monkeypatch):
    """The naive number: the sum of two actions on the same customers is twice what both brought."""
    monkeypatch.setattr(programme_effect, "FEWEST", 500)
    data, history = seasons(2000, 0.25)
    outside = set(history.table["customer_id"])
    inside = [name for name in data.customers["customer_id"] if name not in outside]
    arms = ["treat" if place % 2 else "holdout" for place in range(len(inside))]
    both = [plans.plan(arms, customer_id=inside, action=name, cost=0.5).assign(action_key=lambda rows, name=name: name + rows["action_key"])
            for name in ("replenish", "wake")]  # fmt: skip
    results = pd.concat(both).query("arm == 'treat'")[["action_key", "customer_id"]]
    results = results.assign(
        planned_at=pd.Timestamp(plans.PLAN_ON), done_at=pd.Timestamp("2025-03-06"), status="done", cost=0.5
    )
    data = shops.shop(orders=data.tables["orders"], customers=data.tables["customers"], action_results=results)
    history = plan.History(pd.concat([history.table, *both], ignore_index=True))
    effects = plan.effects(data, history)
    found = plan.programme(data, history, effects)
    row = found.table.set_index("outcome").loc["contribution"]
    paid = 2 * 0.5 * arms.count("treat") / len(inside)
    assert row["lower"] < 10 * 0.25 - paid < row["upper"]
    whole, single = row["effect"] * row["assigned"], found.of_actions
    table = effects.table
    assert single[0] == pytest.approx((table["contribution_per_customer"] * table["assigned"]).sum())
    assert single[1] < single[0] < single[2]
    told = words_of(found)
    assert "earned" in told and "add up to" in told and whole > 0


@pytest.mark.parametrize(("often", "told"), [(0.3, True), (0.0, False)])
def test_refusals_are_told_where_actions_bring_more_of_them(monkeypatch, often, told):
    """Only those after the plan count; fewer of them is no aim of any action, and is not told."""
    monkeypatch.setattr(programme_effect, "FEWEST", 500)
    found = plan.programme(*seasons(2000, 0.0, consents=refusals(2000, often)))
    row = found.table.set_index("outcome").loc["opted_out"]
    assert row["level_held_out"] == 0 and row["effect"] == pytest.approx(often / 0.8, abs=0.02)
    assert ("refused a channel" in str(found.headline())) == told
