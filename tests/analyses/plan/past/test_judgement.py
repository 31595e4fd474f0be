"""Actions are judged as planted: what works is scaled, what costs is stopped, what is not known yet goes on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import plans
import shops
from answers import words_of
from helpers.analyses import plan
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable


def judged(**given) -> pd.Series:
    found = plan.effects(*plans.tried(**given))
    assert not isinstance(found, NotApplicable)
    assert str(found.headline()) and found.headline().basis is not None
    found.plot()
    return found.table.iloc[0]


def test_what_pays_is_scaled():
    row = judged(n=1200, gain=0.3, reached=0.5, cost=1.0)
    assert row["verdict"] == "scale"
    assert row["lower"] < 0.15 < row["upper"]
    assert row["reached_lower"] < 0.3 < row["reached_upper"]
    assert row["contribution_lower"] > 0 and row["chance_positive"] > 0.97
    assert row["effect_reached"] == pytest.approx(row["effect"] / row["done_rate"])


def test_what_changes_nothing_and_costs_is_stopped_though_one_would_claim_a_success():
    row = judged(n=1000, gain=0.0, cost=12.0, amount=20.0, share=0.2, reached=0.9)
    assert row["verdict"] == "stop"
    assert row["before_after_claim"] > 0.25  # wrong
    assert row["cost"] == pytest.approx(12 * row["done_rate"] * row["assigned"])


def test_what_few_cannot_tell_goes_on_testing_with_so_many_more():
    row = judged(n=60, gain=0.05, cost=0.0)
    assert row["verdict"] == "testing"
    assert row["more_customers"] > 1000


def test_so_many_more_are_so_many_plans_or_out_of_reach():
    """A verdict holds at any of twelve reports, so what would take more plans than that cannot be told by them."""
    data, history = plans.tried(n=60, gain=0.05, cost=0.0)
    found = plan.effects(data, history)
    row = found.table.iloc[0]
    needed = np.ceil(row["more_customers"] / 60)
    assert row["verdict"] == "testing" and 12 < 1 + needed
    assert "will not tell" in str(found.headline()) and f"{needed:.0f} more of them" in words_of(found)
    near = plan.ActionEffects(found.table.assign(more_customers=600))
    assert "600 more customers would show it" in str(near.headline()) and "takes 10 more of them" in words_of(near)
    unknown = plan.ActionEffects(found.table.assign(more_customers=np.nan))
    assert "nor how many customers" in str(unknown.headline())


def test_an_open_horizon_is_too_early():
    row = judged(n=60, plan_on="2025-06-02", planned_on="2025-05-31", due_on="2025-06-02", action="wake")
    assert (row["verdict"], row["days_left"]) == ("early", 61)
    assert np.isnan(row["effect"])


def test_arms_that_are_not_as_drawn_are_not_read():
    assert judged(n=200, holdout_share=0.2)["verdict"] == "unreadable"


def test_what_was_hardly_done_is_no_proof():
    assert judged(n=200, reached=0.05)["verdict"] == "not_carried_out"


def with_other_days(data: Dataset) -> Dataset:
    rows = data.tables["action_results"].execute()
    tables = {name: table for name, table in data.tables.items() if name != "action_results"}
    return shops.shop(settings=data.settings, action_results=rows.assign(done_at=pd.Timestamp("2025-05-01")), **tables)


def test_outcomes_begin_with_the_plan_in_both_arms_whenever_it_was_done():
    data, history = plans.tried(n=200, gain=0.2)
    pd.testing.assert_frame_equal(plan.effects(data, history).table, plan.effects(with_other_days(data), history).table)


def test_a_customer_counts_once_a_season():
    data, history = plans.tried(n=200, gain=0.2)
    again = history.table.assign(action_key=history.table["action_key"] + "b", plan_on=pd.Timestamp("2025-04-07"))
    both = plan.History(pd.concat([history.table, again], ignore_index=True))
    assert plan.effects(data, both).table["assigned"].tolist() == plan.effects(data, history).table["assigned"].tolist()
    other = plan.History(pd.concat([history.table, again.assign(season="2025-06-05")], ignore_index=True))
    assert plan.effects(data, other).table["cycles"].tolist() == [2]


def test_without_anybody_held_out_nothing_is_claimed():
    data, history = plans.tried(n=50, share=0.0)
    assert isinstance(plan.effects(data, history), NotApplicable)


def test_money_in_other_units_changes_no_verdict():
    cheap, dear = judged(n=600, gain=0.3), judged(n=600, gain=0.3, amount=5000.0, cost=100.0)
    assert (cheap["verdict"], cheap["effect"]) == (dear["verdict"], dear["effect"])
    assert 100 * cheap["contribution_per_customer"] == pytest.approx(dear["contribution_per_customer"])


def test_the_first_page_hears_of_verdicts_to_act_on_alone():
    pays = plan.effects(*plans.tried(n=1200, gain=0.3, reached=0.5, cost=1.0)).brief().news
    assert [str(each.topic) for each in pays] == ["action"] and "pays" in str(pays[0].said) and pays[0].stake > 0
    unsure = plan.effects(*plans.tried(n=1000, gain=0.0, cost=12.0, amount=20.0, share=0.2, reached=0.9)).brief().news
    assert "does not pay" in str(unsure[0].said) and unsure[0].stake < 0 < unsure[0].weight
