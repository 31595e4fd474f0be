"""Response rates against a slow count of invitations, and silence that is not alike everywhere."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.feedback.voice.respondents import EVERYBODY, response
from helpers.data.synthetic.truth import TRUTH
from helpers.findings import NotApplicable
from helpers.findings.folding import SMALL_GROUPS
from shops import AS_OF, shop


def random_case(seed: int, n: int = 500, people: int = 120):
    rng = np.random.default_rng(seed)
    night = pd.Timestamp(AS_OF) + pd.Timedelta(days=1)
    sent = pd.DataFrame(
        {
            "customer_id": rng.integers(0, people, n).astype(str),
            "campaign": rng.choice(["满意度问卷", "sale"], n, p=[0.8, 0.2]),
            "touched_at": night - pd.to_timedelta(rng.integers(1, 200 * 1440, n), unit="min"),
        }
    ).drop_duplicates(["customer_id", "touched_at"])
    sent["purpose"] = sent["campaign"].where(sent["campaign"] == "sale", "survey")
    answers = pd.DataFrame(
        {
            "customer_id": rng.integers(0, people, n).astype(str),
            "score": 5.0,
            "question": "csat",
            "answered_at": night - pd.to_timedelta(rng.integers(1, 200 * 1440, n), unit="min"),
        }
    )
    customers = pd.DataFrame({"customer_id": np.arange(people).astype(str)})
    return sent, answers, customers.assign(plan=np.where(np.arange(people) % 3, "a", "b"))


def test_invitations_of_one_customer_are_no_cases_of_their_own():
    """40 customers, invited five times each, ten of whom always answer: as uncertain as 10 of 40, not as 50 of 200."""
    who, day = np.repeat(np.arange(40), 5), np.tile(np.arange(5), 40)
    sent = pd.DataFrame({"customer_id": who.astype(str), "campaign": "NPS", "purpose": "survey",
                         "touched_at": pd.Timestamp(AS_OF) - pd.to_timedelta(30 + 20 * day, unit="D")})  # fmt: skip
    answers = sent.loc[who < 10, ["customer_id", "touched_at"]].rename(columns={"touched_at": "answered_at"})
    found = response(shop(touches=sent, surveys=answers.assign(score=5.0, question="csat"))).table.iloc[0]
    assert found["upper"] - found["lower"] > 0.25  # of 200 independent ones: 0.12


def slow_count(sent, answers, days):
    """For every invitation old enough, whether its customer answered in time and before the next invitation."""
    invited = sent[sent["campaign"] != "sale"].sort_values("touched_at")
    invited = invited[invited["touched_at"].dt.date <= AS_OF - dt.timedelta(days=days)]
    sent_to = {who: sorted(times) for who, times in invited.groupby("customer_id")["touched_at"]}
    answered_by = {who: list(times) for who, times in answers.groupby("customer_id")["answered_at"]}
    rows = []
    for who, at in zip(invited["customer_id"], invited["touched_at"], strict=True):
        later = [time for time in sent_to[who] if time > at]
        until = min([at + pd.Timedelta(days=days, seconds=1), *later])
        rows.append((who, any(at <= time < until for time in answered_by.get(who, []))))
    return pd.DataFrame(rows, columns=["customer_id", "answered"])


@pytest.mark.parametrize("days", [7, 14, 60])
def test_rates_are_those_of_a_slow_count(days):
    sent, answers, customers = random_case(days)
    found = response(shop(touches=sent, surveys=answers, known=customers), "plan", within_days=days)
    slow = slow_count(sent, answers, days)
    plan = slow["customer_id"].map(customers.set_index("customer_id")["plan"])
    groups = found.table.set_index("group")
    assert groups.loc[EVERYBODY, ["invitations", "answered"]].tolist() == [len(slow), slow["answered"].sum()]
    for name, group in slow.groupby(plan):
        assert groups.loc[name, "response_rate"] == pytest.approx(group["answered"].mean())


def test_a_small_group_is_folded_so_that_nothing_is_left_over_to_tell_it_by():
    """Of the plans c has 4 customers: it is shown with the next smallest, and all groups make everybody."""
    sent, answers, customers = random_case(3)
    customers = customers.assign(plan=np.where(np.arange(120) < 4, "c", customers["plan"]))
    found = response(shop(touches=sent, surveys=answers, known=customers), "plan")
    assert found.table["group"].tolist() == [EVERYBODY, "a", SMALL_GROUPS]
    assert found.table["answered"].iloc[0] == found.table["answered"].iloc[1:].sum()
    assert "No evidence" in words_of(found)  # which group answers least is not said of a single one


def test_what_was_no_invitation_or_has_no_table_does_not_apply():
    sent, answers, customers = random_case(1)
    data = shop(touches=sent, surveys=answers, known=customers)
    for unmarked in (sent.assign(purpose="marketing"), sent.drop(columns="purpose")):
        assert "Map the column purpose of touches" in words_of(response(shop(touches=unmarked, surveys=answers)))
    assert isinstance(response(shop()), NotApplicable)
    with pytest.raises(ValueError, match="by = 'plam'"):
        response(data, "plam")


def test_the_demos_channel_that_answers_less_is_found(demo):
    found = response(demo, "channel", within_days=30)
    groups = found.table.set_index("group")
    assert groups["response_rate"].idxmin() == "抖音" and found.p_value < 0.001
    assert groups.loc["抖音", "response_rate"] == pytest.approx(TRUTH.response_rates["抖音"], abs=0.05)
    assert groups.loc["微信", "response_rate"] == pytest.approx(TRUTH.response_rates[""], abs=0.05)
    assert words_of(found).startswith("“抖音” answers surveys least: ")
