"""How the files and columns of each table were read, where there is something to tell."""

from __future__ import annotations

from dataclasses import dataclass

from helpers.data.datasets import Dataset


@dataclass(frozen=True)
class Reading:
    """How a column is read, in the words of the reading (`decimal comma, €`), and how many values could not be.

    `before` is the reading of the preparation before, where new files have changed it; `stand_ins` are numbers that may
    stand for none.
    """

    column: str
    told: str
    values: int
    unreadable: int
    before: str | None = None
    stand_ins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """What was found out about files, and mended in them: the same in all of these."""

    files: tuple[str, ...]
    told: tuple[str, ...]


def readings(data: Dataset) -> dict[str, list[Reading]]:
    """By table, the columns that are not simply read as they stand, or not all of whose values could be read."""
    found: dict[str, list[Reading]] = {}
    for line in data.readings.itertuples():
        before = getattr(line, "before", None)
        if line.told or line.unreadable or before is not None or len(line.stand_ins):
            found.setdefault(line.table, []).append(
                Reading(line.column, line.told, line.values, line.unreadable, before, tuple(line.stand_ins))
            )
    return found


def files_found(data: Dataset) -> dict[str, list[Found]]:
    """By table, the files of which something is told."""
    alike: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for line in data.files.itertuples():
        if len(line.told):
            alike.setdefault((line.table, tuple(line.told)), {})[line.file] = None
    found: dict[str, list[Found]] = {}
    for (table, told), names in alike.items():
        found.setdefault(table, []).append(Found(tuple(names), told))
    return found
