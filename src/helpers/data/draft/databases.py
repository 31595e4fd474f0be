"""A first dataset.toml for a database that nobody has described yet: its tables are looked into as files would be."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from helpers.data import engine
from helpers.data.draft import folders
from helpers.data.draft.contents.holdings import Holding
from helpers.data.draft.feeds.guesses import Guess, Join, Sql
from helpers.data.draft.folders import Draft
from helpers.data.intake import files
from helpers.data.intake.servers import sessions
from helpers.data.intake.servers.forms import Refused, Session, Why
from helpers.data.intake.wording.addresses import address
from helpers.language import _

LOOKED_INTO = 200_000  # rows of a table


@dataclass(frozen=True)
class Database:
    """What a draft of a database writes beside that of a folder: its url, and how tables and headers are called."""

    url: str
    headers: dict[str, dict[str, str]]  # table → folded header → the column's own name
    quote: str  # around names

    def place(self, guess: Guess) -> list[str]:
        """The settings that name what feeds a guess: a table, or a query over several, and since when it changes."""
        first, *others = guess.holding.files
        if others:
            sql = " UNION ALL ".join(f"SELECT * FROM {self._table(name)}" for name in guess.holding.files)
        elif guess.joins:
            sql = self._joined(guess)
        else:
            changed = guess.columns.get("updated_at")
            return [f"table = {_text(first)}", *([f"since = {_text(changed)}"] if isinstance(changed, str) else [])]
        return [f"query = {_text(sql)}"]

    def _joined(self, guess: Guess) -> str:
        """The rows of a table with the columns that they lack, one row for each."""
        places = {name: f"t.{self._column(guess.holding, name)}" for name in guess.holding.names}
        needed = (_asked(guess) | {join.on for join in guess.joins}) - places.keys()
        joins = []
        for number, join in enumerate(guess.joins):
            columns = [name for name in join.holding.names if name in needed - places.keys()]
            on = f"j{number}.{self._column(join.holding, join.on)} = {places[join.on]}"
            joins.append(f"LEFT JOIN {self._looked_into(join, columns)} AS j{number} ON {on}")
            places |= {name: f"j{number}.{self._column(join.holding, name)}" for name in columns}
        added = [place for name, place in places.items() if name in needed]
        table = self._table(guess.holding.files[0])
        return f"SELECT {', '.join(['t.*', *added])} FROM {table} AS t {' '.join(joins)}"

    def _looked_into(self, join: Join, columns: Iterable[str]) -> str:
        """The table that is looked into, in which each key stands once."""
        table, key = self._table(join.holding.files[0]), self._column(join.holding, join.on)
        if join.holding.column(join.on).distinct >= join.holding.rows:
            return table
        named = [self._column(join.holding, name) for name in columns]
        return f"(SELECT {', '.join([key, *(f'MAX({name}) AS {name}' for name in named)])} FROM {table} GROUP BY {key})"

    def _column(self, holding: Holding, folded: str) -> str:
        return self._named(self.headers[holding.files[0]][folded])

    def _table(self, name: str) -> str:
        return ".".join(map(self._named, name.split(".")))

    def _named(self, name: str) -> str:
        plain = name.isascii() and name.isidentifier() and name == name.lower()
        return name if plain else f"{self.quote}{name}{self.quote}"


def folder_name(url: str) -> str:
    """What the folder of a data set is called that is fed by the database at `url`."""
    return re.sub(r"\W+", "_", address(url).database)


def of_database(url: str) -> tuple[Draft, Database]:
    """What is guessed of the tables of the database at `url`.

    Raises ValueError for one that cannot be read, and for one in which nothing names a customer.
    """
    where = address(url)
    if where.is_file:
        words = _("folder = {url!r}: a database file is read as files are. Name the folder that holds it.")
        raise ValueError(words.format(url=url))
    with tempfile.TemporaryDirectory() as scratch, sessions.session(where, Path(scratch)) as session:
        folder = Path(scratch) / folder_name(url)
        folder.mkdir()
        try:
            tables, unread = _copied(session, folder)
        except Refused as reason:
            raise sessions.told(reason, where) from None
        draft = folders.drafted(folder)
        headers = {name: dict(zip(files.distinct(list(own)), own, strict=True)) for name, own in tables.items()}
    long = [each for each in draft.holdings if each.rows >= LOOKED_INTO]
    words = _("{table}: its first {rows:,} rows were looked into")
    told = tuple(words.format(table=each.told, rows=LOOKED_INTO) for each in long)
    whole = replace(draft, unread=draft.unread | unread, told=(*draft.told, *told))
    return whole, Database(url, headers, session.named("")[0])


def _copied(session: Session, folder: Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """The columns of each table whose rows now stand in `folder`, and why others could not be read."""
    tables: dict[str, list[str]] = {}
    unread: dict[str, str] = {}
    for name in session.tables():
        if "/" in name or name.startswith((".", "~")):
            continue
        asked = f"SELECT * FROM {'.'.join(map(session.named, name.split('.')))}"
        try:
            columns = session.columns(asked)
            texts = ", ".join(column.text for column in columns)
            sql = f"SELECT {texts} FROM ({asked} LIMIT {LOOKED_INTO}) AS asked"
            own = [column.name for column in columns]
            session.fetch(sql, own, folder / name, lambda rows: None)
            tables[name] = own
        except Refused as reason:
            if reason.why in (Why.GONE, Why.TIMED_OUT):
                raise
            unread[name] = reason.said
            (folder / name).unlink(missing_ok=True)
            session.tables()  # begins anew
    return tables, unread


def _asked(guess: Guess) -> set[str]:
    """The folded headers that a guess asks for."""
    asked = {origin for origin in guess.columns.values() if isinstance(origin, str)}
    for origin in guess.columns.values():
        if isinstance(origin, Sql):
            asked.update(engine.column_names(engine.proved(origin.text)))
    return asked | {origin.strip('"') for extras in guess.extras.values() for origin in extras.values()}


def _text(text: str) -> str:
    return "'" + text + "'" if '"' in text else f'"{text}"'
