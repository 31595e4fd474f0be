"""Days that a spreadsheet turned: it took 03/02/2024 for the 2nd of March, and left 13/02/2024 as the text that it was.

Then the days of the column that stand with the year first are all at most the 12th, and the texts all beyond it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from helpers.data.intake.readings.characters import plain
from helpers.data.intake.readings.dates import layouts
from helpers.data.intake.readings.shapes import Shape, Undecided
from helpers.language import _

TWELFTH = 12
EARLY = 12 / 30.4  # of all days
BY_CHANCE = 0.1  # at most, before days that are texts are taken for turned


def turned(
    shapes: Mapping[Shape, str], least: Mapping[Shape, int], greatest: Mapping[Shape, int], left: Mapping[Shape, int]
) -> Undecided | None:
    """What is asked of a column whose days a spreadsheet seems to have turned; None where nothing speaks for it.

    `shapes` have the year first, each with its layout; `least` and `greatest` are the days of the month that occur in
    them. `left` are the shapes that stayed text, each with the least day of the month in it.
    """
    if not shapes or not left or min(left.values()) <= TWELFTH or max(greatest.values()) > TWELFTH:
        return None
    days = sum(min(shape.rows, greatest[shape] - least[shape] + 1) for shape in shapes)
    odds = EARLY**days * (1 - EARLY) ** sum(shape.rows for shape in left)
    if odds > BY_CHANCE and layouts.EXCEL not in shapes.values():  # no program but a spreadsheet mixes these with texts
        return None
    back, kept = (f"time_layouts = [{_listed(shapes, order)}]" for order in ("dm", "md"))
    told = _(
        "a spreadsheet seems to have turned day and month of {rows:,} days such as {example!r}: none of them is after "
        "the 12th, and all that stayed text, such as {other!r}, are. Write {back} to turn them back, or {kept} if they "
        "are right."
    ).format(
        rows=sum(shape.rows for shape in shapes),
        example=max(shapes, key=lambda shape: shape.rows).high,
        other=max(left, key=lambda shape: shape.rows).high,
        back=back,
        kept=kept,
    )
    return Undecided(told, settings=(back, kept))


def _listed(shapes: Mapping[Shape, str], order: str) -> str:
    """The layouts of shapes, with day and month in an order: "dm" or "md"."""
    ways = {_ordered(_in_codes(*each), order) for each in shapes.items()}
    return ", ".join(f'"{way}"' for way in sorted(ways))


def _ordered(layout: str, order: str) -> str:
    if layout == layouts.EXCEL:
        return layouts.EXCEL_TURNED if order == "dm" else layout
    return re.sub("%m(.*)%d", rf"%{order[0]}\1%{order[1]}", layout)


def _in_codes(shape: Shape, layout: str) -> str:
    """A layout written with codes, also where it is the engine's own."""
    if layout != layouts.ISO:
        return layout
    text = plain(shape.text)
    day = f"%Y{text[4]}%m{text[4]}%d"
    return f"{day}{'T' if 'T' in text else ' '}%T" if ":" in text else day
