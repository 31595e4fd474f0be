"""Where the raw files of one contract table come from, and where what is made of them stands."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path

import ibis

from helpers.data import contracts
from helpers.data.contracts import Column, Table
from helpers.data.intake import files
from helpers.data.intake.wording.schema import Settings
from helpers.data.intake.wording.tables import Feed
from helpers.data.shelf import Shelf
from helpers.data.tombstones import Tombstones
from helpers.language import _

COPIES, ROWS = "copies", "rows.parquet"  # of rows of a database, on the shelf


@dataclass(frozen=True)
class Source:
    """Where the raw files of one feed are read from, where their parts are kept and its checked rows are written."""

    connection: ibis.BaseBackend
    folder: Path
    feed: Feed
    settings: Settings
    shelf: Shelf
    out: Path
    erased: Tombstones = field(default_factory=Tombstones)

    @property
    def table(self) -> Table:
        """The contract table that the feed fills."""
        return contracts.TABLES[self.feed.table]

    @property
    def layout(self) -> files.Layout:
        """How the feed's files are written."""
        feed = self.feed
        if feed.of_database:
            return files.Layout()
        return files.Layout(feed.encoding, feed.delimiter, feed.sheet, feed.fields, feed.skip, feed.query)

    @property
    def each(self) -> list[Source]:
        """The source of each feed that fills the table."""
        return [replace(self, feed=feed) for feed in self.feed.each]

    @property
    def copy(self) -> Path:
        """The folder of the shelf for the rows of a feed of the database."""
        return copy_of(self.feed, self.settings, self.shelf, self.erased)

    def paths(self) -> tuple[Path, ...]:
        """The files that feed the table; none where a preset names files that are not there."""
        if self.feed.of_database:
            return (self.copy / ROWS,)
        found = files.find(self.folder, self.feed.file)
        if not found and not self.feed.optional:
            raise ValueError(
                _("tables.{table}.file = {names}: no such file in {folder!r}. Found {files}.").format(
                    table=self.feed.table,
                    names=", ".join(self.feed.file),
                    folder=self.folder.name,
                    files=", ".join(files.names_in(self.folder)) or _("nothing"),
                )
            )
        return found

    def told(self, path: Path) -> str:
        """The name by which errors and the quarantine call a file: its path inside the data set's folder, its sheet."""
        if self.feed.of_database:
            return self.feed.told[0]
        name = path.relative_to(self.folder) if path.is_relative_to(self.folder) else path
        return str(name / self.feed.sheet)

    def columns(self) -> dict[str, Column]:
        """The columns of the contract and beyond, by name."""
        extras = (Column(extra.name, extra.type, extra.label) for extra in self.feed.extras)
        return {column.name: column for column in (*self.table.columns, *extras)}


def copy_of(feed: Feed, words: Settings, shelf: Shelf, erased: Tombstones) -> Path:
    """The folder of the shelf for the rows of a feed of the database, as it is asked for them."""
    asked = (words.source.url, replace(feed, accept_loss=(), also=()), erased)
    return shelf.path / COPIES / f"{feed.table}-{hashlib.sha256(repr(asked).encode()).hexdigest()[:16]}"
