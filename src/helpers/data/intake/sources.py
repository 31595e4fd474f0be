"""Raw files into the columns of contract tables: mapped, each column read as one thing, each row with its marks."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import ibis.expr.types as ir
import pandas as pd

from helpers.data import engine, headers
from helpers.data.intake import readings
from helpers.data.intake.feeds import Source
from helpers.data.intake.parts import Part, RawFile
from helpers.data.intake.readings import Decided, Evidence, evidence
from helpers.data.intake.readings.amounts import stand_ins
from helpers.data.intake.rows import columns, money, rules
from helpers.data.intake.rows.lookups import Lookup
from helpers.data.intake.rows.money import Exchange
from helpers.data.intake.rows.rules import Numbered
from helpers.data.intake.wording import mentions
from helpers.language import _


@dataclass(frozen=True)
class Read:
    """What was read of one source, before its rows are settled beside those of the others."""

    source: Source
    parts: tuple[Part, ...]
    folders: tuple[str, ...]  # of the shelf, in which all of this is kept
    found: tuple[str, ...]  # names of the columns that any file has, without those used up in reading
    readings: pd.DataFrame  # table, column, told, values, unreadable, stand_ins
    files: pd.DataFrame  # table, feed (its place), file, headers, looked_up, told, rows
    numbered: Numbered  # the rules whose marks the rows have
    codes: frozenset[str]  # the currencies in which its money is left
    lookups: tuple[Lookup, ...] = ()  # the joins of its feeds

    @property
    def rows(self) -> ir.Table:
        """The rows of all files as they are read."""
        return self.marked.select(*self.found)

    @cached_property
    def marked(self) -> ir.Table:
        """The rows of all files, with their marks."""
        return engine.prepared(self.source.connection, [part.rows for part in self.parts])


def read(source: Source) -> Read | None:
    """The parts of the source's files, each column read as one thing; None where a preset's files are absent.

    Raises ValueError for files that dataset.toml names and the folder lacks, for files the engine cannot read, for
    required columns to which no header answers, and for columns and currencies that can be read in two ways.
    """
    with tempfile.TemporaryDirectory(dir=source.out) as scratch:
        feeds = [
            _FeedRead(place, each, [RawFile(each, path, Path(tempfile.mkdtemp(dir=scratch))) for path in each.paths()])
            for place, each in enumerate(source.each)
        ]
        feeds = [feed for feed in feeds if feed.files]
        if not feeds:
            return None
        _check_once(source, [feed.source.told(file.path) for feed in feeds for file in feed.files])
        _check_signs(source, [feed for feed in feeds if money.CURRENCY not in feed.source.feed.columns])
        codes = {code for feed in feeds for code in feed.money.codes}
        parts = {file: file.part(feed.chosen, feed.exchange(codes)) for feed in feeds for file in feed.files}
        folders = tuple(name for file, part in parts.items() for name in file.folders(part))
        for file in parts:
            file.close()
    known = {name for file in parts for name in file.found}
    found = tuple(name for name, column in source.columns().items() if name in known and not column.consumed)
    told = pd.concat([feed.told(codes) for feed in feeds], ignore_index=True)
    numbered = rules.of(source.table, source.feed, source.settings)
    left = frozenset(code for feed in feeds if not feed.exchange(codes).money for code in feed.money.codes)
    met = tuple(lookup for feed in feeds for lookup in feed.lookups)
    files = _files(source, feeds, parts)
    return Read(source, tuple(parts.values()), folders, found, told, files, numbered, left, met)


@dataclass(frozen=True)
class _FeedRead:
    """The files of one feed, and how its columns are read: decided from all of them."""

    place: int  # among the feeds of its table
    source: Source
    files: list[RawFile]

    @cached_property
    def shown(self) -> dict[str, Evidence]:
        """What the texts of each column show, in all files."""
        names = dict.fromkeys(name for file in self.files for name in file.shown)
        return {
            name: evidence.together(file.shown[name] for file in self.files if name in file.shown) for name in names
        }

    @cached_property
    def chosen(self) -> dict[str, Decided]:
        """How each column is read."""
        try:
            names = [file.path.name for file in self.files]
            return readings.decided(columns.asked(self.source, self.shown, names), self.shown)
        except readings.Undecided as error:
            raise ValueError(f"{self.source.feed.table}.{error}") from None

    @cached_property
    def money(self) -> money.Money:
        """The currencies of the money in the files."""
        return money.money(self.source, {name for file in self.files for name in file.found}, self.shown, self.chosen)

    @property
    def lookups(self) -> list[Lookup]:
        """The joins of the feed's files."""
        names, homes = zip(*((self.source.told(file.path), file.known_in) for file in self.files), strict=True)
        return [Lookup(self.source.feed, place, names, homes) for place in range(len(self.source.feed.join))]

    def exchange(self, codes: Collection[str]) -> Exchange:
        """How the money becomes one currency, beside all `codes` of the table."""
        return money.exchange(self.source, self.money, codes)

    def told(self, codes: Collection[str]) -> pd.DataFrame:
        """A line for each column that was read: how, its values, how many cannot be one, which may stand for none."""
        exchange, lines = self.exchange(codes), []
        columns = [name for name in self.source.columns() if name in self.chosen]
        calls = [name for name in self.chosen if name not in columns]  # of readings in expressions
        for name in (*columns, *calls):
            decided = self.chosen[name]
            shown = self.shown[name].cleaned(decided.type, decided.nulls)
            shapes = shown.shapes
            told = [decided.told(), exchange.told() if name in exchange.money else ""]
            doubted = stand_ins.stand_ins(decided.reading, shapes, shown.peaks)
            unreadable = sum(shape.rows for shape in shapes if not decided.reading.fits(shape))
            values = sum(shape.rows for shape in shapes)
            lines.append((self.source.feed.table, name, ", ".join(filter(None, told)), values, unreadable, doubted))
        return pd.DataFrame(lines, columns=["table", "column", "told", "values", "unreadable", "stand_ins"])


def _files(source: Source, feeds: list[_FeedRead], parts: Mapping[RawFile, Part]) -> pd.DataFrame:
    """A line for each file: its headers, what is told of it, and its rows."""
    lines = [
        (
            source.feed.table,
            feed.place,
            feed.source.told(file.path),
            file.headers,
            file.looked_up,
            file.told,
            parts[file].read,
        )
        for feed in feeds
        for file in feed.files
    ]
    return pd.DataFrame(lines, columns=["table", "feed", "file", "headers", "looked_up", "told", "rows"])


def _check_once(source: Source, names: list[str]) -> None:
    """ValueError where two feeds of one table read the same."""
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise ValueError(
            _("tables.{table}: two of its feeds read {twice!r}. Name each file, or sheet, once.").format(
                table=source.feed.table, twice=twice
            )
        )


def _check_signs(source: Source, feeds: list[_FeedRead]) -> None:
    """ValueError where one header of the settings is Amount (€) in a file, and Amount ($) in another."""
    asked = {header for feed in feeds for header in mentions.of_origins(feed.source.feed)}
    found = {header for feed in feeds for file in feed.files for header in file.headers} - asked
    signed = sorted(header for header in found if headers.unsigned(header) != header)
    for header in sorted(asked):
        alike = [each for each in signed if headers.unsigned(each) == header]
        if len(alike) > 1:
            raise ValueError(
                _(
                    "{table}: {header} is {headers}, of several currencies, which do not add up. Give the files of "
                    "each a feed of their own, [[tables.{table}]], and map its header and its currency."
                ).format(table=source.feed.table, header=header, headers=", ".join(alike))
            )
