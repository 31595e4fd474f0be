"""The command that makes reports: what reaches the run, what it says of it, and with which exit code it ends."""

from __future__ import annotations

import datetime as dt
import json
import os
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest
from typer.testing import CliRunner

from helpers import cli
from helpers.cli import reporting
from helpers.data.spans import Span
from helpers.reports import run
from helpers.reports.exports import post
from helpers.reports.kernels import Outcome

ACCOUNTING = pd.DataFrame(
    {
        "table": "orders",
        "outcome": ["read", "used", "quarantined"],
        "rule": ["", "", "amount is missing"],
        "rows": [1200, 1199, 1],
    }
)


def invoke(*words):
    return CliRunner().invoke(cli.app, ["report", *words], env={"LANG": "en", "LC_ALL": ""})


@pytest.fixture
def ordered(monkeypatch, tmp_path):
    """The orders that `run.report` was given; `status` sets how its one notebook ends."""
    orders = SimpleNamespace(given=[], status="completed", problem="")
    spans = {"orders": Span("orders", dt.date(2025, 1, 1), dt.date(2025, 6, 20), 1)}
    data = SimpleNamespace(accounting=ACCOUNTING, as_of=dt.date(2025, 6, 30), spans=spans)

    def report(dataset, as_of, **words):
        orders.given.append({"dataset": dataset, "as_of": as_of, **words, "names": list(words["names"])})
        words["tell"]("churn", "waiting", 0.0)
        words["tell"]("churn", orders.status, 2.04)
        outcome = Outcome(orders.status, 2.04, nbformat.v4.new_notebook(), orders.problem)
        return run.Run(tmp_path / "toy" / "2025-06-30", {"churn": outcome}, data)

    monkeypatch.setattr(run, "report", report)
    return orders


@pytest.mark.parametrize("option", ["notebooks", "mail_to"])
def test_a_list_of_nothing_is_no_list_of_all(ordered, option):
    result = invoke(f"--{option.replace('_', '-')}", " , ")
    assert result.exit_code == 2 and f"kehu: {option} = ' , ': it names nothing." in result.stderr
    assert ordered.given == []


def test_a_report_ends_with_its_path_on_stdout_and_all_else_on_stderr(ordered, tmp_path):
    result = invoke()
    assert result.exit_code == 0
    assert result.stdout == f"{os.path.relpath(tmp_path / 'toy' / '2025-06-30' / 'index.html')}\n"
    assert "churn          completed     2.0 s\n" in result.stderr
    assert "in quarantine, with reasons: 1 of 1,200 rows of orders." in result.stderr


def test_options_reach_the_run(ordered, tmp_path):
    result = invoke(
        "--dataset",
        "toy",
        "--as-of",
        "2025-06-30",
        "--preset",
        "zoho",
        "--notebooks",
        "01_profiling,churn",
        "--out",
        str(tmp_path),
        "-p",
        "days=30",
        "-p",
        "note=a=b",
        "--cell-timeout",
        "60",
        "--language",
        "zh,en",
    )
    assert result.exit_code == 0
    (given,) = ordered.given
    assert given.pop("tell") and given.pop("begin") and given.pop("renew")
    assert given == {
        "dataset": "toy",
        "as_of": "2025-06-30",
        "preset": "zoho",
        "names": ["01_profiling", "churn"],
        "out": tmp_path,
        "parameters": {"days": "30", "note": "a=b"},
        "cell_timeout": 60,
        "if_changed": False,
        "fresh": False,
        "pdf": False,
        "languages": ("zh", "en"),
    }


@pytest.mark.parametrize("status", ["failed", "killed", "timed out"])
def test_a_failed_notebook_is_told_with_its_reason_and_exit_code_1(ordered, status):
    ordered.status, ordered.problem = status, "in 'Who leaves?', cell 4: memory ran out"
    result = invoke()
    assert result.exit_code == 1
    assert f"churn {status}: in 'Who leaves?', cell 4: memory ran out." in result.stderr
    assert "index.html" in result.stdout  # the partial report can still be read


@pytest.mark.parametrize(("days", "code"), [("9", 3), ("10", 0)])
def test_a_report_on_data_older_than_a_schedule_allows_is_published_and_ends_with_3(ordered, days, code):
    result = invoke("--fresh-within", days)
    assert result.exit_code == code and "index.html" in result.stdout
    assert ("kehu: older than 9 days: the data end on 2025-06-20, 10 days before" in result.stderr) == (code == 3)


def test_a_failed_notebook_is_told_before_old_data(ordered):
    ordered.status, ordered.problem = "failed", "memory ran out"
    assert invoke("--fresh-within", "0").exit_code == 1


def test_a_parameter_without_a_value_is_bad_input(ordered):
    result = invoke("-p", "days")
    assert result.exit_code == 2
    assert result.stderr == "kehu: -p days: write NAME=VALUE, such as -p horizon_days=365.\n"
    assert ordered.given == []


def test_an_interrupt_is_told_without_a_traceback(monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "report", interrupted)
    result = invoke()
    assert result.exit_code == 130
    assert result.stderr == "kehu: interrupted; nothing was written.\n"


def test_a_fresh_run_is_asked_for_and_not_together_with_its_contrary(ordered):
    assert invoke("--fresh").exit_code == 0 and ordered.given.pop()["fresh"] is True
    result = invoke("--fresh", "--if-changed")
    assert result.exit_code == 2 and ordered.given == []
    assert result.stderr == "kehu: --fresh: it runs what --if-changed skips. Leave out one of them.\n"


def test_a_result_is_printed_as_json_and_nothing_else_on_stdout(ordered, tmp_path):
    result = invoke("--json", "--dataset", "toy")
    told = json.loads(result.stdout)
    assert told["report"] == str(tmp_path / "toy" / "2025-06-30") and told["exit_code"] == 0
    assert told["pages"] == {"churn": {"status": "completed", "seconds": 2.04, "problem": ""}}
    assert told["warnings"] == ["Warning: in quarantine, with reasons: 1 of 1,200 rows of orders."]


def test_what_is_refused_is_json_too(ordered):
    result = invoke("--json", "-p", "days")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["exit_code"], told["status"]) == (2, 2, "refused")
    assert told["message"] == "-p days: write NAME=VALUE, such as -p horizon_days=365."


def test_what_did_not_change_is_skipped_in_one_line(ordered, tmp_path, monkeypatch):
    done = run.Run(tmp_path / "toy" / "2025-06-30", {}, None, ("churn",), "2026-01-05T08:00:00+00:00", skipped=True)
    monkeypatch.setattr(run, "report", lambda *_, if_changed, **__: done if if_changed else None)
    result = invoke("--if-changed")
    assert result.exit_code == 0 and result.stderr.count("\n") == 1 and "nothing changed since" in result.stderr
    assert json.loads(invoke("--if-changed", "--json").stdout)["skipped"] is True


def test_past_reports_are_made_the_oldest_first_and_one_that_fails_does_not_end_the_rest(monkeypatch, tmp_path):
    given = []

    def report(dataset, as_of, **words):
        given.append(as_of)
        if as_of == "2025-02-28":
            raise ValueError("orders.csv: it is empty. Export it again.")
        node = nbformat.v4.new_notebook()
        books = ACCOUNTING
        data = SimpleNamespace(accounting=books, as_of=dt.date.fromisoformat(as_of), spans={})
        return run.Run(tmp_path / "toy" / as_of, {"churn": Outcome("completed", 1.0, node)}, data)

    monkeypatch.setattr(run, "report", report)
    monkeypatch.setattr(reporting, "_check", lambda *_: None)
    result = invoke("--as-of", "2025-01-31..2025-03-31", "--every", "month", "--json")
    told = json.loads(result.stdout)
    assert given == ["2025-01-31", "2025-02-28", "2025-03-31"]
    assert result.exit_code == told["exit_code"] == 1
    assert [each["status"] for each in told["reports"]] == ["completed", "refused", "completed"]
    assert told["message"] == "2025-02-28: orders.csv: it is empty. Export it again."
    assert "Report 3 of 3: 2025-03-31" in result.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--dataset", "no_such_data"], "no_such_data"),
        (["-p", "horizon_day=3"], "horizon_day"),
        (["--language", "xx"], "language = 'xx'"),
        (["--notebooks", "chrun"], "Did you mean 'churn'?"),
    ],
)
def test_what_would_fail_on_every_day_is_told_once(ordered, words, message):
    result = invoke("--as-of", "2025-01-31..2025-12-31", "--every", "month", *words)
    assert result.exit_code == 2 and ordered.given == []
    assert result.stderr.count("\n") == 1 and message in result.stderr


def test_an_error_of_ours_on_one_day_shows_where_and_the_other_days_are_made(monkeypatch, ordered):
    made = run.report

    def report(dataset, as_of, **words):
        if as_of == "2025-01-31":
            raise RuntimeError("a slip of ours")
        return made(dataset, as_of, **words)

    monkeypatch.setattr(run, "report", report)
    monkeypatch.setattr(reporting, "_check", lambda *_: None)
    result = invoke("--as-of", "2025-01-31..2025-02-28", "--every", "month")
    assert result.exit_code == 1 and len(ordered.given) == 1
    assert "Traceback" in result.stderr and "RuntimeError: a slip of ours" in result.stderr


@pytest.mark.parametrize(
    ("status", "words", "heard"),
    [
        ("completed", [], "success completed 0 "),
        ("failed", [], "failure failed 1 churn failed: no ink."),
        ("completed", ["--fresh-within", "0"], "failure late 3 older than 0 days"),
        ("completed", ["-p", "days"], "failure refused 2 -p days: write NAME=VALUE"),
    ],
)
def test_who_is_to_hear_of_an_end_does_with_what_happened(ordered, tmp_path, status, words, heard):
    ordered.status, ordered.problem = status, "no ink" if status == "failed" else ""
    said = tmp_path / "said"
    told = f'"$KEHU_STATUS $KEHU_EXIT_CODE $KEHU_MESSAGE" > {said}'
    result = invoke("--on-success", f"echo success {told}", "--on-failure", f"echo failure {told}", *words)
    assert said.read_text().startswith(heard)
    assert str(result.exit_code) == heard.split()[2]


def test_a_fault_of_ours_is_heard_of_too(monkeypatch, tmp_path):
    def report(*_, **__):
        raise RuntimeError("a slip of ours")

    monkeypatch.setattr(run, "report", report)
    result = invoke("--on-failure", f'echo "$KEHU_MESSAGE" > {tmp_path / "said"}')
    assert result.exit_code == 1 and (tmp_path / "said").read_text() == "RuntimeError: a slip of ours\n"


def test_a_command_that_fails_does_not_change_how_the_report_ended(ordered):
    result = invoke("--on-success", "exit 7")
    assert result.exit_code == 0 and "index.html" in result.stdout
    assert "kehu: --on-success: the command ended with exit code 7." in result.stderr


@pytest.fixture
def posted(monkeypatch):
    """What was to be sent; `ending` is how that went."""
    sent = SimpleNamespace(given=[], ending=(True, "Sent to ann@example.org."))

    def deliver(report, given):
        sent.given.append((report.name, given.to, given.attached))
        return sent.ending

    monkeypatch.setattr(post, "deliver", deliver)
    monkeypatch.delenv("KEHU_SMTP", raising=False)
    return sent


def test_a_report_is_sent_where_that_is_asked_for_and_a_pdf_to_attach_is_made(ordered, posted):
    result = invoke("--mail-to", "ann@example.org", "--attach", "pdf,xlsx")
    assert result.exit_code == 0 and "Sent to ann@example.org." in result.stderr
    assert posted.given == [("2025-06-30", ("ann@example.org",), ("pdf", "xlsx"))]
    assert ordered.given[0]["pdf"] is True
    invoke()
    assert len(posted.given) == 1 and ordered.given[1]["pdf"] is False


def test_mail_that_is_not_taken_fails_the_command_and_the_report_stands(ordered, posted):
    posted.ending = (False, "The mail was not sent (535 no).")
    result = invoke("--mail-to", "ann@example.org", "--json")
    told = json.loads(result.stdout)
    assert (result.exit_code, told["status"], told["message"]) == (1, "failed", "The mail was not sent (535 no).")
    assert told["report"].endswith("2025-06-30")


def test_what_was_skipped_is_not_sent_again(ordered, posted, monkeypatch, tmp_path):
    done = run.Run(tmp_path / "toy" / "2025-06-30", {}, None, ("churn",), "2026-01-05T08:00:00+00:00", skipped=True)
    monkeypatch.setattr(run, "report", lambda *_, **__: done)
    assert invoke("--mail-to", "ann@example.org", "--if-changed").exit_code == 0 and posted.given == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--mail-to", "ann"], "write addresses such as `ann@example.org`"),
        (["--attach", "pdf"], "attach = 'pdf': to no mail"),
        (["--mail-to", "ann@example.org", "--attach", "tables"], "choose one of pdf, xlsx"),
        (["--mail-to", "a@b.c", "--as-of", "2025-01-31..2025-02-28", "--every", "month"], "one report is sent, not 2"),
    ],
)
def test_mail_that_cannot_be_is_told_before_anything_runs(ordered, words, message):
    result = invoke(*words)
    assert result.exit_code == 2 and ordered.given == []
    assert result.stderr.count("\n") == 1 and message in result.stderr
