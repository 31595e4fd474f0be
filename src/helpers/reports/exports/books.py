"""Excel workbooks that can run nothing, two of the same rows equal to the byte."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter import Workbook

UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # which a workbook has no way to say
LONGEST = 32_767  # letters of a cell
WRITTEN = dt.datetime(2026, 1, 1)  # says every workbook, for a day of its own would change the file on every writing


@contextmanager
def book(path: Path) -> Iterator[Workbook]:
    """A workbook to fill, which stands at `path` when the block ends."""
    import xlsxwriter  # a tenth of a second, for which only who writes one waits

    with xlsxwriter.Workbook(path) as made:
        made.set_properties({"created": WRITTEN})
        yield made


def text(value: object) -> str:
    """A value as a cell can hold it; whatever it looks like, `write_string` makes a text of it and no formula."""
    return UNWRITABLE.sub("", str(value))[:LONGEST]
