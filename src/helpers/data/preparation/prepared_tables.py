"""The contract tables that were prepared, as tables of the engine that computes with them."""

from __future__ import annotations

from pathlib import Path

import ibis
import ibis.expr.types as ir

from helpers.data import contracts, engine
from helpers.data.intake import settlement
from helpers.data.intake.rows import value_types
from helpers.data.shelf import Shelf

GOOD, ASIDE = "", f".{settlement.ASIDE}"  # kinds of rows: those that are used, and those that break a rule


def of(connection: ibis.BaseBackend, home: Path, kind: str = GOOD) -> dict[str, ir.Table]:
    """The contract tables whose rows of a kind are in the folder `home`, by name.

    In DuckDB they are read from there. An engine elsewhere gets all that is in `home` once, into a schema of its own,
    in place of what it got of the same data set before.
    """
    paths = {name: home / f"{name}{kind}.parquet" for name in contracts.TABLES}
    found = {name: path for name, path in paths.items() if path.exists()}
    if connection.name == "duckdb":
        return {name: read(connection, path) for name, path in found.items()}
    held = _loaded(connection, home)
    return {name: _completed(held[_table_of(path)], path) for name, path in found.items()}


def read(connection: ibis.BaseBackend, path: Path) -> ir.Table:
    """One prepared table, as DuckDB reads it."""
    return _completed(engine.prepared(connection, [path]), path)


def _completed(table: ir.Table, path: Path) -> ir.Table:
    """A contract table with all its columns; of customers only those that a source has, for they describe people."""
    name = path.name.split(".")[0]
    return table if name == "customers" else value_types.completed(table, contracts.TABLES[name])


def _loaded(connection: ibis.BaseBackend, home: Path) -> dict[str, ir.Table]:
    shelf, tables = Shelf(home.parent), {path.name.split(".")[0] for path in home.glob("*.parquet")}
    files = {
        _table_of(path): path
        for name in sorted(tables & contracts.TABLES.keys())
        for kind in (GOOD, ASIDE)
        if (path := home / f"{name}{kind}.parquet").exists()
    }
    siblings = f"kehu_{home.parent.name.rpartition('-')[2]}_"
    with shelf.locked():  # the kernels of a report come at once
        return engine.loaded(connection, f"{siblings}{home.name}", siblings, files)


def _table_of(path: Path) -> str:
    return path.name.removesuffix(".parquet").replace(".", "_")
