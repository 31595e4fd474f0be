"""How far the filled cells of a workbook's sheets reach, found before any of them is laid out in memory.

One cell at XFD1048576 makes a sheet of 17 thousand million cells out of a file of two kilobytes.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from helpers.language import _

MOST_CELLS = 1 << 25  # of a sheet: the longest sheet that Excel knows, with 32 columns
LARGEST = 4 << 30  # bytes of a workbook's parts, unpacked
SMALL, TIGHTEST = 64 << 20, 200  # bytes of a part that may be packed at will, and how tightly a larger one may be
BLOCK = 1 << 20
FILLED = re.compile(rb"<(?:\w+:)?c\b[^<]*?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^<]*?(?<!/)>")
ROW = re.compile(rb"<(?:\w+:)?row\b[^<]*?\br=[\"'](\d{1,7})[\"'][^<]*?(?<!/)>")
SHEET = b"\x81\x01"  # the record with which a binary sheet begins
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def check(path: Path) -> None:
    """ValueError for a workbook (xlsx, xlsb, ods) that would not fit into memory, before it is opened."""
    with zipfile.ZipFile(path) as book:
        parts = book.infolist()
        tight = [part for part in parts if part.file_size > max(SMALL, TIGHTEST * part.compress_size)]
        if tight or sum(part.file_size for part in parts) > LARGEST:
            raise ValueError(
                _("{file}: unpacked it is too large for its size. Save its table as CSV.").format(file=path.name)
            )
        for part in parts:
            with book.open(part) as stream:
                _check_sheet(path, part.filename, stream)


def _check_sheet(path: Path, part: str, stream: IO[bytes]) -> None:
    if part == "content.xml":
        reaches: Iterator[tuple[int, int]] = _of_opendocument(stream)
    elif part.endswith(".bin"):
        reaches = iter([_of_records(stream)])
    else:
        reaches = iter([_of_xml(stream)])
    for rows, columns in reaches:
        if rows * columns > MOST_CELLS:
            raise ValueError(
                _(
                    "{file}: a sheet reaches to row {rows:,} and column {columns:,}, more cells than can be "
                    "read. Delete what stands far outside the table, or save it as CSV."
                ).format(file=path.name, rows=rows, columns=columns)
            )


def _of_xml(stream: IO[bytes]) -> tuple[int, int]:
    """The last row and column with a filled cell, by the places that cells and rows name."""
    rows, widest, rest = 0, b"", b""
    while block := stream.read(BLOCK):
        text = rest + block
        for letters, row in FILLED.findall(text):
            rows = max(rows, int(row))
            widest = max(widest, letters, key=lambda name: (len(name), name))
        rows = max([rows, *map(int, ROW.findall(text))])
        rest = text[max(text.rfind(b"<"), len(text) - BLOCK) :]
    return rows, _number(widest)


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _of_records(stream: IO[bytes]) -> tuple[int, int]:
    """The same of a binary sheet: its records of rows (0) and of filled cells (2 to 11) begin with their place."""
    rows = columns = 0
    data, place = stream.read(), 0
    if not data.startswith(SHEET):
        return 0, 0
    while place < len(data):
        kind, place = _varying(data, place, 2)
        size, place = _varying(data, place, 4)
        if kind == 0 or 2 <= kind <= 11:
            number = int.from_bytes(data[place : place + 4], "little") + 1
            rows, columns = (max(rows, number), columns) if kind == 0 else (rows, max(columns, number))
        place += size
    return rows, columns


def _varying(data: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of one to `most` bytes, seven bits in each, and the place behind it."""
    number = 0
    for shift in range(0, 7 * most, 7):
        byte = data[place] if place < len(data) else 0
        number |= (byte & 127) << shift
        place += 1
        if byte < 128:
            break
    return number, place


def _of_opendocument(stream: IO[bytes]) -> Iterator[tuple[int, int]]:
    """The rows and columns of each sheet up to the last filled ones; cells and rows are written once and repeated."""
    row = column = rows = columns = filled = 0
    for event, element in ElementTree.iterparse(stream, ("start", "end")):
        number = element.get(f"{TABLE}number-{_plural(element.tag)}-repeated", "")
        repeated = int(number) if number.isdecimal() else 1
        match event, element.tag.removeprefix(TABLE):
            case "start", "table":
                row = rows = columns = 0
            case "start", "table-row":
                column = filled = 0
            case "end", "table-cell" | "covered-table-cell":
                column += repeated
                filled = column if len(element) else filled
                element.clear()
            case "end", "table-row":
                row += repeated
                rows, columns = (row, max(columns, filled)) if filled else (rows, columns)
                element.clear()
            case "end", "table":
                yield rows, columns
                element.clear()


def _plural(tag: str) -> str:
    return "rows" if tag.endswith("row") else "columns"
