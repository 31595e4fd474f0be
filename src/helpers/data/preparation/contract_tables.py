"""The contract tables of a data set prepared from its files, with their books, readings, days and joins."""

from __future__ import annotations

from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import spans, whole_files
from helpers.data.intake import files, parts, settlement, sources
from helpers.data.intake.feeds import COPIES, Source
from helpers.data.intake.rows import money, strays
from helpers.data.intake.wording.schema import Settings
from helpers.data.preparation import books, joins, orders, prepared_tables
from helpers.data.shelf import Shelf
from helpers.data.tombstones import Tombstones
from helpers.language import _

DAYS, JOINS = "days.parquet", "joins.json"


def prepare(
    connection: ibis.BaseBackend, shelf: Shelf, folder: Path, words: Settings, draft: Path, erased: Tombstones
) -> None:
    """Checked contract tables, their books and readings in `draft`; what no longer serves leaves the shelf."""
    sought = [
        sources.read(Source(connection, folder, feed, words, shelf, draft, erased)) for feed in words.feeds.values()
    ]
    reads = [read for read in sought if read is not None]
    if not reads:
        names = ", ".join(files.names_in(folder)) or _("nothing")
        if not words.preset:
            told = _("data set = {folder!r}: its dataset.toml names no table. Write one, such as [tables.orders].")
            raise ValueError(told.format(folder=folder.name))
        raise ValueError(
            _("data set = {folder!r}: no file of preset {preset!r}. Found {names}.").format(
                folder=folder.name, preset=words.preset, names=names
            )
        )
    money.check_tables({read.source.feed.table: read.codes for read in reads})
    days = strays.of({read.source.feed.table: read.rows for read in reads})
    outcomes = [settlement.settled(read, days) for read in reads]
    owners = {outcome.table: outcome.owners for outcome in outcomes}
    found = _complete_orders(connection, draft, words, owners.get(orders.ORDERS))
    _survey(prepared_tables.of(connection, draft), reads, days, draft)
    accounting = pd.concat([outcome.accounting for outcome in outcomes], ignore_index=True)
    readings = books.counted(pd.concat([read.readings for read in reads], ignore_index=True), accounting)
    accounting.to_parquet(draft / "accounting.parquet")
    books.beside_former(readings, shelf.path).to_parquet(draft / books.READINGS)
    pd.concat([outcome.quarantine for outcome in outcomes], ignore_index=True).to_parquet(draft / "quarantine.parquet")
    pd.concat([read.files for read in reads], ignore_index=True).to_parquet(draft / "files.parquet")
    shared = [*(outcome.keys for outcome in outcomes), pd.DataFrame(found, columns=list(settlement.KEYS))]
    pd.concat(shared, ignore_index=True).astype({"keys": "int64", "of": "int64"}).to_parquet(draft / "keys.parquet")
    shelf.forget(shelf.path / parts.PARTS, [name for read in reads for name in read.folders])
    if (shelf.path / COPIES).exists():
        shelf.forget(shelf.path / COPIES, [each.copy.name for read in reads for each in read.source.each])
    shelf.forget(shelf.path, [parts.PARTS, COPIES, draft.name])


def _survey(tables: dict[str, ir.Table], reads: list[sources.Read], days: strays.Days, draft: Path) -> None:
    """The days that the tables have, and how their keys meet, in `draft`."""
    spans.dated(tables, days).to_parquet(draft / DAYS)
    have_orders = any(read.source.feed.table == orders.ORDERS for read in reads)  # else they are made of their lines
    joins.write([*joins.of_lookups(reads), *(joins.of_lines(tables) if have_orders else ())], draft / JOINS)


def _complete_orders(
    connection: ibis.BaseBackend, home: Path, words: Settings, owners: ir.Table | None
) -> list[orders.Found]:
    """Orders and their lines in `home` completed by each other; what was found out about their ids."""
    paths = {name: home / f"{name}.parquet" for name in (orders.ORDERS, orders.LINES)}
    tables = {name: prepared_tables.read(connection, path) for name, path in paths.items() if path.exists()}
    whole, found = orders.whole(tables, words, connection, owners)
    for name, table in whole.items():
        with whole_files.replacing(paths[name]) as beside:  # the table is read from what it replaces
            table.to_parquet(beside)
    return found
