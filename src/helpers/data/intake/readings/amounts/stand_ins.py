"""Numbers that may stand for none: -999, or 99999999, on several rows and far from all others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from helpers.data.intake.readings.amounts.numbers import NumberReading
from helpers.data.intake.readings.amounts.scales import ScaleReading
from helpers.data.intake.readings.shapes import Shape

SEVERAL, MANY = 2, 5  # rows
SHORT = ("1", "9", "99")  # with a minus, and on many rows
CODE = re.compile(r"([789])\1{2,}|(\d)\2{5,}|2147483647|2147483648|4294967295")
NINES = re.compile("9+")
OF_ANSWERS = re.compile("77|88|98|99|999")  # "do not know", "not asked": beside answers that go to ten at most
TEN = 10
LIKE = re.compile(r"(?:77|88|98|99)(?:[.,]0)?|\D*([1-9])\1{2,}(?:[.,](?:0+|\1+))?\D*")
LARGE, LARGER = 9_999, 99_999
# Times as large as all others, and more, is far: of numbers with a minus, of large ones, and of larger ones.
FAR_BELOW, FAR, QUITE_FAR = 2, 20, 5


class Peak(NamedTuple):
    """The rows of the greatest text of a shape, and the greatest text below it; empty where there is none."""

    rows: int
    below: str


def may_be_one(text: str) -> bool:
    """Whether a number is one digit again and again, but for a fraction that is none: -999.00, 99999999."""
    return bool(LIKE.fullmatch(text))


def stand_ins(reading: object, shapes: Iterable[Shape], peaks: Mapping[str, Peak] | None = None) -> list[str]:
    """The texts of a column of numbers that may stand for none, the most frequent first; `peaks` part the greatest text
    of a shape from the others.

    Such are numbers of one digit again and again, and the last ones of a computer, where several rows have them, no
    other has as many digits, and the others are far. A price of 999 is none of them. Beside answers from nought to ten
    99 is one.
    """
    if isinstance(reading, ScaleReading):
        return _of_answers(reading, shapes, peaks or {})
    if not isinstance(reading, NumberReading) or reading.powers:
        return []
    parted = (part for shape in shapes for part in _parted(shape, (peaks or {}).get(shape.high)))
    shapes = [shape for shape in parted if reading.fits(shape) and re.search(r"\d", shape.high)]
    likely = [shape for shape in shapes if shape.low == shape.high and shape.rows >= SEVERAL]
    coded = [shape for shape in likely if _is_code(shape, reading.decimal)]
    others = [shape for shape in shapes if shape not in coded]
    bought = {_size(shape, reading.decimal) for shape in shapes if not _is_below(shape)}
    return [
        each.low
        for each in coded
        if _is_far(each, others, reading.decimal)
        and not (_is_below(each) and each.rows < MANY and _size(each, reading.decimal) in bought)  # and given back
    ]


def _of_answers(reading: ScaleReading, shapes: Iterable[Shape], peaks: Mapping[str, Peak]) -> list[str]:
    """The same of a column of answers that are numbers by themselves."""
    if not reading.number:
        return []
    parted = [part for shape in shapes for part in _parted(shape, peaks.get(shape.high)) if reading.fits(part)]
    sizes = {shape.low: _size(shape, reading.number.decimal) for shape in parted}
    codes = [shape for shape in parted if shape.low == shape.high and OF_ANSWERS.fullmatch(f"{sizes[shape.low]:g}")]
    others = [_size(shape, reading.number.decimal) for shape in parted if shape not in codes]
    told = others and max(others) <= TEN
    return [code.low for code in codes if told and code.rows >= SEVERAL]


def _parted(shape: Shape, peak: Peak | None) -> list[Shape]:
    """A shape, or its greatest text and the others of it."""
    if not peak or not peak.below:
        return [shape]
    return [
        replace(shape, rows=peak.rows, low=shape.high),
        replace(shape, rows=shape.rows - peak.rows, high=peak.below),
    ]


def _is_code(shape: Shape, decimal: str) -> bool:
    whole, _, rest = _figures(shape.high, decimal).partition(".")
    rest = rest.rstrip("0")
    if _is_below(shape) and whole in SHORT and not rest:
        return shape.rows >= MANY
    return bool(CODE.fullmatch(whole)) and (not rest or (bool(NINES.fullmatch(whole + rest))))


def _is_far(shape: Shape, others: list[Shape], decimal: str) -> bool:
    sizes = {_is_below(each): 0.0 for each in others}
    for each in others:
        sizes[_is_below(each)] = max(sizes[_is_below(each)], _size(each, decimal))
    number = _size(shape, decimal)
    if _is_below(shape) and False in sizes:
        return number > FAR_BELOW * sizes.get(True, 0.0)
    largest = max(sizes.values(), default=0.0)
    return largest > 0 and number > (QUITE_FAR if number >= LARGER else FAR) * largest and number >= LARGE


def _is_below(shape: Shape) -> bool:
    return bool(re.search(r"^\D*[-−–(]|[-−–]\D*$", shape.text))


def _size(shape: Shape, decimal: str) -> float:
    """The greatest number of a shape, without its sign."""
    return float(_figures(shape.high, decimal) or 0)


def _figures(text: str, decimal: str) -> str:
    """The digits of a number, with a point where its fraction begins."""
    whole, _, rest = text.partition(decimal) if decimal else (text, "", "")
    digits, more = (re.sub(r"\D", "", part) for part in (whole, rest))
    return f"{digits}.{more}" if more else digits
