"""A part: one raw file of a feed as typed rows, each with the rules that it breaks; kept while file and words stay."""

from __future__ import annotations

import hashlib
import json
import shutil
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
from helpers.data.shelf import Shelf, is_whole

HASH = "row_hash"
PARTS = "parts"
ROWS, REJECTED, FOUND = "rows.parquet", "rejected.parquet", "found.json"
READINGS = {"number": contracts.NUMBER, "time": contracts.TIME, "flag": contracts.FLAG}  # in expressions
CODE = Path(__file__).resolve().parents[1]  # of this floor: other code reads otherwise


@dataclass(frozen=True)
class Source:
    """Where the raw files of one feed are read from, where their parts are kept and its checked rows are written."""

    connection: ibis.BaseBackend
    folder: Path
    feed: Feed
    settings: Settings
    shelf: Shelf
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

    def types(self) -> dict[str, str]:
        """The type of each column of the contract and beyond."""
        return {column.name: column.type for column in self.table.columns} | {
            extra.name: extra.type for extra in self.feed.extras
        }


@dataclass(frozen=True)
class Part:
    """What was made of one raw file: a folder of the shelf."""

    home: Path

    @property
    def rows(self) -> Path:
        """Parquet: the columns of the feed in their types, file, file_row, the row's hash and the marks of rules."""
        return self.home / ROWS

    @property
    def rejected(self) -> pd.DataFrame:
        """Lines that do not split into the header's columns: file, file_row, value."""
        return pd.read_parquet(self.home / REJECTED)

    @property
    def found(self) -> list[str]:
        """Names of the columns that the file has."""
        return json.loads((self.home / FOUND).read_text(encoding="utf-8"))


def stamp(path: Path) -> tuple[int, ...]:
    """Numbers that change with the content of a file: whoever sets its time back changes the one of the change."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def digest(*words: object) -> str:
    """Sixteen hexadecimal digits that stand for `words` and for this floor's code."""
    code = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(CODE.rglob("*.py"))]
    return hashlib.sha256(repr((words, code)).encode()).hexdigest()[:16]


def made(source: Source, path: Path) -> Part:
    """The part of a raw file: kept from an earlier reading where nothing of it has changed, else read now.

    Raises ValueError for a file that cannot be read, and for required columns to which no header answers.
    """
    words, feed = source.settings, replace(source.feed, file=("*",))
    others = files.find(source.folder, tuple(join.file for join in source.feed.join))
    joined = [(str(other), stamp(other)) for other in others]
    key = digest(source.told(path), stamp(path), joined, feed, words.time_zone, words.policy)
    home = source.shelf.path / PARTS / f"{source.feed.table}-{key}"
    if not is_whole(home):
        with source.shelf.building(home) as draft:
            _read(source, path, draft)
    return Part(home)


def _read(source: Source, path: Path, draft: Path) -> None:
    """Writes the part of `path` into `draft`."""
    name, scratch = source.told(path), draft / "scratch"
    scratch.mkdir()
    text = _joined(source, files.read(source.connection, path, source.layout, scratch), scratch)
    origins = _origins(source, text.rows)
    typed = _typed(source, text, origins).mutate(file=ibis.literal(name))
    try:
        rules.marked(typed, rules.of(source.table, source.feed, source.settings)).to_parquet(draft / ROWS)
    except engine.ERRORS as error:
        raise ValueError(f"{source.feed.table}: {name} cannot be read ({str(error).splitlines()[0]}).") from None
    lines = engine.rejected_lines(source.connection, text.rejects) if text.rejects else []
    rejected = pd.DataFrame([(name, *line) for line in lines], columns=["file", engine.ROW, rules.VALUE])
    rejected.astype({"file": "string", engine.ROW: "int64", rules.VALUE: "string"}).to_parquet(draft / REJECTED)
    found = [column for column in source.types() if column in origins]
    (draft / FOUND).write_text(json.dumps(found), encoding="utf-8")
    shutil.rmtree(scratch)


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
    for name, type_ in source.types().items():
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


def _joined(source: Source, text: files.TextTable, scratch: Path) -> files.TextTable:
    """The file's rows with the columns of the files it is joined to, one row for each of its own."""
    rows = text.rows
    for place, join in enumerate(source.feed.join):
        rows = _looked_up(source, rows, join, scratch / str(place))
    return replace(text, rows=rows)


def _looked_up(source: Source, rows: ir.Table, join: Join, scratch: Path) -> ir.Table:
    (path, *_) = files.find(source.folder, (join.file,)) or (None,)
    if path is None:
        raise ValueError(f"tables.{source.feed.table}.join = {join.file!r}: no such file in {source.folder.name!r}.")
    layout = files.Layout(source.feed.encoding, source.feed.delimiter, join.sheet)
    scratch.mkdir()
    other = files.read(source.connection, path, layout, scratch)
    on = [files.fold(name) for name in join.on]
    added = [name for name in other.headers if name not in rows.columns]
    place = other.rows[engine.ROW]
    first = other.rows.group_by(on).agg(**{name: other.rows[name].first(order_by=place) for name in added})
    looked_up = scratch / "looked_up.parquet"
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
