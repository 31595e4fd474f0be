"""Texts read as flags: the words that say yes and no in tables of many programs and languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir

from helpers.data.intake.readings import characters
from helpers.data.intake.readings.shapes import Shape

YES = (
    "true", "t", "yes", "y", "on", "checked", "1", "-1", r"1\.0+", "是", "是的", "有", "真", "对", "对的", "開", "开",
    "同意", "需要", "ja", "j", "wahr", "sí", "si", "sì", "vero", "verdadero", "verdadeiro", "sim", "oui", "vrai", "да",
    "tak", "evet", "はい", "예", "네", "có", "enabled", r"=?true\(\)", r"是\(1\)", "[○◯]", "[✓✔√☑✅]\ufe0f?",
    r"(?:b')?\\x01'?", "b'1'", r"\.t\.", "kyllä", "ano", "áno", "pravda", "igen", "igaz", "da", "так", "ναι", "ya",
    "نعم", "כן", "ใช่",
)  # fmt: skip
NO = (
    "false", "f", "no", "n", "off", "unchecked", "0", r"0\.0+", "否", "不是", "无", "無", "没有", "假", "错", "不对",
    "关", "關", "不同意", "不需要", "nein", "falsch", "falso", "não", "nao", "non", "faux", "нет", "nie", "hayır",
    "いいえ", "아니오", "아니요", "nee", "không", "disabled", r"=?false\(\)", r"否\(0\)", "[✗✘×☐❌]\ufe0f?",
    r"(?:b')?\\x00'?", "b'0'", r"\.f\.", "ei", "ne", "nepravda", "nem", "hamis", "nej", "nei", "nu", "ні", "όχι",
    "tidak", "لا", "לא", "ไม่", "ไม่ใช่",
)  # fmt: skip
DONE, OPEN = "已.*", "未[^知定详明].*"  # 已付款, 未付款; but 未知 is neither
TRUE, FALSE = (rf"^(?i:\s*(?:{'|'.join(words)})\s*)$" for words in ((*YES, DONE), (*NO, OPEN)))
PLAIN = frozenset("true t yes y 1 1.0 false f no n 0 0.0".split())
WIDE, NARROW = characters.WIDE_WORDS + "．－", characters.NARROW_WORDS + ".-"
_FULL_WIDTH = str.maketrans(WIDE, NARROW)


@dataclass(frozen=True)
class FlagReading:
    """How a column's texts are read as flags: the words that say `yes` and `no` in it, the most frequent first.

    All flags are read alike, so that the words that occur are told and are no part of what a reading is known by.
    """

    yes: tuple[str, ...] = field(default=(), repr=False)
    no: tuple[str, ...] = field(default=(), repr=False)

    def value(self, text: ir.StringValue) -> ir.BooleanValue:
        """True for each text that says yes, false for no, whatever its case; null for any other."""
        plain = ibis.cases((text.re_search(f"[{WIDE}]"), text.translate(WIDE, NARROW)), else_=text)
        return ibis.cases((plain.re_search(TRUE), True), (plain.re_search(FALSE), False))

    def fits(self, shape: Shape) -> bool:
        """Whether texts of this shape are flags; of a shape with digits, whether its least and greatest are."""
        return _said(shape.low) is not None and _said(shape.high) is not None

    def told(self) -> str:
        """What was decided, in a few words; "" where the words are those of every program."""
        return "" if PLAIN.issuperset(self.yes + self.no) else self.named()

    def named(self) -> str:
        """The words for yes and for no, at most three of each: yes/no."""
        return "/".join(", ".join(words[:3]) for words in (self.yes, self.no) if words)


def decided(shapes: Iterable[Shape]) -> FlagReading:
    """The reading of a column whose texts have these shapes."""
    words: dict[bool, dict[str, None]] = {True: {}, False: {}}
    for shape in sorted(shapes, key=lambda shape: -shape.rows):
        for text in (shape.high, shape.low):
            said = _said(text)
            if said is not None:
                words[said][text.strip().casefold()] = None
    return FlagReading(tuple(words[True]), tuple(words[False]))


def _said(text: str) -> bool | None:
    """Whether a text says yes or no; None where it says neither."""
    plain = text.translate(_FULL_WIDTH)
    return True if re.search(TRUE, plain) else False if re.search(FALSE, plain) else None
