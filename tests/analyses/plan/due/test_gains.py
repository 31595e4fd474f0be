"""What an action is believed to change, and what that is worth."""

from __future__ import annotations

import pandas as pd
import pytest

import plans
import shops
from helpers.analyses import plan
from helpers.analyses.plan.due.gains import QUARTILE, belief, stake
from helpers.data.intake.wording.plans import Plan, PlannedAction
from helpers.findings import NotApplicable, say

NOTHING = NotApplicable(say("nothing."))
ACTION = PlannedAction(name="replenish", effect=0.1, offer="")


def test_before_any_evidence_the_effect_is_assumed():
    found = belief(ACTION, NOTHING)
    assert (found.mean, found.source) == (0.1, "assumed")
    assert found.quartile == pytest.approx(0.1 * (1 + QUARTILE))


def test_what_was_measured_moves_the_belief_the_more_the_surer_it_is():
    few, many = (belief(ACTION, plan.effects(*plans.tried(n=n, gain=0.25, reached=0.5))) for n in (200, 2000))
    assert few.source == many.source == "measured"
    assert many.mean > 0.1  # what was assumed
    assert many.mean - many.quartile < few.mean - few.quartile


def test_a_stopped_action_is_believed_to_do_nothing():
    effects = plan.effects(*plans.tried(n=1000, cost=12.0, amount=20.0, share=0.2, reached=0.9))
    assert belief(ACTION, effects).mean == 0
    assert belief(PlannedAction(name="other", effect=0.1), effects).source == "assumed"


def test_a_stake_is_what_the_outcome_is_worth(tmp_path):
    orders = {"customer_id": ["a"], "order_id": ["1"], "amount": [365.25], "days_ago": [1461]}
    value = pd.DataFrame(
        {
            "customer_id": ["a"],
            "lifetime_value": [200.0],
            "expected_orders": [4.0],
            "expected_spend": [50.0],
            "p_alive": [0.9],
        }
    )
    churn = pd.DataFrame({"customer_id": ["a"], "leave_90d_rate": [0.25]})
    due = pd.DataFrame({"customer_id": ["a"], "good": ["x"], "chance_30d": [0.2]})
    offers = {"customer_id": ["a"], "task": "new", "rank": 1, "good": "y", "chance": 0.1, "expected_margin": 3.0}
    data = shops.shop(orders=orders)
    tables = plans.saved(tmp_path, value=value, churn_risk=churn, due=due, offers=pd.DataFrame(offers))
    known = plan.known(data, tables)
    half = Plan(margin=0.5)
    assert stake(PlannedAction(name="x", outcome="left"), known, half)["a"] == 200 * 0.25 * 0.5
    assert stake(ACTION, known, half)["a"] == pytest.approx(4 * 50 * 90 / 365.25 * 0.5)
    assert stake(PlannedAction(name="x", offer="due_good"), known, half)["a"] == pytest.approx(0.2 * 50 * 0.5)
    assert stake(PlannedAction(name="x", offer="new_good"), known, half)["a"] == pytest.approx(3 * 0.5)
    past = plan.known(data, "")
    assert stake(ACTION, past, Plan())["a"] == pytest.approx(365.25 / 1461 * 90)
