"""A raw file of a feed: what its columns show, and what was made of it, kept while file, words and readings stay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import ibis
import pandas as pd
import pyarrow.parquet as pq

from helpers.data import engine, tombstones
from helpers.data.intake import files
from helpers.data.intake.feeds import Source
from helpers.data.intake.readings import Decided, Evidence, evidence
from helpers.data.intake.rows import columns, lookups, rules
from helpers.data.intake.rows.money import Exchange
from helpers.data.shelf import is_whole
from helpers.language import _

PARTS = "parts"
ROWS, REJECTED, SHOWN = "rows.parquet", "rejected.parquet", "shown.json"
TYPES = {"file": "string", engine.ROW: "int64", rules.VALUE: "string", "rule": "string"}  # of what is rejected
OURS = (engine.ROW, lookups.UNMET)  # columns that reading adds to the file's own
CODE = Path(__file__).resolve().parents[1]  # of this floor: other code reads otherwise


@dataclass(frozen=True)
class Part:
    """What was made of one raw file: a folder of the shelf."""

    home: Path

    @property
    def rows(self) -> Path:
        """Parquet: the columns of the feed in their types, file, file_row, the row's hash and the marks of rules."""
        return self.home / ROWS

    @property
    def read(self) -> int:
        """How many rows of the file were read."""
        return int(pq.read_metadata(self.rows).num_rows) + len(self.rejected)

    @cached_property
    def rejected(self) -> pd.DataFrame:
        """Rows that are none of the table: file, file_row, value, rule."""
        return pd.read_parquet(self.home / REJECTED)


class RawFile:
    """One raw file of a source, opened only where something of it is not on the shelf yet.

    `scratch` is an empty folder for what is needed while it is open.
    """

    def __init__(self, source: Source, path: Path, scratch: Path) -> None:
        self.source, self.path, self.scratch = source, path, scratch
        others = files.find(source.folder, tuple(join.file for join in source.feed.join))
        stamps = [(str(other), stamp(other)) for other in (path, *others)]
        words = source.settings
        feed = replace(source.feed, file=("*",), accept_loss=())
        self._key = (source.told(path), stamps, feed, words.time_zone, words.policy, source.erased)

    @property
    def found(self) -> list[str]:
        """Names of the columns that the file has."""
        return self._known["found"]

    @property
    def headers(self) -> list[str]:
        """The file's own headers."""
        return self._known["headers"]

    @property
    def looked_up(self) -> list[str]:
        """The headers of the files that it is joined to."""
        return self._known["looked_up"]

    @property
    def told(self) -> list[str]:
        """What was found out about the file, and mended in it, a few words each."""
        return self._known["told"]

    @cached_property
    def shown(self) -> dict[str, Evidence]:
        """What the texts of each column to be read show."""
        return {name: evidence.of_json(told) for name, told in self._known["shown"].items()}

    @cached_property
    def _known(self) -> dict[str, Any]:
        """What is found and shown, from the shelf where it is there."""
        home = self.known_in
        if not is_whole(home):
            with self.source.shelf.building(home) as draft:
                text, shown = self._text, self._looked_at()
                lookups.keep(self.scratch, draft, self.source.feed.join, self.source.erased)
                known = {
                    "found": columns.found(self.source, text),
                    "shown": {name: each.as_json() for name, each in shown.items()},
                    "headers": text.headers,
                    "looked_up": [name for name in text.rows.columns if name not in (*text.headers, *OURS)],
                    "told": files.told(text),
                }
                (draft / SHOWN).write_text(json.dumps(known), encoding="utf-8")
        return json.loads((home / SHOWN).read_text(encoding="utf-8"))

    def part(self, chosen: Mapping[str, Decided], exchange: Exchange) -> Part:
        """What is made of the file with these readings. Raises ValueError for a file that cannot be read."""
        home = self._home(ROWS, dict(sorted(chosen.items())), exchange)
        if not is_whole(home):
            with self.source.shelf.building(home) as draft:
                self._make(chosen, exchange, draft)
        return Part(home)

    @property
    def known_in(self) -> Path:
        """The folder of the shelf that holds what is known of the file, and of its joins."""
        return self._home(SHOWN)

    def folders(self, part: Part) -> list[str]:
        """The names of the folders in which the shelf keeps what is known of the file."""
        return [self.known_in.name, part.home.name]

    def close(self) -> None:
        """Forgets the rows, which are read again where they are asked for."""
        text = self.__dict__.pop("_text", None)
        if text is not None and not text.stored:
            engine.released(self.source.connection, text.rows)

    def _home(self, kind: str, *words: object) -> Path:
        name = f"{self.source.feed.table}-{kind.split('.')[0]}-{digest(self._key, *words)}"
        return self.source.shelf.path / PARTS / name

    @cached_property
    def _text(self) -> files.TextTable:
        """The file's rows as texts, where they are quickly read again, with those of the files it is joined to."""
        source = self.source
        read = files.read(source.connection, self.path, source.layout, self.scratch)
        try:
            text = columns.joined(source, read, self.scratch)
            return text if text.stored else replace(text, rows=engine.held(source.connection, text.rows))
        except engine.ERRORS as error:
            raise self._unread(error) from None

    def _looked_at(self) -> dict[str, Evidence]:
        """What the columns show; ValueError for a file that turns out to be damaged where it is looked at."""
        try:
            return columns.shown(self.source, self._text)
        except engine.ERRORS as error:
            raise self._unread(error) from None

    def _unread(self, error: Exception) -> Exception:
        """What the engine said of the file, as an error for its user; the error itself where it is not at fault."""
        if engine.found_no_room(error):
            return error
        words = _("{table}: {file} cannot be read ({told}).")
        table, file = self.source.feed.table, self.source.told(self.path)
        return ValueError(words.format(table=table, file=file, told=str(error).splitlines()[0]))

    def _make(self, chosen: Mapping[str, Decided], exchange: Exchange, draft: Path) -> None:
        """Writes the part into `draft`."""
        source, text, name = self.source, self._text, self.source.told(self.path)
        typed = columns.typed(source, text, chosen, exchange).mutate(file=ibis.literal(name))
        ids = {each: (each, rules.raw(each)) for each in tombstones.KINDS if each in typed.columns}
        typed = source.erased.without(typed, ids)
        try:
            rules.marked(typed, rules.of(source.table, source.feed, source.settings)).to_parquet(draft / ROWS)
        except engine.ERRORS as error:
            raise self._unread(error) from None
        lines = [(name, *aside) for aside in files.set_aside(source.connection, text)]
        pd.DataFrame(lines, columns=list(TYPES)).astype(TYPES).to_parquet(draft / REJECTED)


def stamp(path: Path) -> tuple[int, ...]:
    """Numbers that change with the content of a file: whoever sets its time back changes the one of the change."""
    found = files.on_disk(path).stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def digest(*words: object) -> str:
    """Sixteen hexadecimal digits that stand for `words` and for this floor's code."""
    return hashlib.sha256(repr((words, _code())).encode()).hexdigest()[:16]


@cache
def _code() -> list[tuple[str, int, int]]:
    """Name, size and time of each module of this floor, as they stood when they were first asked for."""
    return [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(CODE.rglob("*.py"))]
