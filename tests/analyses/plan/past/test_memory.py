"""Plans are remembered once, whichever folder has them, and no later one is seen."""

from __future__ import annotations

import datetime as dt

import pandas as pd

import plans
import shops
from helpers.analyses import plan
from helpers.findings import save


def test_plans_of_the_report_before_and_of_the_memory_are_the_same_ones(tmp_path):
    rows = plans.plan(["treat", "holdout"])
    more = plans.plan(["treat"], action_key="x", planned_on="2025-01-31")
    for folder, table in (("previous", rows), ("memory", pd.concat([more, rows]))):
        save(table, tmp_path / folder, "plan_history")
    found = plan.history(shops.shop(orders={}), str(tmp_path / "previous"), str(tmp_path / "memory")).table
    assert sorted(found["action_key"]) == ["k0", "k1", "x"]


def test_plans_of_the_report_s_own_day_and_later_ones_are_not_seen(tmp_path):
    save(plans.plan(["treat"] * 3, planned_on=["2025-05-31", "2025-06-30", "2025-07-31"]), tmp_path, "plan_history")
    assert plan.history(shops.shop(orders={}), str(tmp_path)).table["action_key"].tolist() == ["k0"]


def test_what_was_planned_elsewhere_counts_with_the_share_that_its_arms_show():
    given = {
        "action_key": ["a", "b", "c", "d"], "customer_id": ["1", "2", "3", "4"], "action": "save_call",
        "arm": ["treat", "treat", "treat", "holdout"], "planned_at": pd.Timestamp("2025-02-01 10:00"),
    }  # fmt: skip
    found = plan.history(shops.shop(planned_actions=given)).table
    assert found["family"].unique().tolist() == ["keep"]
    assert found["plan_on"].unique().tolist() == [pd.Timestamp("2025-02-01")]
    assert found["holdout_share"].tolist() == [0.25] * 4


def test_without_any_plan_there_is_an_empty_memory():
    found = plan.history(shops.shop(orders={}), "")
    assert found.table.empty and found.actions.empty
    assert found.table["plan_on"].dtype == "datetime64[us]"


def test_an_earlier_report_made_afterwards_reads_only_earlier_plans(tmp_path):
    save(plans.plan(["treat"] * 2, planned_on=["2025-01-31", "2025-03-31"]), tmp_path, "plan_history")
    early = shops.shop(as_of=dt.date(2025, 2, 28), orders={})
    assert plan.history(early, str(tmp_path)).table["action_key"].tolist() == ["k0"]
