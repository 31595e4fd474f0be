"""Whether this machine has what a report needs is told before a report needs it."""

from __future__ import annotations

import errno
import json
import shutil
import tempfile
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from helpers import cli
from helpers.cli import doctor
from helpers.data import datasets
from helpers.findings.drawing import typeface


@pytest.fixture
def out(tmp_path, monkeypatch):
    monkeypatch.setattr(datasets, "PREPARED", tmp_path / "prepared")
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=50 * doctor.GIGABYTE))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "reports"


def told(out):
    return list(doctor.lines(out))


def stopping(out):
    return [each for each in told(out) if each.state == doctor.STOP]


def asked(*words, **environment):
    return CliRunner().invoke(cli.app, ["doctor", *words], env={"LANG": "en", "LC_ALL": ""} | environment)


def test_a_machine_that_has_all_is_told_so_in_both_languages(out):
    result = asked("--out", str(out))
    assert result.exit_code == 0, result.output
    assert "ok: Kehu 0.1.0 (" in result.stdout and "as asked for" in result.stdout
    assert "ok: Chinese typeface: pages carry it" in result.stdout
    assert "ok: reports: reports can be written to, 50.0 GB free" in result.stdout
    chinese = asked("--out", str(out), "--language", "zh").stdout
    assert "正常：中文字体" in chinese and len(chinese.splitlines()) == len(result.stdout.splitlines())


def test_without_a_typeface_no_page_can_be_made(out, monkeypatch):
    def missing():
        raise ModuleNotFoundError

    monkeypatch.setattr(typeface, "han_font", missing)
    (line,) = stopping(out)
    assert line.told == "Chinese typeface: its package is missing" and "make report" in line.remedy
    result = asked("--out", str(out))
    assert result.exit_code == 2 and "STOPS A REPORT: Chinese typeface" in result.stdout


@pytest.mark.parametrize("program", ["no_such_browser", "false"])
def test_without_chromium_only_pdf_is_not_made(out, monkeypatch, program):
    monkeypatch.setenv("KEHU_CHROMIUM", program)
    (line,) = [each for each in told(out) if each.told.startswith("Chromium")]
    assert line.state == doctor.NOTE and line.remedy.startswith("Only --pdf needs it.")
    assert asked("--out", str(out), KEHU_CHROMIUM=program).exit_code == 0


@pytest.mark.parametrize(("free", "state"), [(0.1, doctor.STOP), (1, doctor.NOTE), (4, doctor.OK)])
def test_a_disk_that_is_nearly_full_is_told_before_it_is(out, monkeypatch, free, state):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=free * doctor.GIGABYTE))
    (line,) = [each for each in told(out) if each.told.startswith("reports: reports can")]
    assert line.state == state and ("kehu prune" in line.remedy) == (state != doctor.OK)


@pytest.mark.parametrize(
    ("number", "remedy"),
    [(errno.ENOSPC, "Make room"), (errno.EDQUOT, "Make room"), (errno.EACCES, "Give yourself the right")],
)
def test_a_place_that_takes_nothing_stops_a_report(out, monkeypatch, number, remedy):
    def refused(dir):
        raise OSError(number, "no")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    lines = stopping(out)
    assert [each.told.partition(":")[0] for each in lines] == ["reports", "prepared data", "temporary files"]
    assert all(remedy in each.remedy for each in lines)


def test_looking_leaves_nothing_behind(out):
    told(out)
    assert list(out.parent.iterdir()) == []


def test_the_last_report_of_each_data_set_is_told_with_what_failed(out):
    for day, status in (("2025-05-31", "completed"), ("2025-06-30", "failed")):
        (out / "toy" / day).mkdir(parents=True)
        (out / "toy" / day / "index.html").touch()
        pages = {"churn": {"status": status}, "plan": {"status": "completed"}}
        record = {"notebooks": pages, "started_at": "2026-01-05T08:00:00+00:00", "seconds": 84.2}
        (out / "toy" / day / "manifest.json").write_text(json.dumps(record))
    line = told(out)[-1]
    assert (
        line.told == "toy: 2 reports, the newest of 2025-06-30, made at 2026-01-05T08:00:00+00:00 in 84 s: 1 of 2 pages"
    )
    assert (line.state, line.remedy) == (doctor.NOTE, "Its pages say why: churn.")
    shutil.rmtree(out)
    assert told(out)[-1].told == "reports: none yet"


def test_a_package_of_another_version_is_named(out, monkeypatch):
    monkeypatch.setattr(
        doctor, "_installed", lambda name: "0.0.1" if name == "duckdb" else "" if name == "seaborn" else "999"
    )
    (line,) = stopping(out)
    assert "duckdb 0.0.1" in line.told and "seaborn –" in line.told
