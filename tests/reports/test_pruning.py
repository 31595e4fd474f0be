"""Old reports go as the rule says; what later ones rest on stays, and nothing is half gone."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal

import pytest

from helpers.reports import folder, pruning
from helpers.reports.past import shelf
from kills import stopped_at


def made(out, name, *days, **words):
    for day in map(str, days):
        report = out / name / day
        (report / "tables").mkdir(parents=True)
        (report / "index.html").write_text(day)
        pages = words.get("pages", {day: ["groups"]}).get(day, ["groups"])
        ended = {word: {"status": "completed"} for word in pages}
        record = {"notebooks": ended, "first_measure": float(day[-2:]), "languages": ["en"]}
        (report / "manifest.json").write_text(json.dumps(record))
    folder.link_latest(out / name)


def every_day(first, count):
    return [dt.date.fromisoformat(first) + dt.timedelta(days=step) for step in range(count)]


def names(home):
    return sorted(path.name for path in home.iterdir() if folder.DAY.fullmatch(path.name))


@pytest.mark.parametrize(
    ("keep", "found"),
    [
        ("30 days, 12 months", [(30, "day"), (12, "month")]),
        ("1 week", [(1, "week")]),
        ("2Quarters，3 YEARS", [(2, "quarter"), (3, "year")]),
        ("30 天，12 个月、8周, 4 个季度, 2年", [(30, "day"), (12, "month"), (8, "week"), (4, "quarter"), (2, "year")]),
    ],
)
def test_a_rule_says_how_many_of_what(keep, found):
    assert pruning.rules(keep) == found


@pytest.mark.parametrize(
    "keep", ["", "30", "days", "0 days", "-1 days", "30 days 12 months", "30 days,", "1.5 years", "30 mins"]
)
def test_a_rule_that_cannot_be_read_is_told(keep):
    with pytest.raises(ValueError, match="write how many of what, such as '30 days, 12 months'"):
        pruning.rules(keep)


def test_the_last_days_and_the_last_report_of_each_month_stay(tmp_path):
    made(tmp_path, "toy", *every_day("2024-12-01", 400))  # to 2026-01-04
    (told,) = pruning.prune(tmp_path, "3 days, 4 months")
    kept = ["2025-10-31", "2025-11-30", "2025-12-31", "2026-01-02", "2026-01-03", "2026-01-04"]
    assert names(tmp_path / "toy") == list(told.kept) == kept
    assert len(told.removed) == 394 == len(told.sizes) and all(told.sizes)
    assert os.readlink(tmp_path / "toy" / "latest") == "2026-01-04"


@pytest.mark.parametrize(
    ("keep", "kept"),
    [
        ("2 weeks", ["2025-01-05", "2025-01-07"]),
        ("1 quarter", ["2025-01-07"]),
        ("2 years", ["2024-12-31", "2025-01-07"]),
        ("400 days", [str(day) for day in every_day("2024-12-29", 10)]),
    ],
)
def test_weeks_begin_on_monday_quarters_and_years_with_the_calendar(tmp_path, keep, kept):
    made(tmp_path, "toy", *every_day("2024-12-29", 10))
    pruning.prune(tmp_path, keep)
    assert names(tmp_path / "toy") == kept


def test_what_the_next_report_goes_on_from_stays(tmp_path):
    pages = {"2025-01-01": ["groups"], "2025-01-02": ["groups"], "2025-01-03": ["voice"], "2025-01-04": ["voice"]}
    made(tmp_path, "toy", *every_day("2025-01-01", 4), pages=pages)
    (tmp_path / "toy" / "plan_history.parquet").write_text("plans")
    pruning.prune(tmp_path, "1 day")
    assert names(tmp_path / "toy") == ["2025-01-02", "2025-01-04"]  # the newest model of groups is in the former
    assert (tmp_path / "toy" / "plan_history.parquet").read_text() == "plans"


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"notebooks": null}'])
def test_a_report_without_a_record_is_taken_to_have_every_page_as_the_next_run_takes_it(tmp_path, text):
    made(tmp_path, "toy", *every_day("2025-01-01", 3), pages={"2025-01-03": ["voice"]})
    (tmp_path / "toy" / "2025-01-02" / "manifest.json").write_text(text)
    pruning.prune(tmp_path, "1 day")
    assert names(tmp_path / "toy") == ["2025-01-02", "2025-01-03"]


def test_a_dry_run_tells_the_same_and_removes_nothing(tmp_path):
    made(tmp_path, "toy", *every_day("2025-01-01", 4))
    (told,) = pruning.prune(tmp_path, "1 month", dry_run=True)
    assert told.removed == ["2025-01-01", "2025-01-02", "2025-01-03"] and len(names(tmp_path / "toy")) == 4
    assert not (tmp_path / "toy" / "history").exists()
    assert pruning.prune(tmp_path, "1 month") == [told]


def test_the_shelf_tells_of_pruned_reports_what_it_told_before_and_links_none(tmp_path):
    made(tmp_path, "toy", *every_day("2025-01-01", 4))
    before = shelf.entries(tmp_path)[0]
    pruning.prune(tmp_path, "1 month")
    (after,) = shelf.entries(tmp_path)
    assert after.line == before.line == [1.0, 2.0, 3.0, 4.0] and str(after.drawn) == str(before.drawn)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "toy/2025-01-04/index.html" in page and "toy/2025-01-03/" not in page


def test_only_the_data_set_that_is_named_is_pruned(tmp_path):
    for name in ("toy", "other"):
        made(tmp_path, name, *every_day("2025-01-01", 2))
    assert [each.home.name for each in pruning.prune(tmp_path, "1 day", "toy")] == ["toy"]
    assert len(names(tmp_path / "other")) == 2
    with pytest.raises(ValueError, match="dataset = 'tyo': it has no report under .*There are other, toy"):
        pruning.prune(tmp_path, "1 day", "tyo")
    with pytest.raises(ValueError, match="no such folder"):
        pruning.prune(tmp_path / "none", "1 day")


def test_nothing_is_removed_while_a_run_reads_what_was_before(tmp_path):
    made(tmp_path, "toy", *every_day("2025-01-01", 3))
    with folder.building(tmp_path / "toy" / "2025-01-04") as draft:
        (draft / "index.html").touch()
        with pytest.raises(ValueError, match="another run is writing this report"):
            pruning.prune(tmp_path, "1 day")
    assert len(names(tmp_path / "toy")) == 4


@pytest.mark.parametrize("how", ["SIGKILL", "ENOSPC"])
def test_a_pruning_that_is_stopped_anywhere_leaves_whole_reports_and_the_next_one_ends_it(tmp_path, how):
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for step in range(0, 200, 3):
        out = tmp_path / str(step)
        made(out, "toy", *every_day("2025-01-01", 3))
        stopped = stopped_at(step, how, out, lambda out=out: pruning.prune(out, "1 day"))
        for day in names(out / "toy"):
            assert (out / "toy" / day / "index.html").exists() and (out / "toy" / day / "manifest.json").exists()
        pruning.prune(out, "1 day")
        assert names(out / "toy") == ["2025-01-03"]
        assert [path.name for path in out.rglob(".*")] == []
        assert shelf.entries(out)[0].line == [1.0, 2.0, 3.0]
        if not stopped:
            break
    assert step > 10
