"""JupyterLab starts with the options given, and commits leave outputs out from then on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.cli import lab
from helpers.data.datasets import PROJECT


def test_root_is_let_in_once():
    assert lab.command(Path("here"), ["--allow-root"], is_root=True) == lab.command(
        Path("here"), ["--allow-root"], False
    )
    assert lab.command(Path("here"), [], is_root=True)[-1] == "--allow-root"
    assert lab.command(Path("here"), ["--port", "1"], is_root=False)[-3:] == ["here", "--port", "1"]


def git(folder: Path, *words: str) -> str:
    own = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b",
           "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}  # fmt: skip
    done = subprocess.run(["git", *words], cwd=folder, env=os.environ | own, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small checkout with one notebook of the project, its attributes, and an environment."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    (tmp_path / ".venv/pyvenv.cfg").symlink_to(Path(sys.prefix) / "pyvenv.cfg")
    for folder in ("lib",):
        (tmp_path / ".venv" / folder).symlink_to(Path(sys.prefix) / folder)
    (tmp_path / ".gitignore").write_text(".venv\n")
    (tmp_path / ".gitattributes").write_bytes((PROJECT / ".gitattributes").read_bytes())
    (tmp_path / "notebooks/03_churn.ipynb").write_bytes((PROJECT / "notebooks/03_churn.ipynb").read_bytes())
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def test_a_notebook_that_was_run_and_saved_differs_by_what_was_written_in_it(checkout):
    assert lab.strip_outputs_on_commit(checkout)
    path = checkout / "notebooks/03_churn.ipynb"
    saved = json.loads(path.read_text(encoding="utf-8"))
    for place, cell in enumerate(saved["cells"]):
        if cell["cell_type"] == "code" and "nbval-check-output" not in cell["metadata"].get("tags", []):
            cell["execution_count"] = place
            cell["outputs"] = [{"output_type": "display_data", "data": {"text/html": "x" * 100_000}, "metadata": {}}]
    saved["metadata"]["language_info"]["version"] = "3.13"
    saved["cells"][1]["source"] = [line.replace("= 180", "= 90") for line in saved["cells"][1]["source"]]
    path.write_text(json.dumps(saved, ensure_ascii=False, indent=1), encoding="utf-8")
    assert git(checkout, "diff", "--shortstat").strip() == "1 file changed, 1 insertion(+), 1 deletion(-)"


def test_where_there_is_no_checkout_or_environment_nothing_is_set_up(tmp_path, checkout, monkeypatch):
    assert not lab.strip_outputs_on_commit(tmp_path / "elsewhere")
    monkeypatch.setenv("PATH", "")
    assert not lab.strip_outputs_on_commit(checkout)
