"""Raw files into contract tables: mapped, typed and checked; what breaks the contract is set aside with a reason.

Every row read is either used or set aside, and the accounting says which: nothing is lost silently.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import engine
from helpers.data.intake import parts, rules
from helpers.data.intake.parts import HASH, Source

ASIDE = "aside"
UNSPLIT = "line does not split into the header's columns"


@dataclass(frozen=True)
class Checked:
    """The outcome of one check. The good rows, with the columns found, are `<table>.parquet` in the source's `out`, and
    those that break a rule `<table>.aside.parquet`.
    """

    accounting: pd.DataFrame  # table, outcome (read, used, quarantined, merged, kept), rule, rows, rows_meeting
    quarantine: pd.DataFrame  # table, file, file_row, rule, value
    parts: tuple[str, ...] = ()  # the folders of the shelf that it was made from


def check(source: Source) -> Checked | None:
    """Good rows written as Parquet, and the accounting of all rows; None where a preset's files are absent.

    Raises ValueError for files that dataset.toml names and the folder lacks, for files the engine cannot read, and
    for required columns to which no header answers.
    """
    paths = source.paths()
    if not paths:
        return None
    read = [parts.made(source, path) for path in paths]
    rejected = pd.concat([part.rejected for part in read], ignore_index=True)
    found = [name for name in source.types() if any(name in part.found for part in read)]
    all_rules = rules.of(source.table, source.feed, source.settings)
    marked = source.connection.read_parquet([part.rows for part in read])
    return replace(_settled(source, marked, found, all_rules, rejected), parts=tuple(part.home.name for part in read))


def _settled(
    source: Source, marked: ir.Table, found: list[str], all_rules: list[rules.Rule], rejected: pd.DataFrame
) -> Checked:
    """Good rows written, bad rows listed with their first reason, all of them counted."""
    name, merge = source.feed.table, source.feed.merge
    repeats = _repeats(marked.filter(marked[rules.BROKEN].isnull()), source.table.key or (HASH,))
    n_repeats = int(repeats.count().execute())
    drop_repeats = bool(source.table.key) or source.settings.policy.duplicates == "drop"
    good = marked.filter(marked[rules.BROKEN].isnull())
    good = good.anti_join(repeats, ["file", engine.ROW]) if n_repeats and drop_repeats else good
    good.select(*found).to_parquet(source.out / f"{name}.parquet")
    marked.filter(marked[rules.BROKEN].notnull()).select(*found).to_parquet(source.out / f"{name}.{ASIDE}.parquet")
    repeated = f"{' + '.join(source.table.key)} repeats" if source.table.key else "row repeats (all columns equal)"
    marks = [rules.BROKEN, *rules.masks(len(all_rules))]
    counts = marked.group_by(marks).agg(rows=lambda rows: rows.count()).execute()
    lines = _lines(counts, all_rules)
    if n_repeats:
        outcome = "kept" if not drop_repeats else "merged" if merge else "quarantined"
        all_repeats = n_repeats if source.table.key else int((marked.count() - marked[HASH].nunique()).execute())
        lines.append((outcome, repeated, n_repeats if drop_repeats else 0, all_repeats))
    if len(rejected):
        lines.append(("quarantined", UNSPLIT, len(rejected), len(rejected)))
    aside = sum(rows for _, _, rows, _ in lines)
    read = int(counts["rows"].sum()) + len(rejected)
    lines = [("read", "", read, read), ("used", "", read - aside, read - aside), *lines]
    accounting = pd.DataFrame(lines, columns=["outcome", "rule", "rows", "rows_meeting"])
    accounting.insert(0, "table", name)
    listed = [_listed(marked, all_rules), rejected.assign(rule=UNSPLIT)]
    if n_repeats and drop_repeats and not merge:
        listed.append(repeats.execute().assign(rule=repeated))
    quarantine = pd.concat([frame for frame in listed if len(frame)] or listed[:1], ignore_index=True)
    quarantine.insert(0, "table", name)
    return Checked(accounting, quarantine[["table", "file", engine.ROW, "rule", rules.VALUE]])


def _repeats(good: ir.Table, key: tuple[str, ...]) -> ir.Table:
    """The rows of `good` that repeat the key of an earlier one: file, file_row, value.

    Keys that occur once are set aside first, so that the window only orders the few that do not.
    """
    several = good.group_by(list(key)).agg(n=lambda rows: rows.count()).filter(lambda rows: rows.n > 1)
    again = good.semi_join(several, list(key))
    order = ibis.row_number().over(group_by=list(key), order_by=[again["file"], again[engine.ROW]])
    value = ibis.literal(" ").join([again[name].cast("string") for name in key if name != HASH] or [ibis.literal("")])
    return (
        again.mutate(place=order, **{rules.VALUE: value})
        .filter(lambda rows: rows.place > 0)
        .select("file", engine.ROW, rules.VALUE)
    )


def _lines(counts: pd.DataFrame, all_rules: list[rules.Rule]) -> list[tuple[str, str, int, int]]:
    """One line a broken rule: rows for which it is the first reason, and all rows that break it."""
    lines = []
    for place, rule in enumerate(all_rules):
        breaking = int(counts.loc[rules.breaks(counts, place), "rows"].sum())
        if breaking:
            first = int(counts.loc[counts[rules.BROKEN] == place, "rows"].sum())
            lines.append(("quarantined", rule.name, first, breaking))
    return lines


def _listed(marked: ir.Table, all_rules: list[rules.Rule]) -> pd.DataFrame:
    """The rows that break a rule, each with the first that it breaks."""
    bad = marked.filter(marked[rules.BROKEN].notnull()).select("file", engine.ROW, rules.BROKEN, rules.VALUE).execute()
    names = [rule.name for rule in all_rules]
    return bad.assign(rule=bad[rules.BROKEN].map(dict(enumerate(names)))).drop(columns=rules.BROKEN)
