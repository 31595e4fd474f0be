"""PostgreSQL: psycopg's connection behind Ibis, with what its dialect spells apart."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.schema as sch
import ibis.expr.types as ir
import psycopg
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq
import sqlglot.expressions as sge
from ibis.backends.postgres import Backend
from ibis.backends.sql.compilers.postgres import PostgresCompiler
from ibis.formats.pyarrow import PyArrowType
from psycopg import sql

from helpers.data.engine import door

PATIENCE = 10  # seconds in which a server answers


class Compiler(PostgresCompiler):
    """Texts without the sign 0, which PostgreSQL knows in none, and letters of all scripts made small."""

    def to_sqlglot(self, expr: ir.Expr, **options: Any) -> sge.Expression:
        """The query as a tree of its own: a table that is in it twice is two, and each semi-join becomes an EXISTS."""
        return super().to_sqlglot(expr, **options).copy()

    def visit_ScalarUDF(self, op: ops.ScalarUDF, **arguments: Any) -> sge.Expr:
        """A function; the character 0 is an empty text: there is none to be found."""
        if self.__sql_name__(op) == "chr":
            return sge.convert("")
        return super().visit_ScalarUDF(op, **arguments)

    def visit_Lowercase(self, op: ops.Lowercase, *, arg: sge.Expr) -> sge.Expr:
        """Small letters, which under the order of bytes are those of ASCII alone."""
        lower = self.f.lower(sge.Collate(this=arg, expression=sge.to_identifier("und-x-icu", quoted=True)))
        return sge.paren(sge.Collate(this=lower, expression=sge.to_identifier("C", quoted=True)))


class Postgres(door.Door, Backend):
    """A database, the results of which come through the door."""

    compiler = Compiler()

    def batches(self, table: ir.Table, sql: str, size: int) -> Iterator[pa.RecordBatch]:
        """The rows of a query, by a cursor of the server's."""
        schema = table.schema()
        with self.con.transaction(), self.con.cursor(name=f"kehu_{uuid.uuid4().hex}") as cursor:
            cursor.execute(sql)
            while rows := cursor.fetchmany(size):
                columns = zip(*rows, strict=True)
                arrays = [_array(values, kind) for values, kind in zip(columns, schema.types, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, schema.names)

    def failure(self, error: Exception) -> str:
        """What it says where the connection broke, the server ends or its disk is full."""
        lines = str(error).strip().splitlines() if isinstance(error, psycopg.OperationalError) else []
        return lines[0].rstrip(".") if lines else ""

    def load(self, place: str, siblings: str, files: Mapping[str, Path]) -> None:
        """The files as tables, all in one transaction: whoever else loads them waits, and finds them."""
        with self.con.transaction(), self.con.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [siblings])
            cursor.execute("SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s)", [siblings])
            held = [name for (name,) in cursor.fetchall()]
            if place in held:
                return
            for name in held:
                cursor.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(place)))
            for name, path in files.items():
                file = pq.ParquetFile(path)
                _create(cursor, (place, name), sch.Schema.from_pyarrow(file.schema_arrow), "TABLE")
                _copy(cursor, (place, name), file.iter_batches(door.BATCH))
                cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(place, name)))

    def _register_in_memory_table(self, op: ops.InMemoryTable) -> None:
        with self.con.transaction(), self.con.cursor() as cursor:
            _create(cursor, (op.name,), op.schema, "TEMPORARY TABLE")
            _copy(cursor, (op.name,), op.data.to_pyarrow(op.schema).to_batches())


def connected(url: str) -> Postgres:
    """A connection to the database of a URL; what that does not say, as the password, stands in the environment."""
    return Postgres.from_connection(psycopg.connect(url, autocommit=True, connect_timeout=PATIENCE))


def _create(cursor: psycopg.Cursor, name: Sequence[str], schema: sch.Schema, kind: str) -> None:
    """An empty table, whose texts are in the order of their bytes, whatever that of the database is."""
    columns = [
        sql.SQL("{} {}").format(
            sql.Identifier(column),
            sql.SQL(Postgres.compiler.type_mapper.to_string(type_) + (' COLLATE "C"' if type_.is_string() else "")),
        )
        for column, type_ in schema.items()
    ]
    parts = (sql.SQL(kind), sql.Identifier(*name), sql.SQL(", ").join(columns))
    cursor.execute(sql.SQL("CREATE {} {} ({})").format(*parts))


def _copy(cursor: psycopg.Cursor, name: Sequence[str], batches: Iterable[pa.RecordBatch]) -> None:
    """Rows into a table; as CSV, in which texts are quoted and what is missing is not."""
    with cursor.copy(sql.SQL("COPY {} FROM STDIN (FORMAT csv)").format(sql.Identifier(*name))) as copy:
        for batch in batches:
            buffer = io.BytesIO()
            csv.write_csv(batch, buffer, csv.WriteOptions(include_header=False))
            copy.write(buffer.getvalue())


def _array(values: Sequence[Any], kind: dt.DataType) -> pa.Array:
    """Values of one column: sums of whole numbers, and literals, are of a type that is neither whole nor a float."""
    read = float if kind.is_floating() else int if kind.is_integer() else None
    known = [None if value is None else read(value) for value in values] if read else values
    return pa.array(known, PyArrowType.from_ibis(kind))
