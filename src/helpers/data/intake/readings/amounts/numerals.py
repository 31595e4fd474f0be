"""Numbers that Chinese characters spell, or part: 一百二十, 壹万贰仟叁佰元整, 1万2千, 3만5천원, 12元5角3分.

A whole number has a section before 亿, one before 万 and a last one; the parts of a yuan are 角 and 分.
"""

from __future__ import annotations

import re
from decimal import Decimal

import ibis
import ibis.expr.types as ir

from helpers.data.intake.readings.amounts import currencies

ALIKE = {  # characters that stand for one digit or unit
    "0": "〇零", "1": "一壹", "2": "二两兩贰貳弍", "3": "三叁參叄", "4": "四肆", "5": "五伍", "6": "六陆陸",
    "7": "七柒", "8": "八捌", "9": "九玖", "十": "拾십", "百": "佰陌백", "千": "仟阡천", "万": "萬만",
    "亿": "億억", "角": "毛", "-": "负負−－",
}  # fmt: skip
_ODD = "".join(ALIKE.values())
_PLAIN = "".join(plain * len(odd) for plain, odd in ALIKE.items())
SPELLED = "".join(ALIKE[digit] for digit in "0123456789")
UNITS = "".join(unit + ALIKE[unit] for unit in "十百千万亿")
TOKENS = ("人民币", "人民幣", "RMB", "CNY", "￥", "¥", "₩", ",", "，", " ", "整", "正")
WHOLE = ("元", "圆", "圓", "块钱", "块", "塊", "円", "원")  # what stands behind whole units
_SECTION = "(?:[0-9]{1,4}千)?(?:0?[0-9]百)?(?:0?[0-9]?十[0-9]?|0[0-9])?"
_FIRST = f"[0-9]{{1,8}}|{_SECTION}"
_PATTERN = (
    rf"^-?(?:({_FIRST})亿)?(?:({_FIRST})万)?([0-9]*|{_SECTION})"
    r"(?:元|(?:元)?([0-9])角(?:([0-9])分)?|元0?([0-9])分)?$"
)
_AFTER_UNIT = r"[千万亿][0-9]+$|[千万亿][0-9]+[元角]"  # then thousands have four digits, or begin with 0
_FOUR = r"[万亿](?:[0-9]{4}|0[0-9]{1,3})(?:元|$)"
# A text of plain digits with one unit behind, such as 12万, is read otherwise.
_MARKS = (  # of what is no plain number; one character alone is a word
    rf".[{SPELLED}十拾십]|[{SPELLED}十拾십].|[{UNITS}] *[0-9]|(?:{'|'.join(WHOLE)}) *[0-9]|[0-9] *[角毛]"
)


def is_spelled(text: str) -> bool:
    """Whether a text is a number that is spelled, or parted, by characters."""
    return bool(re.search(_MARKS, text)) and number(text) is not None


def number(text: str) -> Decimal | None:
    """The number that a text spells; None where it spells none."""
    plain = _plain(text)
    match = re.match(_PATTERN, plain)
    if not match or not re.search("[0-9十]", plain) or (re.search(_AFTER_UNIT, plain) and not re.search(_FOUR, plain)):
        return None
    first, second, third, jiao, fen, alone = match.groups()
    whole = _section(first) * 10**8 + _section(second) * 10**4 + _section(third)
    value = Decimal(whole) + Decimal(jiao or 0) / 10 + Decimal(fen or alone or 0) / 100
    return -value if plain.startswith("-") else value


def value(text: ir.StringValue) -> ir.FloatingValue:
    """The number that each text of a column spells; null where it spells none."""
    plain = text
    for token in TOKENS:
        plain = plain.replace(token, "")
    for token in WHOLE:
        plain = plain.replace(token, "元")
    plain = plain.translate(_ODD, _PLAIN)
    fits = plain.re_search(_PATTERN) & plain.re_search("[0-9十]")
    fits = fits & (~plain.re_search(_AFTER_UNIT) | plain.re_search(_FOUR)) & text.re_search(_MARKS)
    first, second, third, jiao, fen, alone = (plain.re_replace(_PATTERN, rf"\{place}") for place in range(1, 7))
    whole = _of_section(first) * 10**8 + _of_section(second) * 10**4 + _of_section(third)
    hundredths = _digits(jiao) * 10 + _digits(fen) + _digits(alone)
    amount = (whole * 100 + hundredths).cast("float64") / 100
    return ibis.cases((fits, plain.startswith("-").ifelse(-amount, amount)))


def signs(text: str) -> tuple[str, ...]:
    """The tokens of money in a text, the longest first."""
    known = sorted((*TOKENS, *WHOLE), key=lambda token: -len(token))
    return tuple(token for token in known if token in text and currencies.code(token))


def _plain(text: str) -> str:
    for token in TOKENS:
        text = text.replace(token, "")
    for token in WHOLE:
        text = text.replace(token, "元")
    return text.translate(str.maketrans(_ODD, _PLAIN))


def _section(text: str | None) -> int:
    """The number of a section such as 3千02十5, or of digits alone."""
    if not text:
        return 0
    thousands, hundreds, tens = (re.search(rf"([0-9]*){unit}", text) for unit in "千百十")
    units = re.search("[0-9]*$", text)
    return (
        (int(thousands[1]) if thousands else 0) * 1000
        + (int(hundreds[1]) if hundreds else 0) * 100
        + (int(tens[1] or 1) if tens else 0) * 10
        + int((units[0] if units else "") or 0)
    )


def _of_section(text: ir.StringValue) -> ir.IntegerValue:
    """The same of each text of a column."""
    thousands, hundreds, tens = (text.re_extract(f"([0-9]*){unit}", 1) for unit in "千百十")
    tens = ibis.cases((text.contains("十") & (tens == ""), "1"), else_=tens)
    return (
        _digits(thousands) * 1000
        + _digits(hundreds) * 100
        + _digits(tens) * 10
        + _digits(text.re_extract("[0-9]*$", 0))
    )


def _digits(text: ir.StringValue) -> ir.IntegerValue:
    return text.nullif("").try_cast("int64").fill_null(0)
