"""Times that a program wraps: /Date(1709634615000)/, ISODate("2024-03-05T10:30:15Z"), [05/Mar/2024:10:30:15 +0000].

And what Go says of a zone behind its offset, and powers of ten: 1.709634615E9.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import ibis.expr.types as ir

from helpers.data.intake.readings.shapes import Shape

LIKE = r"\\?/Date\(-?\d|(?:new Date|ISODate)\(|\{ ?\"\$date\"|\[\d\d?/\w{3}/\d{4}:|\d\.\d{6,}[eE]\+?\d"
_WRAPPED = (
    r"^(?:\\?/Date\((-?\d{1,16})(?:[+-]\d{4})?\)\\?/"  # an offset here is for display alone
    r"|(?:new Date|ISODate)\(\"?([^\"()]*)\"?\)|\{ ?\"\$date\" ?: ?\"?([^\"{}]*)\"?\}"
    r"|\[(\d[^\[\]]*)\]|(\d.* [+-]\d{4}) [A-Z]{3,5}(?: m=[+-][\d.]+)?)$"
)
_POWER = r"^\d\.\d{6,}[eE]\+?\d{1,2}$"  # a spreadsheet leaves five digits at most
_PLACES = 9


def occur(shapes: Iterable[Shape]) -> bool:
    """Whether some texts of a column are wrapped."""
    return any(bare(end) != end for shape in shapes for end in (shape.low, shape.high))


def bare(text: str) -> str:
    """What a text wraps; itself where it wraps nothing."""
    if re.match(_POWER, text):
        return f"{Decimal(text):.{_PLACES}f}"
    return re.sub(_WRAPPED, r"\1\2\3\4\5", text)


def bare_text(text: ir.StringValue) -> ir.StringValue:
    """The same of a column of texts."""
    number = text.try_cast(f"decimal(38, {_PLACES})").cast("string")
    return text.re_search(_POWER).ifelse(number, text.re_replace(_WRAPPED, r"\1\2\3\4\5"))


def unwrapped(shape: Shape) -> Shape:
    """A shape as that of what its texts wrap."""
    low, high = bare(shape.low), bare(shape.high)
    same = (low, high) == (shape.low, shape.high)
    return shape if same else replace(shape, text=re.sub(r"\d", "9", low), low=low, high=high)
