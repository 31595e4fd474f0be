"""Spark through Spark Connect, which needs no Java here: a session of pyspark-client behind Ibis."""

from __future__ import annotations

import atexit
import contextlib
import re
import socket
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.schema as sch
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
import sqlglot.expressions as sge
from ibis.backends.pyspark import Backend
from ibis.backends.pyspark.datatypes import PySparkSchema
from ibis.backends.sql.compilers.pyspark import PySparkCompiler
from pyspark.errors.exceptions.connect import SparkConnectGrpcException
from pyspark.sql import SparkSession
from pyspark.sql.connect.client.retries import DefaultPolicy

from helpers.data.engine import door

PORT = 15002
PATIENCE = 10  # seconds in which a server answers
RETRIES = 5  # each after a longer wait, of some 20 seconds in all
DETAILS = re.compile(r'details = "([^";]+)')
SEALED = "sealed"  # the table that a schema gets last


class Compiler(PySparkCompiler):
    """Numbers as Ibis means them: Spark takes 1.0 for a decimal."""

    def visit_NonNullLiteral(self, op: ops.Literal, *, value: Any, dtype: dt.DataType) -> sge.Expr | None:
        """A literal; a float as one of 64 bits."""
        literal = super().visit_NonNullLiteral(op, value=value, dtype=dtype)
        return self.cast(sge.convert(value) if literal is None else literal, dtype) if dtype.is_floating() else literal


class Spark(door.Door, Backend):
    """A Spark session, the results of which come through the door."""

    compiler = Compiler()

    def batches(self, table: ir.Table, sql: str, size: int) -> Iterator[pa.RecordBatch]:
        """The rows of a query."""
        yield from self._session.sql(sql).toArrow().to_batches(max_chunksize=size)

    def failure(self, error: Exception) -> str:
        """What the way there says where nobody answers any more; what Spark itself refuses is of another type."""
        if type(error) is not SparkConnectGrpcException:
            return ""
        return next(iter(DETAILS.findall(str(error))), "") or type(error).__name__

    def load(self, place: str, siblings: str, files: Mapping[str, Path]) -> None:
        """The files as tables; one that comes last seals them."""
        held = [database.name for database in self._session.catalog.listDatabases(f"{siblings}*")]
        if place in held and SEALED in self.list_tables(database=place):
            return
        for name in held:
            self._session.sql(f"DROP DATABASE IF EXISTS `{name}` CASCADE")
        self._session.sql(f"CREATE DATABASE `{place}`")
        for name, path in files.items():
            file = pq.ParquetFile(path)
            schema = sch.Schema.from_pyarrow(file.schema_arrow)
            self._save(f"{place}.{name}", pa.Table.from_batches([], file.schema_arrow), schema, "overwrite")
            for batch in file.iter_batches(door.BATCH):
                self._save(f"{place}.{name}", pa.Table.from_batches([batch]), schema, "append")
        seal = pa.table({"tables": list(files)})
        self._save(f"{place}.{SEALED}", seal, sch.Schema.from_pyarrow(seal.schema), "overwrite")

    def create_table(self, name: str, /, obj: Any = None, *, temp: bool | None = None, **options: Any) -> ir.Table:
        """A table; one for a while is a view that Spark keeps in memory."""
        if not temp:
            return super().create_table(name, obj, **options)
        self._run_pre_execute_hooks(obj)
        with self.answering():
            self._session.sql(self.compile(obj)).cache().createOrReplaceTempView(name)
            return self.table(name)

    def _create_cached_table(self, name: str, expr: ir.Table) -> ir.Table:
        return self.create_table(name, expr, temp=True)

    def _drop_cached_table(self, name: str) -> None:
        with contextlib.suppress(RuntimeError):  # Python ends, and with the session goes what is left
            self._session.catalog.dropTempView(name)

    def _register_in_memory_table(self, op: ops.InMemoryTable) -> None:
        self._frame(op.data.to_pyarrow(op.schema), op.schema).createOrReplaceTempView(op.name)

    def _make_memtable_finalizer(self, name: str) -> None:
        """None: it goes with the session."""

    def _save(self, name: str, rows: pa.Table, schema: sch.Schema, mode: str) -> None:
        self._frame(rows, schema).write.mode(mode).saveAsTable(name)

    def _frame(self, rows: pa.Table, schema: sch.Schema) -> Any:
        return self._session.createDataFrame(rows, schema=PySparkSchema.from_ibis(schema))


def connected(url: str) -> Spark:
    """A session of its own at the Spark Connect server of a URL."""
    parts = urlsplit(url)
    # OSError at once where nobody is there: the client would try again for minutes
    socket.create_connection((parts.hostname, parts.port or PORT), PATIENCE).close()
    Spark.register_options()
    session = SparkSession.builder.remote(url).create()
    session.client.set_retry_policies([DefaultPolicy(max_retries=RETRIES)])  # its own would wait for ten minutes
    warnings.filterwarnings("ignore", r"\[RETRIES_EXCEEDED\]")  # what comes of it is told by `failure`
    # at its end a process would ask the server, for minutes where that is gone, to forget models it was never given
    atexit.unregister(session.client._on_exit)
    return Spark().connect(session)
