"""Lists of objects (JSON, JSON Lines) as tables of text, by DuckDB's own reader.

A place within an object is a JSON pointer, such as /owner/id.
"""

from __future__ import annotations

import json
from pathlib import Path

import ibis
import ibis.expr.types as ir

from helpers.data.engine.connection import ROW

OBJECT = "object"  # the column that holds one object of the file a row
HEAD = 1 << 16  # characters in which something must stand
LARGEST_OBJECT = 16 << 20  # bytes; the reader keeps room for two of them


def json_objects(
    connection: ibis.BaseBackend, path: Path, pointer: str = "", largest: int = LARGEST_OBJECT
) -> ir.Table:
    """The values of a UTF-8 file of JSON, one a row: the elements of its list, or what stands one after another.

    With a `pointer` they are the elements of the lists to which it leads in each of these.
    """
    with path.open(encoding="utf-8-sig", errors="replace") as stream:
        form = (
            "array" if stream.read(HEAD).lstrip().startswith("[") else "auto"
        )  # which misses it behind a mark of order
    source = f"read_json_objects({_quoted(str(path))}, format = '{form}', maximum_object_size = {int(largest)})"
    if not pointer:
        return connection.sql(f"SELECT json AS {OBJECT} FROM {source}")
    inner = f"CAST(json_extract(json, {_quoted(pointer)}) AS JSON[])"
    return connection.sql(f"SELECT unnest({inner}) AS {OBJECT} FROM {source}")


def json_within(connection: ibis.BaseBackend, objects: ir.Table, pointer: str) -> ir.Table:
    """What stands at `pointer` in each of the objects, in its place."""
    inner = f"json_extract({OBJECT}, {_quoted(pointer)})"
    return connection.sql(f"SELECT {inner} AS {OBJECT} FROM ({ibis.to_sql(objects)})")


def json_kinds(connection: ibis.BaseBackend, objects: ir.Table, pointer: str = "") -> dict[str, int]:
    """How many of the values at `pointer` are an OBJECT, an ARRAY, a VARCHAR …; null where nothing stands there."""
    sql = f"SELECT json_type({OBJECT}, {_quoted(pointer)}), count(*) FROM ({ibis.to_sql(objects)}) GROUP BY ALL"
    return {kind: int(rows) for kind, rows in connection.raw_sql(sql).fetchall() if kind}


def json_structure(connection: ibis.BaseBackend, objects: ir.Table) -> object:
    """What stands in all of the objects together: a dict of keys, a list of one structure, or the name of a type."""
    sql = f"SELECT json_group_structure({OBJECT}) FROM ({ibis.to_sql(objects)})"
    ((structure,),) = connection.raw_sql(sql).fetchall()
    return json.loads(structure or "null")


def json_columns(connection: ibis.BaseBackend, objects: ir.Table, pointers: dict[str, str]) -> ir.Table:
    """One column of text for each of `pointers`, by name, and `file_row`, which counts the objects from 1."""
    places = ", ".join(map(_quoted, pointers.values()))
    names = ", ".join(f"text[{place}] AS {_named(name)}" for place, name in enumerate(pointers, start=1))
    texts = f"SELECT json_extract_string({OBJECT}, [{places}]) AS text FROM ({ibis.to_sql(objects)})"
    return connection.sql(f"SELECT {names}, row_number() OVER () AS {ROW} FROM ({texts})")


def pointer_to(*keys: str) -> str:
    """The place that keys within keys lead to."""
    return "".join(f"/{key.replace('~', '~0').replace('/', '~1')}" for key in keys)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _named(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
