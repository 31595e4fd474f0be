"""What the texts of a column show, counted in the engine: their shapes, and where days are numbers how far these go."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir

from helpers.data import contracts, engine
from helpers.data.intake.readings import characters, ids, nulls
from helpers.data.intake.readings.amounts import stand_ins
from helpers.data.intake.readings.amounts.stand_ins import Peak
from helpers.data.intake.readings.dates import day_order, times
from helpers.data.intake.readings.dates.day_order import Extremes
from helpers.data.intake.readings.shapes import Shape, merged

MOST = 2_000  # shapes of one column that are looked at: those of numbers and times are few
DIGITS, WIDE = "0123456789", "".join(characters.DIGITS)
PLACES = ("first", "second", "third")  # of the numbers of a day
MEASURED = (contracts.NUMBER, contracts.INTEGER)
CODE = "A9"  # the shape of every identifier of letters and digits
# Patterns of texts whose length tells their shape, its end, and the bytes of each text where all have as many. To put 9
# for each digit takes ten times as long.
USUAL = {
    contracts.NUMBER: (
        (r"^[0-9]{1,40}$", "", 0),
        (r"^[0-9]{1,40}\.[0-9]$", ".9", 0),
        (r"^[0-9]{1,40}\.[0-9]{2}$", ".99", 0),
    ),
    contracts.INTEGER: ((r"^[0-9]{1,40}$", "", 0),),
    contracts.TIME: (
        (r"^\d{4}-\d\d-\d\d$", "-99-99", 10),
        (r"^\d{4}-\d\d-\d\d \d\d:\d\d$", "-99-99 99:99", 16),
        (r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", "-99-99 99:99:99", 19),
        (r"^[0-9]{1,40}$", "", 0),
    ),
    contracts.ID: ((r"^[0-9]{1,15}$", "", 0), (r"^[A-Za-z_-]{1,9}[0-9][A-Za-z0-9_-]{0,80}$", CODE, 0)),
}
REST = "\x00"  # the shape that stands for all beyond


@dataclass(frozen=True)
class Evidence:
    """The shapes of a column's texts, the most frequent first; of those that are days in numbers their extremes, of
    those that are long identifiers how many end in zeros that a spreadsheet may have put there, and of numbers whose
    greatest text may stand for none the rows of that one (`peaks`).

    `clean` says that the texts stand there as they are read, with nothing around them, and none that says nothing.
    """

    shapes: tuple[Shape, ...] = ()
    extremes: Mapping[str, Extremes] = field(default_factory=dict)
    zeros: Mapping[str, int] = field(default_factory=dict)
    clean: bool = False
    peaks: Mapping[str, Peak] = field(default_factory=dict)

    def cleaned(self, type_: str, more: tuple[str, ...]) -> Evidence:
        """The evidence of what `nulls.cleaned` leaves of the texts."""
        kept = [_cleaned(shape, type_, more) for shape in self.shapes]
        clean = not more and kept == list(self.shapes) and not any(shape.text == REST for shape in self.shapes)
        extremes = {nulls.clean(text, type_, more) or text: ends for text, ends in self.extremes.items()}
        peaks = {
            nulls.clean(text, type_, more) or text: Peak(peak.rows, nulls.clean(peak.below, type_, more) or "")
            for text, peak in self.peaks.items()
        }
        return Evidence(merged([[shape] for shape in kept if shape is not None]), extremes, self.zeros, clean, peaks)

    def as_json(self) -> Any:
        """What `of_json` reads."""
        return [[astuple(shape) for shape in self.shapes], self.extremes, self.zeros, self.peaks]


def of_json(told: Any) -> Evidence:
    """The evidence of which `told` was made."""
    shapes, extremes, zeros, peaks = told
    return Evidence(
        tuple(Shape(*shape) for shape in shapes),
        {text: Extremes(_three(least), _three(greatest)) for text, (least, greatest) in extremes.items()},
        zeros,
        peaks={text: Peak(*peak) for text, peak in peaks.items()},
    )


def of(
    connection: ibis.BaseBackend, table: ir.Table, columns: Mapping[str, tuple[str, str]], zone: str
) -> dict[str, Evidence]:
    """The evidence of columns of texts, by name: each is a column of `table` that is to become a type of the contract.

    Words are their own shapes.
    """
    looks = {name: _look(column, type_) for name, (column, type_) in columns.items()}
    counted = engine.counted_shapes(connection, table, looks, MOST) if looks else []
    found: dict[str, list[Shape]] = {name: [] for name in columns}
    for line in counted:
        _, type_ = columns[line.name]
        found[line.name].append(Shape(_text(type_, line), line.rows, line.low, line.high))
    return {
        name: _evidence(
            merged([shape] for shape in shapes), table.select(text=table[columns[name][0]]), columns[name][1], zone
        )
        for name, shapes in found.items()
    }


def _look(column: str, type_: str) -> engine.Look:
    digits = "" if type_ == contracts.TEXT else DIGITS if type_ == contracts.ID else DIGITS + WIDE
    usual = USUAL.get(type_, ())
    return engine.Look(column, [engine.Pattern(pattern, end != CODE, size) for pattern, end, size in usual], digits)


def _text(type_: str, line: engine.Counted) -> str:
    """The shape that a line of the count stands for."""
    if line.place is None:
        return REST
    if line.place < 0:
        return str(line.shape)
    _, end, _ = USUAL[type_][line.place]
    return end if end == CODE else "9" * ((line.length or 0) - len(end)) + end


def _evidence(shapes: tuple[Shape, ...], texts: ir.Table, type_: str, zone: str) -> Evidence:
    """The shapes of texts with what more is to be known of some of them."""
    asked = [shape.text for shape in times.asks(shapes, zone=zone)] if type_ == contracts.TIME else []
    long = type_ == contracts.ID and any(shape.text.startswith("9" * ids.EXACT) for shape in shapes)
    coded = [shape for shape in shapes if stand_ins.may_be_one(shape.high)] if type_ in MEASURED else []
    peaks = {shape.high: _peak(texts, shape) for shape in coded}
    return Evidence(shapes, _extremes(texts, asked) if asked else {}, _zeros(texts) if long else {}, peaks=peaks)


def together(evidence: Iterable[Evidence]) -> Evidence:
    """The evidence of several files as that of one column."""
    each = list(evidence)
    extremes: dict[str, Extremes] = {}
    for one in each:
        for text, (least, greatest) in one.extremes.items():
            other = extremes.get(text, Extremes(least, greatest))
            extremes[text] = Extremes(_three(map(min, least, other.least)), _three(map(max, greatest, other.greatest)))
    zeros = sum((Counter(one.zeros) for one in each), Counter())
    shapes = merged(one.shapes for one in each)
    peaks = {shape.high: _peak_of(shape, each) for shape in shapes if any(shape.high in one.peaks for one in each)}
    return Evidence(shapes, extremes, dict(zeros), peaks=peaks)


def _peak_of(shape: Shape, several: list[Evidence]) -> Peak:
    """The rows of the greatest text of a shape in several files, and the greatest of all below it."""
    rows = sum(one.peaks[shape.high].rows for one in several if shape.high in one.peaks)
    below = [one.peaks[shape.high].below for one in several if shape.high in one.peaks]
    below += [each.high for one in several for each in one.shapes if each.text == shape.text and each.high < shape.high]
    return Peak(rows, max(below))


def _cleaned(shape: Shape, type_: str, more: tuple[str, ...]) -> Shape | None:
    """The shape of what is left of its texts; None where nothing is."""
    if shape.text == REST:
        return shape
    each = (shape.text, shape.low, shape.high)  # of words the same three times
    cleaned = {text: nulls.clean(text, type_, more) for text in dict.fromkeys(each)}
    text, low, high = map(cleaned.__getitem__, each)
    left = low or high
    return Shape(text, shape.rows, low or left, high or left) if text and left else None


def _three(numbers: Iterable[int]) -> tuple[int, int, int]:
    first, second, third = numbers
    return first, second, third


def _extremes(rows: ir.Table, shapes: list[str]) -> dict[str, Extremes]:
    """The least and the greatest three numbers of the texts of each of the `shapes`."""
    shaped = rows.mutate(shape=rows.text.cast("string").translate(DIGITS + WIDE, "9" * len(DIGITS + WIDE)))
    asked = shaped.filter(shaped["shape"].isin(shapes))
    valued = asked.mutate(**day_order.numbers(asked.text))
    ends = {f"{end} {name}": getattr(valued[name], end)() for end in ("min", "max") for name in PLACES}
    found = valued.group_by("shape").agg(**ends).drop_null().execute().set_index("shape").astype(int)
    return {
        text: Extremes(*(_three(int(line[f"{end} {name}"]) for name in PLACES) for end in ("min", "max")))
        for text, line in found.iterrows()
    }


def _peak(rows: ir.Table, shape: Shape) -> Peak:
    """How many rows have the greatest text of a shape, and the greatest below it; empty where there is none."""
    if shape.low == shape.high:
        return Peak(shape.rows, "")
    text = rows.text.cast("string")
    alike = rows.filter(text.re_search(f"^{re.escape(shape.text).replace('9', f'[{DIGITS}{WIDE}]')}$"))
    others = ibis.cases((alike.text.cast("string") < shape.high, alike.text.cast("string")))
    found = alike.agg(rows=(alike.text.cast("string") == shape.high).sum(), below=others.max()).execute().iloc[0]
    return Peak(int(found["rows"]), found["below"] or "")


def _zeros(rows: ir.Table) -> dict[str, int]:
    """By shape, the rows whose text ends in zeros beyond the digits that a spreadsheet keeps."""
    text = rows.text.cast("string")
    rounded = rows.filter(ids.rounded(text))
    shape = rounded.text.cast("string").translate(DIGITS, "9" * len(DIGITS))
    counted = rounded.group_by(shape=shape).agg(rows=rounded.count()).execute()
    return {text: int(number) for text, number in counted.itertuples(index=False)}
