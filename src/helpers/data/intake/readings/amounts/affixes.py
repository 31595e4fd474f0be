"""What stands around a number: currencies, percent signs, powers of ten such as 万 or K, and units."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers.data.intake.readings.amounts import currencies

HUNDREDTHS = {"%": -2, "‰": -3}
IDEOGRAPHS = {
    "百": 2, "千": 3, "仟": 3, "천": 3, "万": 4, "萬": 4, "만": 4, "百万": 6, "百萬": 6, "千万": 7, "千萬": 7, "亿": 8,
    "億": 8, "억": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
}  # fmt: skip
WORDS = {
    "k": 3, "K": 3, "w": 4, "M": 6, "B": 9, "tsd": 3, "tsd.": 3, "thousand": 3, "mn": 6, "mio": 6, "mio.": 6,
    "million": 6, "millions": 6, "bn": 9, "mrd": 9, "mrd.": 9, "billion": 9, "billions": 9, "тыс": 3, "тыс.": 3,
    "cents": -2, "pence": -2, "¢": -2, "млн": 6, "млрд": 9, "lakh": 5, "lakhs": 5, "crore": 7, "crores": 7,
}  # fmt: skip
BESIDE_THOUSANDS = {"m": 6, "b": 9}  # metres or months, unless K is in the column too
HANZI = r"\u3400-\u9fff\uac00-\ud7af\u3040-\u30ff"

_KNOWN = sorted(
    {*HUNDREDTHS, *IDEOGRAPHS, *currencies.IDEOGRAPHS, *(sign for sign in currencies.SIGNS if len(sign) == 1)},
    key=lambda token: -len(token),
)
_TOKEN = re.compile(
    "|".join(
        [
            r"[A-Z]{1,2}[$¥]",
            r"[kKM](?=(?:EUR|USD|GBP|CHF|CNY|RMB|SEK|NOK|DKK|PLN)(?![^\W\d_]))",  # kEUR
            rf"[千百毫][克米瓦卡升分][{HANZI}]*",  # units, no powers of ten
            *map(re.escape, _KNOWN),
            rf"/?[^\W\d_{HANZI}]+(?:[./][^\W\d_{HANZI}]+)*[.²³]?",  # a word in an alphabet
            rf"/?[{HANZI}]+?(?=$|[^{HANZI}]|{'|'.join(map(re.escape, _KNOWN))})",
            r"°\s*[A-Z]?",
            r"\S",
        ]
    )
)


@dataclass(frozen=True)
class Affix:
    """The tokens before or after a number: `text` joins them by a blank; `unit` is the word that is none of ours."""

    text: str = ""
    money: tuple[str, ...] = ()
    powers: tuple[str, ...] = ()
    unit: str = ""


def affix(text: str) -> Affix | None:
    """The tokens of what stands before or after a number, without signs; None where they are not understood."""
    tokens = _TOKEN.findall(text)
    money = tuple(token for token in tokens if currencies.code(token))
    powers = tuple(token for token in tokens if token not in money and _is_power(token))
    units = [token for token in tokens if token not in money + powers]
    if len(powers) > 1 or len(units) > 1 or not all(_is_word(unit) for unit in units):
        return None
    if units and money and tokens.index(units[0]) < tokens.index(money[0]):
        return None  # T€, 兆円: a power of ten that is not known
    return Affix(" ".join(tokens), money, powers, "".join(units))


def exponent(power: str) -> int:
    """The power of ten by which a number with this token is multiplied: -2 for %, 4 for 万."""
    known = HUNDREDTHS | IDEOGRAPHS | WORDS | BESIDE_THOUSANDS
    return known[power] if power in known else known[power.casefold()]


def is_letters(power: str) -> bool:
    """Whether a power of ten is a letter or a word in an alphabet, which may as well be a unit."""
    return power not in HUNDREDTHS and power not in IDEOGRAPHS


def is_ideograph(token: str) -> bool:
    """Whether a token is in Chinese, Japanese or Korean."""
    return bool(re.match(f"[{HANZI}]", token))


def folded(unit: str) -> str:
    """A unit in its one spelling: "day" for Days."""
    word = unit.casefold().rstrip(".")
    return word.removesuffix("s") if len(word) > 2 else word


def _is_power(token: str) -> bool:
    return (
        token in HUNDREDTHS
        or token in IDEOGRAPHS
        or token in WORDS
        or token in BESIDE_THOUSANDS
        or (len(token) > 1 and token.casefold() in WORDS)
    )


def _is_word(token: str) -> bool:
    return token not in ("e", "E") and bool(re.match(r"/?[^\W\d_]|°", token))  # 5e is half of 5e3
