"""Answers on a scale read as numbers: 10 of "10 - Extremely likely", 5 of "Satisfied (5)", 4 of "4/5", 80 of "80%"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import ibis
import ibis.expr.types as ir

from helpers.data.intake.readings.amounts import directions, marks, numbers
from helpers.data.intake.readings.amounts.ladders import LADDERS, NUMERAL, Ladder, ladder
from helpers.data.intake.readings.amounts.numbers import NumberReading
from helpers.data.intake.readings.shapes import Shape

STAR = "[★⭐]"
HALF = "[½⯨⯪]"
AND_HALF = "(?i)[0-9] *(?:[颗顆個个]?[星分點点점]半|½|and a half)"  # beside a number
STARS = f"^ *(?:{STAR}|{HALF})(?:{STAR}|{HALF}|[\ufe0f☆ ])*$"
WORDS = "[^0-9%‰]*"  # a share is no answer on a scale
OUT_OF = rf"{WORDS}(?:/|\b(?:of|von|van|sur|su|de|di|av|max)\b|из|满分|滿分|总分|總分|共){WORDS}"  # not 9-10, a range
PERCENT = "%"
LIKE = (  # an answer, by itself: a number or two in a few words, stars, a word that is a number
    rf"(?i){STARS}|^[^0-9]{{0,40}}[0-9]{{1,3}}(?:[.,][0-9]+)?(?:[^0-9]{{1,20}}[0-9]{{1,3}})?[^0-9]{{0,40}}$"
    rf"|^(?:{NUMERAL.pattern}|{'|'.join(dict.fromkeys(word for each in LADDERS for word in each))})$"
)
RUN = re.compile("[0-9](?:[0-9.,]*[0-9])?")
NAMED = 3  # texts without a number that are told by name


@dataclass(frozen=True)
class ScaleReading:
    """How a column's answers are read as numbers.

    `number` reads them where all are numbers by themselves; else each text's own number is taken, whose decimal mark
    is `decimal` and beside which no other may stand than `most`, the end of the scale. With `stars` they are counted.
    Where low numbers are good they are taken off `turned`, so that 1 of five is 5.
    """

    number: NumberReading | None = None
    decimal: str = marks.POINT
    most: str = ""
    stars: bool = False
    turned: float = 0
    odd: str = ""
    wordy: tuple[str, ...] = field(default=(), repr=False)  # told alone, so no part of what a reading is known by

    def value(self, text: ir.StringValue) -> ir.FloatingValue:
        """The number that each text names, the greater the better; null where it names none, or several."""
        value = self._named(text)
        return self.turned - value if self.turned else value

    def _named(self, text: ir.StringValue) -> ir.FloatingValue:
        if self.number:
            return self.number.value(text)
        if self.stars:
            stars, halves = (text.length() - text.re_replace(mark, "").length() for mark in (STAR, HALF))
            return ibis.cases((text.re_search(STARS), stars + halves / 2))
        body = marks.plain_text(text, self.odd)
        answer = body.re_extract(self._pattern(), 1).replace(self.decimal, marks.POINT).try_cast("float64")
        whole = ibis.cases((body.re_search("^ *-[0-9]"), -answer), else_=answer)
        return ibis.cases((text.re_search(AND_HALF), whole + 0.5), else_=whole)

    def fits(self, shape: Shape) -> bool:
        """Whether texts of this shape are numbers: of a shape of several, whether its least or greatest text is."""
        if self.number:
            return self.number.fits(shape)
        pattern = STARS if self.stars else self._pattern()
        return any(re.search(pattern, marks.plain(text)) for text in (shape.low, shape.high))

    def told(self) -> str:
        """What was decided, and up to three texts that have no number; "" for plain numbers."""
        if self.number:
            said = [self.number.told().replace(PERCENT, "% of 100 points")]
        else:
            said = ["stars counted" if self.stars else "the number in each text"]
            said += ["decimal comma"] if self.decimal == marks.COMMA else []
            said += [f"out of {self.most}"] if self.most else []
        said += [f"low numbers are good: taken off {self.turned:g}"] if self.turned else []
        if self.wordy:
            said += [f"{', '.join(map(repr, self.wordy))} {'has' if len(self.wordy) == 1 else 'have'} no number"]
        return ", ".join(filter(None, said))

    def _pattern(self) -> str:
        """What an answer looks like, its number as the first group."""
        most = f"(?:{OUT_OF}{re.escape(self.most)})?" if self.most else ""
        return f"^{WORDS}({marks.number(self.decimal, ())}){most}{WORDS}$"


def decided(shapes: Iterable[Shape], *, decimal: str = "") -> ScaleReading | Ladder:
    """The reading of a column of answers whose texts have these shapes; `decimal` as in `numbers.decided`.

    Raises `Undecided` where the values prove no decimal mark though one is needed, or prove two, and where their words
    say that low numbers are good, and not how far they go.
    """
    column = sorted(shapes, key=lambda shape: (-shape.rows, shape.text))
    if column and all(re.search(STARS, shape.text) for shape in column):
        return ScaleReading(stars=True)
    if words := ladder(column):
        return words
    digits = [shape for shape in column if RUN.search(marks.plain(shape.text))]
    wordy = tuple(shape.low for shape in column if shape not in digits)[:NAMED]
    turned = directions.turned(digits)
    number = _of_a_hundred(numbers.decided(digits, decimal=decimal), digits)
    # brackets and dashes part words from numbers here, and are no minus
    if isinstance(number, NumberReading) and not number.minus and all(map(number.fits, digits)):
        return ScaleReading(number, turned=turned, wordy=wordy)
    mark = decimal or marks.decimal_in(map(marks.figures, digits))
    return ScaleReading(
        decimal=mark,
        most=_most(digits),
        turned=turned,
        odd=marks.odd_in(text for shape in digits for text in (shape.text, shape.low, shape.high)),
        wordy=wordy,
    )


def _of_a_hundred(
    number: NumberReading | numbers.FlagsAsNumbers, shapes: list[Shape]
) -> NumberReading | numbers.FlagsAsNumbers:
    """A reading of shares by which "80%" is 80 of 100 points, where all answers are; beside others none is one."""
    if not isinstance(number, NumberReading) or PERCENT not in number.powers:
        return number
    points = replace(number, powers=tuple(power for power in number.powers if power != PERCENT))
    whole = all(PERCENT in marks.plain(shape.text) for shape in shapes)
    return points if whole else replace(points, tails=tuple(tail for tail in points.tails if PERCENT not in tail))


def _most(shapes: list[Shape]) -> str:
    """The second number of all texts that name two, as in 4/5; "" where they name several."""
    pattern = re.compile(f"{WORDS}{RUN.pattern}{OUT_OF}({RUN.pattern}){WORDS}")
    texts = (marks.plain(text) for shape in shapes for text in (shape.low, shape.high))
    ends = {match[1] for text in texts if (match := pattern.fullmatch(text))}
    return ends.pop() if len(ends) == 1 else ""
