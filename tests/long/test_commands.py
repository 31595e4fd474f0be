"""The report and the papermill run that the pages print, with their kernels, to their ends."""

from __future__ import annotations

import shlex
import subprocess

from typer.testing import CliRunner

from helpers import cli
from test_commands import COMMANDS, PROJECT, of_papermill, shown_by


def test_the_report_of_one_notebook_that_is_printed_runs_to_its_end(tmp_path, monkeypatch):
    (command,) = {
        command.removeprefix(".venv/bin/") for command in COMMANDS if "horizon_days" in command and "report" in command
    }
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(cli.app, shlex.split(command)[1:])
    assert result.exit_code == 0, result.output
    assert "churn          completed" in result.stderr
    assert '"horizon_days": 365' in (tmp_path / result.stdout.strip()).with_name("manifest.json").read_text(
        encoding="utf-8"
    )


def test_papermill_runs_a_notebook_as_printed_to_its_end(tmp_path):
    given = of_papermill(tmp_path / "out.ipynb")
    done = subprocess.run(given, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(shown_by(tmp_path / "out.ipynb")) > 10
