"""Answers in words read as numbers: "非常满意" as 5 and "neutral" as 3 of a scale of five, "四星" as 4."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from helpers.data.intake.readings.shapes import Shape

NEARLY_ALL = 0.9  # of the answers are words of one ladder before they are read by it
NUMERAL = re.compile("([一二两三四五六七八九十]) *颗?[星分级]")
NUMERALS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True)) | {"两": 2}
FIVE = (  # ladders, from 5 down to 1; words of one step are parted by |
    ("非常满意|很满意|十分满意", "满意|比较满意|较满意", "一般|中立|尚可",
     "不满意|不太满意|比较不满意|较不满意", "非常不满意|很不满意|十分不满意"),
    ("非常好|很好", "好|较好|比较好", "一般|中等", "差|较差|不好", "非常差|很差"),
    ("非常同意|完全同意", "同意|比较同意", "一般|中立|不确定", "不同意|不太同意", "非常不同意|完全不同意"),
    ("very satisfied|extremely satisfied|highly satisfied", "satisfied|somewhat satisfied",
     "neutral|neither satisfied nor dissatisfied|neither", "dissatisfied|unsatisfied|somewhat dissatisfied",
     "very dissatisfied|very unsatisfied|extremely dissatisfied|highly dissatisfied"),
    ("excellent", "very good", "good", "fair", "poor"),
    ("excellent|very good", "good", "average|fair|ok|okay", "poor|bad", "very poor|very bad|terrible"),
    ("strongly agree", "agree", "neutral|neither agree nor disagree", "disagree", "strongly disagree"),
    ("sehr zufrieden", "zufrieden", "neutral|teils teils|teils, teils|weder noch", "unzufrieden", "sehr unzufrieden"),
    ("sehr gut", "gut", "befriedigend|mittel", "schlecht|ausreichend", "sehr schlecht|mangelhaft"),
    ("muy satisfecho", "satisfecho", "neutral|indiferente", "insatisfecho", "muy insatisfecho"),
    ("très satisfait", "satisfait", "neutre|moyen", "insatisfait|pas satisfait",
     "très insatisfait|pas du tout satisfait"),
    ("muito satisfeito", "satisfeito", "neutro|indiferente", "insatisfeito", "muito insatisfeito"),
)  # fmt: skip
LADDERS = tuple(
    {word: 5 - step for step, words in enumerate(rungs) for word in words.split("|")} for rungs in FIVE
)  # word → number


@dataclass(frozen=True)
class Ladder:
    """How a column's answers in words are read: each word, small, with its number."""

    steps: tuple[tuple[str, int], ...]

    @property
    def is_whole(self) -> bool:
        """Whether the words are steps of their own, and one of them is an end of the scale of five."""
        numbers = [number for _, number in self.steps]
        return len(set(numbers)) == len(numbers) > 1 and bool({1, 5} & set(numbers))

    def value(self, text: ir.StringValue) -> ir.FloatingValue:
        """The number of each word; null for any other text."""
        word = text.lower()
        return ibis.cases(*((word == known, number) for known, number in self.steps)).cast("float64")

    def fits(self, shape: Shape) -> bool:
        """Whether texts of this shape are words of the ladder."""
        return shape.low.casefold() in dict(self.steps)

    def told(self) -> str:
        """Every word with its number."""
        return ", ".join(f"{word} as {number}" for word, number in self.steps)


def ladder(shapes: Iterable[Shape]) -> Ladder | None:
    """The ladder of which nearly all answers are words, or stars counted in words; None where the words fit none.

    Nor do they where two words are one step, or where neither end occurs: then the scale may be a shorter one, as in
    "satisfied" and "dissatisfied".
    """
    rows: dict[str, int] = {}
    for shape in shapes:
        rows[shape.low.casefold()] = rows.get(shape.low.casefold(), 0) + shape.rows
    stars = {word: NUMERALS[match[1]] for word in rows if (match := NUMERAL.fullmatch(word))}
    if stars and _share(stars, rows) >= NEARLY_ALL:
        return _of(stars)
    shares = [(_share(known, rows), known) for known in LADDERS]
    most = max(share for share, _ in shares)
    ladders = {_of({word: known[word] for word in rows if word in known}) for share, known in shares if share == most}
    fitting = [each for each in ladders if each.is_whole]
    return fitting[0] if most >= NEARLY_ALL and len(fitting) == 1 else None


def _share(known: dict[str, int], rows: dict[str, int]) -> float:
    return sum(number for word, number in rows.items() if word in known) / max(sum(rows.values()), 1)


def _of(steps: dict[str, int]) -> Ladder:
    return Ladder(tuple(sorted(steps.items(), key=lambda step: (-step[1], step[0]))))
