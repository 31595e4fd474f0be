"""A run says before it starts what it reads, and when it has ended what it wrote, kept and replaced."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest

from helpers.cli import accounts, log
from helpers.data import datasets
from helpers.data.intake.servers import copies
from helpers.reports.kernels import Outcome
from helpers.reports.pruning import Pruning
from helpers.reports.run import Run

BOOKS = pd.DataFrame({"table": "orders", "outcome": ["read", "used"], "rule": "", "rows": [2, 2]})
DATA = SimpleNamespace(accounting=BOOKS)


def done(kept=(), replaced="", **statuses):
    node = nbformat.v4.new_notebook()
    outcomes = {
        word: Outcome(status, 1.0, node, "" if status == "completed" else "why") for word, status in statuses.items()
    }
    return Run(Path("reports/shop/2025-06-30"), outcomes, DATA, kept, replaced)


def test_before_it_starts_a_run_says_what_it_reads_runs_and_keeps(tmp_path, capsys):
    (tmp_path / "orders.csv").write_bytes(b"x" * (3 << 19))
    words = [SimpleNamespace(word="churn"), SimpleNamespace(word="plan")]
    data = SimpleNamespace(inputs=(tmp_path / "orders.csv",), name="shop", as_of=dt.date(2025, 6, 30))
    accounts.announce(SimpleNamespace(data=data, wanted=words, kept={"value": None}))
    told = [line.partition(" 08:30:00 ")[2] for line in capsys.readouterr().err.splitlines()]
    assert told == ["Reads shop as of 2025-06-30 (files: 1, 1.5 MB). Runs churn, plan.", "Keeps value."]


def test_where_nothing_is_to_run_it_says_so(tmp_path, capsys):
    data = SimpleNamespace(inputs=(), name="shop", as_of=dt.date(2025, 6, 30))
    accounts.announce(SimpleNamespace(data=data, wanted=[], kept={}))
    assert "(files: 0, 0.0 MB). Nothing is to run." in capsys.readouterr().err


def test_pages_taken_over_are_told_with_their_day_and_how_to_run_them_all_the_same(capsys):
    at = "2026-01-05T08:00:00+00:00"
    accounts.conclude(replace(done(("plan", "churn", "value"), plan="failed"), taken_over={"churn": at, "value": at}))
    told = capsys.readouterr().err.splitlines()[-1].partition(" 08:30:00 ")[2]
    assert told == (
        f"Taken over as made at {at}, since nothing that decides them changed (--fresh runs all): churn, value. "
        "Kept plan."
    )


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr(log, "now", lambda: dt.datetime(2026, 1, 5, 8, 30))


def test_when_it_has_ended_it_says_what_it_wrote_kept_and_replaced(capsys):
    assert accounts.conclude(done(("value",), "2026-01-05T08:00:00+00:00", churn="completed")) == []
    assert capsys.readouterr().err == (
        "2026-01-05 08:30:00 Wrote churn. Kept value. Replaced the report made at 2026-01-05T08:00:00+00:00.\n"
    )


def test_a_page_whose_renewal_failed_is_kept_not_written(capsys):
    accounts.conclude(done(("churn",), churn="failed", plan="completed"))
    told = [line.partition(" 08:30:00 ")[2] for line in capsys.readouterr().err.splitlines()]
    assert told == ["churn failed: why.", "Wrote plan. Kept churn."]


def test_what_is_skipped_is_told_in_one_line(capsys):
    skipped = Run(Path("reports/shop/2025-06-30"), {}, DATA, ("churn",), "2026-01-05T08:00:00+00:00", skipped=True)
    assert accounts.conclude(skipped) == []
    assert capsys.readouterr().err == (
        "2026-01-05 08:30:00 shop 2025-06-30: skipped, since nothing changed since the report made at "
        "2026-01-05T08:00:00+00:00.\n"
    )


@pytest.mark.parametrize(
    ("dry_run", "words"), [(True, "reports to remove: 1 (2.0 MB), to keep: 2"), (False, "removed: 1 (2.0 MB), kept: 2")]
)
def test_a_pruning_names_what_went_and_counts_what_stays(capsys, dry_run, words):
    accounts.pruned([Pruning(Path("reports/shop"), ["b", "c"], ["2025-01-31"], [2 << 20])], dry_run)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "reports/shop/2025-01-31 2.0 MB" and words in second


def test_before_anything_else_it_says_how_many_rows_of_a_database_came(monkeypatch, capsys):
    def copied(dataset, preset, tell):
        tell("orders", 50_000)
        return [copies.Copied("orders", 60_000, 400_000, changed=True)]

    monkeypatch.setattr(datasets, "copied", copied)
    accounts.copied("shop", "")
    told = [line.partition(" 08:30:00 ")[2] for line in capsys.readouterr().err.splitlines()]
    assert told == ["orders         50,000", "orders         rows read: 60,000 of 400,000"]
