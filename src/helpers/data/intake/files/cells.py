"""Tables of cells, out of workbooks and pages: written as CSV, and from there on read as any other text."""

from __future__ import annotations

import csv
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import ibis

from helpers.data.intake.files.delimited import delimited_rows
from helpers.data.intake.files.tables import Layout, TextTable
from helpers.language import _

HIGHEST = 50  # rows among which titles stand
WRITTEN = Layout(encoding="utf-8", delimiter=",")


def cell_rows(
    connection: ibis.BaseBackend, name: str, rows: Iterable[list[str]], scratch: Path, told: str = ""
) -> TextTable:
    """The rows of a table of cells, but for the empty ones and empty columns at its end; errors call it `name`.

    `told` is handed on. Raises ValueError where no cell is filled.
    """
    home = Path(tempfile.mkdtemp(dir=scratch))
    ragged, even = home / "ragged.jsonl", home / name
    lengths: list[int] = []  # of the first rows
    width = 0
    with ragged.open("w", encoding="utf-8") as stream:
        for row in rows:
            if any(row):
                width = max(width, len(stripped := _stripped(row)))
                lengths += [len(stripped)] if len(lengths) < HIGHEST else []
                stream.write(json.dumps(stripped) + "\n")
    if not width:
        raise ValueError(
            _("{file}: no cell of it is filled. Export it again, with a line of headers.").format(file=name)
        )
    with even.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        csv.writer(stream).writerows(_even(_rows(ragged), width, Counter(lengths).most_common(1)[0][0]))
    ragged.unlink()
    return replace(delimited_rows(connection, even, WRITTEN, scratch), told=told)


def _even(rows: Iterable[list[str]], width: int, usual: int) -> Iterator[list[str]]:
    """All rows as wide as the table; titles, above the first that is as long as is usual, stay as short as they are."""
    above = True
    for row in rows:
        above = above and len(row) < usual
        yield row if above else row + [""] * (width - len(row))


def _rows(ragged: Path) -> Iterator[list[str]]:
    with ragged.open(encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def _stripped(row: list[str]) -> list[str]:
    """A row up to its last filled cell."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]
