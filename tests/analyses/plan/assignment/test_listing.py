"""The list names each action the same again, holds the same ones out, and later reports remember it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pandas as pd
import pytest

import plans
from helpers.analyses import plan
from helpers.analyses.plan.assignment import listing
from helpers.findings import NotApplicable, say
from helpers.findings.folding import SMALLEST_GROUP

NOTHING = NotApplicable(say("nothing."))
MONDAY = dt.date(2025, 7, 7)
GREET = {"name": "greet", "when": "orders >= 1", "channel": "call", "effect": 0.5, "holdout": 0.3}


def listed(history=None, data=None, plan_on=MONDAY, **settings):
    data = data or plans.monday_shop(100, settings=plans.actions(GREET, **settings))
    past = plan.history(data) if history is None else history
    known = plan.known(data, "")
    left = plan.suppressed(data, plan.candidates(data, known, NOTHING), known, past, plan_on)
    chosen = plan.chosen(left, data)
    power = plan.power(chosen, data, known, NOTHING, past, plan_on)
    actions = plan.actions(chosen, data, known, power, past, plan_on)
    return actions, plan.remembered(actions, data, known, past, plan_on), power


def test_a_report_made_again_says_the_same():
    pd.testing.assert_frame_equal(listed()[0].table, listed()[0].table)


def test_keys_are_sixteen_digits_and_one_an_action():
    table = listed()[0].table
    assert table["action_key"].is_unique
    assert table["action_key"].str.fullmatch("[0-9a-f]{16}").all()
    assert table["priority"].tolist() == list(range(1, 101))


def test_no_key_is_a_number_to_a_spreadsheet():
    """One key in 800 would be, such as 80e9370153612846: a file handed back from Excel holds 1.8E+308 in its place."""
    keys = pd.Series([listing._key("c", place) for place in range(20_000)])
    assert keys.is_unique and keys.str.fullmatch("[0-9a-f]{16}").all()
    assert not keys.str.fullmatch(r"\d+(e\d+)?").any()


def test_some_are_held_out_and_marked():
    actions, _, power = listed()
    held = actions.table["arm"] == "holdout"
    assert 15 <= held.sum() <= 45
    assert actions.table["holdout_share"].unique().tolist() == power.table["holdout_share"].tolist() == [0.3]
    summary = actions.summary()
    assert summary["held_out"].sum() == held.sum() and summary["planned"].sum() == 100 - held.sum()
    assert "actions" in str(actions.headline())
    actions.plot()
    power.plot()


def test_calls_are_spread_over_five_days():
    days = listed()[0].table.groupby("due_on").size()
    assert days.tolist() == [20] * 5 and days.index[0] == pd.Timestamp(MONDAY)


def test_the_memory_has_the_plan_and_who_is_held_out_of_everything():
    actions, memory, _ = listed(global_holdout=0.2)
    kept = memory.table
    assert set(actions.table["action_key"]) <= set(kept["action_key"])
    outside = kept[kept["action"] == "(global holdout)"]
    assert 5 < len(outside) < 40 and not set(outside["customer_id"]) & set(actions.table["customer_id"])
    assert len(memory.actions) == len(actions.table)


def test_a_month_later_nothing_is_doubled_and_nobody_changes_arms():
    first, memory, _ = listed()
    earlier = plan.History(
        memory.table.assign(planned_on=pd.Timestamp("2025-05-30"), plan_on=pd.Timestamp("2025-03-31"))
    )
    second, extended, _ = listed(history=earlier)
    assert not set(first.table["action_key"]) & set(second.table["action_key"])
    arms = first.table.set_index("customer_id")["arm"]
    again = second.table.set_index("customer_id")["arm"]
    assert (arms == again.reindex(arms.index)).all()
    assert len(extended.table) == len(earlier.table) + len(second.table)


def test_a_family_keeps_its_share_in_a_season():
    history = plan.History(
        plans.plan(["holdout", "treat"], action="greet", family="greet", season="2025-06-25", holdout_share=0.1,
                   customer_id=["x", "y"])
    )  # fmt: skip
    assert listed(history=history)[2].table["holdout_share"].tolist() == [0.1]


def test_without_a_choice_there_is_no_list():
    data = plans.monday_shop(4, settings=plans.actions({**GREET, "when": "orders > 99"}))
    assert isinstance(listed(data=data)[0], NotApplicable)


def test_the_first_page_hears_of_each_action_with_its_list_and_day():
    actions, *_ = listed()
    (news,) = actions.brief().news
    table = actions.table
    done, held = ((table["arm"] == arm).sum() for arm in ("treat", "holdout"))
    assert str(news.said) == f"Do “greet” for {done} customers; leave out {held} others, drawn by lot."
    assert news.stake == pd.Series(actions.summary()["gain_lower"]).sum()
    assert (news.table, news.due_on) == ("actions", table["due_on"].max().date())


@pytest.mark.parametrize(
    ("done", "told"),
    [(SMALLEST_GROUP - 1, []), (38, ["Do “greet” for 38 customers; leave out others, drawn by lot."])],
)
def test_the_first_page_tells_of_no_few_customers(done, told):
    """Of too few to be done there is no news; nor is said how many are left out where these are few."""
    actions, *_ = listed(data=plans.monday_shop(done + 2, settings=plans.actions(GREET)))
    found = replace(actions, table=actions.table.assign(arm=["holdout"] * 2 + ["treat"] * done))
    assert [str(news.said) for news in found.brief().news] == told
    assert f"fewer than {SMALLEST_GROUP} are held out by lot" in str(found.headline())
    everybody = replace(actions, table=actions.table.assign(arm="treat")).headline()
    assert "nobody is held out" in str(everybody) and "forgoes" not in everybody.whole


def test_the_figure_draws_no_action_as_none_of_which_a_channel_is_hidden():
    """Three channels of one action, of two of which too few are told: what is left of it is not its number."""
    actions, *_ = listed()
    channels = ["call"] * 90 + ["SMS"] * 6 + ["email"] * 4
    bars = replace(actions, table=actions.table.assign(channel=channels, arm="treat")).plot().patches
    assert not any(bar.get_width() > 0 for bar in bars)
    whole = replace(actions, table=actions.table.assign(arm="treat")).plot().patches
    assert [bar.get_width() for bar in whole] == [100]
