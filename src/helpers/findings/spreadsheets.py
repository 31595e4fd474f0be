"""Tables as files that spreadsheets open, in which nothing can run as a formula."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pandas.api import types

# What a spreadsheet may run when a cell begins with it (OWASP, CSV injection), full-width forms included.
RUNNABLE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
PARTED = re.compile("([;\t])(?=[=+@＝＋－＠-])")  # where one that parts cells there begins another
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SUSPECT = f"^[{re.escape(''.join(RUNNABLE))}]|[;\t][=+@＝＋－＠-]|{UNPRINTABLE.pattern}"  # what `_quoted` changes


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Writes a table, without its index, as UTF-8 with a byte order mark; no cell of it can be run as a formula."""
    # CR LF as the line's end makes the writer quote either within a cell: a lone CR would begin a new, unguarded row.
    _harmless(frame).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


def _harmless(frame: pd.DataFrame) -> pd.DataFrame:
    """The same table with every text, headings included, that a spreadsheet could run behind an apostrophe."""
    wordy = [name for name in frame.columns if not types.is_any_real_numeric_dtype(frame[name])]
    return frame.assign(**{name: _guarded(frame[name]) for name in wordy}).rename(columns=_quoted)


def _guarded(column: pd.Series) -> pd.Series:
    cells = column.astype(object)
    suspect = _suspects(cells)
    return cells.where(~suspect, cells[suspect].map(_quoted)) if suspect.any() else column


def _suspects(cells: pd.Series) -> pd.Series:
    """Which cells `_quoted` may change: one search over a whole column, for hardly one does."""
    if types.infer_dtype(cells, skipna=True) != "string":
        return cells.map(lambda value: isinstance(value, str)).astype(bool)
    found = pc.match_substring_regex(pa.array(cells, from_pandas=True), SUSPECT)
    return pd.Series(found.fill_null(False).to_pandas().to_numpy(), index=cells.index)


def _quoted(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    bare = UNPRINTABLE.sub("", value)
    return PARTED.sub(r"\1'", f"'{bare}" if bare.startswith(RUNNABLE) else bare)
