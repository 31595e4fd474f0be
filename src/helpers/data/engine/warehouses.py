"""Engines elsewhere: which a URL names, the connection to it, and a data set's tables that are loaded into it once."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Mapping
from importlib.machinery import ModuleSpec
from pathlib import Path
from urllib.parse import urlsplit

import ibis
import ibis.expr.operations as ops
import ibis.expr.schema as sch
import ibis.expr.types as ir
import pyarrow.parquet as pq

from helpers.language import _

HERE = "duckdb://"  # in this process
KINDS = {"postgresql": "postgres", "postgres": "postgres", "sc": "spark"}  # of a URL: the part of this room
EXAMPLES = {"postgres": "postgresql://user@host/database", "spark": "sc://host:15002"}
SECRETS = {"postgres": "PGPASSWORD", "spark": "SPARK_CONNECT_AUTHENTICATE_TOKEN"}
SECRET = re.compile(r"(?:password|token)\s*=", re.IGNORECASE)


def checked(url: str) -> str:
    """The URL of an engine, empty for the one in this process; ValueError for one that is none or tells a password."""
    if url in ("", HERE):
        return ""
    parts = urlsplit(url)
    if parts.scheme not in KINDS:
        words = _("engine = {url!r}: no such engine. Write {postgres}, {spark} or {here}.")
        told = f"{parts.scheme}://…" if "://" in url else url
        raise ValueError(words.format(url=told, postgres=EXAMPLES["postgres"], spark=EXAMPLES["spark"], here=HERE))
    if parts.password is not None or SECRET.search(url):
        words = _("engine: its URL holds a password, which files would keep. Take it out, and set {variable} instead.")
        raise ValueError(words.format(variable=SECRETS[KINDS[parts.scheme]]))
    return url


def elsewhere(url: str) -> ibis.BaseBackend:
    """A connection to the engine of a `checked` URL; ValueError where it cannot be used."""
    kind, main = KINDS[urlsplit(url).scheme], sys.modules["__main__"]
    if main.__spec__ is None:  # as of `python -c`, which pyspark-client would take for one of its doctests, and end
        main.__spec__ = ModuleSpec("__main__", None)
    try:
        part = importlib.import_module(f"helpers.data.engine.{kind}")
    except ModuleNotFoundError as error:
        words = _("engine = {url!r}: {package} is not installed. Install it: {command}.")
        told = words.format(url=url, package=error.name, command=f"uv sync --frozen --extra engine-{kind}")
        raise ValueError(told) from None
    try:
        return part.connected(url)
    except Exception as error:
        words = _("engine = {url!r}: it cannot be reached ({said}). Start it, or look at its address and your rights.")
        raise ValueError(words.format(url=url, said=_first_line(error))) from None


def loaded(connection: ibis.BaseBackend, place: str, siblings: str, files: Mapping[str, Path]) -> dict[str, ir.Table]:
    """The tables of an engine elsewhere that hold these Parquet files, by name, in its schema `place`.

    They are loaded unless they are there. Schemas whose names begin with `siblings` hold the same data as of before,
    and are removed then. ValueError where the engine does not let them be made.
    """
    try:
        connection.load(place, siblings, files)
    except Exception as error:
        words = _("engine: it does not take the tables ({said}). Give the account the right to create schemas there.")
        raise ValueError(words.format(said=_first_line(error))) from None
    return {name: _table(connection, place, name, path) for name, path in files.items()}


def _table(connection: ibis.BaseBackend, place: str, name: str, path: Path) -> ir.Table:
    schema = sch.Schema.from_pyarrow(pq.read_schema(path))
    return ops.DatabaseTable(name, schema=schema, source=connection, namespace=ops.Namespace(database=place)).to_expr()


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
