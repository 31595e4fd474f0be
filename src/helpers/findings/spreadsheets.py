"""Tables as files that spreadsheets open, in which nothing can run as a formula."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd

# What a spreadsheet may run when a cell begins with it (OWASP, CSV injection), full-width forms included.
RUNNABLE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PARTED = re.compile("([;\t])(?=[=+@＝＋－＠-])")  # where one that parts cells there begins another
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Writes a table, without its index, as UTF-8 with a byte order mark; no cell of it can be run as a formula."""
    # CR LF as the line's end makes the writer quote either within a cell: a lone CR would begin a new, unguarded row.
    _harmless(frame).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The same table with every text, headings included, that a spreadsheet could run behind an apostrophe."""
    wordy = [column for column in frame.columns if any(isinstance(value, str) for value in frame[column])]
    quoted = frame.assign(**{column: frame[column].astype(object).map(_quoted) for column in wordy})
    return quoted.rename(columns=_quoted)


def _quoted(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    bare = UNPRINTABLE.sub("", value)
    return PARTED.sub(r"\1'", f"'{bare}" if bare.startswith(RUNNABLE) else bare)
