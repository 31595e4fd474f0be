"""The columns of one file: what answers to each of the contract's, what its texts show, and its values when read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import ibis
import ibis.expr.types as ir

from helpers.data import contracts, engine, headers, tombstones
from helpers.data.intake import files
from helpers.data.intake.feeds import Source
from helpers.data.intake.readings import Asked, Decided, Evidence, choices, evidence, ids, nulls
from helpers.data.intake.readings.dates import periods
from helpers.data.intake.rows import lookups, rules, value_types
from helpers.data.intake.rows.lookups import UNMET
from helpers.data.intake.rows.money import CURRENCY, RATE, Exchange
from helpers.data.intake.rows.unpivot import unpivoted
from helpers.data.intake.wording.tables import Origin
from helpers.language import _

LONGEST_TOLD = 60  # characters of a header, in errors
HASH = "row_hash"
READ_AS = {"number": contracts.NUMBER, "time": contracts.TIME, "flag": contracts.FLAG}  # by words in expressions


def found(source: Source, text: files.TextTable) -> list[str]:
    """Names of the columns to which something in the file answers."""
    answers = _origins(source, text.rows)
    return [name for name in source.columns() if name in answers]


def shown(source: Source, text: files.TextTable) -> dict[str, Evidence]:
    """What the texts of each column to be read show, also of each call of a reading in an expression."""
    zone, columns = source.settings.time_zone, source.columns()
    found: dict[str, Evidence] = {}

    def look(word: str, call: str, given: ir.StringValue) -> ir.Value:
        """The evidence for a call is kept; the value will do until its reading is decided."""
        if call not in found:
            texts = given.name("call").as_table()
            found.update(evidence.of(source.connection, texts, {call: ("call", READ_AS[word])}, zone))
        return given.try_cast(value_types.IBIS_TYPES[READ_AS[word]])

    rows, answers = _answers(source, text, look)
    rows = _of_those_known(source, rows, answers)
    read = {
        name: (answer, columns[name].type)
        for name, answer in answers.items()
        if columns[name].type != contracts.PROSE and not value_types.has_type(rows[answer], columns[name].type)
    }
    return found | evidence.of(source.connection, rows, read, zone)


def _of_those_known(source: Source, rows: ir.Table, answers: Mapping[str, str]) -> ir.Table:
    """The rows of texts without those of customers erased, by their ids as these are read most simply."""
    told = {kind: answers[kind] for kind in tombstones.KINDS if kind in answers}
    if not source.erased.digests or not told:
        return rows
    plain = {f"erased_{kind}": ids.value(rows[answer].cast("string")) for kind, answer in told.items()}
    known = {kind: (f"erased_{kind}", answer) for kind, answer in told.items()}
    return source.erased.without(rows.mutate(**plain), known).drop(*plain)


def living(source: Source, text: files.TextTable) -> ir.Table:
    """The rows of a file that are of nobody erased, as far as it tells by itself whose they are."""
    wanted = {kind: source.feed.origin(kind) for kind in tombstones.KINDS if kind in source.columns()}
    found = {kind: hit for kind, origin in wanted.items() if (hit := _found(origin, text.rows, optional=True))}
    trees = {_told(source, kind): engine.proved(hit.sql) for kind, hit in found.items() if hit.sql}
    rows = engine.with_columns(source.connection, text.rows, trees, lambda _, call, given: given)
    answers = {kind: _told(source, kind) if hit.sql else hit.headers[0] for kind, hit in found.items()}
    return _of_those_known(source, rows, answers).select(*text.headers)


def asked(source: Source, shown: Mapping[str, Evidence], names: Iterable[str] = ()) -> dict[str, Asked]:
    """How each column, and each call of a reading in an expression, of which there is evidence is to be read; the
    `names` of the files tell of their time.
    """
    within = periods.named(names)
    feed, zone, more, columns = source.feed, source.settings.time_zone, source.settings.nulls, source.columns()
    beside = {"customer_id": source.settings.guests} | {
        name: nulls.RUNNING for name, column in columns.items() if column.ahead
    }
    found: dict[str, Asked] = {}
    for name in shown:
        if name in columns:
            column, origin = columns[name], feed.origin(name)
            layouts = origin.time_layouts or feed.time_layouts
            nothing = (*more, *beside.get(name, ()))
            decimal = origin.decimal or feed.decimal
            known = within if name == source.table.fact_at else ()
            fact = column.fact and not (column.ahead or column.consumed)
            found[name] = Asked(
                column.type, zone, column.scale, decimal, layouts, nothing, column.returned, fact, known
            )
        else:
            type_ = READ_AS[name.partition("(")[0]]
            found[name] = Asked(type_, zone, decimal=feed.decimal, layouts=feed.time_layouts, nulls=more)
    return found


def typed(source: Source, text: files.TextTable, chosen: Mapping[str, Decided], exchange: Exchange) -> ir.Table:
    """Contract and extra columns in their types, beside the text that each was read from."""
    zone, more, columns = source.settings.time_zone, source.settings.nulls, source.columns()

    def read(_: str, call: str, given: ir.StringValue) -> ir.Value:
        return chosen[call].value(chosen[call].text(given))

    def cleaned(name: str, given: ir.Value) -> ir.StringValue:
        string = given.cast("string")
        return chosen[name].text(string) if name in chosen else nulls.cleaned(string, columns[name].type, more)

    rows, answers = _answers(source, text, read)
    rows = rows.mutate(**{rules.raw(name): cleaned(name, rows[answer]) for name, answer in answers.items()})
    values: dict[str, ir.Value] = {}
    for name, column in columns.items():
        raw = rows[rules.raw(name)] if name in answers else ibis.null("string")
        values[rules.raw(name)] = raw
        if name not in answers:
            values[name] = value_types.empty(column.type)
        elif name in chosen:
            values[name] = value_types.whole(chosen[name].value(raw), column.type)
        else:
            values[name] = value_types.native(rows[answers[name]], raw, column.type, zone)
        if column.choices:
            values[name] = choices.worded(values[name], name, column.choices)
    values |= exchange.of(values)
    values |= {rules.kept(place): rows[rules.kept(place)].cast("boolean") for place in range(len(source.feed.rules))}
    if not source.table.key:
        texts = [rows[name].cast("string").fill_null("") for name in text.headers]
        values[HASH] = ibis.literal("\x1f").join(texts).hash()
    unmet = rows[UNMET] if UNMET in rows.columns else ibis.literal(0, "int64")
    return rows.select(**values, **{UNMET: unmet, engine.ROW: rows[engine.ROW]})


def joined(source: Source, text: files.TextTable, scratch: Path) -> files.TextTable:
    """The file's rows, unpivoted, with the columns of the files it is joined to, one row for each of its own."""
    stored = text.stored and not source.feed.unpivot and not source.feed.join
    text = unpivoted(text, source.feed.unpivot) if source.feed.unpivot else text
    rows = text.rows
    for place in range(len(source.feed.join)):
        rows = lookups.looked_up(source, rows, place, scratch / str(place))
    return replace(text, rows=rows, stored=stored)


def _answers(source: Source, text: files.TextTable, read: engine.Read) -> tuple[ir.Table, dict[str, str]]:
    """The rows with one more column for each expression and own rule; for each column found the one that answers."""
    origins = _origins(source, text.rows)
    trees = {_told(source, name): engine.proved(origin.sql) for name, origin in origins.items() if origin.sql}
    trees |= {rules.kept(place): engine.proved(rule.keep) for place, rule in enumerate(source.feed.rules)}
    rows = engine.with_columns(source.connection, text.rows, trees, read) if trees else text.rows
    answers = {name: _told(source, name) if origin.sql else origin.headers[0] for name, origin in origins.items()}
    return rows, answers


def _told(source: Source, name: str) -> str:
    """An expression of the settings, as errors call it and its column: no header has brackets."""
    return f"{source.feed.table}.{name} (sql)"


def _origins(source: Source, rows: ir.Table) -> dict[str, Origin]:
    """For each column that the file has: the header found, or the SQL that yields it.

    Raises ValueError naming the required columns that nothing answers to, what was found, and how to map it.
    """
    feed, table = source.feed, source.table
    wanted = {name: feed.origin(name) for name in source.columns()}
    found = {name: hit for name, origin in wanted.items() if (hit := _found(origin, rows, feed.optional)) is not None}
    if RATE not in feed.columns and CURRENCY not in found:
        found.pop(RATE, None)  # a header that is called so may be any rate
    asked = [*feed.columns, *(extra.name for extra in feed.extras if extra.origin != Origin())]
    needed = [name for name in table.required if not (feed.anonymous and name == "customer_id")]
    missing = [name for name in dict.fromkeys([*needed, *(asked if not feed.optional else [])]) if name not in found]
    if missing:
        free = [name for name in rows.columns if name not in (engine.ROW, UNMET)]
        mapped = {header for origin in found.values() for header in origin.headers}
        likeliest = _likeliest([name for name in free if name not in mapped], table.name, missing[0])
        raise ValueError(
            _("{table}: missing {columns}. Found {headers}; map one in dataset.toml, such as {example}.").format(
                table=table.name,
                columns=", ".join(missing),
                headers=", ".join(map(_short, free)),
                example=f'[tables.{table.name}.columns] {missing[0]} = "{_short(likeliest)}"',
            )
        )
    return found


def _short(header: str) -> str:
    """A header as far as a sentence can say it: what is none may be a whole file without a line's end."""
    return header if len(header) <= LONGEST_TOLD else f"{header[: LONGEST_TOLD - 1]}…"


def _likeliest(free: list[str], table: str, column: str) -> str:
    """Of the headers that answer to nothing the likeliest to be a column."""
    return max(free, key=lambda header: headers.likeness(header, table, column), default="header")


def _found(origin: Origin, rows: ir.Table, optional: bool) -> Origin | None:
    """What answers in the file; an expression of a preset does only where the file has all that it asks for."""
    if origin.sql:
        known = {name.casefold() for name in rows.columns}
        asked = engine.column_names(engine.proved(origin.sql)) if optional else []
        return origin if {name.casefold() for name in asked} <= known else None
    hit = headers.answering(list(map(files.fold, origin.headers)), rows.columns)
    return Origin((hit,)) if hit else None
