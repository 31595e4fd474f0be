"""Names of months and weekdays in the languages of many exports: March, März, mars, marzo, марта, มีนาคม."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

import ibis
import ibis.expr.types as ir
from babel import Locale

LANGUAGES = tuple("en de fr es pt it nl pl ru uk tr sv da nb fi cs hu ro id th el ar bg sk".split())
ENGLISH = ("en",)
INITIALS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # that tell months in English
BESIDE = {"sept": 9, "mrz": 3, "maerz": 3, "setiembre": 9, "mei": 5}  # of spreadsheets, which the locales lack
LATIN = 0x250  # the code below which letters may be written without their accents
LETTER = "[a-zà-ɏа-яё]"  # of alphabets whose words are parted
END = r"\.?"  # a short name may end in a point
LEAD, REST = f"(?<!{LETTER})", f"(?!{LETTER})"
SHORT = 2  # letters of a weekday that may as well be another word, but for the first of a text


@cache
def numbers(languages: tuple[str, ...] = LANGUAGES) -> dict[str, int]:
    """The number of the month of each name, in small letters; English ones first."""
    named = {
        name: number
        for months in _texts("months", languages)
        for number, text in months.items()
        for name in _spellings(text)
        if not re.search(r"[\d ]", name)
    }
    return named | ({"sept": 9} if languages == ENGLISH else BESIDE)


@cache
def pattern(languages: tuple[str, ...] = LANGUAGES) -> str:
    """A pattern of all names of months."""
    return _either(numbers(languages))


@cache
def weekdays(least: int = SHORT) -> str:
    """A pattern of the names of weekdays that are no months, of so many letters at `least`."""
    names = {name for days in _texts("days", LANGUAGES) for text in days.values() for name in _spellings(text)}
    return _either(name for name in names if name not in numbers() and len(name) >= least)


def number(name: ir.StringValue, languages: tuple[str, ...] = LANGUAGES) -> ir.StringValue:
    """The number of each month of these names, in small letters."""
    if languages == ENGLISH:
        first = ibis.literal("".join(INITIALS)).find(name.left(3))
        return (first // 3 + 1).cast("string")
    listed = "".join(f"|{each}={number:02}" for each, number in numbers(languages).items())
    place = ibis.literal(listed).find("|" + name + "=")
    return ibis.literal(listed).substr(place + name.length() + 2, 2)


def _texts(kind: str, languages: Iterable[str]) -> Iterable[dict[int, str]]:
    """The months, or days, of each language, in each of the ways to write them."""
    for language in languages:
        by_use = getattr(Locale.parse(language), kind)
        for use in ("format", "stand-alone"):
            yield from (by_use[use][width] for width in ("wide", "abbreviated", *["short"] * (kind == "days")))


def _spellings(text: str) -> Iterable[str]:
    """A name in small letters without its point, and without accents where its letters are Latin."""
    name = text.lower().rstrip(".")
    yield name
    if all(ord(letter) < LATIN for letter in name):
        yield "".join(letter for letter in unicodedata.normalize("NFD", name) if not unicodedata.combining(letter))


def _either(names: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(set(names), key=lambda name: (-len(name), name)))) + ")"
