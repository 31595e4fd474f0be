"""Times that a program wraps: /Date(1709634615000)/, ISODate("2024-03-05T10:30:15Z"), {"$date": "…"}."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import ibis.expr.types as ir

from helpers.data.intake.readings.shapes import Shape

LIKE = r"\\?/Date\(-?\d|(?:new Date|ISODate)\(|\{ ?\"\$date\""
_WRAPPED = (
    r"^(?:\\?/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\\?/"  # an offset here is for display alone
    r"|(?:new Date|ISODate)\(\"?([^\"()]*)\"?\)|\{ ?\"\$date\" ?: ?\"?([^\"{}]*)\"?\})$"
)


def occur(shapes: Iterable[Shape]) -> bool:
    """Whether some texts of a column are wrapped."""
    return any(bare(end) != end for shape in shapes for end in (shape.low, shape.high))


def bare(text: str) -> str:
    """What a text wraps; itself where it wraps nothing."""
    return re.sub(_WRAPPED, r"\1\2\3", text)


def bare_text(text: ir.StringValue) -> ir.StringValue:
    """The same of a column of texts."""
    return text.re_replace(_WRAPPED, r"\1\2\3")


def unwrapped(shape: Shape) -> Shape:
    """A shape as that of what its texts wrap."""
    low, high = bare(shape.low), bare(shape.high)
    same = (low, high) == (shape.low, shape.high)
    return shape if same else replace(shape, text=re.sub(r"\d", "9", low), low=low, high=high)
