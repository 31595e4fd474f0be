"""Only a definition, a target or the data changed: the first page names it apart, and nothing changed beyond chance."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from helpers.reports import run
from helpers.reports.past import history
from helpers.reports.past.comparison import Comparison

DAYS = "2025-03-31", "2025-06-30"


def write_shop(folder, *, window, target, without=0):
    """A shop of two even years, in which nothing happens: its orders less the first `without`, and its settings."""
    folder.mkdir(exist_ok=True)
    lots = np.random.default_rng(1)
    days = pd.Timestamp("2023-07-01") + pd.to_timedelta(lots.integers(0, 730, 6000), unit="D")
    orders = pd.DataFrame({"id": range(6000), "who": lots.integers(0, 400, 6000), "at": days, "money": 20.0})
    orders.sort_values("at").iloc[without:].to_csv(folder / "orders.csv", index=False)
    (folder / "dataset.toml").write_text(f'''
title = "An even shop"
currency = "EUR"
[tables.orders]
file = "orders.csv"
[tables.orders.columns]
order_id = "id"
customer_id = "who"
ordered_at = "at"
amount = "money"
[notebooks.profiling]
window_days = {window}
targets = [{{ kpi = "AOV", value = {target}, by = "2026-12-31" }}]
''')  # fmt: skip


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    """Two reports of a shop in which nothing happens but that its settings and its export change in between."""
    home = tmp_path_factory.mktemp("even")
    words = ({"window": 90, "target": 30}, {"window": 60, "target": 40, "without": 300})
    for day, given in zip(DAYS, words, strict=True):
        write_shop(home / "shop", **given)
        run.report(str(home / "shop"), day, names=["profiling"], out=home / "reports", languages=["en"])
    return home / "reports" / "shop"


def test_nothing_beyond_chance_changed_and_what_did_is_named_apart(reports):
    page = (reports / DAYS[1] / "index.html").read_text(encoding="utf-8")
    assert "no change beyond chance" in page.partition("</h1>")[0]
    apart = page.partition('id="apart"')[2].partition("</section>")[0]
    assert "Another definition: the window of the measures is 60 days, before it was 90 days." in apart
    aov = "revenue per order (AOV)"
    assert f"Another target: {aov}, 40 by December 31, 2026; before it was 30 by December 31, 2026." in apart
    assert "Other data: orders up to March 31, 2025 are" in apart
    assert "Nothing beyond chance changed." in page and "dataset.toml" not in apart


def test_the_first_report_has_nothing_apart(reports):
    assert 'id="apart"' not in (reports / DAYS[0] / "index.html").read_text(encoding="utf-8")


def test_a_manifest_keeps_by_what_the_report_was_made(reports):
    kept = json.loads((reports / DAYS[0] / "manifest.json").read_text(encoding="utf-8"))
    assert {each["what"] for each in kept["yardsticks"]["en"]} == {
        "revenue per order (AOV)",
        "the window of the measures",
    }
    assert {"policy", "tables.orders", "notebooks.profiling"} <= set(kept["settings"])
    rows = {line["outcome"]: line["rows"] for line in kept["accounting"]}
    assert sum(kept["months"]["rows"]["orders"].values()) == rows["used"] == 6000 - rows["later"]


def test_the_past_is_another_once_a_report_of_it_is_made_anew_and_the_same_once_it_is_pruned(tmp_path):
    def past(*days):
        earlier = [tmp_path / day for day in days]
        data = SimpleNamespace(as_of="2025-06-30")
        return Comparison(SimpleNamespace(earlier=earlier, draft=tmp_path / ".2025-06-30", data=data)).past

    def made(day, at):
        (tmp_path / day / "tables").mkdir(parents=True, exist_ok=True)
        Path(tmp_path / day / "manifest.json").write_text(json.dumps({"started_at": at}), encoding="utf-8")

    made("2025-03-31", "1")
    made("2025-04-30", "1")
    first = past("2025-04-30", "2025-03-31")
    history.keep(tmp_path / "2025-03-31")
    assert past("2025-04-30") == first
    made("2025-04-30", "2")
    assert past("2025-04-30") != first
