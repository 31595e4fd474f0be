"""Of a pruned report stays what later ones tell of it."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from helpers.findings import save
from helpers.reports.past import decisions, history


@pytest.fixture
def report(tmp_path):
    folder = tmp_path / "toy" / "2025-01-31"
    effects = pd.DataFrame([("coupon", "stop", 2)], columns=["action", "verdict", "cycles"])
    save(effects, folder / "tables", "action_effects")
    save(pd.DataFrame({"customer_id": ["c"]}), folder / "tables", "actions")
    record = {"first_measure": 4.0, "inputs": ["x"], "as_of": "2025-01-31"}
    (folder / "manifest.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def test_its_first_measure_and_its_decisions_stay_and_nobody_s_rows(report):
    history.keep(report)
    kept = report.parent / "history" / "2025-01-31"
    assert sorted(path.name for path in kept.rglob("*.*")) == ["action_effects.parquet", "manifest.json"]
    assert json.loads((kept / "manifest.json").read_text())["first_measure"] == 4.0
    now = report.parent / "2025-02-28"
    save(
        pd.DataFrame([("coupon", "stop", 2)], columns=["action", "verdict", "cycles"]), now / "tables", "action_effects"
    )
    (found,) = decisions.decided(now / "tables", history.with_pruned([], report.parent, now.name))
    assert list(map(str, decisions.told([found]))) == ["Decided on January 31, 2025 – stop: coupon."]


def test_reports_that_stand_and_those_that_are_pruned_follow_one_another(report):
    history.keep(report)
    history.keep(report.rename(report.with_name("2025-03-31")))
    home = report.parent
    standing = [home / "2025-04-30", home / "2025-03-31", home / "2025-02-28"]
    found = history.with_pruned(standing, home, "2025-05-31")
    assert [path.relative_to(home).as_posix() for path in found] == [
        "2025-04-30", "2025-03-31", "2025-02-28", "history/2025-01-31",
    ]  # fmt: skip
    assert history.with_pruned([], home, "2025-01-31") == []
    assert history.days(home) == ["2025-01-31", "2025-03-31"] and history.days(home / "none") == []
