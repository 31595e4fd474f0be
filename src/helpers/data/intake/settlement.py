"""Rows that were read, settled: what breaks the contract is set aside with a reason.

Every row read is either used or set aside, and the accounting says which: nothing is lost silently.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import engine
from helpers.data.intake import keys
from helpers.data.intake.parts import TYPES
from helpers.data.intake.rows import losses, rules
from helpers.data.intake.rows.columns import HASH
from helpers.data.intake.rows.purchases import worth
from helpers.data.intake.rows.rules import Numbered
from helpers.data.intake.rows.strays import Days
from helpers.data.intake.sources import Read

ASIDE = "aside"
AGAIN = "row is in a newer export too"
KEYS = ("table", "key", "found", "keys", "of")
NAN = float("nan")
Line = tuple[str, str, int, int, float]  # of the accounting: outcome, rule, rows, rows_meeting, money


@dataclass(frozen=True)
class Checked:
    """The outcome of one check. The good rows, with the columns found, are `<table>.parquet` in the source's `out`, and
    those that break a rule, if any do, `<table>.aside.parquet`.
    """

    table: str
    accounting: pd.DataFrame  # table, outcome (read, used, guest, quarantined, merged, kept, emptied), rule, rows, …
    quarantine: pd.DataFrame  # table, file, file_row, rule, value
    keys: pd.DataFrame  # table, key, found (customers, days, lines, differing), keys, of (all)
    owners: ir.Table | None  # of keys that were shared: `keys.owners`


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
    counts = _counts(marked, numbered)
    lines = [*_lines(counts, numbered), *one.lines]
    lines += [("quarantined", rule, len(torn), len(torn), NAN) for rule, torn in rejected.groupby("rule", sort=False)]
    accounting = _accounting(name, int(counts["rows"].sum()) + len(rejected), counts["money"].sum(min_count=1), lines)
    lost = pd.DataFrame(columns=list(TYPES))
    if counts[rules.BROKEN].notna().any():
        broken = marked.filter(marked[rules.BROKEN].notnull())
        broken.select(*read.found).to_parquet(source.out / f"{name}.{ASIDE}.parquet")
        lost = _listed(broken, numbered)
    listed = [each.astype(TYPES) for each in (lost, rejected, one.listed)]
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
    found = [(table.name, " + ".join(table.key), what, n, of) for what, (n, of) in one.found.items() if n]
    return _Settled(one.rows, lines, keys=pd.DataFrame(found, columns=list(KEYS)), owners=one.owners)


def _without_equals(read: Read, marked: ir.Table, sound: ir.Table) -> _Settled:
    """The sound rows of a table without a key, without those that a newer export has again; of rows equal in every
    column the first, where the policy says so.
    """
    again, lines = _overlaps(read, sound)
    if again is not None:
        marked, sound = (rows.anti_join(again, ["file", engine.ROW]) for rows in (marked, sound))
    equal = int((marked.count() - marked[HASH].nunique()).execute())
    if not equal:
        return _Settled(sound.select(*read.found), lines)
    if read.source.settings.policy.duplicates == "keep":
        return _Settled(sound.select(*read.found), [*lines, ("kept", rules.EQUAL, 0, equal, NAN)])
    order = ibis.row_number().over(group_by=HASH, order_by=[sound["file"], sound[engine.ROW]])
    placed = sound.mutate(place=order)
    dropped = placed.filter(placed.place > 0)
    listed = dropped.select("file", engine.ROW, money=worth(dropped)).execute()
    line = ("quarantined", rules.EQUAL, len(listed), equal, listed["money"].sum(min_count=1))
    listed = listed.drop(columns="money").assign(rule=rules.EQUAL, **{rules.VALUE: ""})
    return _Settled(placed.filter(placed.place == 0).select(*read.found), [*lines, line], listed)


def _overlaps(read: Read, sound: ir.Table) -> tuple[ir.Table | None, list[Line]]:
    """The rows, by file and file_row, that a newer export has again, and their line of the accounting."""
    again = keys.superseded(read.source.connection, sound, read.source.table) if len(read.parts) > 1 else None
    if again is None:
        return None, []
    older = sound.semi_join(again, ["file", engine.ROW])
    older = older.select(worth=worth(older))
    rows, money = older.agg(rows=older.count(), money=engine.total(older.worth)).execute().iloc[0]
    return again, [("merged", AGAIN, int(rows), int(rows), NAN if pd.isna(money) else float(money))]


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
    broken = {place: met for place in numbered if (met := rules.breaks(counts, place)).any()}
    reasons = sum((met.astype(int) for place, met in broken.items() if not numbered[place].empties), start=0)
    for place, met in broken.items():
        rule, meeting = numbered[place], int(counts.loc[met, "rows"].sum())
        if rule.empties:
            lines.append(("emptied", rule.name, meeting, meeting, NAN))
            continue
        first = counts[rules.BROKEN] == place
        alone = first & (reasons == 1) & (rule.name == rules.GUEST)
        for outcome, which in (("guest", alone), ("quarantined", first & ~alone)):
            rows, worth = int(counts.loc[which, "rows"].sum()), counts.loc[which, "money"].sum(min_count=1)
            if rows or (outcome == "quarantined" and not alone.any()):
                lines.append((outcome, rule.name, rows, meeting, float(worth)))
    return lines


def _listed(broken: ir.Table, numbered: Numbered) -> pd.DataFrame:
    """The rows that are lost to a rule, each with the first that it breaks."""
    bad = broken.select("file", engine.ROW, rules.BROKEN, rules.VALUE).execute()
    names = {place: rule.name for place, rule in numbered.items()}
    return bad.assign(rule=bad[rules.BROKEN].map(names)).drop(columns=rules.BROKEN)
