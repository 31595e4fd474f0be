"""Whoever must be left alone is, at the first reason that fits; unknown consent is no."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

import plans
from helpers.analyses import plan
from helpers.findings import NotApplicable, say

NOTHING = NotApplicable(say("nothing."))
MONDAY = dt.date(2025, 7, 7)
GREET = {"name": "greet", "when": "orders >= 1", "channel": ["SMS", "email"], "effect": 0.5}
MUST = {"name": "notice", "when": "orders >= 1", "channel": "email", "must": True}


def left(*actions, history=None, n=12, settings=None, **tables):
    data = plans.monday_shop(n, settings=plans.actions(*actions, **(settings or {})), **tables)
    known = plan.known(data, "")
    past = plan.History(history) if history is not None else plan.history(data)
    return plan.suppressed(data, plan.candidates(data, known, NOTHING), known, past, MONDAY)


def counts(found):
    return {row["reason"]: row["pairs"] for _, row in found.table.iterrows() if row["pairs"]}


def test_without_anything_against_it_everybody_is_left_and_consent_is_asked_for():
    found = left(GREET)
    assert counts(found) == {"left": 12}
    assert set(found.pairs["channel"]) == {"SMS"}
    assert "Consent is not recorded" in found.headline().whole


@pytest.mark.parametrize(
    ("reason", "given"),
    [
        ("opted_out", {"customers": {"customer_id": ["c0", "c1"], "opted_out": [True, False]}}),
        ("open_complaint", {"tickets": {"ticket_id": ["1"], "customer_id": ["c0"], "days_ago": [3]}}),
        ("contacted", {"touches": {"customer_id": ["c0"], "days_ago": [0], "channel": ["call"]}}),
        ("minor", {"customers": {"customer_id": ["c0", "c1"], "birth_year": [2015, 1980]}}),
    ],
)
def test_a_reason_takes_its_customer(reason, given):
    assert counts(left(GREET, **given)) == {reason: 1, "left": 11}


def test_unknown_consent_is_no_where_consent_is_recorded():
    consents = {"customer_id": ["c0", "c1", "c2", "c2"], "channel": ["短信", "e-mail", "SMS", "SMS"],
                "given": [True, True, True, False], "asked_at": pd.to_datetime(["2025-01-01"] * 3 + ["2025-02-01"])}  # fmt: skip
    found = left(GREET, consents=consents)
    assert counts(found) == {"no_consent": 10, "left": 2}
    assert found.pairs.set_index("customer_id")["channel"].to_dict() == {"c0": "SMS", "c1": "email"}
    assert found.customers == 10


def test_of_a_yes_and_a_no_of_one_moment_the_no_holds():
    at = pd.to_datetime(["2025-01-01"] * 4)
    consents = {"customer_id": ["c0", "c0", "c1", "c1"], "channel": ["SMS"] * 4, "asked_at": at}
    found = left(GREET, consents={**consents, "given": [False, True, True, True]})
    assert counts(found) == {"no_consent": 11, "left": 1}


def test_what_goes_through_no_channel_asks_for_no_consent():
    assert counts(left({**GREET, "channel": []}, settings={"consent": "asked"})) == {"left": 12}


def test_consent_is_asked_for_everywhere_where_the_settings_say_so():
    assert counts(left(GREET, settings={"consent": "asked"})) == {"no_consent": 12}


def test_a_full_channel_gives_way_to_the_next_one():
    touches = {"customer_id": ["c0", "c0"], "channel": ["sms", "SMS"], "days_ago": [20, 21]}
    found = left(GREET, touches=touches)
    assert found.pairs.set_index("customer_id").loc["c0", "channel"] == "email"
    only = left({**GREET, "channel": "SMS"}, touches=touches)
    assert counts(only) == {"cap": 1, "left": 11}


def test_what_must_be_said_is_said_to_those_held_out_of_everything():
    found = left(GREET, MUST, settings={"global_holdout": 0.5})
    by_action = found.pairs.groupby("action").size()
    assert by_action["notice"] == 12 and by_action["greet"] < 12
    assert counts(found)["global_holdout"] == 12 - by_action["greet"]


def test_earlier_actions_cool_down_in_both_arms_and_stay_open_until_something_comes_back():
    earlier = plans.plan(["treat", "holdout"], action="greet", family="greet", plan_on="2025-06-23")
    assert counts(left(GREET, history=earlier)) == {"cooldown": 2, "left": 10}
    again = {**GREET, "cooldown_days": 0}
    assert counts(left(again, history=earlier)) == {"still_open": 1, "left": 11}


@pytest.mark.parametrize(("status", "taken"), [("open", {"still_open": 1}), (None, {}), ("failed", {}), ("done", {})])
def test_a_task_that_a_crm_has_still_to_do_is_not_given_out_again_however_old_it_is(status, taken):
    earlier = plans.plan(["treat", "holdout"], action="greet", family="greet")  # four months ago
    results = {
        "action_key": ["k0"],
        "customer_id": ["c0"],
        "status": [status],
        "planned_at": pd.to_datetime([plans.PLAN_ON]),
    }
    found = left({**GREET, "cooldown_days": 0}, history=earlier, action_results=results)
    assert counts(found) == taken | {"left": 12 - len(taken)}


def test_what_costs_more_than_it_brings_is_left():
    assert counts(left({**GREET, "cost": 1e6})) == {"no_value": 12}


def test_a_service_action_goes_to_those_who_complain():
    tickets = {"ticket_id": ["1"], "customer_id": ["c0"], "days_ago": [3], "complaint": [True]}
    found = left({"name": "service_recovery", "use": True}, GREET, tickets=tickets)
    assert found.pairs[found.pairs["customer_id"] == "c0"]["action"].tolist() == ["service_recovery"]
    found.plot()


def test_nobody_is_due_and_nobody_left_alone():
    found = left({**GREET, "when": "orders > 99"})
    assert counts(found) == {} and "Nobody" in str(found.headline())
