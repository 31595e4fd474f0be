"""The SELECTs that read one feed: what it is fed by, its columns as texts, and from which value on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpers.data import contracts, engine
from helpers.data.intake import files
from helpers.data.intake.servers.forms import Column, Kind, Session, literal
from helpers.data.intake.wording.mentions import mentioned
from helpers.data.intake.wording.tables import Feed
from helpers.language import _


@dataclass(frozen=True)
class Select:
    """What a feed is fed by, as its server is asked for it.

    Only columns that the settings mention are read, so that no name or phone comes along; the others are empty. In a
    table without a key the first of these has a digest of them all, by which equal rows are told from others.
    """

    asked: str  # a SELECT
    columns: tuple[Column, ...]
    names: tuple[str, ...]  # folded, each once
    key: tuple[str, ...]  # the names by which a changed row replaces the one before
    since: Column | None

    def rows(self, session: Session, feed: Feed, last: str | None, salt: str) -> str:
        """The SELECT of the texts of all rows, or of those from the `last` value of `since` on."""
        read = mentioned(feed, self.names) | set(self.key)
        left = [column for column, name in zip(self.columns, self.names, strict=True) if name not in read]
        apart = left[0] if left and not self.key else None
        listed = []
        for column, name in zip(self.columns, self.names, strict=True):
            unread = session.summed_up(left, salt) if column is apart else "NULL"
            listed.append(f"{column.text if name in read else unread} AS {session.named(name)}")
        return f"SELECT {', '.join(listed)} FROM ({self.asked}) AS asked{self._where(session, last)}"

    def _where(self, session: Session, last: str | None) -> str:
        if self.since is None or last is None:
            return ""
        reached = f"{session.named(self.since.name)} >= {literal(last, self.since.kind)}"
        return f" WHERE {reached} OR ({self.since.text}) IS NULL"

    def extent(self, session: Session) -> str:
        """The SELECT of how many rows there are, and of the last value of `since` that is not ahead of its time."""
        if self.since is None:
            return f"SELECT COUNT(*), NULL FROM ({self.asked}) AS asked"
        name = session.named(self.since.name)
        known = f"CASE WHEN {name} <= {session.now()} THEN {name} END" if self.since.kind is Kind.MOMENT else name
        text = "CHAR" if session.dialect == "mysql" else "text"
        return f"SELECT COUNT(*), CAST(MAX({known}) AS {text}) FROM ({self.asked}) AS asked"


def select(session: Session, feed: Feed, where: str) -> Select:
    """How a server is asked for a feed; ValueError for a query that is none, or a `since` that does not serve."""
    asked = _asked(session, feed, where)
    columns = session.columns(asked)
    names = files.distinct([column.name for column in columns])
    since = _since(session, asked, feed, dict(zip(names, columns, strict=True)), where)
    return Select(asked, tuple(columns), tuple(names), _key(feed, names), since)


def _asked(session: Session, feed: Feed, where: str) -> str:
    if not feed.query:
        return f"SELECT * FROM {'.'.join(map(session.named, feed.sheet.split('.')))}"
    try:
        return engine.proved_query(feed.query, session.dialect)
    except ValueError as error:
        raise ValueError(f"{where} = {feed.query!r}: {error}") from None


def _since(session: Session, asked: str, feed: Feed, known: dict[str, Column], where: str) -> Column | None:
    """The column that says what is new, among those `known` by their folded names."""
    if not feed.since:
        return None
    place = where.rpartition(".")[0]
    missing = [each for each in (feed.since, *feed.key) if files.fold(each) not in known]
    if missing:
        words = _("{where}: no column {column!r} in {name}. It has {columns}.")
        raise ValueError(words.format(where=place, column=missing[0], name=feed.told[0], columns=", ".join(known)))
    since = known[files.fold(feed.since)]
    since = replace(since, kind=session.kind(since, asked))
    if since.kind not in (Kind.EXACT, Kind.MOMENT):
        words = _("{where}.since = {column!r}: it holds texts. Name a column of times, or of numbers that grow.")
        raise ValueError(words.format(where=place, column=feed.since))
    return since


def _key(feed: Feed, names: Sequence[str]) -> tuple[str, ...]:
    """The key as the settings say, else that of the contract, where headers alone answer to it."""
    if feed.key:
        return tuple(map(files.fold, feed.key))
    found = []
    for column in contracts.TABLES[feed.table].key:
        origin = feed.origin(column)
        hit = next((name for name in map(files.fold, origin.headers) if name in names), "")
        if origin.sql or not hit:
            return ()
        found.append(hit)
    return tuple(found)
