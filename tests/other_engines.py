"""Engines elsewhere that a test starts on this machine, on a port of their own, and ends."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import servers

PATIENCE = 120  # seconds in which a server starts
SPARK = Path(__file__).resolve().parents[1] / ".venv-spark"
CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"
SAIL = "import sys; from pysail.spark import SparkConnectServer as S; S('127.0.0.1', int(sys.argv[1])).start(background=False)"


@contextmanager
def sail() -> Iterator[str]:
    """The URL of a Spark Connect server, Sail's."""
    with tempfile.TemporaryDirectory(prefix="kehu-sail-") as home:
        port = servers.free_port()
        with _serving([sys.executable, "-c", SAIL, str(port)], home, port) as url:
            yield url


@contextmanager
def spark() -> Iterator[str]:
    """The URL of Spark's own Connect server, with two threads; skips where there is none."""
    here = next(SPARK.glob("lib/python*/site-packages/pyspark"), None)
    if here is None or not shutil.which("java"):
        pytest.skip("Spark is not installed (make test-spark, with Java 17)")
    with tempfile.TemporaryDirectory(prefix="kehu-spark-") as home:
        port = servers.free_port()
        settings = {
            "spark.connect.grpc.binding.port": port,
            "spark.sql.warehouse.dir": home,
            "spark.sql.shuffle.partitions": 2,
            "spark.ui.enabled": "false",
        }
        command = [here / "bin" / "spark-submit", "--master", "local[2]", "--driver-memory", "3g", "--class", CONNECT]
        for name, value in settings.items():
            command += ["--conf", f"{name}={value}"]
        command.append("spark-internal")
        with _serving(list(map(str, command)), home, port, SPARK_HOME=str(here)) as url:
            yield url


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server, its password in the environment; skips where none is installed."""
    with servers.running("postgresql") as server, pytest.MonkeyPatch.context() as patched:
        patched.setenv("PGPASSWORD", servers.SECRET)
        yield server.url("postgres")


@contextmanager
def _serving(command: list[str], home: str, port: int, **named: str) -> Iterator[str]:
    """The URL of a Spark Connect server that `command` starts, killed at the end."""
    silent = subprocess.DEVNULL
    server = subprocess.Popen(command, stdout=silent, stderr=silent, cwd=home, env=os.environ | named)
    try:
        _wait(server, port)
        yield f"sc://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"{server.args}: it did not start")
