"""Rows of a database, copied to the shelf: all of them at first, later those that are new or changed.

A copy holds the columns that the settings mention and nobody who was erased, so it keeps no more of people than the
tables that are made of it. All copies of a data set are of one moment, and take their places when all have come.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pyarrow.parquet as pq

from helpers.data import engine, privacy
from helpers.data.intake import files
from helpers.data.intake.feeds import ROWS, Source
from helpers.data.intake.rows import columns
from helpers.data.intake.servers import selects, sessions
from helpers.data.intake.servers.forms import Kind, Refused, Session
from helpers.data.intake.servers.selects import Select
from helpers.data.shelf import DRAFT, SEAL, content, is_whole

STATE = "state.json"
NUMBER = re.compile(r"-?\d+(\.\d+)?")
WHOLE_DIGITS, DIGITS = 18, 38  # of a 64-bit number, and of a decimal one
Tell = Callable[[str, int], None]  # hears for which contract table rows are read, and how many have come


@dataclass(frozen=True)
class Copied:
    """What was read of one feed: its rows, those in all, and whether anything is other than before."""

    name: str  # of the contract table
    read: int
    rows: int
    changed: bool


@dataclass(frozen=True)
class _State:
    """Up to which value of `since` a copy reaches, and how many rows of people erased were left out of it."""

    last: str | None
    withheld: int


def copied(sources: Sequence[Source], tell: Tell = lambda name, rows: None) -> list[Copied]:
    """Reads what is new of all `sources`, each a feed of the data set's database, and keeps it.

    Raises ValueError, and keeps what was there, where a server or a setting is in the way.
    """
    if not sources:
        return []
    shelf, address = sources[0].shelf, sources[0].settings.source.address
    with (
        shelf.locked(),
        tempfile.TemporaryDirectory(prefix=DRAFT, dir=shelf.path) as scratch,
        sessions.session(address, sources[0].folder) as session,
    ):
        homes = [Path(tempfile.mkdtemp(dir=scratch)) for _ in sources]
        found = [_Reading(source, session, home, tell).copied() for source, home in zip(sources, homes, strict=True)]
        for source, home, each in zip(sources, homes, found, strict=True):
            if each.changed:
                with shelf.building(source.copy) as draft:
                    for name in (ROWS, STATE):
                        shutil.move(home / name, draft / name)
        return found


@dataclass(frozen=True)
class _Reading:
    """One feed while it is read; its rows come to be in `home`."""

    source: Source
    session: Session
    home: Path
    tell: Tell

    @property
    def where(self) -> str:
        """Where the settings say what is read."""
        feed = self.source.feed
        return f"tables.{feed.table}.{'query' if feed.query else 'table'}"

    def copied(self) -> Copied:
        """What was read, and whether it differs from what was kept before."""
        feed = self.source.feed
        try:
            return self._copied()
        except Refused as reason:
            tables = self._tables() if reason.why.name == "NO_TABLE" else []
            raise sessions.told_of(
                reason, self.source.settings.source.address, self.where, feed.told[0], tables
            ) from None

    def _tables(self) -> list[str]:
        try:
            return self.session.tables()
        except Refused:
            return []

    def _copied(self) -> Copied:
        feed, session = self.source.feed, self.session
        select = selects.select(session, feed, self.where)
        number, last = session.one(select.extent(session))
        if select.since and select.since.kind is Kind.EXACT and not NUMBER.fullmatch(last or ""):
            last = None
        before = self._before(select)
        grown = before and self._grown(select, before, int(number or 0), last)
        return grown or self._whole(select, last)

    def _before(self, select: Select) -> _State | None:
        """Up to where the copy reaches that is there, if it has the columns of now and can be added to."""
        home = self.source.copy
        if select.since is None or not is_whole(home) or pq.read_schema(home / ROWS).names != list(select.names):
            return None
        state = _State(**json.loads((home / STATE).read_text(encoding="utf-8")))
        return state if state.last is not None else None

    def _fetched(self, select: Select, last: str | None) -> tuple[ir.Table, int, int]:
        """Rows of texts from the `last` value on, how many were read, and how many of these are of people erased."""
        source = self.source
        path = Path(tempfile.mkdtemp(dir=self.home)) / ROWS
        salt = privacy.digest(source.folder.name, privacy.own_key(source.shelf.path.parent / privacy.KEY_FILE.name))
        sql = select.rows(self.session, source.feed, last, salt)
        read = self.session.fetch(sql, select.names, path, lambda rows: self.tell(source.feed.table, rows))
        rows = source.connection.read_parquet(path)
        if not source.erased.digests:
            return rows, read, 0
        living = columns.living(source, files.TextTable(rows, select.names))
        return living, read, read - int(living.count().execute())

    def _grown(self, select: Select, before: _State, number: int, last: str | None) -> Copied | None:
        """The copy with what came after it; None where its rows are then not as many as the database's.

        So it is where some were deleted there, or came late.
        """
        assert select.since is not None and before.last is not None
        home, connection = self.source.copy, self.source.connection
        came, read, withheld = self._fetched(select, before.last)
        since = dict(zip((each.name for each in select.columns), select.names, strict=True))[select.since.name]
        numbered = engine.parquet(connection, home / ROWS)
        old = numbered.mutate(**{name: numbered[name].cast("string") for name in select.names})
        left = old.filter(old[since].notnull() & ~_reaches(old[since], before.last, select.since.kind))
        left = left.anti_join(came, list(select.key)) if select.key else left
        rows = left.order_by(engine.ROW).select(*select.names).union(came)
        kept = int(rows.count().execute())
        if kept + before.withheld + withheld != number:
            return None
        known = numbered.select(*select.names)
        fresh = came.mutate(**{name: came[name].try_cast(known[name].type()) for name in select.names})
        added = fresh.difference(known, distinct=False).count().execute()
        same = not added and kept == int(known.count().execute())
        if not same:
            self._write(select, rows, _State(last, before.withheld + withheld))
        return self._copied_as(read, kept, not same)

    def _whole(self, select: Select, last: str | None) -> Copied:
        """All rows anew."""
        rows, read, withheld = self._fetched(select, None)
        self._write(select, rows, _State(last, withheld))
        sealed = self.source.copy / SEAL
        now = {name: content(self.home / name) for name in (ROWS, STATE)}
        kept = json.loads(sealed.read_text(encoding="utf-8")) if is_whole(self.source.copy) else {}
        return self._copied_as(read, read - withheld, any(kept.get(name) != now[name] for name in now))

    def _write(self, select: Select, rows: ir.Table, state: _State) -> None:
        _typed(select, rows).to_parquet(self.home / ROWS)
        (self.home / STATE).write_text(json.dumps(asdict(state)), encoding="utf-8")

    def _copied_as(self, read: int, rows: int, changed: bool) -> Copied:
        return Copied(self.source.feed.table, read, rows, changed)


def _reaches(texts: ir.StringValue, last: str, kind: Kind) -> ir.BooleanValue:
    """Whether a value is the `last` one or comes after it."""
    if kind is Kind.MOMENT:
        moment = ibis.literal(last).cast("string").try_cast("timestamp")
        return (texts.try_cast("timestamp") >= moment).fill_null(False)
    number = texts.try_cast(f"decimal({DIGITS}, 9)")
    return (number >= ibis.literal(Decimal(last), f"decimal({DIGITS}, 9)")).fill_null(False)


def _typed(select: Select, rows: ir.Table) -> ir.Table:
    """The rows with numbers as such, each column in the least type that holds all of it exactly."""
    kinds = {name: column.kind for name, column in zip(select.names, select.columns, strict=True)}
    exact = [name for name, kind in kinds.items() if kind is Kind.EXACT]
    typed = {name: rows[name].try_cast("float64") for name, kind in kinds.items() if kind is Kind.FLOAT}
    widths: dict[str, ir.Value] = {}
    for name in exact:
        digits = rows[name].re_replace("[^0-9.]", "")
        widths[f"whole_{name}"] = digits.split(".")[0].length().max()
        widths[f"part_{name}"] = digits.split(".")[1].length().max()
    known = rows.agg(**widths).execute().iloc[0] if widths else {}
    for name in exact:
        whole, part = (0 if known[each] != known[each] else int(known[each] or 0)
                       for each in (f"whole_{name}", f"part_{name}"))  # fmt: skip
        if whole:
            typed[name] = rows[name].try_cast(_exact(whole, part))
    return rows.mutate(**typed)


def _exact(whole: int, part: int) -> str:
    """The type for numbers of so many digits before the point and behind it."""
    if not part and whole <= WHOLE_DIGITS:
        return "int64"
    return f"decimal({whole + part}, {part})" if whole + part <= DIGITS else "float64"
