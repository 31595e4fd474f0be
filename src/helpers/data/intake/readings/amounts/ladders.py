"""Answers in words read as numbers: "非常满意" as 5 and "neutral" as 3 of a scale of five, "四星" as 4."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from helpers.data.intake.readings.shapes import Shape

NEARLY_ALL = 0.9  # of the answers are words of one ladder before they are read by it
NUMERAL = re.compile("([一二两三四五六七八九十]) *颗?[星分级](半)?")
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
    ("molto soddisfatto", "soddisfatto", "neutrale|indifferente", "insoddisfatto", "molto insoddisfatto"),
    ("zeer tevreden", "tevreden", "neutraal", "ontevreden", "zeer ontevreden"),
    ("очень доволен|полностью доволен", "доволен", "нейтрально", "недоволен", "очень недоволен|совсем недоволен"),
    ("非常滿意|很滿意", "滿意", "普通|一般|尚可", "不滿意", "非常不滿意|很不滿意"),
    ("非常に満足|大変満足|とても満足|大満足", "満足", "普通|ふつう|どちらともいえない|どちらでもない", "不満",
     "非常に不満|大変不満|とても不満"),
    ("非常に満足|大変満足|とても満足|大満足", "やや満足|まあ満足", "普通|ふつう|どちらともいえない|どちらでもない",
     "やや不満", "非常に不満|大変不満|とても不満"),
    ("満足", "やや満足|まあ満足", "普通|ふつう|どちらともいえない|どちらでもない", "やや不満", "不満"),
    ("非常に良い|大変良い|とても良い", "良い", "普通|ふつう", "悪い", "非常に悪い|大変悪い|とても悪い"),
    ("非常にそう思う|とてもそう思う|強くそう思う", "そう思う", "どちらともいえない|どちらでもない", "そう思わない",
     "全くそう思わない|まったくそう思わない"),
    ("매우 만족|매우만족|아주 만족", "만족", "보통", "불만족|불만", "매우 불만족|매우불만족|매우 불만"),
    ("매우 좋음|매우좋음", "좋음", "보통", "나쁨", "매우 나쁨|매우나쁨"),
    ("매우 그렇다", "그렇다", "보통|보통이다", "그렇지 않다", "전혀 그렇지 않다|매우 그렇지 않다"),
    ("muito satisfeito", "satisfeito", "neutro|indiferente", "insatisfeito", "muito insatisfeito"),
)  # fmt: skip
LADDERS = tuple(
    {word: 5 - step for step, words in enumerate(rungs) for word in words.split("|")} for rungs in FIVE
)  # word → number


@dataclass(frozen=True)
class Ladder:
    """How a column's answers in words are read: each word, small, with its number."""

    steps: tuple[tuple[str, float], ...]

    @property
    def is_apart(self) -> bool:
        """Whether the words are steps of their own."""
        return len({number for _, number in self.steps}) == len(self.steps) > 1

    @property
    def has_end(self) -> bool:
        """Whether one of the words is an end of the scale of five."""
        return bool({1, 5} & {number for _, number in self.steps})

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
    matches = {word: match for word in rows if (match := NUMERAL.fullmatch(word))}
    stars = {word: NUMERALS[match[1]] + (0.5 if match[2] else 0) for word, match in matches.items()}
    if stars and _share(stars, rows) >= NEARLY_ALL:
        return _of(stars)
    shares = [(_share(known, rows), known) for known in LADDERS]
    most = max(share for share, _ in shares)
    ladders = {_of({word: known[word] for word in rows if word in known}) for share, known in shares if share == most}
    apart = [each for each in ladders if each.is_apart]
    return apart[0] if most >= NEARLY_ALL and len(apart) == 1 and apart[0].has_end else None


def _share(known: Mapping[str, float], rows: dict[str, int]) -> float:
    return sum(number for word, number in rows.items() if word in known) / max(sum(rows.values()), 1)


def _of(steps: Mapping[str, float]) -> Ladder:
    return Ladder(tuple(sorted(steps.items(), key=lambda step: (-step[1], step[0]))))
