"""MySQL and MariaDB, by PyMySQL: its text protocol brings every value as the server writes it."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from helpers.data.intake.servers import forms
from helpers.data.intake.servers.forms import Column, Kind, Refused, Tell, Why
from helpers.data.intake.wording.addresses import Address

WHOLE = {0, 1, 2, 3, 8, 9, 13, 246}  # types by their numbers in the protocol: decimals, integers, years
FLOATS = {4, 5}
INSTANT, BITS = 7, 16
MOMENTS = {INSTANT, 10, 12, 14}  # dates and datetimes, which are of no zone
WHY = {
    1045: Why.WRONG_PASSWORD, 1698: Why.WRONG_PASSWORD, 1044: Why.NO_RIGHT, 1049: Why.NO_DATABASE,
    1142: Why.NO_RIGHT, 1143: Why.NO_RIGHT, 1370: Why.NO_RIGHT, 1146: Why.NO_TABLE, 1205: Why.TIMED_OUT,
    1317: Why.GONE, 1927: Why.GONE, 1053: Why.GONE, 1969: Why.TIMED_OUT, 3024: Why.TIMED_OUT, 1040: Why.UNREACHABLE,
    1130: Why.UNREACHABLE, 2006: Why.GONE, 2013: Why.GONE, 2026: Why.NOT_SAFE,
}  # fmt: skip
UNREACHABLE = 2003


class MySQL:
    """A reading transaction."""

    dialect = "mysql"

    def __init__(self, address: Address, password: str) -> None:
        import pymysql
        from pymysql.cursors import SSCursor

        written = {kind: turn for kind, turn in pymysql.converters.conversions.items() if not isinstance(kind, int)}
        self._database = address.database
        with _telling():
            self._connection = pymysql.connect(
                host=address.host, port=address.port, user=address.user, password=password.encode(),
                database=address.database, charset="utf8mb4", conv=written, cursorclass=SSCursor,
                connect_timeout=forms.CONNECT_SECONDS, read_timeout=forms.PATIENCE_SECONDS,
                write_timeout=forms.PATIENCE_SECONDS, ssl=forms.context(address.safety),
                ssl_disabled=address.safety == "disable" or None,
            )  # fmt: skip
        self._rows("SET SESSION time_zone = '+00:00'")
        self._rows("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        self._rows("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")

    def columns(self, asked: str) -> list[Column]:
        """The columns of a SELECT."""
        with _telling(), self._cursor() as cursor:
            cursor.execute(f"SELECT * FROM ({asked}) AS asked LIMIT 0")
            return [self._column(name, type_) for name, type_, *_ in cursor.description]

    def _column(self, name: str, type_: int) -> Column:
        quoted = self.named(name)
        if type_ == BITS:
            return Column(name, Kind.EXACT, f"{quoted} + 0")
        if type_ in MOMENTS:  # a day of zeros stands for none
            plain = f"CAST({quoted} AS CHAR)"
            text = f"CONCAT({plain}, '+00:00')" if type_ == INSTANT else plain
            return Column(name, Kind.MOMENT, f"CASE WHEN {plain} NOT LIKE '0000-00-00%' THEN {text} END")
        kind = Kind.EXACT if type_ in WHOLE else Kind.FLOAT if type_ in FLOATS else Kind.TEXT
        return Column(name, kind, quoted)

    def kind(self, column: Column, asked: str) -> Kind:
        """What its type says."""
        return column.kind

    def tables(self) -> list[str]:
        """The tables and views that its account may see, those of other databases with these."""
        rows = self._rows(
            "SELECT table_schema, table_name FROM information_schema.tables WHERE table_schema NOT IN "
            "('information_schema', 'mysql', 'performance_schema', 'sys') ORDER BY 1, 2"
        )
        return [name if schema == self._database else f"{schema}.{name}" for schema, name in rows]

    def one(self, sql: str) -> Sequence[str | None]:
        """The texts of the one row that a SELECT yields."""
        (row,) = self._rows(sql)
        return [None if value is None else _text(value) for value in row]

    def fetch(self, sql: str, names: Sequence[str], path: Path, tell: Tell) -> int:
        """Writes the rows of a SELECT of texts as Parquet, and says how many they are."""
        schema, rows = pa.schema([(name, pa.string()) for name in names]), 0
        with (
            _telling(),
            self._cursor() as cursor,
            pq.ParquetWriter(path, schema) as file,
        ):
            cursor.execute(sql)
            while block := cursor.fetchmany(forms.BLOCK):
                columns = [
                    pa.array([None if v is None else _text(v) for v in each], pa.string()) for each in zip(*block)
                ]
                file.write_batch(pa.record_batch(columns, schema))
                rows += len(block)
                tell(rows)
        return rows

    def named(self, name: str) -> str:
        """A name in quotes."""
        return "`" + name.replace("`", "``") + "`"

    def summed_up(self, columns: Sequence[Column], salt: str) -> str:
        """SQL: a salted digest of several columns."""
        texts = ", ".join(f"COALESCE(HEX(CAST({self.named(each.name)} AS BINARY)), '-')" for each in columns)
        return f"MD5(CONCAT_WS(' ', '{salt}', {texts}))"

    def now(self) -> str:
        """SQL: this moment."""
        return "UTC_TIMESTAMP()"

    def close(self) -> None:
        """Ends it."""
        with suppress(Exception):
            self._connection.close()

    @contextmanager
    def _cursor(self) -> Iterator[Any]:
        """A cursor; where the connection breaks it waits no more for what was to come."""
        cursor = self._connection.cursor()
        try:
            yield cursor
        except Exception:
            for result in filter(None, (cursor._result, self._connection._result)):
                result.unbuffered_active = False
            raise
        finally:
            with suppress(Exception):
                cursor.close()

    def _rows(self, sql: str) -> list[tuple[Any, ...]]:
        with _telling(), self._cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())


def _text(value: str | bytes) -> str:
    """A value as text; bytes that are none, as hexadecimal digits."""
    if isinstance(value, str):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.hex()


@contextmanager
def _telling() -> Iterator[None]:
    """Refused for whatever goes wrong in the block."""
    import pymysql

    try:
        yield
    except pymysql.MySQLError as error:
        code, said = (*error.args, "", "")[:2]
        cause = getattr(error, "original_exception", None) or error.__cause__ or error.__context__
        raise Refused(_why(code, cause), said or code) from None
    except ssl.SSLError as error:
        raise Refused(Why.NOT_SAFE, error) from None
    except TimeoutError as error:
        raise Refused(Why.TIMED_OUT, error) from None
    except (OSError, RuntimeError) as error:
        raise Refused(Why.GONE, error) from None


def _why(code: Any, cause: BaseException | None) -> Why:
    if isinstance(cause, TimeoutError):
        return Why.TIMED_OUT
    if isinstance(cause, ssl.SSLError):
        return Why.NOT_SAFE
    if code == UNREACHABLE:
        return Why.NO_HOST if isinstance(cause, socket.gaierror) else Why.UNREACHABLE
    return WHY.get(code, Why.OTHER)
