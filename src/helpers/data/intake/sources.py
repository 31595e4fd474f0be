"""Raw files into contract tables: mapped, read and checked; what breaks the contract is set aside with a reason.

Every row read is either used or set aside, and the accounting says which: nothing is lost silently.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import engine
from helpers.data.intake import keys, readings
from helpers.data.intake.feeds import Source
from helpers.data.intake.parts import TYPES, Part, RawFile
from helpers.data.intake.readings import Decided, Evidence, evidence
from helpers.data.intake.rows import columns, losses, money, rules
from helpers.data.intake.rows.columns import HASH
from helpers.data.intake.rows.lookups import Lookup
from helpers.data.intake.rows.money import Exchange
from helpers.data.intake.rows.purchases import worth
from helpers.data.intake.rows.rules import Numbered
from helpers.data.intake.rows.strays import Days
from helpers.language import _

ASIDE = "aside"
KEYS = ("table", "key", "found", "keys", "of")
NAN = float("nan")

Line = tuple[str, str, int, int, float]  # of the accounting: outcome, rule, rows, rows_meeting, money


@dataclass(frozen=True)
class Read:
    """What was read of one source, before its rows are settled beside those of the others."""

    source: Source
    parts: tuple[Part, ...]
    folders: tuple[str, ...]  # of the shelf, in which all of this is kept
    found: tuple[str, ...]  # names of the columns that any file has, without those used up in reading
    readings: pd.DataFrame  # table, column, told, values, unreadable
    files: pd.DataFrame  # table, feed (its place), file, headers, looked_up, told, rows
    numbered: Numbered  # the rules whose marks the rows have
    codes: frozenset[str]  # the currencies in which its money is left
    lookups: tuple[Lookup, ...] = ()  # the joins of its feeds

    @property
    def rows(self) -> ir.Table:
        """The rows of all files as they are read."""
        return self.marked.select(*self.found)

    @property
    def marked(self) -> ir.Table:
        """The rows of all files, with their marks."""
        return self.source.connection.read_parquet([part.rows for part in self.parts])


@dataclass(frozen=True)
class Checked:
    """The outcome of one check. The good rows, with the columns found, are `<table>.parquet` in the source's `out`, and
    those that break a rule `<table>.aside.parquet`.
    """

    table: str
    accounting: pd.DataFrame  # table, outcome (read, used, guest, quarantined, merged, kept, emptied), rule, rows, …
    quarantine: pd.DataFrame  # table, file, file_row, rule, value
    keys: pd.DataFrame  # table, key, found (customers, days, lines, differing), keys, of (all)
    owners: ir.Table | None  # of keys that were shared: `keys.owners`


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
            return readings.decided(columns.asked(self.source, self.shown), self.shown)
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
        """A line for each column that was read: how, how many values it has, and how many of them cannot be one."""
        exchange, lines = self.exchange(codes), []
        columns = [name for name in self.source.columns() if name in self.chosen]
        calls = [name for name in self.chosen if name not in columns]  # of readings in expressions
        for name in (*columns, *calls):
            decided = self.chosen[name]
            shapes = self.shown[name].cleaned(decided.type, decided.nulls).shapes
            told = [decided.told(), exchange.told() if name in exchange.money else ""]
            unreadable = sum(shape.rows for shape in shapes if not decided.reading.fits(shape))
            values = sum(shape.rows for shape in shapes)
            lines.append((self.source.feed.table, name, ", ".join(filter(None, told)), values, unreadable))
        return pd.DataFrame(lines, columns=["table", "column", "told", "values", "unreadable"])


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


def settled(read: Read, days: Days) -> Checked:
    """Good rows written, bad rows listed with their first reason, all of them counted.

    `days` knows which times of all tables stand for none, or are far from the rest. Raises ValueError where more rows
    are lost than the settings accept.
    """
    source = read.source
    later = [*days.rules(source, read.found), *rules.once(source.feed)]
    further = rules.numbered(later, after=read.numbered)
    marked = rules.marked(read.marked, further) if further else read.marked
    numbered = {**read.numbered, **further}
    rejected = pd.concat([part.rejected for part in read.parts], ignore_index=True)
    name = source.feed.table
    sound = marked.filter(marked[rules.BROKEN].isnull())
    one = _one_each(read, marked, sound)
    one.rows.to_parquet(source.out / f"{name}.parquet")
    marked.filter(marked[rules.BROKEN].notnull()).select(*read.found).to_parquet(source.out / f"{name}.{ASIDE}.parquet")
    counts = _counts(marked, numbered)
    lines = [*_lines(counts, numbered), *one.lines]
    lines += [("quarantined", rule, len(torn), len(torn), NAN) for rule, torn in rejected.groupby("rule", sort=False)]
    accounting = _accounting(name, int(counts["rows"].sum()) + len(rejected), counts["money"].sum(min_count=1), lines)
    listed = [each.astype(TYPES) for each in (_listed(marked, numbered), rejected, one.listed)]
    quarantine = pd.concat(listed, ignore_index=True)
    quarantine.insert(0, "table", name)
    quarantine = quarantine[["table", "file", engine.ROW, "rule", rules.VALUE]]
    losses.check(source.feed, accounting, quarantine, numbered)
    return Checked(name, accounting, quarantine, one.keys, one.owners)


@dataclass(frozen=True)
class _Settled:
    """Rows of which each counts once, and what that cost."""

    rows: ir.Table
    lines: list[Line]
    listed: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(TYPES)))  # rows that are set aside
    keys: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(KEYS)))
    owners: ir.Table | None = None


def _one_each(read: Read, marked: ir.Table, sound: ir.Table) -> _Settled:
    """The sound rows, one a key; of a table without a key those that the policy on duplicates uses."""
    table, columns = read.source.table, list(read.found)
    if not table.key:
        return _without_equals(read, marked, sound)
    one = keys.unique(read.source, sound, columns)
    lines: list[Line] = [("merged", rule, rows, rows, worth) for rule, rows, worth in one.joined]
    found = [(table.name, " + ".join(table.key), what, n, one.keys) for what, n in one.found.items() if n]
    return _Settled(one.rows, lines, keys=pd.DataFrame(found, columns=list(KEYS)), owners=one.owners)


def _without_equals(read: Read, marked: ir.Table, sound: ir.Table) -> _Settled:
    """The sound rows of a table without a key; of rows equal in every column the first, where the policy says so."""
    equal = int((marked.count() - marked[HASH].nunique()).execute())
    rule = "row repeats (all columns equal)"
    if not equal:
        return _Settled(sound.select(*read.found), [])
    if read.source.settings.policy.duplicates == "keep":
        return _Settled(sound.select(*read.found), [("kept", rule, 0, equal, NAN)])
    order = ibis.row_number().over(group_by=HASH, order_by=[sound["file"], sound[engine.ROW]])
    placed = sound.mutate(place=order)
    dropped = placed.filter(placed.place > 0)
    listed = dropped.select("file", engine.ROW, money=worth(dropped)).execute()
    line = ("quarantined", rule, len(listed), equal, listed["money"].sum(min_count=1))
    listed = listed.drop(columns="money").assign(rule=rule, **{rules.VALUE: ""})
    return _Settled(placed.filter(placed.place == 0).select(*read.found), [line], listed)


def _accounting(table: str, read: int, money: float, lines: list[Line]) -> pd.DataFrame:
    """The lines of one table, with what was read and what of it is used first."""
    lost = [line for line in lines if line[0] != "emptied"]
    used = read - sum(rows for _, _, rows, _, _ in lost)
    used_money = money - sum(each for *_, each in lost if each == each)
    lines = [("read", "", read, read, money), ("used", "", used, used, used_money), *lines]
    accounting = pd.DataFrame(lines, columns=["outcome", "rule", "rows", "rows_meeting", "money"])
    accounting.insert(0, "table", table)
    return accounting


def _counts(marked: ir.Table, numbered: Numbered) -> pd.DataFrame:
    """Rows and their money by the marks that they have."""
    marks = [rules.BROKEN, *rules.masks(numbered)]
    valued = marked.mutate(worth=worth(marked))
    return valued.group_by(marks).agg(rows=valued.count(), money=engine.total(valued.worth)).execute()


def _lines(counts: pd.DataFrame, numbered: Numbered) -> list[Line]:
    """One line a broken rule: rows for which it is the first reason, and all rows that break it.

    Rows that lack nothing but their customer are guests, and no loss of the reading.
    """
    lines = []
    broken = {place: rules.breaks(counts, place) for place in numbered}
    reasons = sum((broken[place].astype(int) for place, rule in numbered.items() if not rule.empties), start=0)
    for place, rule in numbered.items():
        meeting = int(counts.loc[broken[place], "rows"].sum())
        if rule.empties:
            lines.append(("emptied", rule.name, meeting, meeting, NAN))
            continue
        first = counts[rules.BROKEN] == place
        alone = first & (reasons == 1) & (rule.name == rules.GUEST)
        for outcome, which in (("guest", alone), ("quarantined", first & ~alone)):
            rows, worth = int(counts.loc[which, "rows"].sum()), counts.loc[which, "money"].sum(min_count=1)
            if rows or (outcome == "quarantined" and not alone.any()):
                lines.append((outcome, rule.name, rows, meeting, float(worth)))
    return [line for line in lines if line[3]]


def _listed(marked: ir.Table, numbered: Numbered) -> pd.DataFrame:
    """The rows that are lost to a rule, each with the first that it breaks."""
    bad = marked.filter(marked[rules.BROKEN].notnull()).select("file", engine.ROW, rules.BROKEN, rules.VALUE).execute()
    names = {place: rule.name for place, rule in numbered.items()}
    return bad.assign(rule=bad[rules.BROKEN].map(names)).drop(columns=rules.BROKEN)
