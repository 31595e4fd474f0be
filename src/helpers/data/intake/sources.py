"""Raw files into contract tables: mapped, typed and checked; what breaks the contract is set aside with a reason.

Every row read is either used or set aside, and the accounting says which: nothing is lost silently.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import contracts, engine
from helpers.data.contracts import Table
from helpers.data.intake import files, parsing, rules
from helpers.data.intake.schema import Feed, Join, Origin, Settings

HASH = "row_hash"
ASIDE = "aside"
READINGS = {"number": contracts.NUMBER, "time": contracts.TIME, "flag": contracts.FLAG}  # in expressions
UNSPLIT = "line does not split into the header's columns"


@dataclass(frozen=True)
class Source:
    """Where the raw files of one feed are read from, and where its checked rows are written."""

    connection: ibis.BaseBackend
    folder: Path
    feed: Feed
    settings: Settings
    out: Path

    @property
    def table(self) -> Table:
        """The contract table that the feed fills."""
        return contracts.TABLES[self.feed.table]

    @property
    def layout(self) -> files.Layout:
        """How the feed's files are written."""
        return files.Layout(self.feed.encoding, self.feed.delimiter, self.feed.sheet, self.feed.fields, self.feed.skip)

    def paths(self) -> tuple[Path, ...]:
        """The files that feed the table; none where a preset names files that are not there."""
        found = files.find(self.folder, self.feed.file)
        if not found and not self.feed.optional:
            raise ValueError(
                f"tables.{self.feed.table}.file = {', '.join(self.feed.file)}: no such file in {self.folder.name!r}. "
                f"Found {', '.join(files.names_in(self.folder)) or 'nothing'}."
            )
        return found

    def told(self, path: Path) -> str:
        """The name by which errors and the quarantine call a file: its path inside the data set's folder."""
        return str(path.relative_to(self.folder) if path.is_relative_to(self.folder) else path)


@dataclass(frozen=True)
class Checked:
    """The outcome of one check. The good rows, with the columns found, are `<table>.parquet` in the source's `out`, and
    those that break a rule `<table>.aside.parquet`.
    """

    accounting: pd.DataFrame  # table, outcome (read, used, quarantined, merged, kept), rule, rows, rows_meeting
    quarantine: pd.DataFrame  # table, file, file_row, rule, value


def check(source: Source) -> Checked | None:
    """Good rows written as Parquet, and the accounting of all rows; None where a preset's files are absent.

    Raises ValueError for files that dataset.toml names and the folder lacks, for files the engine cannot read, and
    for required columns to which no header answers.
    """
    paths = source.paths()
    if not paths:
        return None
    texts = {source.told(path): _joined(source, _read(source, path, source.layout)) for path in paths}
    origins = {name: _origins(source, text.rows) for name, text in texts.items()}
    all_rules = rules.of(source.table, source.feed, source.settings)
    marked: list[Path] = []
    for name, text in texts.items():  # one query a file, so that the one that cannot be read is named
        typed = _typed(source, text, origins[name]).mutate(file=ibis.literal(name))
        marked.append(source.out / f"{source.feed.table}.marked-{len(marked)}.parquet")
        try:
            rules.marked(typed, all_rules).to_parquet(marked[-1])
        except engine.ERRORS as error:
            raise ValueError(f"{source.feed.table}: {name} cannot be read ({str(error).splitlines()[0]}).") from None
    rejected = pd.DataFrame(
        [
            (name, line, text)
            for name, read in texts.items()
            if read.rejects
            for line, text in engine.rejected_lines(source.connection, read.rejects)
        ],
        columns=["file", engine.ROW, rules.VALUE],
    )
    found = [name for name in _types(source) if any(name in answers for answers in origins.values())]
    outcome = _settled(source, source.connection.read_parquet(marked), found, all_rules, rejected)
    for path in marked:
        path.unlink()
    return outcome


def _read(source: Source, path: Path, layout: files.Layout) -> files.TextTable:
    return files.read(source.connection, path, layout, source.out)


def _typed(source: Source, text: files.TextTable, origins: dict[str, Origin]) -> ir.Table:
    """Contract and extra columns in their types, beside the text that each was read from."""
    feed, rows = source.feed, text.rows
    expressions = {f"sql_{name}": origin.sql for name, origin in origins.items() if origin.sql}
    expressions |= {rules.kept(place): rule.keep for place, rule in enumerate(feed.rules)}
    if expressions:
        rows = _with_expressions(source, rows, expressions)
    answers = {name: f"sql_{name}" if origin.sql else origin.headers[0] for name, origin in origins.items()}
    rows = rows.mutate(**{rules.raw(name): parsing.cleaned(rows[answer]) for name, answer in answers.items()})
    columns: dict[str, ir.Value] = {}
    for name, type_ in _types(source).items():
        if name in answers:
            cleaned, zone = rows[rules.raw(name)], source.settings.time_zone
            columns[name] = parsing.parsed(rows[answers[name]], cleaned, type_, feed.time_layouts, zone)
            columns[rules.raw(name)] = cleaned
        else:
            columns[name], columns[rules.raw(name)] = parsing.empty(type_), ibis.null("string")
    columns |= {rules.kept(place): rows[rules.kept(place)].cast("boolean") for place in range(len(feed.rules))}
    if not source.table.key:
        texts = [rows[name].cast("string").fill_null("") for name in text.headers]
        columns[HASH] = ibis.literal("\x1f").join(texts).hash()
    return rows.select(**columns, **{engine.ROW: rows[engine.ROW]})


def _with_expressions(source: Source, rows: ir.Table, expressions: dict[str, str]) -> ir.Table:
    """`rows` and one more column for each SQL expression of the settings."""
    zone, layouts = source.settings.time_zone, source.feed.time_layouts

    def reading(type_: str) -> Callable[[ir.StringValue], ir.Value]:
        return lambda text: parsing.parsed(text, parsing.cleaned(text), type_, layouts, zone)

    trees = {name: engine.proved(sql) for name, sql in expressions.items()}
    readings = {word: reading(type_) for word, type_ in READINGS.items()}
    return engine.with_columns(source.connection, rows, trees, readings)


def _types(source: Source) -> dict[str, str]:
    own = {column.name: column.type for column in source.table.columns}
    return own | {extra.name: extra.type for extra in source.feed.extras}


def _joined(source: Source, text: files.TextTable) -> files.TextTable:
    """The file's rows with the columns of the files it is joined to, one row for each of its own."""
    rows = text.rows
    for join in source.feed.join:
        rows = _looked_up(source, rows, join)
    return replace(text, rows=rows)


def _looked_up(source: Source, rows: ir.Table, join: Join) -> ir.Table:
    (path, *_) = files.find(source.folder, (join.file,)) or (None,)
    if path is None:
        raise ValueError(f"tables.{source.feed.table}.join = {join.file!r}: no such file in {source.folder.name!r}.")
    layout = files.Layout(source.feed.encoding, source.feed.delimiter, join.sheet)
    other = _read(source, path, layout)
    on = [files.fold(name) for name in join.on]
    added = [name for name in other.headers if name not in rows.columns]
    place = other.rows[engine.ROW]
    first = other.rows.group_by(on).agg(**{name: other.rows[name].first(order_by=place) for name in added})
    looked_up = source.out / f"{source.feed.table}.{other.headers[0]}.{path.name}.parquet"
    first.to_parquet(looked_up)
    return rows.left_join(source.connection.read_parquet(looked_up), on).select(*rows.columns, *added)


def _origins(source: Source, rows: ir.Table) -> dict[str, Origin]:
    """For each column that the source has: the header found, or the SQL that yields it.

    Raises ValueError naming the required columns that nothing answers to, what was found, and how to map it.
    """
    feed, table = source.feed, source.table
    wanted = {column.name: feed.columns.get(column.name, Origin((column.name,))) for column in table.columns}
    wanted |= {extra.name: extra.origin for extra in feed.extras}
    found = {name: hit for name, origin in wanted.items() if (hit := _found(origin, rows)) is not None}
    asked = [*feed.columns, *(extra.name for extra in feed.extras)]
    needed = [name for name in table.required if not (feed.anonymous and name == "customer_id")]
    missing = [name for name in dict.fromkeys([*needed, *(asked if not feed.optional else [])]) if name not in found]
    if missing:
        headers = [name for name in rows.columns if name != engine.ROW]
        example = f'[tables.{table.name}.columns] {missing[0]} = "{headers[0] if headers else "header"}"'
        raise ValueError(
            f"{table.name}: missing {', '.join(missing)}. Found {', '.join(headers)}; "
            f"map one in dataset.toml, such as {example}."
        )
    return found


def _found(origin: Origin, rows: ir.Table) -> Origin | None:
    if origin.sql:
        return origin
    return next((Origin((name,)) for name in map(files.fold, origin.headers) if name in rows.columns), None)


def _settled(
    source: Source, marked: ir.Table, found: list[str], all_rules: list[rules.Rule], rejected: pd.DataFrame
) -> Checked:
    """Good rows written, bad rows listed with their first reason, all of them counted."""
    name, merge = source.feed.table, source.feed.merge
    repeats = _repeats(marked.filter(marked[rules.BROKEN] == 0), source.table.key or (HASH,))
    n_repeats = int(repeats.count().execute())
    drop_repeats = bool(source.table.key) or source.settings.policy.duplicates == "drop"
    good = marked.filter(marked[rules.BROKEN] == 0)
    good = good.anti_join(repeats, ["file", engine.ROW]) if n_repeats and drop_repeats else good
    good.select(*found).to_parquet(source.out / f"{name}.parquet")
    marked.filter(marked[rules.BROKEN] > 0).select(*found).to_parquet(source.out / f"{name}.{ASIDE}.parquet")
    repeated = f"{' + '.join(source.table.key)} repeats" if source.table.key else "row repeats (all columns equal)"
    counts = marked.group_by(rules.BROKEN).agg(rows=lambda rows: rows.count()).execute()
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
        breaks = counts[(counts[rules.BROKEN] // (1 << place)) % 2 == 1]
        first = breaks[breaks[rules.BROKEN] % (1 << place) == 0]
        if len(breaks):
            lines.append(("quarantined", rule.name, int(first["rows"].sum()), int(breaks["rows"].sum())))
    return lines


def _listed(marked: ir.Table, all_rules: list[rules.Rule]) -> pd.DataFrame:
    """The rows that break a rule, each with the first that it breaks."""
    bad = marked.filter(marked[rules.BROKEN] > 0).select("file", engine.ROW, rules.BROKEN, rules.VALUE).execute()
    masks = {mask: (mask & -mask).bit_length() - 1 for mask in map(int, bad[rules.BROKEN].unique())}
    names = {mask: all_rules[place].name for mask, place in masks.items()}
    return bad.assign(rule=bad[rules.BROKEN].map(names)).drop(columns=rules.BROKEN)
