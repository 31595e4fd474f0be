"""The test that would tell, sized by the power module."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.journey.message.campaigns import Responses, responses
from helpers.analyses.journey.message.pressure import Fatigue
from helpers.analyses.journey.trials import proof
from helpers.findings import NotApplicable
from helpers.statistics.designs import sample_sizes

NIGHT = pd.Timestamp("2025-07-01")
DAYS = 5


def test_the_proof_is_sized_by_the_power_module(sent, tired, followed):
    found = proof(sent, responses(sent, "campaign"), responses(sent, "channel"), tired)
    line = found.table.iloc[0]
    shown = followed[followed["campaign"] != "odd"]
    base, after = shown["ordered_before"].mean(), shown["ordered"].mean()
    assert line["question"] == "message" and found.summary()["question_in_words"].iloc[0] == "hold the message back"
    assert line[["base_rate", "difference_rate"]].tolist() == pytest.approx([base, after - base])
    assert line["customers_an_arm"] == np.ceil(sample_sizes.sample_size(after - base, rate=base))
    end = NIGHT - pd.Timedelta(days=DAYS)
    pace = followed.loc[followed["sent_at"] >= end - pd.Timedelta(days=91), "customer_id"].nunique() / 91
    days = sample_sizes.days_to_run(2 * line["customers_an_arm"], pace)
    assert line["test_days"] == (days if days <= 730 else np.inf)
    assert line["least_in_91_days_rate"] == pytest.approx(sample_sizes.minimum_effect(pace * 91 / 2, rate=base))
    assert str(found.headline()).startswith("A test that proves it takes ")


def by(rows: list[tuple[str, str, int, float]], responses: tuple[str, ...], p_value: float = 0.01) -> Responses:
    """Responses of (group, outcome, customers, rate), a message a customer, none of them drawn towards the others."""
    table = pd.DataFrame(rows, columns=["group", "outcome", "customers", "response_rate"])
    table = table.assign(messages=table["customers"], likely_rate=table["response_rate"])
    return Responses(table, "campaign", responses, DAYS, p_value)


NONE = NotApplicable("no.")


def test_campaigns_that_an_order_sets_off_are_no_question(sent):
    """Of the survey's customers 90 % had ordered before: only the other two campaigns count, by their messages."""
    rows = [("a", 100, 0.1, 0.14), ("b", 300, 0.2, 0.2), ("survey", 900, 0.9, 0.1)]
    seen = [
        line
        for group, size, before, after in rows
        for line in ((group, "ordered_before", size, before), (group, "ordered", size, after))
    ]
    plan = proof(sent, by(seen, ("ordered",)), NONE, NONE)
    assert plan.table["question"].tolist() == ["message"]
    assert plan.table.loc[0, ["base_rate", "difference_rate"]].tolist() == pytest.approx([0.175, 0.01])
    assert "+" not in words_of(plan) and "for 1.0 points from 17.5%" in words_of(plan)


def test_the_best_channel_is_tried_against_the_worst_of_those_that_reach_enough(sent):
    rows = [("sms", "clicked", 50, 0.2), ("mail", "clicked", 40, 0.1), ("post", "clicked", 29, 0.9)]
    plan = proof(sent, NONE, by(rows, ("opened", "clicked")), NONE)
    assert plan.summary()["question_in_words"].tolist() == ["sms instead of mail (clicked)"]
    assert plan.table.loc[0, ["base_rate", "difference_rate"]].tolist() == pytest.approx([0.1, 0.1])
    assert plan.table.loc[0, "customers_an_arm"] == np.ceil(sample_sizes.sample_size(0.1, rate=0.1))


def test_few_messages_before_are_tried_against_many(sent):
    rows = [(0, "opened", 90, 0.3), (1, "opened", 60, 0.25), (2, "opened", 40, 0.2), (3, "opened", 10, 0.9)]
    table = pd.DataFrame(rows, columns=["messages_before", "outcome", "customers", "response_rate"])
    plan = proof(sent, NONE, NONE, Fatigue(table, pd.DataFrame()))
    assert plan.summary()["question_in_words"].tolist() == ["after 0 instead of 2 messages (opened)"]
    assert plan.table.loc[0, ["base_rate", "difference_rate"]].tolist() == pytest.approx([0.2, 0.1])


def test_channels_that_differ_by_chance_alone_are_no_question(sent):
    seen = by([("sms", "clicked", 50, 0.2), ("mail", "clicked", 40, 0.1)], ("clicked",), p_value=0.3)
    assert "no difference between messages was seen" in words_of(proof(sent, NONE, seen, NONE))


def test_of_channels_the_likely_difference_is_planned_not_the_one_seen(sent):
    seen = by([("sms", "clicked", 50, 0.2), ("mail", "clicked", 40, 0.1)], ("clicked",))
    seen.table["likely_rate"] = [0.17, 0.13]
    assert proof(sent, NONE, seen, NONE).table.loc[0, "difference_rate"] == pytest.approx(0.04)


def test_where_no_difference_was_seen_no_test_is_planned(sent):
    alike = by([("sms", "clicked", 50, 0.2), ("mail", "clicked", 40, 0.2)], ("clicked",))
    assert "no difference between messages was seen" in words_of(proof(sent, NONE, alike, NONE))
    assert "no difference between messages was seen" in words_of(proof(sent, NONE, NONE, NONE))
    assert "missing above" in words_of(proof(NONE, NONE, NONE, NONE))
