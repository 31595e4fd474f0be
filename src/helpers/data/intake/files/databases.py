"""SQLite and DuckDB files: one of their tables, or a query over these, as text. They are only ever read."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from helpers.data import engine
from helpers.data.intake.files.kinds import Kind
from helpers.data.intake.files.tables import Layout, TextTable, distinct
from helpers.language import _

LOGS = ("-wal", "-journal", ".wal")  # beside a database: what is not in it yet
BLOCK = 50_000  # rows
LONGEST = 10_000_000  # characters of one value
LISTED = 20  # tables, in errors
MAY = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}


def database_rows(connection: ibis.BaseBackend, path: Path, kind: Kind, layout: Layout, scratch: Path) -> TextTable:
    """The rows of the table `sheet`, or of `query`, or of the only table that a database has.

    Raises ValueError for a database that is damaged or still being written, and, listing its tables, for one that is
    not there or not told.
    """
    _check_whole(path)
    copy = Path(tempfile.mkdtemp(dir=scratch)) / "rows.parquet"
    opened = _sqlite if kind is Kind.SQLITE else _duckdb
    try:
        headers = opened(path, layout, copy)
    except (sqlite3.Error, duckdb.Error, sqlite3.Warning, OverflowError) as error:
        said = str(error).splitlines()[0].rstrip(".")
        raise ValueError(
            _("{file}: it cannot be read ({said}). Export its table as CSV or Parquet.").format(
                file=path.name, said=said
            )
        ) from None
    return TextTable(engine.parquet(connection, copy), headers, stored=True)


def _check_whole(path: Path) -> None:
    logs = [beside for log in LOGS if (beside := path.with_name(path.name + log)).exists() and beside.stat().st_size]
    if logs:
        raise ValueError(
            _("{file}: {name} beside it holds rows that are not in it yet. Close what writes it.").format(
                file=path.name, name=logs[0].name
            )
        )


def _sqlite(path: Path, layout: Layout, copy: Path) -> tuple[str, ...]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        names = (
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        tables = [name for (name,) in database.execute(f"{names} ORDER BY rowid")]
        asked = _asked(path, layout, tables, "sqlite")
        database.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in MAY else sqlite3.SQLITE_DENY)
        columns, sql = _texts(database.execute(f"SELECT * FROM ({asked}) LIMIT 0").description, asked, "TEXT")
        rows = database.execute(sql)
        schema = pa.schema([(name, pa.string()) for name in columns])
        blocks = iter(lambda: rows.fetchmany(BLOCK), [])
        _write(copy, schema, (pa.record_batch(list(zip(*block)), schema) for block in blocks))
    return columns


def _duckdb(path: Path, layout: Layout, copy: Path) -> tuple[str, ...]:
    safe: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(copy.parent),  # it would spill beside the file
    }
    with closing(duckdb.connect(str(path), read_only=True, config=safe)) as database:
        database.execute("SET TimeZone = 'UTC'")
        database.execute("SET lock_configuration = true")
        names = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY ALL"
        tables = [name for (name,) in database.execute(names).fetchall()]
        asked = _asked(path, layout, tables, "duckdb")
        columns, sql = _texts(database.execute(f"FROM ({asked}) LIMIT 0").description, asked, "VARCHAR")
        blocks = database.execute(sql).to_arrow_reader(BLOCK)
        _write(copy, blocks.schema, blocks)
    return columns


def _texts(description: Iterable[tuple[Any, ...]], asked: str, kind: str) -> tuple[tuple[str, ...], str]:
    """Folded headers, and the SELECT that yields them as texts of the type `kind`, of one that is `asked`."""
    columns = distinct([column[0] for column in description])
    names = ", ".join(map(_named, columns))
    texts = ", ".join(f"CAST({_named(name)} AS {kind}) AS {_named(name)}" for name in columns)
    return tuple(columns), f"WITH asked({names}) AS ({asked}) SELECT {texts} FROM asked"


def _asked(path: Path, layout: Layout, tables: list[str], dialect: str) -> str:
    """The SELECT that is asked for."""
    listed = (", ".join(tables[:LISTED]) or "none") + (", …" if len(tables) > LISTED else "")
    if layout.query:
        try:
            return engine.proved_query(layout.query, dialect, tables)
        except ValueError as error:
            raise ValueError(
                _("{file}: query = {query!r}: {error} Its tables: {listed}.").format(
                    file=path.name, query=layout.query, error=error, listed=listed
                )
            ) from None
    if layout.sheet and layout.sheet not in tables:
        raise ValueError(
            _("{file}: no table {sheet!r}. It has {listed}.").format(file=path.name, sheet=layout.sheet, listed=listed)
        )
    if not tables:
        raise ValueError(_("{file}: it has no table. Export it again.").format(file=path.name))
    if not layout.sheet and len(tables) > 1:
        raise ValueError(
            _("{file}: several tables. Write table = {first!r}, or another of: {listed}.").format(
                file=path.name, first=tables[0], listed=listed
            )
        )
    return f"SELECT * FROM {_named(layout.sheet or tables[0])}"


def _write(copy: Path, schema: pa.Schema, blocks: Iterable[pa.RecordBatch]) -> None:
    """Rows as Parquet, a block at a time."""
    with pq.ParquetWriter(copy, schema) as file:
        for block in blocks:
            file.write_batch(block)


def _named(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
