"""Every action meets those whom its rule is true of; what the data lack is told."""

from __future__ import annotations

import pytest

import plans
from helpers import language
from helpers.analyses import plan
from helpers.findings import NotApplicable, say

NOTHING = NotApplicable(say("nothing."))
SECOND = {"name": "second_order", "use": True, "cost": 1.0, "effect": 0.5}
ALL = {"name": "greet", "when": "orders >= 1", "channel": "SMS", "effect": 0.5, "script": "Hello"}


def found(settings, **tables):
    data = plans.monday_shop(settings=settings, **tables)
    return data, plan.candidates(data, plan.known(data, ""), NOTHING)


def test_rules_choose_customers():
    _, candidates = found(plans.actions(SECOND, ALL))
    summary = candidates.summary().set_index("action")
    assert summary["candidates"].to_dict() == {"greet": 60, "second_order": 30}
    assert summary.loc["greet", "alone"] == 30
    row = candidates.table[candidates.table["action"] == "second_order"].iloc[0]
    assert row["reason_1"] == "Orders: 1" and "20" in row["reason_2"]
    assert row["expected_gain"] == pytest.approx(0.5 * row["value_at_stake"] - 1)
    assert row["gain_lower"] < row["expected_gain"]
    assert "60 of 60 customers" in str(candidates.headline())
    candidates.plot()


def test_an_action_that_asks_for_what_is_lacking_is_named():
    _, candidates = found(plans.actions(ALL, {"name": "save_call", "use": True}))
    assert candidates.lacking == {"save_call": ("band",)}
    assert "call to keep them" in candidates.headline().whole


def test_who_weighed_an_action_settles_it():
    _, candidates = found(plans.actions(SECOND, ALL, {"name": "save_call", "use": True}))
    assert candidates.brief().settles == ("greet", "second_order")


def test_what_a_rule_lacks_is_said_in_the_language_of_the_page():
    _, candidates = found(plans.actions(ALL, {"name": "save_call", "use": True}))
    with language.spoken("zh"):
        assert candidates.summary().iloc[-1]["lacking"] == "健康等级"


def test_nobody_is_due():
    _, candidates = found(plans.actions({"name": "never", "when": "orders > 99"}))
    assert candidates.table.empty
    assert "No action" in str(candidates.headline())


def test_a_rule_of_an_unknown_column_is_an_error():
    with pytest.raises(ValueError, match="plan.actions 'x': when .*Did you mean 'orders'"):
        found(plans.actions({"name": "x", "when": "order == 1"}))


def test_an_owner_goes_with_the_customer():
    customers = {"customer_id": ["c0", "c1"], "owner": ["ann", None]}
    _, candidates = found(plans.actions(ALL), customers=customers)
    assert candidates.table.set_index("customer_id").loc["c0", "owner"] == "ann"
