"""What a data set is made from: its settings, its raw files, and copies of what is read of its database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from helpers.data import engine
from helpers.data.intake import files, parts
from helpers.data.intake.feeds import ROWS, Source, copy_of
from helpers.data.intake.servers import copies
from helpers.data.intake.servers.database_files import path_of
from helpers.data.intake.wording.schema import Engine, Settings
from helpers.data.shelf import Shelf
from helpers.data.tombstones import Tombstones
from helpers.language import _


def shelf_of(folder: Path, preset: str, prepared: Path) -> Shelf:
    """The shelf that holds what is made of the data set in `folder`."""
    return Shelf(prepared.resolve() / f"{folder.name}-{parts.digest(str(folder), preset)}")


def paths(folder: Path, words: Settings, shelf: Shelf, erased: Tombstones, allow_outside: bool) -> tuple[Path, ...]:
    """The settings, the raw files and the copies; ValueError for one that is no file, or lies outside without leave."""
    own = (folder / "dataset.toml",) if (folder / "dataset.toml").exists() else ()
    feeds = [each for feed in words.feeds.values() for each in feed.each]
    patterns = [(*feed.file, *(join.file for join in feed.join)) for feed in feeds]
    found = [files.on_disk(path) for names in patterns for path in files.find(folder, names)]
    for path in found:
        if not path.is_file():
            raise ValueError(
                _("{file}: it is no file (a pipe or a device). Copy what it gives into a file.").format(file=path.name)
            )
    _check_within(folder, (*own, *found), allow_outside)
    copied = [copy_of(each, words, shelf, erased) / ROWS for each in feeds if each.of_database]
    return tuple(dict.fromkeys((*own, *found, *copied)))


def _check_within(folder: Path, read: Iterable[Path], allow_outside: bool) -> None:
    """ValueError for a file that lies outside the data set's folder, where nobody gave leave."""
    outside = [path for path in read if not path.resolve().is_relative_to(folder)]
    if outside and not allow_outside:
        raise ValueError(
            _(
                "{file}: it lies, or points, outside the folder {folder!r} of the data set. Copy it "
                "there, or give --allow-outside if you trust its dataset.toml."
            ).format(file=outside[0].name, folder=folder.name)
        )


def key(folder: Path, words: Settings, inputs: Iterable[Path], erased: Tombstones) -> str:
    """Hexadecimal digits that change with the settings, the files, their contents, who is erased and this code."""
    words = replace(words, engine=Engine())  # it reads no file
    stamps = [(str(path), parts.stamp(path) if path.exists() else ()) for path in inputs]
    return parts.digest(words, stamps, erased)


def copied(
    folder: Path,
    words: Settings,
    shelf: Shelf,
    erased: Tombstones,
    tell: copies.Tell = lambda name, rows: None,
    *,
    missing: bool = False,
    allow_outside: bool = False,
) -> list[copies.Copied]:
    """What was read of the database; only what is `missing` on the shelf, where that is asked.

    ValueError for one that is a file outside the folder without leave.
    """
    feeds = [each for feed in words.feeds.values() for each in feed.each if each.of_database]
    if missing:
        feeds = [each for each in feeds if not (copy_of(each, words, shelf, erased) / ROWS).exists()]
    if not feeds:
        return []
    address = words.source.address
    _check_within(folder, [path_of(address, folder)] if address.is_file else [], allow_outside)
    shelf.path.mkdir(parents=True, exist_ok=True)
    connection = engine.connect(home=shelf.path)
    return copies.copied([Source(connection, folder, feed, words, shelf, shelf.path, erased) for feed in feeds], tell)
