"""Database servers of one's own: Debian's PostgreSQL and MariaDB, each in a folder that is gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

OWNER, SECRET = "boss", "秘密 s3cret /@:%"  # a password that would break an address
KINDS = ("postgresql", "mysql")
FILES = ("sqlite", "duckdb")
START_SECONDS = 60


@dataclass(frozen=True)
class Server:
    """A running server whose account `boss` may do everything."""

    kind: str
    port: int
    process: subprocess.Popen[bytes]

    def url(self, database: str, user: str = OWNER) -> str:
        """The address of one of its databases."""
        return f"{self.kind}://{user}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def connected(self, database: str = "") -> Iterator[Any]:
        """A connection, as its package has it, with `run(sql)`."""
        if self.kind == "postgresql":
            import pg8000.native

            given = (OWNER, "127.0.0.1", database or "postgres", self.port, SECRET)
            connection = pg8000.native.Connection(*given)
            yield connection.run
        else:
            import pymysql

            connection = pymysql.connect(
                host="127.0.0.1", port=self.port, user=OWNER, password=SECRET.encode(), database=database or None,
                autocommit=True, charset="utf8mb4", init_command="SET sql_mode = 'ANSI_QUOTES', time_zone = '+08:00'",
            )  # fmt: skip
            cursor = connection.cursor()

            def run(sql: str) -> Sequence[tuple[Any, ...]]:
                cursor.execute(sql)
                return cursor.fetchall()

            yield run
        connection.close()

    def run(self, database: str, *statements: str) -> None:
        """Runs statements in one of its databases."""
        with self.connected(database) as run:
            for statement in statements:
                run(statement)

    def made(self, database: str, *statements: str) -> str:
        """The address of a new database, after `statements` in it."""
        self.run("", f"DROP DATABASE IF EXISTS {database}", f"CREATE DATABASE {database}")
        self.run(database, *statements)
        return self.url(database)

    def filled(self, database: str, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Makes a table of texts and fills it; None is NULL."""
        kind = "text" if self.kind == "postgresql" else "text CHARACTER SET utf8mb4"
        listed = ", ".join(f'"{column}" {kind}' for column in columns)
        self.run(database, f'CREATE TABLE "{table}" ({listed})', *_inserts(self.kind, table, rows))


@dataclass(frozen=True)
class DatabaseFile:
    """A SQLite or DuckDB file in a folder, which tests change as they do the databases of a server."""

    kind: str
    folder: Path

    def url(self, database: str) -> str:
        """The address of the file `database`."""
        return f"{self.kind}:///{database}"

    def run(self, database: str, *statements: str) -> None:
        """Runs statements in it."""
        opened: Any = (sqlite3 if self.kind == "sqlite" else duckdb).connect(self.folder / database)
        with closing(opened):
            for statement in statements:
                opened.execute(statement)
            opened.commit()

    def made(self, database: str, *statements: str) -> str:
        """The address of a new file, after `statements` in it."""
        self.run(database, *statements)
        return self.url(database)

    def filled(self, database: str, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Makes a table of texts and fills it; None is NULL."""
        listed = ", ".join(f'"{column}" TEXT' for column in columns)
        self.run(database, f'CREATE TABLE "{table}" ({listed})', *_inserts(self.kind, table, rows))


def _inserts(kind: str, table: str, rows: Iterable[Sequence[Any]]) -> list[str]:
    """Statements that put rows of texts into a table, a thousand each."""
    told = [", ".join("NULL" if value is None else _literal(value, kind) for value in row) for row in rows]
    blocks = [told[start : start + 1000] for start in range(0, len(told), 1000)]
    return [f'INSERT INTO "{table}" VALUES {", ".join(f"({row})" for row in block)}' for block in blocks]


def _literal(value: Any, kind: str) -> str:
    text = str(value).replace("'", "''")
    return "'" + (text.replace("\\", "\\\\") if kind == "mysql" else text) + "'"


@contextmanager
def running(kind: str) -> Iterator[Server]:
    """A server of the kind on a free port of this machine; skips where Debian's is not installed."""
    program = _program("postgres") if kind == "postgresql" else _program("mariadbd")
    if program is None:
        pytest.skip(
            f"{kind} is not installed (apt-get install {'postgresql' if kind == 'postgresql' else 'mariadb-server'})"
        )
    home, port = Path(tempfile.mkdtemp(prefix="kehu-server-")), free_port()
    user = _user("postgres" if kind == "postgresql" else "mysql")
    if user:
        shutil.chown(home, user)
    process = (_postgresql if kind == "postgresql" else _mariadb)(program, home, port, user)
    try:
        server = Server(kind, port, process)
        _wait(server)
        yield server
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(home, ignore_errors=True)


def _postgresql(program: Path, home: Path, port: int, user: str | None) -> subprocess.Popen[bytes]:
    secret = home / "secret"
    secret.write_text(SECRET)
    if user:
        shutil.chown(secret, user)
    _run(
        [program.with_name("initdb"), "-D", home / "data", "--no-sync", "--locale=C.UTF-8", "-E", "UTF8",
         "-A", "scram-sha-256", "-U", OWNER, f"--pwfile={secret}"],
        user,
    )  # fmt: skip
    options = ("fsync=off", "listen_addresses=127.0.0.1", f"unix_socket_directories={home}", "max_connections=20")
    given = [word for option in options for word in ("-c", option)]
    return _started([program, "-D", home / "data", "-p", str(port), *given], home, user)


def _mariadb(program: Path, home: Path, port: int, user: str | None) -> subprocess.Popen[bytes]:
    install = shutil.which("mariadb-install-db") or shutil.which("mysql_install_db")
    assert install
    data = home / "data"
    _run(
        [install, "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db"],
        user,
    )
    first = home / "first.sql"
    first.write_text(  # a statement a line
        "DELETE FROM mysql.global_priv WHERE user = '';\nFLUSH PRIVILEGES;\n"
        f"CREATE USER {OWNER}@'%' IDENTIFIED BY '{SECRET}';\nGRANT ALL ON *.* TO {OWNER}@'%' WITH GRANT OPTION;\n"
    )
    if user:
        shutil.chown(first, user)
    return _started(
        [program, "--no-defaults", f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1",
         f"--socket={home / 's'}", f"--pid-file={home / 'pid'}", f"--init-file={first}", "--sql-mode=", "--character-set-server=utf8mb4",
         "--innodb-flush-log-at-trx-commit=0"],
        home, user,
    )  # fmt: skip


def _run(command: list[Any], user: str | None) -> None:
    done = subprocess.run(list(map(str, command)), user=user, capture_output=True, text=True, env=_plain(), cwd="/")
    assert done.returncode == 0, done.stderr or done.stdout


def _started(command: list[Any], home: Path, user: str | None) -> subprocess.Popen[bytes]:
    with (home / "log").open("wb") as log:
        return subprocess.Popen(list(map(str, command)), user=user, stdout=log, stderr=log, env=_plain(), cwd="/")


def _plain() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TZ": "Asia/Shanghai"}


def _wait(server: Server) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            with server.connected() as run:
                run("SELECT 1")
                return
        except Exception:
            if time.monotonic() > until or server.process.poll() is not None:
                raise
            time.sleep(0.1)


def _program(name: str) -> Path | None:
    """The program, where Debian puts it."""
    beside = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    return next(iter(beside), Path(found).resolve() if found else None)


def _user(name: str) -> str | None:
    """Who runs a server: root may not, so Debian's account for it does."""
    return name if os.getuid() == 0 else None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def wire(server: Server, lets_through: int, then: str) -> Iterator[int]:
    """The port of a way to the server that lets so many bytes of its answers through, and then `breaks` or `stalls`."""
    listening = socket.create_server(("127.0.0.1", 0))
    plugs: list[socket.socket] = []

    def carry(source: socket.socket, target: socket.socket, left: float) -> None:
        with suppress(OSError):
            while data := source.recv(4096):
                target.sendall(data[: int(min(left, len(data)))])
                left -= len(data)
                if left <= 0:
                    break
        if then == "breaks" or left > 0:
            for plug in (source, target):
                with suppress(OSError):
                    plug.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                plugs.extend([client, upstream := socket.create_connection(("127.0.0.1", server.port))])
                for given in ((client, upstream, float("inf")), (upstream, client, lets_through)):
                    threading.Thread(target=carry, args=given, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.close()
        for plug in plugs:
            plug.close()
