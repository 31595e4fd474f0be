"""Shapes of texts, counted for the columns of a table by one statement for many of them.

Written as SQL: to put together one expression a column takes longer than to count the rows of most files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import ibis
import ibis.expr.types as ir
from sqlglot import exp

from helpers.data.engine.connection import DIALECT

TOGETHER = 50  # columns of one statement: of 300 in one the engine takes five times as long as of six times 50


class Pattern(NamedTuple):
    """A pattern of texts; with `by_length` those of each length are counted apart.

    Texts that it fits have all so many `bytes` (0: any number), which is seen faster than that it fits.
    """

    pattern: str
    by_length: bool
    bytes: int = 0


class Look(NamedTuple):
    """How the texts of a column are told apart: by the first of `patterns` that fits, else by the text itself.

    In texts that fit none each of `digits` is a 9.
    """

    column: str
    patterns: Sequence[Pattern] = ()
    digits: str = ""


class Counted(NamedTuple):
    """Texts of a column that are alike, by the name of its look; `place` is their pattern's, -1 for none."""

    name: str
    place: int | None
    length: int | None
    shape: str | None
    rows: int
    low: str
    high: str


def counted_shapes(
    connection: ibis.BaseBackend, table: ir.Table, looks: Mapping[str, Look], most: int
) -> list[Counted]:
    """What is alike in columns of texts, by name, and the most frequent first.

    `looks` says by name how the texts of which column are told apart. Rows without a text are not counted. Beyond the
    `most` frequent all are one line without a place, a length and a shape: it may be as many as the table has rows.
    """
    source, parts = ibis.to_sql(table, dialect=DIALECT), [_counted(name, looks[name], most) for name in sorted(looks)]
    asked = (" UNION ALL ".join(parts[at : at + TOGETHER]) for at in range(0, len(parts), TOGETHER))
    order = "ORDER BY name, rows DESC, place, length, shape"
    return [
        Counted(*line)
        for each in asked
        for line in connection.raw_sql(f"WITH source AS ({source}) SELECT * FROM ({each}) {order}").fetchall()
    ]


def _counted(name: str, look: Look, most: int) -> str:
    text = exp.cast(exp.column(look.column, quoted=True), exp.DType.VARCHAR).sql(DIALECT)
    cases = " ".join(f"WHEN {_fits(pattern)} THEN {place}" for place, pattern in enumerate(look.patterns))
    place = f"CASE {cases} ELSE -1 END" if cases else "-1"
    by_length = [str(place) for place, pattern in enumerate(look.patterns) if pattern.by_length]
    length = f"CASE WHEN place IN ({', '.join(by_length)}) THEN length(text) END" if by_length else "NULL::BIGINT"
    shape = _with_nines(look.digits) if look.digits else "text"
    each = f"SELECT {text} AS text, count(*) AS n FROM source GROUP BY 1"  # most texts repeat: each is looked at once
    placed = f"SELECT text, n, {place} AS place FROM ({each}) WHERE text IS NOT NULL"
    shaped = f"SELECT text, n, place, {length} AS length, CASE WHEN place < 0 THEN {shape} END AS shape FROM ({placed})"
    counted = (
        "SELECT place, length, shape, sum(n)::BIGINT AS rows, min(text) AS low, max(text) AS high "
        f"FROM ({shaped}) GROUP BY ALL"
    )
    order = "row_number() OVER (ORDER BY rows DESC, place, length, shape)"
    kept = ", ".join(f"CASE WHEN nth <= {most} THEN {each} END AS {each}" for each in ("place", "length", "shape"))
    return (
        f"SELECT {_literal(name)} AS name, {kept}, sum(rows)::BIGINT AS rows, min(low) AS low, max(high) AS high "
        f"FROM (SELECT *, {order} AS nth FROM ({counted})) GROUP BY ALL"
    )


def _fits(pattern: Pattern) -> str:
    matches = f"regexp_matches(text, {_literal(pattern.pattern)})"
    return f"strlen(text) = {pattern.bytes} AND {matches}" if pattern.bytes else matches


def _with_nines(digits: str) -> str:
    """A text with 9 for each of `digits`: those beyond ASCII are looked for first, as each costs a replacement."""
    plain, odd = ("".join(digit for digit in digits if digit.isascii() == is_ascii) for is_ascii in (True, False))
    usual, seldom = (f"translate(text, {_literal(each)}, {_literal('9' * len(each))})" for each in (plain, digits))
    return f"CASE WHEN regexp_matches(text, {_literal(f'[{odd}]')}) THEN {seldom} ELSE {usual} END" if odd else usual


def _literal(text: str) -> str:
    return exp.Literal.string(text).sql(DIALECT)
