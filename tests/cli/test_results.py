"""What became of reports: for programs as JSON, for schedules as an exit code."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
import typer

from helpers.cli import results
from helpers.cli.results import Ledger, Result
from helpers.reports.kernels import Outcome
from helpers.reports.run import Run


def made(folder: Path, status: str, problem: str = "", **words) -> Run:
    return Run(folder, {"churn": Outcome(status, 2.0, nbformat.v4.new_notebook(), problem)}, None, **words)


def test_a_result_tells_what_the_report_says_first(tmp_path):
    first = {"first_page": {"zh": {"verdict": "营收持平。"}, "en": {"verdict": "Sales are level."}}}
    (tmp_path / "manifest.json").write_text(json.dumps(first), encoding="utf-8")
    told = results.of_run(made(tmp_path, "completed"), ["Warning: x."])
    assert (told.status, told.message, told.warnings) == ("completed", "营收持平。", ("Warning: x.",))
    assert told.pages == {"churn": {"status": "completed", "seconds": 2.0, "problem": ""}}


@pytest.mark.parametrize(
    ("run", "late", "status", "message"),
    [
        ({"status": "failed", "problem": "no ink"}, ["older."], "failed", "churn failed: no ink."),
        ({"status": "completed"}, ["older."], "late", "older."),
        ({"status": "completed", "skipped": True}, [], "unchanged", ""),
    ],
)
def test_a_failed_page_is_told_before_old_data_and_these_before_all_is_well(tmp_path, run, late, status, message):
    told = results.of_run(made(tmp_path, **run), [], late)
    assert (told.status, told.message) == (status, message)


@pytest.mark.parametrize(
    ("statuses", "code"),
    [
        (["completed"], 0),
        (["unchanged", "completed"], 0),
        (["late", "completed"], 3),
        (["failed"], 1),
        (["refused"], 2),
        (["refused", "refused"], 2),
        (["refused", "completed"], 1),
        (["late", "failed", "completed"], 1),
        (["completed", "interrupted"], 130),
    ],
)
def test_several_reports_end_with_one_code(statuses, code):
    ledger = Ledger("toy")
    for status in statuses:
        ledger.add(Result("toy", "2025-06-30", status))
    assert ledger.code == code and ledger.told["exit_code"] == code


def test_one_result_stands_by_itself_and_several_under_one_status(capsys):
    ledger = Ledger("toy")
    ledger.refused("2025-05-31", 2, "orders.csv: it is empty.")
    assert ledger.told["message"] == "orders.csv: it is empty." and ledger.told["status"] == "refused"
    with pytest.raises(typer.Exit) as ended, ledger.closing(as_json=True):
        ledger.add(Result("toy", "2025-06-30", "completed", report="/r/toy/2025-06-30"))
    told = json.loads(capsys.readouterr().out)
    assert ended.value.exit_code == told["exit_code"] == 1
    assert told["message"] == "2025-05-31: orders.csv: it is empty."
    assert [each["report"] for each in told["reports"]] == ["", "/r/toy/2025-06-30"]


def test_what_ends_a_command_before_there_is_a_result_is_no_success(tmp_path):
    said = tmp_path / "said"
    tell = f'echo "$KEHU_STATUS $KEHU_EXIT_CODE" >> {said}'
    with pytest.raises(KeyboardInterrupt), Ledger("toy").closing(False, on_success=f"touch {said}", on_failure=tell):
        raise KeyboardInterrupt
    assert said.read_text() == "interrupted 130\n"
