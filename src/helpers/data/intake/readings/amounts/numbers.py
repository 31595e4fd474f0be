"""Texts read as numbers: the marks, signs, currencies and words of a whole column, decided from all of its shapes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

import ibis
import ibis.expr.types as ir

from helpers.data.intake.readings import flags
from helpers.data.intake.readings.amounts import affixes, currencies, marks, numerals, sides
from helpers.data.intake.readings.amounts.affixes import Affix
from helpers.data.intake.readings.shapes import Shape

AS_SOMETHING = (currencies.YEN_OR_YUAN, currencies.BACKSLASH)  # signs that do not say themselves what they are
EXPONENT = "(?:[eE][-+]?[0-9]{1,2})?"
LONGEST = 300  # characters: more digits are no finite number
# what DuckDB casts to a number, and a little more
_CAST = re.compile(rf"(?i)^[-+]*(?:{marks.number('.', ())}(?:e[-+]?[0-9]+)?|[0-9._]+|inf(?:inity)?|nan.*)$")
_MOVED = re.compile(r"[()]|- |-[^0-9]*$")  # a minus that is not at once before the number
_FIGURES = re.compile(rf"(?P<head>[^0-9]*)(?P<figures>[0-9](?:[0-9., ']*[0-9])?[.,]?{EXPONENT})(?P<tail>[^0-9]*)")


@dataclass(frozen=True)
class NumberReading:
    """How a column's texts are read as numbers.

    `groups` are the marks that part thousands, `heads` and `tails` what stands before and after the digits (tokens
    parted by blanks), `powers` the tokens that multiply by a power of ten, `signs` the tokens of money with their
    currencies. `minus` says that a minus may stand apart or behind, or brackets for it; `odd` which marks beyond ASCII
    occur; `spelled` that Chinese characters spell some; `sure` that no text of the column but a number leaves one once
    words and marks are off: none is checked.
    """

    decimal: str = marks.POINT
    groups: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()
    powers: tuple[str, ...] = ()
    signs: tuple[tuple[str, str], ...] = ()
    minus: bool = False
    odd: str = ""
    spelled: bool = False
    sure: bool = False

    @property
    def currencies(self) -> tuple[str, ...]:
        """The ISO codes of the currencies that occur; a "$" or "kr" alone stands for itself."""
        return tuple(sorted({code for _, code in self.signs}))

    def value(self, text: ir.StringValue) -> ir.FloatingValue:
        """The number that each text names; null where it names none under this reading."""
        body = marks.plain_text(text, self.odd)
        figures = body
        for mark in self._marks():
            figures = figures.replace(mark, "")
        if self.decimal != marks.POINT:
            figures = figures.replace(self.decimal, marks.POINT)
        number = self._multiplied(body, figures).try_cast("float64")
        if self.minus:
            number = (body.contains("-") | body.contains("(")).ifelse(-number, number)
        if not self.sure:
            number = ibis.cases((body.re_search(self._pattern()) & (text.length() < LONGEST), number))
        return ibis.coalesce(numerals.value(text), number) if self.spelled else number

    def currency(self, text: ir.StringValue) -> ir.StringValue:
        """The currency of each text's own sign; null where it has none."""
        if not self.signs:
            return ibis.null("string")
        body = marks.plain_text(text, self.odd)
        return ibis.cases(*((body.contains(sign), code) for sign, code in self.signs))

    def fits(self, shape: Shape) -> bool:
        """Whether texts of this shape are numbers: whether its least or greatest is."""
        return self.names(shape.low) or self.names(shape.high)

    def names(self, text: str) -> bool:
        """Whether a text is a number under this reading."""
        if self.spelled and numerals.is_spelled(text):
            return True
        strange = set(text) & set(marks.BELOW_ZERO) - set(self.odd)
        return len(text) < LONGEST and not strange and re.search(self._pattern(), marks.plain(text)) is not None

    def told(self) -> str:
        """What was decided, in a few words; "" for plain numbers."""
        known = {*self.powers, *(sign for sign, _ in self.signs)}
        said = ["decimal comma"] if self.decimal == marks.COMMA else []
        said += [marks.GROUPS[mark] for mark in self.groups]
        said += ["minus apart, behind or in brackets"] if self.minus else []
        said += ["numbers in characters"] if self.spelled else []
        said += [f"{token} as {10 ** affixes.exponent(token):,}" for token in self.powers]
        said += [f"{sign} as {code}" if sign in AS_SOMETHING else sign for sign, code in self.signs]
        said += [token for token in self._tokens() if token not in known]
        return ", ".join(said)

    def leaves_number(self, text: str) -> bool:
        """Whether a cast takes for a number what a text leaves without the marks and words of this reading."""
        left = marks.plain(text)
        for mark in self._marks():
            left = left.replace(mark, "")
        return bool(_CAST.search(left.replace(self.decimal, marks.POINT)))

    def _marks(self) -> tuple[str, ...]:
        """What is taken off a text, so that digits and a decimal mark are left."""
        taken = (*self._tokens(), *self.groups, *("-+()" if self.minus else ""))
        return (*taken, " ") if taken else ()

    def _tokens(self) -> tuple[str, ...]:
        return _longest_first(token for affix in (*self.heads, *self.tails) for token in affix.split(" "))

    def _pattern(self) -> str:
        """What a number with its sign and words looks like, once it is plain."""
        head, tail = _optional(self.heads, after=" *"), _optional(self.tails, before=" *")
        # dashes of exponents would be taken for a minus, and powers of ten make exponents of their own
        number = marks.number(self.decimal, self.groups) + ("" if self.powers or self.minus else EXPONENT)
        blanks = " *" if self._marks() else ""
        forms = [f"[-+]?{blanks}{head}{number}{tail}"]
        forms += [f"{head}[-+] *{number}{tail}"] if head else []
        if self.minus:
            forms += [f"{head}{number}-{tail}", f"{head}{number}{tail} *-"]
            forms += [rf"{head}\( *{head}{number}{tail} *\){tail}"]
        return rf"^\s*(?:{'|'.join(forms)})\s*$"

    def _multiplied(self, body: ir.StringValue, figures: ir.StringValue) -> ir.StringValue:
        """Figures with the power of ten that stands beside them: exact, as a factor would not be."""
        if not self.powers:
            return figures
        beside = [(body.re_search(_beside(token)), f"e{affixes.exponent(token)}") for token in self.powers]
        return figures + ibis.cases(*beside, else_="")


@dataclass(frozen=True)
class FlagsAsNumbers:
    """How a column of flag words is read where numbers are asked for: yes as 1, no as 0."""

    flags: flags.FlagReading
    currencies: tuple[str, ...] = ()

    def value(self, text: ir.StringValue) -> ir.FloatingValue:
        """1 for each text that says yes, 0 for no; null for any other."""
        return self.flags.value(text).cast("float64")

    def currency(self, text: ir.StringValue) -> ir.StringValue:
        """Null: flags are no money."""
        return ibis.null("string")

    def fits(self, shape: Shape) -> bool:
        """Whether texts of this shape are flags."""
        return self.flags.fits(shape)

    def told(self) -> str:
        """What was decided, in a few words."""
        return f"{self.flags.named()} as 1/0"


@dataclass(frozen=True)
class _Parts:
    """One shape taken apart: what stands before its figures, these, and what stands after."""

    shape: Shape
    head: Affix
    figures: str
    tail: Affix

    @property
    def money(self) -> tuple[str, ...]:
        """The signs of its currency, that which says it best first: USD of "$5 USD"."""
        return _longest_first(self.head.money + self.tail.money)

    @property
    def powers(self) -> tuple[str, ...]:
        return self.head.powers + self.tail.powers


def decided(shapes: Iterable[Shape], *, decimal: str = "") -> NumberReading | FlagsAsNumbers:
    """The reading of a column whose texts have these shapes; `decimal` is its decimal mark where settings give one.

    Raises `Undecided` where the values prove no decimal mark though one is needed, or prove two.
    """
    column = tuple(shapes)
    if question := sides.question(column):
        raise question
    spelled = [shape for shape in column if numerals.is_spelled(shape.low)]
    apart = [
        part for shape in column if shape not in spelled and not _is_arrow(shape, column) and (part := _apart(shape))
    ]
    parts = _understood(apart)
    if yes_and_no := _flags(column, parts):
        return FlagsAsNumbers(yes_and_no)
    words = [token for part in parts for token in f"{part.head.text} {part.tail.text}".split()]
    codes = {currencies.code(word) for word in words}
    pointed = any(map(affixes.is_ideograph, words)) or bool(codes & currencies.POINTED)
    whole = bool(codes & currencies.WHOLE)
    reading = _reading(column, parts, decimal or marks.decimal_in(map(_figures, parts), pointed=pointed, whole=whole))
    money = {sign for shape in spelled for sign in numerals.signs(shape.low)[:1]} | {sign for sign, _ in reading.signs}
    return replace(reading, spelled=True, signs=tuple(currencies.settled(money).items())) if spelled else reading


def _is_arrow(shape: Shape, column: tuple[Shape, ...]) -> bool:
    """Whether a text begins with an arrow upwards, which beside arrows downwards is no minus."""
    return bool(re.match("[▲△]", shape.text)) and any(re.match("[▼▽]", other.text) for other in column)


def _flags(column: tuple[Shape, ...], parts: list[_Parts]) -> flags.FlagReading | None:
    """The reading of a column that is mostly words for yes and no, with no numbers beside them but 1 and 0."""
    reading = flags.decided(column)
    said = sum(shape.rows for shape in column if reading.fits(shape))
    counted = sum(part.shape.rows for part in parts)
    mostly = said > counted and 2 * said > sum(shape.rows for shape in column)
    return reading if mostly and all(reading.fits(part.shape) for part in parts) else None


def _reading(column: tuple[Shape, ...], parts: list[_Parts], decimal: str) -> NumberReading:
    """The reading whose fields name what occurs in the parts that are numbers."""
    moved = sum(part.shape.rows for part in parts if _MOVED.search(marks.plain(part.shape.text)))
    minus = moved > sum(part.shape.rows for part in parts if "e" in part.figures.casefold())
    widest = NumberReading(
        decimal, tuple(marks.GROUPS), _texts(parts, "head"), _texts(parts, "tail"), minus=minus, odd=marks.BELOW_ZERO
    )
    numbers = [part for part in parts if widest.fits(part.shape)]
    reading = NumberReading(
        decimal=decimal if any(mark in part.figures for part in parts for mark in ".,") else marks.POINT,
        groups=marks.groups_in(map(_figures, numbers), decimal),
        heads=_texts(numbers, "head"),
        tails=_texts(numbers, "tail"),
        powers=_longest_first(token for part in numbers for token in part.powers),
        signs=tuple(currencies.settled(part.money[0] for part in numbers if part.money).items()),
        minus=minus,
        odd=marks.odd_in(text for part in numbers for text in (part.shape.text, part.shape.low, part.shape.high)),
    )
    every = {text for shape in column for text in (shape.low, shape.high)}
    return replace(reading, sure=all(reading.leaves_number(text) == reading.names(text) for text in every))


def _apart(shape: Shape) -> _Parts | None:
    """A shape taken apart; None where it cannot be a number."""
    match = _FIGURES.fullmatch(marks.plain(shape.text))
    if match is None:
        return None
    before, figures, after = re.sub("[-+(]", " ", match["head"]), match["figures"], re.sub("[-)]", " ", match["tail"])
    head, tail = affixes.affix(before), affixes.affix(after)
    if before.endswith((".", ",")) and (head is None or head.unit):
        head, figures = affixes.affix(before[:-1]), before[-1] + figures
    if head is None or tail is None or head.unit or len(head.powers + tail.powers) > 1:
        return None
    if tail.unit and _MOVED.search(match[0]):
        return None  # a dash before a word, as in "4 - good", is no minus
    part = _Parts(shape, head, figures, tail)
    return part if len({currencies.code(sign) for sign in part.money} - currencies.OF_SEVERAL) <= 1 else None


def _figures(part: _Parts) -> marks.Figures:
    return marks.figures(part.shape, part.figures)


def _understood(parts: list[_Parts]) -> list[_Parts]:
    """The parts whose words are those of the column: one unit, on most of its numbers, or K, M, B and the like."""
    thousands = any(token in ("k", "K") for part in parts for token in part.powers)
    parts = parts if thousands else [_without_millions(part) for part in parts]
    units: Counter[str] = Counter()
    letters = 0
    for part in parts:
        units[affixes.folded(part.tail.unit)] += part.shape.rows
        letters += part.shape.rows * any(map(affixes.is_letters, part.powers))
    unit, rows = max(((unit, rows) for unit, rows in units.items() if unit), key=lambda one: one[1], default=("", 0))
    if units.total() - units[""] >= letters:
        parts = [part for part in parts if not any(map(affixes.is_letters, part.powers))]
    known = {"", unit} if 2 * rows >= units.total() else {""}
    return [part for part in parts if affixes.folded(part.tail.unit) in known]


def _without_millions(part: _Parts) -> _Parts:
    """A part whose "m" or "b" is a unit, as no other number of the column counts in thousands."""
    tail = part.tail
    if not tail.unit and tail.powers and tail.powers[0] in affixes.BESIDE_THOUSANDS:
        return replace(part, tail=replace(tail, powers=(), unit=tail.powers[0]))
    return part


def _texts(parts: Iterable[_Parts], side: str) -> tuple[str, ...]:
    return _longest_first(text for part in parts if (text := getattr(part, side).text))


def _longest_first(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts), key=lambda text: (-len(text), text)))


def _optional(texts: tuple[str, ...], before: str = "", after: str = "") -> str:
    """The pattern of one of some affixes, or of none."""
    patterns = [" *".join(map(re.escape, text.split(" "))) for text in texts]
    return f"(?:{before}(?:{'|'.join(patterns)}){after})?" if patterns else ""


def _beside(power: str) -> str:
    """The pattern of a number with this power of ten: at once behind it, or a percent sign anywhere."""
    return re.escape(power) if power in affixes.HUNDREDTHS else rf"[0-9.,)] *{re.escape(power)}"
