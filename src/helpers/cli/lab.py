"""JupyterLab over the notebooks: what it is started with, and how their outputs stay out of commits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

FILTER = "filter.notebooks.clean"  # which .gitattributes names for the notebooks
STRIPPING = ".venv/bin/python -m helpers.cli.saved_cells"
AS_ROOT = "--allow-root"


def command(notebooks: Path, options: Sequence[str], is_root: bool) -> list[str]:
    """What starts JupyterLab in the folder of the notebooks; root, whom it refuses by itself, is let in."""
    leave = [AS_ROOT] if is_root and AS_ROOT not in options else []
    return [sys.executable, "-m", "jupyterlab", str(notebooks), *options, *leave]


def runs_as_root() -> bool:
    """Whether it is root who asks; nobody is on Windows."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def strip_outputs_on_commit(project: Path) -> bool:
    """Sets up the git filter that leaves outputs out of commits; False without git, a checkout or its environment."""
    own = (project / ".git").exists() and (project / ".venv/bin/python").exists()
    if not own or shutil.which("git") is None:
        return False
    done = subprocess.run(["git", "-C", str(project), "config", FILTER, STRIPPING], capture_output=True, check=False)
    return done.returncode == 0
