"""The evidence for a reading: the shapes of a column's texts, in which every digit is a 9."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

from helpers.language import _


@dataclass(frozen=True)
class Shape:
    """Texts that differ in their digits alone: the text with 9 for each digit, its rows, least and greatest text."""

    text: str
    rows: int
    low: str
    high: str


class Undecided(ValueError):
    """The values of a column prove no reading, or prove two: `readings` are what an example of them may be.

    `settings` are the lines of dataset.toml of which one decides it.
    """

    def __init__(self, told: str, readings: tuple[str, ...] = (), settings: tuple[str, ...] = ()) -> None:
        super().__init__(told)
        self.readings, self.settings = readings, settings


def either(several: Sequence[str]) -> str:
    """A or B, or a longer choice."""
    return reduce(lambda one, other: _("{one} or {other}").format(one=one, other=other), several)


def merged(evidence: Iterable[Iterable[Shape]]) -> tuple[Shape, ...]:
    """The shapes of several files as those of one column, the most frequent first."""
    found: dict[str, Shape] = {}
    for shapes in evidence:
        for one in shapes:
            other = found.get(one.text, one)
            rows = one.rows + (other.rows if other is not one else 0)
            found[one.text] = Shape(one.text, rows, min(one.low, other.low), max(one.high, other.high))
    return tuple(sorted(found.values(), key=lambda shape: (-shape.rows, shape.text)))
