"""The evidence of every column of a file: how it is filled, and what its values can be read as.

The engine counts; Python sees counts, a few values, and of what may be personal only the shapes.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from helpers.data import contracts, engine, headers
from helpers.data.draft.contents import appearances
from helpers.data.intake.readings import characters, nulls
from helpers.data.intake.readings.amounts import scales
from helpers.data.intake.readings.amounts.numbers import NumberReading
from helpers.data.intake.readings.dates.times import usual
from helpers.data.intake.readings.flags import FlagReading

SAMPLED = 2_000  # rows from which kinds of values are told
COUNTED = 200_000  # rows, up to which different values are counted one by one
FEW = 30  # different values that are listed one by one
SHOWN = 3  # values of a column that are shown
DIGITS = 3  # of a whole number, at most, before it may be an identifier or a phone
SHARED_BY = 5  # rows a value, at least, before it is shown as it stands
MOST = 0.9  # of the filled values are of a kind before a column counts as of it
# An e-mail address, a phone, an identity number; outside of times any number so long.
REACHING = re.compile(r"\S@\S|(?<!\d)(\d{11}|\d{15}|\d{17}[\dXx])(?!\d)")
ANYBODY = re.compile(r"\S@\S|\d{7}")
CELLS = ibis.table({"column": "string", "cell": "string"}, name="cells")  # each of a table, with its column's name
NUMBER, TIME, FLAG, SCALE = contracts.NUMBER, contracts.TIME, contracts.FLAG, "scale"


@dataclass(frozen=True)
class Column:
    """What is known of one column of a file; shares are of the filled values of a sample."""

    name: str  # folded
    filled: int
    distinct: int  # about, where there are many
    kinds: dict[str, float]  # number, time, flag, scale: the share of the values that can be read as such
    values: tuple[str, ...]  # the most frequent, all of them where they are few
    whole: bool = False  # all numbers are whole

    def is_a(self, kind: str) -> bool:
        """Whether nearly all values can be read as a `kind`: number, time, flag or scale."""
        return self.filled > 0 and self.kinds.get(kind, 0) >= MOST

    @property
    def is_flag(self) -> bool:
        """Whether the values say yes or no; of numbers all have to: 0, 0, 0 and 20 are money."""
        return self.is_a(FLAG) and (self.kinds[FLAG] >= 1 or not self.is_a(NUMBER))

    @property
    def is_personal(self) -> bool:
        """Whether the values may name a person, by the header."""
        person = headers.likeness(self.name, "customers", "customer_id") >= headers.LEAST
        return person or headers.speaks(self.name, headers.PERSONAL)

    @property
    def is_shared(self) -> bool:
        """Whether there are few values, and several rows for each."""
        return self.distinct <= FEW and self.filled >= SHARED_BY * self.distinct

    def samples(self) -> list[str]:
        """A few values as a reader may see them: of what may be personal only the shapes."""
        small = self.is_a(NUMBER) and not (self.whole and max(map(len, self.values), default=0) > DIGITS)
        plain = not self.is_personal and (self.is_a(TIME) or self.is_shared or small)
        shown = self.values[:SHOWN]
        reach = REACHING if self.is_a(TIME) else ANYBODY
        return list(dict.fromkeys(value if plain and not reach.search(value) else shape(value) for value in shown))


def seen(value: str) -> str:
    """A word of the data as a reader may see it: itself, or its shape where it may lead to a person."""
    return shape(value) if ANYBODY.search(value) else value


def shape(value: str) -> str:
    """A value without what it says: digits are 9, letters x, other scripts' letters 某; marks stay."""
    plain = unicodedata.normalize("NFKC", value)
    marks = (
        "9"
        if letter.isdigit()
        else "x"
        if letter.isalpha() and ord(letter) < 0x2E80
        else "某"
        if letter.isalpha()
        else letter
        for letter in plain
    )
    masked = "".join(marks)
    return masked if len(masked) <= 24 else masked[:23] + "…"


def columns(connection: ibis.BaseBackend, table: ir.Table, names: tuple[str, ...], rows: int) -> tuple[Column, ...]:
    """The evidence of each column: counts over all rows; kinds, and values where they are many, over a sample."""
    counts: dict[str, ir.Value] = {f"filled_{name}": table[name].count() for name in names}
    exact = rows <= COUNTED
    counts |= {f"distinct_{name}": table[name].nunique() if exact else table[name].approx_nunique() for name in names}
    known = table.agg(**counts).execute().iloc[0]
    few = [name for name in names if known[f"distinct_{name}"] <= FEW]
    sample = table.filter(table[engine.ROW] % max(rows // SAMPLED, 1) == 0)
    kinds = _kinds(connection, sample, names)
    many = [name for name in names if name not in few]
    values = _frequent(connection, table, few, FEW) | _frequent(connection, sample, many, SHOWN)
    return tuple(
        Column(
            name,
            int(known[f"filled_{name}"]),
            int(known[f"distinct_{name}"]),
            kinds.get(name, {}),
            values.get(name, ()),
            kinds.get(name, {}).get("whole", 0) >= 1,
        )
        for name in names
    )


def _frequent(connection: ibis.BaseBackend, table: ir.Table, names: list[str], most: int) -> dict[str, tuple[str, ...]]:
    """The most frequent values of each column."""
    if not names:
        return {}
    top = engine.answer(connection, _top(most), cells=_cells(table, names)).sort_values(["column", "place"])
    return {str(name): tuple(rows["cell"]) for name, rows in top.groupby("column")}


@functools.cache
def _top(most: int) -> ir.Table:
    """The `most` frequent values by column, asked of cells."""
    counts = CELLS.filter(CELLS.cell.notnull()).group_by("column", "cell").agg(n=lambda rows: rows.count())
    order = ibis.row_number().over(group_by="column", order_by=[counts.n.desc(), counts.cell])
    return counts.mutate(place=order).filter(lambda rows: rows.place < most)


def _kinds(connection: ibis.BaseBackend, sample: ir.Table, names: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """Of the filled values of each column of a sample, the shares that can be read as a number, time, flag, score."""
    counted = engine.answer(connection, _shares(), cells=_cells(sample, names)).set_index("column")
    return counted.to_dict(orient="index")


@functools.cache
def _shares() -> ir.Table:
    """The shares of each kind by column, asked of cells; the same for every file. What has no end yet is no time."""
    cells = CELLS.mutate(cell=characters.plain_text(nulls.cleaned(CELLS.cell, NUMBER)))
    filled = cells.filter(cells.cell.notnull())
    number, time, flag = (reading.value(filled.cell) for reading in (NumberReading(), usual("UTC"), FlagReading()))
    is_time = time.notnull() | filled.cell.re_search(appearances.like_time())
    like_number = filled.cell.re_search(appearances.LIKE_NUMBER)
    read = filled.select(
        "column",
        number=number.notnull() | ((like_number | filled.cell.re_search(appearances.LIKE_SPELLED)) & ~is_time),
        time=ibis.cases((~filled.cell.lower().isin(nulls.RUNNING), is_time)),
        flag=flag.notnull(),
        scale=filled.cell.re_search(scales.LIKE),
        whole=(number % 1 == 0).fill_null(~filled.cell.re_search("[.,]")),
    )
    return read.group_by("column").agg(**{kind: read[kind].mean() for kind in (NUMBER, TIME, FLAG, SCALE, "whole")})


def _cells(table: ir.Table, names: Iterable[str]) -> ir.Table:
    return table.select(*names).pivot_longer(list(names), names_to="column", values_to="cell")
