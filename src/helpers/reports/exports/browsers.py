"""Chromium, where this machine has one: what prints pages to PDF."""

from __future__ import annotations

import os
import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
VARIABLE = "KEHU_CHROMIUM"  # in the environment: the program to take
SECONDS = 20  # for it to say its version


def found() -> str:
    """The path of a Chromium; empty where there is none."""
    asked = os.environ.get(VARIABLE)
    paths = (shutil.which(name) for name in ([asked] if asked else NAMES))
    return next(filter(None, paths), "")


def version(program: str) -> str:
    """What the program says it is; empty where it does not run."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return ""
    return next((line.strip() for line in done.stdout.splitlines() if line.strip()), "")
