"""Debits and credits: amounts that say on which side of an account they stand, but not which side is the shop's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.data.intake.readings.amounts import marks
from helpers.data.intake.readings.shapes import Shape, Undecided
from helpers.language import _

_SIDE = re.compile(r"(?i).*9[9.,' ]*(?:cr|dr|[借贷貸]方?)\.?")
_GERMAN = re.compile(r"(.*9[9.,' ]*)([SH])")  # Soll and Haben; one alone may be seconds or hours


def question(column: Sequence[Shape]) -> Undecided | None:
    """What is asked of a column of debits and credits; None where they are none, or slips of the pen."""
    texts = {shape: marks.plain(shape.text) for shape in column}
    sides = [shape for shape, text in texts.items() if _SIDE.fullmatch(text)]
    letters = {shape: letter[2] for shape, text in texts.items() if (letter := _GERMAN.fullmatch(text))}
    sides += letters if len(set(letters.values())) == 2 else []
    if sum(shape.rows for shape in sides) <= marks.AT_ODDS * sum(shape.rows for shape in column):
        return None
    words = _(
        "{example!r} and the like are debits or credits, and the texts do not say which of them is money to the shop. "
        "Make one of them negative by an expression (sql) in dataset.toml."
    )
    return Undecided(words.format(example=sides[0].low))
