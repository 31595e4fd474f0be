"""Plans outlive their reports, and none is remembered twice."""

from __future__ import annotations

import datetime as dt
import shutil
import stat

import pandas as pd
import pytest

import plans
import shops
from helpers.analyses import plan
from helpers.findings import load, save
from helpers.reports.past import memory


def report(home, day, *keys):
    rows = plans.plan(["treat"] * len(keys), action_key=list(keys), customer_id=list(keys), planned_on=day)
    save(rows, home / day / "tables", "plan_history")
    memory.remember(home / day)


def kept(home):
    return sorted(load(home, "plan_history")["action_key"])


def test_a_plan_outlives_its_report(tmp_path):
    report(tmp_path, "2025-06-30", "a", "b")
    report(tmp_path, "2025-07-31", "c")
    assert kept(tmp_path) == ["a", "b", "c"]
    assert stat.S_IMODE((tmp_path / "plan_history.parquet").stat().st_mode) == 0o600


def test_a_report_made_again_replaces_its_plan(tmp_path):
    report(tmp_path, "2025-06-30", "a", "b")
    report(tmp_path, "2025-06-30", "b", "c")
    assert kept(tmp_path) == ["b", "c"]


def test_an_earlier_report_made_afterwards_takes_nothing_away(tmp_path):
    report(tmp_path, "2025-07-31", "later")
    report(tmp_path, "2025-06-30", "a")
    assert kept(tmp_path) == ["a", "later"]


def test_a_report_without_a_plan_leaves_it_alone(tmp_path):
    report(tmp_path, "2025-06-30", "a")
    (tmp_path / "2025-07-31").mkdir()
    memory.remember(tmp_path / "2025-07-31")
    assert kept(tmp_path) == ["a"]
    assert load(tmp_path, "plan_history")["planned_on"].tolist() == [pd.Timestamp("2025-06-30")]


CUSTOMERS = [f"c{place}" for place in range(120)]
GREET = {"name": "greet", "when": "orders >= 1", "channel": "SMS", "effect": 0.5, "holdout": 0.4, "cooldown_days": 20,
         "horizon_days": 30}  # fmt: skip


def monday(home, day, previous="", results=None):
    """The list of a report of `day`, left in its folder with the memory of all plans."""
    orders = {
        "customer_id": CUSTOMERS,
        "order_id": CUSTOMERS,
        "amount": 100.0,
        "ordered_at": pd.Timestamp("2025-03-15"),
    }
    tables = {"orders": orders} | ({} if results is None else {"action_results": results})
    data = shops.shop(as_of=dt.date.fromisoformat(day), settings=shops.words(**plans.actions(GREET)), **tables)
    begins = plan.monday_after(data.as_of)
    history = plan.history(data, str(home / previous / "tables") if previous else "", str(home))
    known, effects = plan.known(data, ""), plan.effects(data, history)
    left = plan.suppressed(data, plan.candidates(data, known, effects), known, history, begins)
    chosen = plan.chosen(left, data)
    listed = plan.actions(
        chosen, data, known, plan.power(chosen, data, known, effects, history, begins), history, begins
    )
    for name, answer in (("actions", listed), ("plan_history", plan.remembered(listed, data, known, history, begins))):
        save(answer, home / day / "tables", name)
    memory.remember(home / day)
    return listed, effects, plan.carried_out(data, history)


def returned(*lists):
    """What a CRM gives back: everything that was to be done was done."""
    rows = pd.concat([each.table[each.table["arm"] == "treat"] for each in lists])
    return {"action_key": rows["action_key"].tolist(), "customer_id": rows["customer_id"].tolist(), "status": "done",
            "planned_at": rows["plan_on"].tolist(), "done_at": rows["due_on"].tolist(), "cost": None}  # fmt: skip


@pytest.mark.long
def test_three_reports_in_a_row_plan_judge_and_plan_again(tmp_path):
    first, _, _ = monday(tmp_path, "2025-03-31")
    again, _, _ = monday(tmp_path, "2025-03-31")
    pd.testing.assert_frame_equal(first.table, again.table)  # the same day says the same
    second, _, done = monday(tmp_path, "2025-04-30", "2025-03-31", returned(first))
    assert done.table["done_rate"].tolist() == [1.0]
    arms = first.table.set_index("customer_id")["arm"]
    assert (second.table.set_index("customer_id")["arm"] == arms).all()  # one season: nobody changes arms
    assert not set(first.table["action_key"]) & set(second.table["action_key"])
    shutil.rmtree(tmp_path / "2025-04-30")  # a deleted report takes no plan away
    _, effects, _ = monday(tmp_path, "2025-05-31", "2025-03-31", returned(first, second))
    assert effects.table["assigned"].tolist() == [int((arms == "treat").sum())]
    rows = load(tmp_path, "plan_history")
    assert rows.groupby("planned_on").size().tolist() == [120, 120, 120] and rows["action_key"].is_unique
