"""SQLite and DuckDB files: one of their tables, or a query over these, as text. They are only ever read."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
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
ERRORS = (sqlite3.Error, duckdb.Error, sqlite3.Warning, OverflowError)  # of a file that cannot be read
MAY = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION}


def database_rows(connection: ibis.BaseBackend, path: Path, kind: Kind, layout: Layout, scratch: Path) -> TextTable:
    """The rows of the table `sheet`, or of `query`, or of the only table that a database has.

    Raises ValueError for a database that is damaged or still being written, and, listing its tables, for one that is
    not there or not told.
    """
    check_whole(path)
    copy = Path(tempfile.mkdtemp(dir=scratch)) / "rows.parquet"
    try:
        with closing(sqlite(path) if kind is Kind.SQLITE else duck(path, copy.parent)) as database:
            headers = _copied(database, path, layout, copy)
    except ERRORS as error:
        raise damaged(path, error) from None
    return TextTable(engine.parquet(connection, copy), headers, stored=True)


def damaged(path: Path, error: Exception) -> ValueError:
    """What is told of a database that cannot be read."""
    said = str(error).splitlines()[0].rstrip(".")
    words = _("{file}: it cannot be read ({said}). Export its table as CSV or Parquet.")
    return ValueError(words.format(file=path.name, said=said))


def check_whole(path: Path) -> None:
    """ValueError for a database that is still being written."""
    logs = [beside for log in LOGS if (beside := path.with_name(path.name + log)).exists() and beside.stat().st_size]
    if logs:
        raise ValueError(
            _("{file}: {name} beside it holds rows that are not in it yet. Close what writes it.").format(
                file=path.name, name=logs[0].name
            )
        )


def sqlite(path: Path) -> sqlite3.Connection:
    """A connection to a SQLite file, which reads it alone."""
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    database.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in MAY else sqlite3.SQLITE_DENY)
    return database


def duck(path: Path, spilled: Path) -> duckdb.DuckDBPyConnection:
    """A connection to a DuckDB file, which reads it alone, and spills into a folder of its own."""
    safe: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": "false",
        "autoload_known_extensions": "false",
        "temp_directory": str(spilled),  # it would spill beside the file
    }
    database = duckdb.connect(str(path), read_only=True, config=safe)
    database.execute("SET TimeZone = 'UTC'")
    database.execute("SET lock_configuration = true")
    return database


def table_names(database: sqlite3.Connection | duckdb.DuckDBPyConnection) -> list[str]:
    """The tables and views that it has."""
    if isinstance(database, sqlite3.Connection):
        named = "name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        asked = f"SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND {named} ORDER BY rowid"
    else:
        asked = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main' ORDER BY ALL"
    return [name for (name,) in database.execute(asked).fetchall()]


def write(
    database: sqlite3.Connection | duckdb.DuckDBPyConnection,
    sql: str,
    names: Iterable[str],
    copy: Path,
    tell: Callable[[int], None] = lambda rows: None,
) -> int:
    """The rows of a SELECT of texts as Parquet, a block at a time, and how many they are."""
    schema, number = pa.schema([(name, pa.string()) for name in names]), 0
    with pq.ParquetWriter(copy, schema) as file:
        for block in _blocks(database, sql, schema):
            file.write_batch(block)
            number += len(block)
            tell(number)
    return number


def _blocks(
    database: sqlite3.Connection | duckdb.DuckDBPyConnection, sql: str, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    if isinstance(database, sqlite3.Connection):
        rows = database.execute(sql)
        blocks = iter(lambda: rows.fetchmany(BLOCK), [])
        yield from (pa.record_batch(list(zip(*block)), schema) for block in blocks)
    else:
        yield from (block.cast(schema) for block in database.execute(sql).to_arrow_reader(BLOCK))


def _copied(
    database: sqlite3.Connection | duckdb.DuckDBPyConnection, path: Path, layout: Layout, copy: Path
) -> tuple[str, ...]:
    """The headers of the rows that `copy` holds now."""
    plain = isinstance(database, sqlite3.Connection)
    asked = _asked(path, layout, table_names(database), "sqlite" if plain else "duckdb")
    described = database.execute(f"SELECT * FROM ({asked}) LIMIT 0").description or ()
    columns, sql = _texts(described, asked, "TEXT" if plain else "VARCHAR")
    write(database, sql, columns, copy)
    return columns


def _texts(description: Iterable[tuple[Any, ...]], asked: str, kind: str) -> tuple[tuple[str, ...], str]:
    """Folded headers, and the SELECT that yields them as texts of the type `kind`, of one that is `asked`."""
    columns = distinct([column[0] for column in description])
    names = ", ".join(map(quoted, columns))
    texts = ", ".join(f"CAST({quoted(name)} AS {kind}) AS {quoted(name)}" for name in columns)
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
    return f"SELECT * FROM {quoted(layout.sheet or tables[0])}"


def quoted(text: str) -> str:
    """A name in quotes."""
    return '"' + text.replace('"', '""') + '"'
