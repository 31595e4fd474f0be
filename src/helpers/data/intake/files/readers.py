"""One file by its kind: text, a workbook, a page, a document, a database, Parquet, each of them packed or not."""

from __future__ import annotations

from pathlib import Path

import ibis

from helpers.data import engine
from helpers.data.intake.files.archives import unpacked
from helpers.data.intake.files.databases import database_rows
from helpers.data.intake.files.delimited import delimited_rows
from helpers.data.intake.files.documents import object_rows
from helpers.data.intake.files.encodings import as_utf8
from helpers.data.intake.files.kinds import Kind, kind_of
from helpers.data.intake.files.markup import page_rows
from helpers.data.intake.files.tables import Layout, TextTable, distinct
from helpers.data.intake.files.workbooks import sheet_names, sheet_rows
from helpers.language import _

MOST_COLUMNS = 5_000  # of which reading takes minutes already


def read(connection: ibis.BaseBackend, path: Path, layout: Layout, scratch: Path) -> TextTable:
    """The rows of `path` as text (Parquet: in its own types), by its kind, which its content tells.

    `scratch` takes copies where they are needed. Raises ValueError, in one sentence, for a file that cannot be read.
    """
    table = _read(connection, path, layout, scratch)
    if len(table.headers) > MOST_COLUMNS:
        words = _("{file}: it has {columns:,} columns, more than {most:,}. Save the columns of the table alone.")
        raise ValueError(words.format(file=path.name, columns=len(table.headers), most=MOST_COLUMNS))
    return table


def _read(connection: ibis.BaseBackend, path: Path, layout: Layout, scratch: Path) -> TextTable:
    plain = unpacked(path, scratch)
    if layout.fields:
        readable = as_utf8(plain, layout.encoding, scratch)
        rows = engine.fixed_width_text(connection, readable, layout.fields, layout.skip)
        return TextTable(rows, tuple(name for name, _, _ in layout.fields))
    kind = kind_of(plain)
    if layout.query and kind not in (Kind.SQLITE, Kind.DUCKDB):
        words = _("{file}: query = {query!r}: it is no database. Leave the query out.")
        raise ValueError(words.format(file=path.name, query=layout.query))
    if layout.sheet and kind in (Kind.PARQUET, Kind.MARKUP, Kind.TEXT):
        words = _("{file}: sheet = {sheet!r}: it has no sheets. Leave it out.")
        raise ValueError(words.format(file=path.name, sheet=layout.sheet))
    match kind:
        case Kind.WORKBOOK:
            return sheet_rows(connection, plain, layout.sheet, scratch)
        case Kind.PARQUET:
            return _parquet(connection, plain)
        case Kind.SQLITE | Kind.DUCKDB:
            return database_rows(connection, plain, kind, layout, scratch)
        case Kind.MARKUP:
            return page_rows(connection, plain, layout, scratch)
        case Kind.DOCUMENT:
            return object_rows(connection, plain, layout, scratch)
        case _:
            return delimited_rows(connection, plain, layout, scratch)


def sheets(path: Path, scratch: Path) -> list[str]:
    """The names of a workbook's sheets that have rows; of any other file one empty name."""
    plain = unpacked(path, scratch)
    return sheet_names(plain) if kind_of(plain) is Kind.WORKBOOK else [""]


def _parquet(connection: ibis.BaseBackend, path: Path) -> TextTable:
    try:
        rows = engine.parquet(connection, path)
    except engine.ERRORS:
        raise ValueError(
            _("{file}: it is cut off or damaged. Export or copy it again.").format(file=path.name)
        ) from None
    headers = [name for name in rows.columns if name != engine.ROW]
    names = distinct(headers)
    return TextTable(rows.rename(dict(zip(names, headers, strict=True))), tuple(names), stored=True)
