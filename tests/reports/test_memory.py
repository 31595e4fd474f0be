"""Plans outlive their reports, and none is remembered twice."""

from __future__ import annotations

import stat

import pandas as pd
import plans

from helpers.findings import load, save
from helpers.reports import memory


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
