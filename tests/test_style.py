"""The code keeps the style, and has the types, that pyproject.toml declares."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
CODE = ["src", "tests", "notebooks", "docs"]


@pytest.mark.parametrize(
    "checker",
    [["ruff", "check", "--no-cache", *CODE], ["ruff", "format", "--check", "--no-cache", *CODE], ["mypy"]],
    ids=["linter", "formatter", "types"],
)
def test_a_checker_has_nothing_to_say(checker):
    run = subprocess.run([sys.executable, "-m", *checker], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
