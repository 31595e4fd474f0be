"""One reading for each column of a table, from the evidence of all its files; columns help each other to be decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import ibis.expr.types as ir

from helpers.data import contracts
from helpers.data.intake.readings import flags, ids, nulls
from helpers.data.intake.readings.amounts import numbers, scales
from helpers.data.intake.readings.amounts.numbers import NumberReading
from helpers.data.intake.readings.dates import periods, times
from helpers.data.intake.readings.dates.periods import Period
from helpers.data.intake.readings.dates.times import TimeReading
from helpers.data.intake.readings.evidence import Evidence
from helpers.data.intake.readings.shapes import Shape, Undecided


class Reading(Protocol):
    """How the texts of a column become values; its repr tells it from every other."""

    def value(self, text: ir.StringValue) -> ir.Value:
        """What cleaned texts name; null where they name nothing of the kind."""

    def told(self) -> str:
        """The reading in a few words; empty where there is nothing to tell."""

    def fits(self, shape: Shape) -> bool:
        """Whether texts of the shape may name a value."""


@dataclass(frozen=True)
class AsItStands:
    """A reading of words."""

    def value(self, text: ir.StringValue) -> ir.StringValue:
        """The text."""
        return text

    def told(self) -> str:
        """Nothing."""
        return ""

    def fits(self, shape: Shape) -> bool:
        """Every text does."""
        return True


@dataclass(frozen=True)
class Identifiers(AsItStands):
    """A reading of identifiers."""

    def value(self, text: ir.StringValue) -> ir.StringValue:
        """The text without what exports wrap around it."""
        return ids.value(text)


@dataclass(frozen=True)
class Asked:
    """A column to be read: its type and what the settings say of its marks, layouts, clock and texts for nothing.

    `fact` says that its times are of what happened to the row, `within` periods in which they lie.
    """

    type: str
    zone: str = "UTC"
    scale: bool = False
    decimal: str = ""
    layouts: tuple[str, ...] = ()
    nulls: tuple[str, ...] = ()
    returned: bool = False
    fact: bool = False
    within: tuple[Period, ...] = ()


@dataclass(frozen=True)
class Decided:
    """A column's reading, and of its texts what is taken off before; `clean` ones stand as they are read.

    `turned` says that money that goes back is written negative, as all of the column is.
    """

    reading: Reading
    type: str
    clean: bool = False
    nulls: tuple[str, ...] = ()
    turned: bool = False

    def value(self, text: ir.StringValue) -> ir.Value:
        """What cleaned texts name."""
        value = self.reading.value(text)
        return -value if self.turned else value

    def told(self) -> str:
        """The reading in a few words."""
        return ", ".join(filter(None, [self.reading.told(), "written negative" if self.turned else ""]))

    def text(self, given: ir.StringValue) -> ir.StringValue:
        """The column's texts with nothing around them; null where they say nothing."""
        return given if self.clean else nulls.cleaned(given, self.type, self.nulls)


def decided(asked: Mapping[str, Asked], evidence: Mapping[str, Evidence]) -> dict[str, Decided]:
    """The reading of each column, by its name.

    What a column leaves open is settled by the other columns of the table where they agree, for one program wrote
    them. Raises Undecided, beginning with the column's name, for one that stays open, and for identifiers that a
    spreadsheet has destroyed.
    """
    shown = {name: evidence[name].cleaned(column.type, column.nulls) for name, column in asked.items()}
    found: dict[str, Reading] = {}
    left: dict[str, Undecided] = {}
    for name, column in asked.items():
        try:
            found[name] = _reading(column, shown[name])
        except Undecided as reason:
            left[name] = reason
    for name, open_ in left.items():
        try:
            found[name] = _reading(_beside(asked, name, found, shown), shown[name])
        except Undecided:
            raise Undecided(f"{name}: {open_}", open_.readings, open_.settings) from None
    return {
        name: Decided(
            found[name], column.type, shown[name].clean, column.nulls, column.returned and _is_negative(shown[name])
        )
        for name, column in asked.items()
    }


def _reading(column: Asked, shown: Evidence) -> Reading:
    return _DECIDED[column.type](column, shown)


def _number(column: Asked, shown: Evidence) -> Reading:
    decide = scales.decided if column.scale else numbers.decided
    return decide(shown.shapes, decimal=column.decimal)


def _time(column: Asked, shown: Evidence) -> Reading:
    return times.decided(
        shown.shapes,
        zone=column.zone,
        layouts=column.layouts,
        extremes=shown.extremes,
        within=column.within,
        fact=column.fact,
    )


def _identifier(_: Asked, shown: Evidence) -> Reading:
    damage = ids.damaged(shown.shapes, shown.zeros)
    if damage:
        raise Undecided(damage)
    return Identifiers() if any(map(ids.wrapped, shown.shapes)) else AsItStands()


_DECIDED: dict[str, Callable[[Asked, Evidence], Reading]] = {
    contracts.ID: _identifier,
    contracts.TEXT: lambda column, shown: AsItStands(),
    contracts.PROSE: lambda column, shown: AsItStands(),
    contracts.INTEGER: _number,
    contracts.NUMBER: _number,
    contracts.FLAG: lambda column, shown: flags.decided(shown.shapes),
    contracts.TIME: _time,
}


def _beside(
    asked: Mapping[str, Asked], own: str, found: Mapping[str, Reading], evidence: Mapping[str, Evidence]
) -> Asked:
    """The column with the marks, the layouts and the periods that the others of its table have proved."""
    column = asked[own]
    layouts = [layout for reading in found.values() if isinstance(reading, TimeReading) for layout in reading.ordered]
    marks = {
        reading.decimal
        for name, reading in found.items()
        if isinstance(reading, NumberReading) and _is_marked(evidence[name], reading.decimal)
    }
    decimal = marks.pop() if len(marks) == 1 else ""
    spans = [
        times.span(reading, evidence[name].shapes, evidence[name].extremes)
        for name, reading in found.items()
        if isinstance(reading, TimeReading) and asked[name].fact and column.fact
    ]
    return replace(
        column,
        decimal=column.decimal or decimal,
        layouts=(*column.layouts, *dict.fromkeys(layouts)),
        within=(*column.within, *(periods.beside(span) for span in spans if span)),
    )


def _is_negative(shown: Evidence) -> bool:
    """Whether all numbers but 0 are written with a minus, or in brackets."""
    filled = [shape for shape in shown.shapes if re.search("[1-9]", shape.low + shape.high)]
    return bool(filled) and all(re.search(r"^\D*[-−–(]|[-−–]\D*$", shape.text) for shape in filled)


def _is_marked(shown: Evidence, mark: str) -> bool:
    return any(mark in shape.text for shape in shown.shapes)
