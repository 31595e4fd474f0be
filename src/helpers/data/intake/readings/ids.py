"""Identifiers: text as it stands, without what programs wrap around it; damage and near misses are told, not mended."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from helpers.data.intake.readings import characters
from helpers.data.intake.readings.shapes import Shape
from helpers.language import _

QUOTES = "'\"`´‘’“”"
EXACT = 15  # digits that a spreadsheet keeps of a number
WRAPPED = (  # what `value` may change
    rf"^(?:\s|=?\s*[{QUOTES}])|\s$|^\d+\.\d+$|^$|{characters.seldom(characters.WIDE_WORDS)}"
)
SELDOM = 0.01  # share of a column's rows
POWER = r"9(?:[.,]9*)?[eE]\+99|9[.,]9+[eE]\+?99|9[.,]9+[eE]\+?999"  # without a plus 1E17 is a code
# Share of the rows of a length that end in so many zeros beyond the fifteenth digit: far more than have them by chance.
SOME = {1: 0.5, 2: 0.25}
SOME_OF_LONG = 0.1
BY_CHANCE = 6  # zeros beyond the fifteenth digit, over all values: one in a million ids has them by chance


def value(text: ir.StringValue) -> ir.StringValue:
    """The identifier that a text holds; null where nothing is left.

    Taken off are blanks around it, marks that are not seen, `="…"` and quotes around it or ahead, and the `.0` that a
    float column leaves behind digits; full-width letters and digits become plain ones. All else stays, zeros too.
    """
    bare = characters.plain_words(text).re_replace(rf"^=?\s*[{QUOTES}]+\s*(.*?)\s*[{QUOTES}]*$", r"\1")
    return ibis.cases((text.re_search(WRAPPED), bare.re_replace(r"^(\d+)\.0+$", r"\1").nullif("")), else_=text)


def wrapped(shape: Shape) -> bool:
    """Whether `value` may change texts of a shape."""
    return bool(re.search(WRAPPED, shape.text))


def rounded(text: ir.StringValue) -> ir.BooleanValue:
    """Whether an identifier is of 16 digits or more that are all zeros beyond the fifteenth."""
    return text.re_search(rf"^\d{{{EXACT}}}0+(?:\.0+)?$")


def damaged(shapes: Iterable[Shape], zeros: Mapping[str, int] | None = None) -> str | None:
    """What a spreadsheet did to identifiers, with an example and counts; None where it did nothing.

    It writes long numbers as 1.23457E+17, other programs as 1.23457E17 or 1.23457e+17 (a code such as 1E5 has no plus;
    R writes a round number as 4e+10, which seldom occurs and is exact), or keeps their first 15 digits and puts
    zeros behind. That is so where some of the texts of a length, half of them say, have such zeros, far more than by
    chance, and at least six zeros over all of them. `zeros` are the rows that are `rounded`, by shape; without them
    the least and the greatest text of a shape speak for it.
    """
    shapes = tuple(shapes)
    powers = [shape for shape in shapes if re.fullmatch(POWER, shape.text)]
    if not any(map(_is_inexact, powers)) and _rows(powers) < SELDOM * _rows(shapes):
        powers = []
    if unseen := [shape for shape in shapes if re.fullmatch("#{3,}", shape.text)]:
        told = _(
            "{rows:,} ids such as {example!r} were shown by a spreadsheet instead of their digits: its column was too "
            "narrow. Widen it, or export them anew as text."
        )
        return told.format(rows=_rows(unseen), example=unseen[0].text)
    filled = [shape for shape in shapes if _is_filled(shape, zeros)]
    if not powers and not filled:
        return None
    rows = _rows((*powers, *filled))
    example = max(powers or filled, key=lambda shape: shape.rows).low
    kind = _("powers of ten") if powers else _("zeros beyond the fifteenth digit")
    told = _("{rows:,} ids such as {example!r} were rounded by a spreadsheet ({kind}). Export them anew as text.")
    return told.format(rows=rows, example=example, kind=kind)


def _rows(shapes: Iterable[Shape]) -> int:
    return sum(shape.rows for shape in shapes)


def _is_inexact(power: Shape) -> bool:
    """Whether a text of the shape has lost digits: a spreadsheet wrote it, or its number has more than are kept."""
    return "E+" in power.text or int(re.split("[eE]", power.high)[1]) >= EXACT


def _is_filled(shape: Shape, zeros: Mapping[str, int] | None) -> bool:
    """Whether the texts of a shape are numbers whose digits beyond the fifteenth a spreadsheet replaced by zeros."""
    digits = re.fullmatch(rf"(9{{{EXACT + 1},}})(?:\.9+)?", shape.text)
    if not digits:
        return False
    beyond = len(digits[1]) - EXACT
    if zeros is not None:
        rows = zeros.get(shape.text, 0)
        return rows >= SOME.get(beyond, SOME_OF_LONG) * shape.rows and rows * beyond >= BY_CHANCE
    ends = {shape.low, shape.high}
    return all(re.match(rf"\d{{{EXACT}}}0{{{beyond}}}", end) for end in ends) and len(ends) * beyond >= BY_CHANCE


@dataclass(frozen=True)
class NearMiss:
    """How many ids of one table would meet one of another if they were not told apart by `kind` of difference alone.

    `example` is a pair of them; of ids that may be of a person by shape: digits as 9 but for leading zeros, letters as
    x and X.
    """

    kind: str
    ids: int
    example: tuple[str, str]


_ALIKE: dict[str, Callable[[ir.StringValue], ir.StringValue]] = {
    "leading zeros": lambda text: text.re_replace(r"^0+(.)", r"\1"),
    "case": lambda text: text.lower(),
    "blanks": lambda text: characters.trimmed(text).re_replace(r"\s+", ""),
    "width": characters.plain_text,
}
SEVERAL = "several of these"


def near_misses(left: ir.Table, right: ir.Table, column: str, *, personal: bool = True) -> list[NearMiss]:
    """The ids in `column` of `left` that `right` lacks, but has with other leading zeros, case, blanks or width."""
    ours, theirs = (table.select(spelled=table[column]).distinct().drop_null() for table in (left, right))
    lone = ours.filter(ours.spelled.notin(theirs.spelled))
    one = lone.select(ours="spelled", alike=folded(lone.spelled))
    met = one.join(theirs.select(theirs="spelled", alike=folded(theirs.spelled)), "alike")
    kinds = [*_ALIKE, SEVERAL]
    places = [(alike(met.ours) == alike(met.theirs), place) for place, alike in enumerate(_ALIKE.values())]
    pairs = met.mutate(place=ibis.cases(*places, else_=len(places)))
    nearest = pairs.group_by("ours").agg(place=pairs.place.min(), theirs=pairs.theirs.argmin(pairs.place))
    found = nearest.group_by("place").agg(
        ids=nearest.count(), ours=nearest.ours.min(), theirs=nearest.theirs.argmin(nearest.ours)
    )
    return [
        NearMiss(kinds[line.place], int(line.ids), _shown(line.ours, line.theirs, personal))
        for line in found.order_by("place").execute().itertuples()
    ]


def parted(rows: ir.Table, column: str, *, personal: bool = True) -> list[NearMiss]:
    """The ids in a column that zeros ahead, case, blanks or width alone tell from another of the same column."""
    ids = rows.select(column).drop_null().distinct()
    first = ids.group_by(alike=folded(ids[column])).agg(ids[column].min().name(column))
    return near_misses(ids, first, column, personal=personal)


def folded(text: ir.StringValue) -> ir.StringValue:
    """An id without what may tell it from another by accident."""
    text = value(text)
    for alike in (_ALIKE["width"], _ALIKE["case"], _ALIKE["blanks"], _ALIKE["leading zeros"]):
        text = alike(text)
    return text


def _shown(ours: str, theirs: str, personal: bool) -> tuple[str, str]:
    return (_masked(ours), _masked(theirs)) if personal else (ours, theirs)


def _masked(text: str) -> str:
    """The shape of an id, with its leading zeros and with letters as x and X."""
    rest = text.lstrip("0")
    shape = "".join("X" if char.isupper() else "x" if char.isalpha() else char for char in rest)
    return "0" * (len(text) - len(rest)) + re.sub(r"\d", "9", shape)
