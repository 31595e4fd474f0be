"""Tests run alike wherever they are started, and say what they left out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOSTILE = {"HOME": "/proc/nohome", "LC_ALL": "C", "COLUMNS": "40", "FORCE_COLOR": "1", "MPLBACKEND": "none such",
           "OMP_NUM_THREADS": "8", "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
STARTED = """
import os, pathlib

def test_the_start():
    import matplotlib.pyplot
    assert pathlib.Path.home().is_dir() and not os.environ.keys() & {"FORCE_COLOR", "MPLBACKEND", "KEHU_OUT"}
    assert os.environ["OMP_NUM_THREADS"] == "1" and "PYTHONDONTWRITEBYTECODE" not in os.environ
    assert os.environ["COLUMNS"] == "80" and os.environ["LC_ALL"] == "C"
"""
SKIPPED = "import pytest\n\ndef test_it():\n    pytest.skip({reason!r})\n"
PUBLIC = "the data of a shop are not beside the project"


def ended(folder: Path, code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """pytest run on `code` with this house's conftest, in an environment."""
    (folder / "test_code.py").write_text(code, encoding="utf-8")
    (folder / "pytest.ini").touch()
    outer = {name: value for name, value in os.environ.items() if not name.startswith(("CI", "PYTEST"))}
    found = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "-p", "no:cacheprovider"]
    return subprocess.run(
        command,
        cwd=folder,
        env=outer | environment | {"PYTHONPATH": found},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_of_a_person_a_terminal_or_a_shell_reaches_a_test(tmp_path):
    done = ended(tmp_path, STARTED, **HOSTILE, KEHU_OUT="x")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("reason", "ci", "code"), [("no browser", "true", 1), ("no browser", "", 0), (PUBLIC, "true", 0)]
)
def test_a_skip_is_told_and_fails_on_ci_unless_it_is_for_public_data(tmp_path, reason, ci, code):
    done = ended(tmp_path, SKIPPED.format(reason=reason), CI=ci)
    assert done.returncode == code, done.stdout + done.stderr
    assert f"1 × {reason}" in done.stdout
    assert ("(fails on CI)" in done.stdout) == (reason != PUBLIC)
