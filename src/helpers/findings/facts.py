"""What sentences tell: values of a kind, each written as the language that is spoken writes its kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from helpers import language
from helpers.findings import folding, formats
from helpers.findings.columns import Column
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.language import _


@dataclass(frozen=True)
class Fact:
    """Something that a sentence tells: a value, written as the language writes its kind."""

    value: Any

    def __str__(self) -> str:
        """The value as readers see it."""
        return formats.text(self.value)


class Name(Fact):
    """A name among the data, as it is."""


class Attribute(Fact):
    """A column of the data by its name, such as first_channel."""

    def __str__(self) -> str:
        """The name in words: the contract's in the language, the data set's own as it is."""
        return formats.label(self.value)


class Trait(Attribute):
    """A column of the data within a sentence that goes on in small letters."""

    def __str__(self) -> str:
        """The name in words; in English as the data have it: household size."""
        if language.current() == language.ENGLISH:
            return formats.own_label(self.value) or str(self.value).replace("_", " ")
        return super().__str__()


class Count(Fact):
    """How many of something."""

    def __str__(self) -> str:
        """The whole number with its thousands apart."""
        return f"{self.value:,.0f}"


class People(Count):
    """How many customers: of fewer than the smallest group no more is said."""

    def __str__(self) -> str:
        """The whole number with its thousands apart, or fewer than what."""
        if 0 < self.value < folding.SMALLEST_GROUP:
            return _("fewer than {least}").format(least=folding.SMALLEST_GROUP)
        return super().__str__()


class Number(Fact):
    """Any other number, to three digits."""

    def __str__(self) -> str:
        """The number."""
        return formats.number(self.value)


class Difference(Number):
    """A difference of two numbers."""

    def __str__(self) -> str:
        """The number with its sign."""
        return formats.signed(self.value)


class Share(Fact):
    """A part of 1."""

    def __str__(self) -> str:
        """The percentage."""
        return formats.percent(self.value)


class Change(Fact):
    """By which part of itself an amount changed."""

    def __str__(self) -> str:
        """The percentage with its sign."""
        return formats.signed(self.value, formats.percent)


class Points(Fact):
    """A difference of two shares."""

    def __str__(self) -> str:
        """Percentage points with their sign."""
        return formats.points(self.value)


def _with_sign(value: Any) -> str:
    return formats.signed(value, formats.hundredths)


@dataclass(frozen=True)
class Hundredths(Fact):
    """A part of 1 whose hundredths the sentence calls by a name, as points; the sign of a difference with `signed`."""

    signed: bool = False

    def __str__(self) -> str:
        """The number of hundredths."""
        return _with_sign(self.value) if self.signed else formats.hundredths(self.value)


class Days(Fact):
    """A span of days."""

    def __str__(self) -> str:
        """The number with its unit."""
        return formats.days(self.value)


class PValue(Fact):
    """How often chance alone would give such a difference."""

    def __str__(self) -> str:
        """The p-value to three decimals."""
        return formats.p_value(self.value)


class Hours(Fact):
    """A span of hours."""

    def __str__(self) -> str:
        """The number with its unit."""
        shown = formats.number(self.value)
        return _("1 hour") if shown == "1" else _("{number} hours").format(number=shown)


class Minutes(Fact):
    """A span of minutes."""

    def __str__(self) -> str:
        """The number with its unit."""
        shown = formats.number(self.value)
        return _("1 minute") if shown == "1" else _("{number} minutes").format(number=shown)


class Day(Fact):
    """A day."""

    value: dt.date

    def __str__(self) -> str:
        """The day as the language writes it."""
        return language.day(self.value)


class Month(Fact):
    """A month, by any day of it."""

    def __str__(self) -> str:
        """The month and its year as the language writes them."""
        return language.month(self.value)


@dataclass(frozen=True)
class Money(Fact):
    """An amount in a currency, to three digits; the sign of a difference with `signed`."""

    currency: str = ""
    signed: bool = False

    def __str__(self) -> str:
        """The amount, shortened where it is large."""
        if self.signed:
            return formats.signed(self.value, lambda value: formats.money(value, self.currency))
        return formats.money(self.value, self.currency)


@dataclass(frozen=True)
class Price(Fact):
    """An amount in a currency that somebody set."""

    currency: str = ""

    def __str__(self) -> str:
        """The amount to the last digit, shortened where it is large."""
        return formats.price(self.value, self.currency)


@dataclass(frozen=True)
class Word(Fact):
    """A code as its column says it to readers."""

    column: Column
    is_word = True

    def __str__(self) -> str:
        """The code's word."""
        return self.column.write(self.value)


@dataclass(frozen=True)
class Range:
    """An interval between two facts of one kind."""

    low: Fact
    high: Fact

    def __str__(self) -> str:
        """Both ends, of points with their unit said once."""
        if isinstance(self.low, Points) and not any(formats.is_missing(end.value) for end in (self.low, self.high)):
            ends = formats.interval(self.low.value, self.high.value, _with_sign)
            return _("{number} points").format(number=ends)
        return formats.interval(self.low, self.high, str)


def limits(row: Mapping[str, Any], kind: type[Fact] = Share) -> Range:
    """The interval that a row of a table has, its ends of a `kind`."""
    return Range(kind(row[LOWER]), kind(row[UPPER]))


@dataclass(frozen=True)
class Listed:
    """Facts, or sentences, in a row: a, b and c."""

    facts: tuple[object, ...]

    def __str__(self) -> str:
        """All of them, joined as the language joins them."""
        if language.current() == language.CHINESE:  # 、 alone, as 和 would touch what is written in Latin letters
            return "、".join(map(str, self.facts))
        from babel.lists import format_list  # it loads the rules of a language, which only a page needs

        return str(format_list(list(map(str, self.facts)), locale=language.current()))


@dataclass(frozen=True)
class Clauses:
    """Sentences that stand beside one another within a whole one: a; b; c."""

    said: tuple[object, ...]

    def __str__(self) -> str:
        """All of them, with the language's semicolon between."""
        return ("；" if language.current() == language.CHINESE else "; ").join(map(str, self.said))
