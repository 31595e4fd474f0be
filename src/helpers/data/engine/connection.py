"""All that knows a backend: the connection, text files into tables, and the parsing that SQL dialects spell apart.

Everything else in the package is an Ibis expression, so another engine has this module to fit and no other.
"""

from __future__ import annotations

import datetime
import functools
import gc
import math
import os
import uuid
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir
import pandas as pd
import pyarrow.parquet as pq
from ibis.backends.duckdb import Backend

from helpers.data.engine.frames import frame
from helpers.language import _

DIALECT = "duckdb"
ERRORS = (duckdb.Error,)  # what the engine raises for a file it cannot read
SPILLED = ".spilled-"  # begins the folder into which a connection spills; the number of its process follows
MEMORY = "KEHU_MEMORY"  # in the environment: GB that this process, and those that it starts, may take together
THREADS = "KEHU_THREADS"  # in the environment: as many as the engine may use at once
OWN_PART = 0.5  # of the memory that is the engine's; the rest is for what comes out of it
LEAST = 500_000_000  # bytes that the engine needs to spill at all
RUBBISH = (50_000, 20, 20)  # objects, and rounds, after which Python looks for what nobody can reach any more
STEADY = [datetime.datetime(year, 1, 1, tzinfo=datetime.UTC) for year in (1995, 2037)]  # UTC
WRITTEN = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION uncompressed"  # smaller than packed v1, and faster both ways
FEW_BYTES = 1 << 27  # of files that one thread reads in seconds; of two, one waits for the other at full speed
ROW = "file_row"  # the column that numbers the rows of a file from 1


class Here(Backend):
    """DuckDB in this process, behind Ibis."""

    def execute(self, expr: ir.Expr, /, *, params: Any = None, limit: Any = None, **_: Any) -> Any:
        """The result of an expression as pandas has it."""
        rows = self._to_duckdb_relation(expr, params=params, limit=limit).to_arrow_table()
        return expr.__pandas_result__(frame(rows, expr.as_table().schema()))

    def to_parquet(self, expr: ir.Table, /, path: str | Path, *, params: Any = None, **_: Any) -> None:
        """Writes the rows of a table; Ibis quotes the path as Python does, and `O'Brien` as a folder would be SQL."""
        self._run_pre_execute_hooks(expr)
        with self._safe_raw_sql(f"COPY ({self.compile(expr, params=params)}) TO {_quoted(str(path))} ({WRITTEN})"):
            pass


def connect(reads: Iterable[Path] = (), home: Path | None = None) -> ibis.BaseBackend:
    """A connection to DuckDB in this process.

    With a `home` it is locked: it reads the files `reads` and the folder `home`, writes into this alone, and no
    statement can change that. Where the files are small one thread reads them.
    """
    reads = tuple(reads)
    gc.set_threshold(*RUBBISH)  # an expression is thousands of objects: to look at each 700 takes a tenth of the time
    ibis.options.sql.fuse_selects = False  # engines do that as well, and Ibis takes a third of its time for it
    connection = Here().connect()
    if _shows_progress(connection):
        connection.raw_sql("SET enable_progress_bar = false")  # it would print over what the command line prints
    for setting in _limits(reads):
        connection.raw_sql(f"SET {setting}")
    if home is not None:
        files = ", ".join(_quoted(str(path)) for path in reads)
        for setting in (
            f"temp_directory = {_quoted(str(home / f'{SPILLED}{os.getpid()}-{uuid.uuid4().hex}'))}",
            f"allowed_paths = [{files}]",
            f"allowed_directories = [{_quoted(str(home))}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            connection.raw_sql(f"SET {setting}")
    return connection


@contextmanager
def connected(reads: Iterable[Path], home: Path) -> Iterator[ibis.BaseBackend]:
    """As `connect`, closed at the end: what DuckDB took for large tables it gives back to the machine only then."""
    connection = connect(reads, home)
    try:
        yield connection
    finally:
        connection.disconnect()


def memory() -> int:
    """Bytes that the environment allows this process; 0 where it says nothing. ValueError for what is no number."""
    said = os.environ.get(MEMORY, "")
    try:
        gigabytes = float(said or 0)
    except ValueError:
        gigabytes = -1.0
    if not 0 <= gigabytes < math.inf or (said and not gigabytes):
        raise ValueError(
            _("{name} = {said!r}: a number of GB above 0. Write 4 for 4 GB.").format(name=MEMORY, said=said)
        )
    return int(gigabytes * 1e9)


def _limits(reads: Iterable[Path]) -> Iterator[str]:
    """What the environment lets the engine take, and the files ask for: beyond its memory it spills to disk."""
    if allowed := memory():
        yield f"memory_limit = '{max(LEAST, int(OWN_PART * allowed))}B'"
    if threads := os.environ.get(THREADS, ""):
        yield f"threads = {int(threads)}"
    elif 0 < sum(path.stat().st_size for path in reads if path.exists()) < FEW_BYTES:
        yield "threads = 1"


def _shows_progress(connection: ibis.BaseBackend) -> bool:
    # asked first: inside a Jupyter kernel, where it is off, even switching it off is refused
    return connection.raw_sql("SELECT current_setting('enable_progress_bar')").fetchone()[0]


@ibis.udf.scalar.builtin(name="timezone", signature=((dt.string, dt.Timestamp(timezone="UTC")), dt.timestamp))
def _wall_clock(zone: str, instant: ir.TimestampValue) -> ir.TimestampValue:
    """The time on the clocks of `zone` at an instant."""


@ibis.udf.scalar.builtin(name="chr", signature=((dt.int64,), dt.string))
def character(code: int) -> ir.StringValue:
    """The character of a code, for those that no text of a query can hold."""


@ibis.udf.scalar.builtin(name="sha256", signature=((dt.string,), dt.string))
def sha256(text: str) -> ir.StringValue:
    """The SHA-256 of a text in UTF-8, in hexadecimal."""


def local_time(instant: ir.TimestampValue, zone: str) -> ir.TimestampValue:
    """The wall-clock time in `zone` of an instant; times without a zone are taken as local already."""
    return _wall_clock(zone, instant) if instant.type().timezone else instant.cast("timestamp")


def on_clocks(utc: ir.TimestampValue, zone: str) -> ir.TimestampValue:
    """The wall-clock time in `zone` of a time of UTC: a mere sum where no clock is changed, for zones are slow."""
    known, ahead = _wall_clock(zone, utc.cast("timestamp('UTC')")), _ahead(zone)
    if ahead is None:
        return known
    since, until = (end.replace(tzinfo=None) for end in STEADY)
    return ibis.cases((utc.between(since, until), utc + ibis.interval(seconds=int(ahead.total_seconds()))), else_=known)


@functools.cache
def _ahead(zone: str) -> datetime.timedelta | None:
    """How far the clocks of `zone` are ahead of UTC in every week of `STEADY`; None where that changes."""
    since, until = STEADY
    weeks = (since + datetime.timedelta(weeks=week) for week in range((until - since).days // 7 + 1))
    found = {week.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset() for week in weeks}
    return found.pop() if len(found) == 1 else None


def found_no_room(error: Exception) -> bool:
    """Whether the engine could not write, which is no fault of what it read."""
    return any(words in str(error) for words in ("Could not write", "No space left", "Out of Memory"))


def csv_text(connection: ibis.BaseBackend, path: Path, names: list[str], delimiter: str) -> tuple[ir.Table, str]:
    """The rows of a UTF-8 CSV file with every column as text, and the name of the table that gets rejected lines.

    The first record is the header; `names` replaces it. Adds `file_row`, counted from 1 over the rows that split
    into as many fields as there are names. Lines that do not split are listed in the second table once this is read.
    """
    rejects = f"rejects_{uuid.uuid4().hex}"
    columns = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in names)
    table = connection.sql(
        f"SELECT *, row_number() OVER () AS {ROW} FROM read_csv({_quoted(str(path))}, auto_detect = false, "
        f"header = true, columns = {{{columns}}}, delim = {_quoted(delimiter)}, quote = '\"', escape = '\"', "
        f"store_rejects = true, rejects_table = '{rejects}', rejects_scan = '{rejects}_scan', rejects_limit = 0)"
    )
    return table, rejects


def rejected_lines(connection: ibis.BaseBackend, rejects: str) -> list[tuple[int, str]]:
    """Line number and text of each line that `csv_text` could not split, once its table has been read."""
    if (rejects,) not in connection.raw_sql("SELECT table_name FROM duckdb_tables()").fetchall():
        return []
    lines = f"SELECT line, any_value(csv_line) FROM (FROM {rejects}) GROUP BY line ORDER BY line"
    return connection.raw_sql(lines).fetchall()


def fixed_width_text(
    connection: ibis.BaseBackend, path: Path, fields: tuple[tuple[str, int, int], ...], skip: int
) -> ir.Table:
    """The lines of a UTF-8 file cut into text columns at fixed places: (name, first column from 1, length)."""
    lines = connection.sql(
        f"SELECT line, row_number() OVER () AS {ROW} FROM read_csv({_quoted(str(path))}, auto_detect = false, "
        f"header = false, skip = {int(skip)}, columns = {{'line': 'VARCHAR'}}, delim = '\\0', quote = '', escape = '')"
    )
    cut = {name: lines.line.substr(start - 1, length).strip() for name, start, length in fields}
    return lines.select(**cut, **{ROW: lines[ROW]})


def parquet(connection: ibis.BaseBackend, path: Path) -> ir.Table:
    """The rows of one Parquet file in its own types, with `file_row` counted from 1."""
    return connection.sql(f"SELECT *, row_number() OVER () AS {ROW} FROM read_parquet({_quoted(str(path))})")


def prepared(connection: ibis.BaseBackend, paths: Sequence[Path]) -> ir.Table:
    """The rows of Parquet files that this engine wrote, in the columns of the first."""
    columns = ibis.Schema.from_pyarrow(pq.read_schema(paths[0]))  # Ibis would make a view, and ask for its columns
    listed = ", ".join(_quoted(str(path)) for path in paths)
    return connection.sql(f"SELECT * FROM read_parquet([{listed}])", schema=columns)


def from_frame(connection: ibis.BaseBackend, frame: pd.DataFrame) -> ir.Table:
    """A pandas table as a table of the engine."""
    return connection.create_table(f"frame_{uuid.uuid4().hex}", frame, temp=True)


def held(connection: ibis.BaseBackend, rows: ir.Table) -> ir.Table:
    """`rows` as a table that the connection keeps, in memory or where it spills, for as long as it lives."""
    return connection.create_table(f"held_{uuid.uuid4().hex}", rows, temp=True)


def answer(connection: ibis.BaseBackend, question: ir.Table, **tables: ir.Table) -> pd.DataFrame:
    """What `question`, an expression over unbound tables, says of the `tables` of these names, in no order.

    A question is compiled once, however many tables it is asked of.
    """
    given = ", ".join(f"{name} AS ({ibis.to_sql(table, dialect=DIALECT)})" for name, table in tables.items())
    return connection.raw_sql(f"WITH {given} SELECT * FROM ({_compiled(question)})").df()


@functools.cache
def _compiled(question: ir.Table) -> str:
    return str(ibis.to_sql(question, dialect=DIALECT))


def released(connection: ibis.BaseBackend, held: ir.Table) -> None:
    """Forgets a table that was `held`."""
    connection.drop_table(held.op().name)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
