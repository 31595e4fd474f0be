"""SQLite and DuckDB files as databases: asked like a server, and read alone, with nothing written beside them."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from helpers.data.intake.files import databases
from helpers.data.intake.servers.forms import Column, Kind, Refused, Tell, Why
from helpers.data.intake.wording.addresses import Address
from helpers.language import _

DAY = "____-__-__%"  # how a text that is a time begins
AT_ONCE = 500  # columns that one SELECT counts: of three numbers each, and it may yield 2,000


class DatabaseFile:
    """One reading of a file, which is as it was when this began."""

    dialect = ""

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            words = _("source.url: no file {file!r} in the folder {folder!r}. Correct it.")
            raise ValueError(words.format(file=path.name, folder=path.parent.name))
        databases.check_whole(path)
        self._path, self._stamp = path, _stamp(path)
        with self._telling():
            self._database = self._opened()
            self.tables()

    def _opened(self) -> Any:
        raise NotImplementedError

    def tables(self) -> list[str]:
        """Its tables and views."""
        with self._telling():
            return databases.table_names(self._database)

    def one(self, sql: str) -> Sequence[str | None]:
        """The texts of the one row that a SELECT yields."""
        with self._telling():
            row = self._database.execute(sql).fetchone()
        return [None if value is None else str(value) for value in row]

    def fetch(self, sql: str, names: Sequence[str], path: Path, tell: Tell) -> int:
        """Writes the rows of a SELECT of texts as Parquet, and says how many they are."""
        with self._telling():
            rows = databases.write(self._database, sql, names, path, tell)
        if _stamp(self._path) != self._stamp:
            words = _("{file}: it changed while it was read. Run this again.")
            raise ValueError(words.format(file=self._path.name))
        return rows

    def named(self, name: str) -> str:
        """A name in quotes."""
        return databases.quoted(name)

    def close(self) -> None:
        """Ends it."""
        self._database.close()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Refused for what is asked in vain, ValueError for a file that cannot be read."""
        try:
            yield
        except (sqlite3.OperationalError, duckdb.CatalogException, duckdb.BinderException) as error:
            missing = "no such table" in str(error) or isinstance(error, duckdb.CatalogException)
            raise Refused(Why.NO_TABLE if missing else Why.OTHER, error) from None
        except databases.ERRORS as error:
            raise databases.damaged(self._path, error) from None


class SQLite(DatabaseFile):
    """A SQLite file, in which any cell may hold anything: what a column is, all its values say."""

    dialect = "sqlite"

    def _opened(self) -> sqlite3.Connection:
        database = databases.sqlite(self._path)
        database.create_function("digest", -1, _digest, deterministic=True)
        return database

    def columns(self, asked: str) -> list[Column]:
        """The columns of a SELECT."""
        with self._telling():
            names = [name for name, *_ in self._database.execute(f"SELECT * FROM ({asked}) LIMIT 0").description]
        blocks = [names[start : start + AT_ONCE] for start in range(0, len(names), AT_ONCE)]
        kinds = [kind for block in blocks for kind in self._kinds(block, asked)]
        return [
            Column(name, kind, f"CAST({self.named(name)} AS TEXT)") for name, kind in zip(names, kinds, strict=True)
        ]

    def _kinds(self, names: Sequence[str], asked: str) -> Iterator[Kind]:
        counted = [
            f"COUNT({name}), SUM(typeof({name}) = 'integer'), SUM(typeof({name}) = 'real')"
            for name in map(self.named, names)
        ]
        found = [int(each or 0) for each in self.one(f"SELECT {', '.join(counted)} FROM ({asked})")]
        for filled, whole, real in zip(found[::3], found[1::3], found[2::3], strict=True):
            numbers = filled and filled == whole + real
            yield Kind.TEXT if not numbers else Kind.FLOAT if real else Kind.EXACT

    def kind(self, column: Column, asked: str) -> Kind:
        """Of texts: moments where all of them, if any, begin as such, and go on alike."""
        if column.kind is not Kind.TEXT:
            return column.kind
        name = self.named(column.name)
        counted = f"COUNT({name}), SUM({name} LIKE '{DAY}'), COUNT(DISTINCT substr({name}, 11, 1))"
        filled, days, signs = self.one(f"SELECT {counted} FROM ({asked})")
        return Kind.MOMENT if filled == (days or "0") and signs in ("0", "1") else Kind.TEXT

    def summed_up(self, columns: Sequence[Column], salt: str) -> str:
        """SQL: a salted digest of several columns."""
        return f"digest('{salt}', {', '.join(self.named(each.name) for each in columns)})"

    def now(self) -> str:
        """SQL: this moment."""
        return "strftime('%Y-%m-%d %H:%M:%S')"


class DuckDB(DatabaseFile):
    """A DuckDB file."""

    dialect = "duckdb"

    def _opened(self) -> duckdb.DuckDBPyConnection:
        self._spilled = tempfile.TemporaryDirectory()
        return databases.duck(self._path, Path(self._spilled.name))

    def columns(self, asked: str) -> list[Column]:
        """The columns of a SELECT."""
        with self._telling():
            described = self._database.execute(f"DESCRIBE {asked}").fetchall()
        return [self._column(name, type_) for name, type_, *_ in described]

    def _column(self, name: str, type_: str) -> Column:
        text = f"CAST({self.named(name)} AS VARCHAR)"
        if type_.endswith(("INT", "INTEGER")) or type_.startswith("DECIMAL("):
            return Column(name, Kind.EXACT, text)
        if type_ in ("FLOAT", "DOUBLE"):
            return Column(name, Kind.FLOAT, text)
        if type_ == "DATE" or type_.startswith("TIMESTAMP"):  # an infinite one says that there is none
            return Column(name, Kind.MOMENT, f"CASE WHEN isfinite({self.named(name)}) THEN {text} END")
        return Column(name, Kind.TEXT, text)

    def kind(self, column: Column, asked: str) -> Kind:
        """What its type says."""
        return column.kind

    def summed_up(self, columns: Sequence[Column], salt: str) -> str:
        """SQL: a salted digest of several columns."""
        return f"md5('{salt}' || CAST(ROW({', '.join(self.named(each.name) for each in columns)}) AS VARCHAR))"

    def now(self) -> str:
        """SQL: this moment."""
        return "now()::TIMESTAMP"

    def close(self) -> None:
        """Ends it."""
        super().close()
        self._spilled.cleanup()


KINDS: dict[str, type[SQLite] | type[DuckDB]] = {"sqlite": SQLite, "duckdb": DuckDB}


def path_of(address: Address, folder: Path) -> Path:
    """Where the file of an address is, seen from a data set's folder."""
    return folder / address.database


def _stamp(path: Path) -> tuple[int, int]:
    known = os.stat(path)
    return known.st_size, known.st_mtime_ns


def _digest(salt: str, *values: object) -> str:
    return hashlib.md5(f"{salt}{values!r}".encode(errors="surrogatepass"), usedforsecurity=False).hexdigest()
