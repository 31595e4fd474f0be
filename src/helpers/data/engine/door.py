"""The one door by which results of engines elsewhere come to Python: in batches, and as DuckDB would hand them over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq
from ibis.formats.pyarrow import PyArrowData

from helpers.data.engine.frames import frame
from helpers.language import _

BATCH = 200_000  # rows that come, or go, at once at most


class Door:
    """What an Ibis backend hands to Python; the class that it is mixed into says how batches come, and go."""

    def batches(self, table: ir.Table, sql: str, size: int) -> Iterator[pa.RecordBatch]:
        """The rows of `table`, whose query is `sql`, at most `size` at once."""
        raise NotImplementedError

    def load(self, place: str, siblings: str, files: Mapping[str, Path]) -> None:
        """Puts Parquet files, by the names of their tables, into the schema `place`, unless it holds them all already.

        Other schemas whose names begin with `siblings`, those of an earlier state of the same data, are removed.
        """
        raise NotImplementedError

    def failure(self, error: Exception) -> str:
        """Why the engine itself can do no more, in its own words; empty where an error is of what it was asked."""
        raise NotImplementedError

    @contextmanager
    def answering(self) -> Iterator[None]:
        """ValueError, with its remedy, where the engine goes away, or runs out of room, in the block."""
        try:
            yield
        except Exception as error:
            said = self.failure(error)
            if not said:
                raise
            words = _(
                "engine: it went away, or can do no more ({said}). See that it runs and has room; run this again."
            )
            raise ValueError(words.format(said=said)) from None

    def create_table(self, name: str, /, *given: Any, **options: Any) -> ir.Table:
        """A table of the engine."""
        with self.answering():
            made: ir.Table = super().create_table(name, *given, **options)  # type: ignore[misc]  # of Ibis
            return made

    def to_pyarrow_batches(
        self, expr: ir.Expr, /, *, params: Any = None, limit: Any = None, chunk_size: int = BATCH, **_: Any
    ) -> pa.RecordBatchReader:
        """The rows of an expression in batches, in the types that Ibis says they have."""
        table = expr.as_table()
        with self.answering():
            self._run_pre_execute_hooks(table)  # type: ignore[attr-defined]  # of Ibis, as is compile
        sql = self.compile(table, params=params, limit=limit)  # type: ignore[attr-defined]
        schema = table.schema().to_pyarrow()
        return pa.RecordBatchReader.from_batches(schema, self._typed_batches(table, sql, min(chunk_size, BATCH)))

    def _typed_batches(self, table: ir.Table, sql: str, size: int) -> Iterator[pa.RecordBatch]:
        with self.answering():
            for batch in self.batches(table, sql, size):
                yield _typed(batch, table)

    def to_pyarrow(self, expr: ir.Expr, /, *, params: Any = None, limit: Any = None, **_: Any) -> Any:
        """The result of an expression as Arrow has it."""
        return expr.__pyarrow_result__(self.to_pyarrow_batches(expr, params=params, limit=limit).read_all())

    def execute(self, expr: ir.Expr, /, *, params: Any = None, limit: Any = None, **_: Any) -> Any:
        """The result of an expression as pandas has it from DuckDB."""
        table = expr.as_table()
        rows = self.to_pyarrow_batches(table, params=params, limit=limit).read_all()
        return expr.__pandas_result__(frame(rows, table.schema()))

    def to_parquet(self, expr: ir.Table, /, path: str | Path, **_: Any) -> None:
        """The rows of a table as a Parquet file."""
        rows = self.to_pyarrow_batches(expr)
        with pq.ParquetWriter(path, rows.schema) as writer:
            for batch in rows:
                writer.write_batch(batch)


def _typed(batch: pa.RecordBatch, table: ir.Table) -> pa.RecordBatch:
    """Numbers and times as Ibis says they are: an engine may sum in a wider type."""
    typed = PyArrowData.convert_table(pa.Table.from_batches([batch]), table.schema())
    return typed.combine_chunks().to_batches()[0] if len(typed) else pa.RecordBatch.from_pylist([], typed.schema)
