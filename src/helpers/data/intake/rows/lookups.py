"""Columns looked up in another file, with what is known of how the keys of both files meet."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import engine, headers
from helpers.data.intake import files
from helpers.data.intake.feeds import Source
from helpers.data.intake.wording.tables import Feed, Join
from helpers.data.tombstones import Tombstones
from helpers.language import _

UNMET = "mask_unmet"  # of each row: bit n where its key is not in the lookup at place n, so that it got nothing there
OF_THINGS = {"name", "title", "description", "subject", "名称", "描述"}  # words that products have too
KEY, DIFFERS, TEXT = "mask_key", "mask_differs", "mask_text"
FIRST, ASKED, THERE, TORN = "first.parquet", "asked.parquet", "there.parquet", "torn.txt"


@dataclass(frozen=True)
class Lookup:
    """One join of a `feed`: the files whose rows ask, the keys they ask for, and those of the file looked into."""

    feed: Feed
    place: int  # among the joins of the feed
    files: tuple[str, ...]
    homes: tuple[Path, ...]  # a folder for each of these files

    @property
    def join(self) -> Join:
        """What the settings say of it."""
        return self.feed.join[self.place]

    @property
    def personal(self) -> bool:
        """Whether its keys may be of people."""
        on = [files.fold(name) for name in self.join.on]
        customer = [files.fold(name) for name in self.feed.origin("customer_id").headers]
        words = {word for name in on for word in name.split("_")}
        return bool(set(on) & set(customer) or words & (set(headers.PERSONAL.split()) - OF_THINGS))

    @property
    def asked(self) -> list[Path]:
        """Parquet: the different keys of each file."""
        return [home / f"{self.place}-{ASKED}" for home in self.homes]

    @property
    def there(self) -> Path:
        """Parquet: the keys that can be found, and whether the rows of one differ, of which the first is taken."""
        return self.homes[0] / f"{self.place}-{THERE}"

    @property
    def torn(self) -> int:
        """Lines of the file looked into that do not split into the columns of its header."""
        return int((self.homes[0] / f"{self.place}-{TORN}").read_text(encoding="utf-8"))


def looked_up(source: Source, rows: ir.Table, place: int, scratch: Path) -> ir.Table:
    """The rows with the columns of the file that the join at `place` names, one row for each of its own."""
    join = source.feed.join[place]
    scratch.mkdir()
    other = _read(source, join, scratch)
    on = [files.fold(name) for name in join.on]
    for file, names in ((source.feed.told[0], rows.columns), (join.file, other.headers)):
        _check_on(source.feed.table, on, file, names)
    added = [name for name in other.headers if name not in rows.columns]
    found = _keyed(other.rows, on)
    parts = [found[name].cast("string").fill_null("") for name in added]
    found = found.mutate(**{TEXT: ibis.literal("\x1f").join([*parts, ibis.literal("")])})
    firsts = {name: found[name].first(order_by=found[engine.ROW]) for name in added}
    differs = found[TEXT].max() != found[TEXT].min()
    found.group_by(KEY).agg(**firsts, **{DIFFERS: differs}).to_parquet(scratch / FIRST)
    torn = len(files.set_aside(source.connection, other))
    (scratch / TORN).write_text(str(torn), encoding="utf-8")
    first = source.connection.read_parquet(scratch / FIRST)
    first.select(KEY, DIFFERS).to_parquet(scratch / THERE)
    asking = rows.mutate(**{KEY: _key(rows, on)})
    asking.select(KEY).drop_null().distinct().to_parquet(scratch / ASKED)
    both = asking.left_join(first, KEY)
    missed = (both[KEY].notnull() & both[DIFFERS].isnull()).ifelse(1 << place, 0)
    before = both[UNMET] if UNMET in rows.columns else ibis.literal(0, "int64")
    return both.mutate(**{UNMET: before + missed}).select(*dict.fromkeys([*rows.columns, *added, UNMET]))


def _check_on(table: str, on: Sequence[str], file: str, names: Sequence[str]) -> None:
    """ValueError where a file lacks a column by which it is to be looked into."""
    for name in on:
        if name not in names:
            words = _("tables.{table}.join.on = {name!r}: {file} has no such column. It has {columns}.")
            known = ", ".join(each for each in names if each not in (engine.ROW, UNMET))
            raise ValueError(words.format(table=table, name=name, file=file, columns=known))


def keep(scratch: Path, home: Path, joins: Sequence[Join], erased: Tombstones) -> None:
    """Copies what is known of each join from where it was made into `home`, but for the keys of those `erased`."""
    for place in range(len(joins)):
        for name in (ASKED, THERE, TORN):
            shutil.copy(scratch / str(place) / name, home / f"{place}-{name}")
            if erased.digests and name != TORN:
                kept = erased.unnamed(pd.read_parquet(home / f"{place}-{name}"), KEY)
                kept.to_parquet(home / f"{place}-{name}", index=False)


def _read(source: Source, join: Join, scratch: Path) -> files.TextTable:
    path = next(iter(files.find(source.folder, (join.file,))), None)
    if path is None:
        raise ValueError(
            _("tables.{table}.join = {file!r}: no such file in {folder!r}.").format(
                table=source.feed.table, file=join.file, folder=source.folder.name
            )
        )
    layout = files.Layout(source.feed.encoding, source.feed.delimiter, join.sheet)
    return files.read(source.connection, path, layout, scratch)


def _key(rows: ir.Table, on: Sequence[str]) -> ir.StringValue:
    """The key of each row as one text; none where a part of it is blank."""
    texts = [rows[name].cast("string") for name in on]
    parts = [ibis.cases((text.strip() != "", text)) for text in texts]
    return reduce(lambda left, right: left + ibis.literal(" + ") + right, parts)


def _keyed(rows: ir.Table, on: Sequence[str]) -> ir.Table:
    """The rows that have a key, with it."""
    return rows.mutate(**{KEY: _key(rows, on)}).filter(lambda each: each[KEY].notnull())
