"""One action a customer, within money and hands; what is scarce has a price."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import plans
from helpers.analyses import plan
from helpers.analyses.plan.assignment.exclusions import Suppressed
from helpers.findings import NotApplicable
from helpers.findings.drawing import axes

GREET = {"name": "greet", "when": "orders >= 1", "channel": "SMS"}
CALL = {"name": "ring", "when": "orders >= 1", "channel": "call", "cost": 2.0}
MUST = {"name": "notice", "when": "orders >= 1", "channel": "email", "must": True}


def pairs(n, *names, gains=None, owner=None):
    rng = np.random.default_rng(1)
    channels = {"greet": "SMS", "ring": "call", "notice": "email"}
    parts = [
        pd.DataFrame({"customer_id": [f"c{place}" for place in range(n)], "action": name, "family": name,
                      "owner": owner, "channel": channels[name], "cost": 2.0 if name == "ring" else 0.0,
                      "gain_lower": rng.gamma(2, 5, n) if gains is None else gains})
        for name in names
    ]  # fmt: skip
    whole = pd.concat(parts, ignore_index=True)
    return whole.assign(expected_gain=2 * whole["gain_lower"])


def chosen(table, *actions, **settings):
    data = plans.monday_shop(4, settings=plans.actions(*actions, **settings))
    return plan.chosen(Suppressed(pd.DataFrame(), table), data)


def test_each_customer_gets_the_best_one():
    found = chosen(table := pairs(40, "greet", "ring"), GREET, CALL)
    best = table.loc[table.groupby("customer_id")["gain_lower"].idxmax()]
    assert set(map(tuple, found.pairs[["customer_id", "action"]].to_numpy())) == set(
        map(tuple, best[["customer_id", "action"]].to_numpy())
    )
    assert found.table.empty and found.gap == pytest.approx(0, abs=1e-9)
    assert "Money and people suffice" in found.headline().whole and "more than 0.01% more" in found.headline().whole
    found.plot()


def test_each_customer_getting_one_is_said_once_and_free_actions_have_no_figure():
    free = chosen(pairs(40, "greet").assign(cost=0.0), {**GREET, "cost": 0})
    assert str(free.headline()) == "Each of 40 customers due for an action gets one; cost: 0."
    assert axes.is_empty(free.plot())
    few = chosen(pairs(60, "ring", owner="ann"), {**CALL, "capacity": 30}, budget=50, capacities={"ann": 10})
    assert str(few.headline()).startswith("10 actions are planned, for 60 customers due for one")
    assert not axes.is_empty(few.plot())


def test_money_and_hands_are_kept_and_have_a_price():
    found = chosen(pairs(60, "ring", owner="ann"), {**CALL, "capacity": 30}, budget=50, capacities={"ann": 10})
    used = found.table.set_index("scarce")
    assert len(found.pairs) == 10 and used.loc["ann", "used"] == 10
    assert used.loc["ann", "price"] > 0 and used.loc["money", "price"] == pytest.approx(0, abs=1e-6)
    assert (used["used"] <= used["limit"]).all()
    assert "“ann”" not in str(found.headline())


def test_what_must_be_done_comes_first():
    table = pairs(10, "notice", "greet")
    found = chosen(table, GREET, MUST)
    assert set(found.pairs["action"]) == {"notice"} and len(found.pairs) == 10


def test_a_larger_budget_brings_no_less():
    curve = chosen(pairs(60, "greet", "ring"), GREET, CALL).curve
    assert (curve["gain"].diff().dropna() >= 0).all() and curve["cost"].iloc[0] == 0


def test_nothing_is_left_to_choose():
    assert isinstance(chosen(pairs(0, "greet"), GREET), NotApplicable)


def test_the_order_of_rows_changes_nothing():
    table = pairs(50, "greet", "ring")
    one, other = (chosen(each, GREET, CALL, budget=20) for each in (table, table.sample(frac=1, random_state=1)))
    assert one.pairs["gain_lower"].sum() == pytest.approx(other.pairs["gain_lower"].sum(), rel=1e-2)


def test_monday():
    assert plan.monday_after(dt.date(2025, 12, 31)) == dt.date(2026, 1, 5)
    assert plan.monday_after(dt.date(2026, 1, 5)) == dt.date(2026, 1, 12)
