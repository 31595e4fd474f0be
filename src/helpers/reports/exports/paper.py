"""`report.pdf`: the sheets of an edition as a browser prints them, where this machine has one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from helpers.language import _
from helpers.reports.exports import browsers

PDF = "report.pdf"
LONGEST_SECONDS = 120
# The sheets run no script and ask no host, so nothing in them is to be kept in a sandbox, which root cannot have.
WORDS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync", "--disable-extensions",
         "--disable-background-networking", "--disable-component-update", "--no-pdf-header-footer")  # fmt: skip


def has_pdf(report: Path) -> bool:
    """Whether a report has its PDF, or this machine could make none."""
    return (report / PDF).exists() or not browsers.found()


def write_pdf(path: Path, sheets: str) -> str:
    """Prints the HTML of `sheets` to `path`; yields why it could not, in a sentence, empty where it could."""
    program = browsers.found()
    if not program:
        return _("No PDF was made: this machine has no Chromium (kehu doctor says more).")
    with tempfile.TemporaryDirectory(prefix="kehu-") as folder:
        page, printed = Path(folder, "sheets.html"), Path(folder, PDF)
        page.write_text(sheets, encoding="utf-8")
        command = [program, *WORDS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}", page.as_uri()]
        try:
            subprocess.run(
                command, env=os.environ | {"HOME": folder}, capture_output=True, timeout=LONGEST_SECONDS, check=True
            )
            shutil.copyfile(printed, path)
        except (subprocess.SubprocessError, FileNotFoundError):
            return _("No PDF was made: Chromium stopped (kehu doctor says more).")
    return ""
