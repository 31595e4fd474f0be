"""PostgreSQL, by pg8000: rows come as the server's own CSV, so that every value is written as it says."""

from __future__ import annotations

import io
import socket
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

from helpers.data.intake.servers import forms
from helpers.data.intake.servers.forms import Column, Kind, Refused, Tell, Why
from helpers.data.intake.wording.addresses import Address

BLOCK_BYTES = 1 << 24  # of CSV, in which the longest row must fit
WHOLE = {20, 21, 23, 26}  # types by their numbers in pg_type: int8, int2, int4, oid
NUMERIC, MONEY = 1700, 790
FLOATS = {700, 701}
MOMENTS = {1082, 1114, 1184}  # date, timestamp, timestamptz
WHY = {
    "28P01": Why.WRONG_PASSWORD,
    "28000": Why.WRONG_PASSWORD,
    "3D000": Why.NO_DATABASE,
    "42501": Why.NO_RIGHT,
    "42P01": Why.NO_TABLE,
    "3F000": Why.NO_TABLE,
    "57014": Why.TIMED_OUT,
    "55P03": Why.TIMED_OUT,
    "57P01": Why.GONE,
    "57P02": Why.GONE,
    "57P03": Why.UNREACHABLE,
    "53300": Why.UNREACHABLE,
}
SETTINGS = {
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "IntervalStyle": "postgres",
    "default_transaction_read_only": "on",
    "default_transaction_isolation": "repeatable read",
    "synchronize_seqscans": "off",  # rows in one order, whoever else reads
}


class PostgreSQL:
    """A reading transaction."""

    dialect = "postgres"

    def __init__(self, address: Address, password: str) -> None:
        import pg8000.native

        safe = False if address.safety == "disable" else forms.context(address.safety)
        with _telling(connecting=True):
            plug = socket.create_connection((address.host, address.port), forms.CONNECT_SECONDS)
            plug.settimeout(forms.PATIENCE_SECONDS)
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self._connection = pg8000.native.Connection(
                address.user, address.host, address.database, address.port, password, ssl_context=safe,
                application_name="kehu", startup_params=SETTINGS, sock=plug,
            )  # fmt: skip
            self._connection.run("BEGIN")

    def columns(self, asked: str) -> list[Column]:
        """The columns of a SELECT."""
        with _telling():
            self._connection.run(f"SELECT * FROM ({asked}) AS asked LIMIT 0")
        return [self._column(each["name"], each["type_oid"]) for each in self._connection.columns or ()]

    def _column(self, name: str, type_: int) -> Column:
        quoted = self.named(name)
        if type_ in WHOLE or type_ == NUMERIC:
            return Column(name, Kind.EXACT, f"{quoted}::text")
        if type_ == MONEY:
            return Column(name, Kind.EXACT, f"{quoted}::numeric::text")
        if type_ in FLOATS:
            return Column(name, Kind.FLOAT, f"{quoted}::text")
        if type_ in MOMENTS:  # an infinite one says that there is none
            return Column(name, Kind.MOMENT, f"CASE WHEN isfinite({quoted}) THEN {quoted}::text END")
        return Column(name, Kind.TEXT, f"{quoted}::text")

    def kind(self, column: Column, asked: str) -> Kind:
        """What its type says."""
        return column.kind

    def tables(self) -> list[str]:
        """The tables and views that its account may see, those outside `public` with their schema."""
        with _telling():
            self._connection.run("ROLLBACK")  # what was refused before would refuse this too
            self._connection.run("BEGIN")
            rows = self._connection.run(
                "SELECT CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END "
                "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'f', "
                "'p') AND NOT c.relispartition AND n.nspname !~ '^(pg_|information_schema$)' "
                "AND has_schema_privilege(n.oid, 'USAGE') ORDER BY 1"
            )
        return [name for (name,) in rows]

    def one(self, sql: str) -> Sequence[str | None]:
        """The texts of the one row that a SELECT yields."""
        with _telling():
            (row,) = self._connection.run(sql)
        return [None if value is None else str(value) for value in row]

    def fetch(self, sql: str, names: Sequence[str], path: Path, tell: Tell) -> int:
        """Writes the rows of a SELECT of texts as Parquet, and says how many they are."""
        written = path.with_suffix(".csv")
        with _telling(), written.open("wb") as file:
            arrivals = _Arrivals(file, tell)
            self._connection.run(f"COPY ({sql}) TO STDOUT (FORMAT csv)", stream=arrivals)
        _as_parquet(written, names, path)
        written.unlink()
        return arrivals.rows

    def named(self, name: str) -> str:
        """A name in quotes."""
        return '"' + name.replace('"', '""') + '"'

    def summed_up(self, columns: Sequence[Column], salt: str) -> str:
        """SQL: a salted digest of several columns."""
        return f"md5('{salt}' || ROW({', '.join(self.named(each.name) for each in columns)})::text)"

    def now(self) -> str:
        """SQL: this moment."""
        return "now()"

    def close(self) -> None:
        """Ends it."""
        with suppress(Exception):
            self._connection.close()


class _Arrivals:
    """A file that counts the rows of a COPY, which come one by one, and tells of each block of them."""

    def __init__(self, file: io.BufferedWriter, tell: Tell) -> None:
        self.file, self.tell, self.rows = file, tell, 0

    def write(self, row: bytes) -> None:
        self.file.write(row)
        self.rows += 1
        if self.rows % forms.BLOCK == 0:
            self.tell(self.rows)


def _as_parquet(path: Path, names: Sequence[str], out: Path) -> None:
    """The server's CSV as Parquet, in which an empty text is no null."""
    schema = pa.schema([(name, pa.string()) for name in names])
    with pq.ParquetWriter(out, schema) as file:
        if not path.stat().st_size:
            return
        with _telling():
            rows = csv.open_csv(
                path,
                csv.ReadOptions(column_names=list(names), block_size=BLOCK_BYTES),
                csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
                csv.ConvertOptions(
                    column_types=schema, null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
                ),
            )
            for block in rows:
                file.write_batch(block)


@contextmanager
def _telling(connecting: bool = False) -> Iterator[None]:
    """Refused for whatever goes wrong in the block."""
    from pg8000.exceptions import DatabaseError, InterfaceError

    try:
        yield
    except DatabaseError as error:
        said: dict[str, Any] = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
        raise Refused(WHY.get(said.get("C", ""), Why.OTHER), said.get("M", error)) from None
    except pa.ArrowInvalid as error:
        raise Refused(Why.OTHER, error) from None
    except socket.gaierror as error:
        raise Refused(Why.NO_HOST, error.strerror) from None
    except TimeoutError as error:
        raise Refused(Why.TIMED_OUT, error) from None
    except (OSError, struct.error, InterfaceError) as error:
        cause = error.__cause__ or error
        if isinstance(cause, TimeoutError):
            raise Refused(Why.TIMED_OUT, cause) from None
        raise Refused(_why(cause, connecting), getattr(cause, "strerror", None) or cause) from None


def _why(cause: BaseException, connecting: bool) -> Why:
    if "SSL" in str(cause) or "certificate" in str(cause):
        return Why.NOT_SAFE
    return Why.UNREACHABLE if connecting else Why.GONE
