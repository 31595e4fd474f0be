"""Excel and OpenDocument workbooks: one sheet of each, as the texts that its cells show."""

from __future__ import annotations

import datetime as dt
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import ibis
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from helpers.data.intake.files import extents
from helpers.data.intake.files.cells import cell_rows
from helpers.data.intake.files.kinds import OLE
from helpers.data.intake.files.tables import TextTable
from helpers.language import _

ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # what Excel calls a workbook that a password locks
SHOWN = 3  # headers of a sheet, in errors
DAMAGED = (
    CalamineError,
    zipfile.BadZipFile,
    OSError,
    EOFError,
    zlib.error,
    ParseError,
    NotImplementedError,
    RuntimeError,
)


def sheet_rows(connection: ibis.BaseBackend, path: Path, sheet: str, scratch: Path) -> TextTable:
    """The rows of the sheet named `sheet`, or of the only visible one that has any.

    Raises ValueError for a workbook that is damaged, locked or too large, and, listing the sheets with their first
    headers, for a sheet that is not there or not told.
    """
    with _telling(path):
        _check(path)
        with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:  # by a path it goes by the name
            chosen = _chosen(path, book, sheet)
            return cell_rows(connection, path.name, _texts(chosen), scratch, _told(book, chosen))


def sheet_names(path: Path) -> list[str]:
    """The sheets of a workbook that have rows: the visible ones, or the hidden where no other has any."""
    with _telling(path):
        _check(path)
        with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            return list(_filled(book))


@contextmanager
def _telling(path: Path) -> Iterator[None]:
    """One sentence for whatever a damaged workbook does to its reader, which may panic."""
    try:
        yield
    except PasswordError:
        raise _locked(path) from None
    except BaseException as error:
        if isinstance(error, DAMAGED) or type(error).__name__ == "PanicException":
            raise ValueError(
                _("{file}: it is no workbook, or a damaged one. Open it, and save its table as xlsx or CSV.").format(
                    file=path.name
                )
            ) from None
        raise


def _check(path: Path) -> None:
    """ValueError for a workbook that is better not opened."""
    with path.open("rb") as stream:
        if stream.read(len(OLE)) != OLE:
            extents.check(path)
        elif ENCRYPTED in stream.read():
            raise _locked(path)


def _locked(path: Path) -> ValueError:
    words = _("{file}: a password locks it. Save it without one, or its table as CSV.")
    return ValueError(words.format(file=path.name))


def _chosen(path: Path, book: CalamineWorkbook, name: str) -> CalamineSheet:
    """The sheet `name`; without a name the only visible one that has cells, or the only one at all."""
    if name:
        if name in book.sheet_names:
            return book.get_sheet_by_name(name)
        raise ValueError(
            _("{file}: no sheet {name!r}. It has {sheets}.").format(
                file=path.name, name=name, sheets=", ".join(book.sheet_names)
            )
        )
    filled = _filled(book)
    if not filled:
        raise ValueError(
            _("{file}: its sheets are empty. Save it again, with a line of headers.").format(file=path.name)
        )
    first, *others = filled
    if others:
        listed = "; ".join(f"{each} ({headers})" for each, headers in filled.items())
        raise ValueError(
            _("{file}: several sheets have rows. Write sheet = {first!r}, or another of: {listed}.").format(
                file=path.name, first=first, listed=listed
            )
        )
    return book.get_sheet_by_name(first)


def _filled(book: CalamineWorkbook) -> dict[str, str]:
    """The sheets that have rows, each with its first headers: those seen, or the hidden where no other has any."""
    tables = [each for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
    headers = {each.name: _headers(book.get_sheet_by_name(each.name)) for each in tables}
    filled = [each for each in tables if headers[each.name]]
    seen = [each for each in filled if each.visible is SheetVisibleEnum.Visible]
    return {each.name: headers[each.name] for each in seen or filled}


def _told(book: CalamineWorkbook, chosen: CalamineSheet) -> str:
    """Which sheet is read, where there are others, which of these are hidden, and whether merged cells are parted."""
    hidden = [
        each.name
        for each in book.sheets_metadata
        if each.visible is not SheetVisibleEnum.Visible and each.name != chosen.name
    ]
    merged = sum(bottom > top for (top, _), (bottom, _) in chosen.merged_cell_ranges or ())
    told = [
        f"sheet {chosen.name}" if len(book.sheet_names) > 1 else "",
        f"hidden sheets passed over: {', '.join(hidden)}" if hidden else "",
        f"cells merged downwards: {merged}, whose text stands in each row" if merged else "",
    ]
    return "; ".join(filter(None, told))


def _headers(sheet: CalamineSheet) -> str:
    """The first cells of a sheet, to know it by."""
    first = next((row for row in _texts(sheet) if any(row)), [])
    shown = [cell for cell in first if cell]
    return ", ".join([*shown[:SHOWN], *(["…"] if len(shown) > SHOWN else [])])


def _texts(sheet: CalamineSheet) -> Iterator[list[str]]:
    """The rows of a sheet as texts; what stands in cells merged downwards stands in each of them."""
    merged = defaultdict(list)
    for (top, column), (bottom, _right) in sheet.merged_cell_ranges or ():
        if bottom > top:
            merged[top].append((column, bottom))
    left = sheet.start[1] if sheet.start else 0
    running: dict[int, tuple[int, str]] = {}  # by column: the last row of a merger and what stands in it
    for place, row in enumerate(sheet.iter_rows()):
        texts = [_text(value) for value in row]
        for column, (bottom, text) in list(running.items()):
            if place > bottom:
                del running[column]
            elif not texts[column]:
                texts[column] = text
        for column, bottom in merged.get(place, ()):
            if 0 <= column - left < len(texts):
                running[column - left] = bottom, texts[column - left]
        yield texts


def _text(value: Any) -> str:
    """What a cell shows: ISO days and times, whole numbers without a fraction, at most 15 digits, TRUE and FALSE."""
    match value:
        case str():
            return value
        case bool():
            return str(value).upper()
        case float() | int():
            short = f"{value:.15g}"
            return f"{Decimal(short):f}" if "e" in short else short
        case dt.datetime():
            return value.isoformat(" ")
        case dt.timedelta():
            hours, seconds = divmod(round(value.total_seconds()), 3600)
            return f"{hours}:{seconds // 60:02}:{seconds % 60:02}"
        case _:
            return value.isoformat()
