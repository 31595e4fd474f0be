"""Everybody beside those held out of everything; small shops are told to do without."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import plans
import shops
from helpers.analyses import plan
from helpers.analyses.plan.past import programme_effect
from helpers.findings import NotApplicable


def seasons(n, gain, seed=0):
    rng = np.random.default_rng(seed)
    customers = np.array([f"c{place}" for place in range(n)])
    outside = rng.random(n) < 0.2
    buys = rng.random(n) < 0.3 + gain * ~outside
    orders = {"customer_id": customers[buys], "order_id": customers[buys], "amount": 10.0,
              "ordered_at": pd.Timestamp("2025-04-01 12:00")}  # fmt: skip
    data = shops.shop(orders=orders, customers={"customer_id": customers, "joined_at": pd.Timestamp("2024-01-01")})
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
