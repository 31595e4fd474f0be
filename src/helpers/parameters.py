"""Notebook parameters: each function checks one value and returns it in the type the helpers want.

A mistyped parameter is met here, in one sentence, before anything is read or drawn.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterable
from typing import TypeVar

from helpers.language import _

Choice = TypeVar("Choice", bound=str)

LONGEST_WINDOW_DAYS = 3660  # that a parameter may ask for: ten years
FIRST_YEAR, LAST_YEAR = 1700, 2250  # pandas counts nanoseconds, from 1677 to 2262


def date(name: str, value: str | dt.date | None) -> dt.date | None:
    """The day that `value` names; None for an empty value, which stands for "the last day in the data".

    Raises ValueError unless `value` is empty, a date, or text written as YYYY-MM-DD, of the years that tables can hold.
    """
    if value is None or value == "":
        return None
    try:
        day = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(
            _("{name} = {value!r}: write a date as 'YYYY-MM-DD'.").format(name=name, value=value)
        ) from None
    day = day.date() if isinstance(day, dt.datetime) else day
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        words = _("{name} = {value!r}: write a day of the years {first} to {last}.")
        raise ValueError(words.format(name=name, value=str(value), first=FIRST_YEAR, last=LAST_YEAR))
    return day


def between(name: str, value: object, low: float, high: float) -> float:
    """`value` itself, in its own type, when it lies in [low, high]; ValueError otherwise."""
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return value
    raise ValueError(
        _("{name} = {value!r}: give a number from {low:g} to {high:g}.").format(
            name=name, value=value, low=low, high=high
        )
    )


def one_of(name: str, value: str, choices: Iterable[Choice]) -> Choice:
    """The one of `choices` that `value` names; ValueError naming the nearest choice otherwise."""
    known = list(choices)
    if value in known:
        return known[known.index(value)]
    choice = _("{name} = {value!r}: choose one of {choices}.").format(name=name, value=value, choices=", ".join(known))
    raise ValueError(f"{choice}{nearest(value, known)}")


def nearest(word: str, known: Iterable[str]) -> str:
    """' Did you mean …?' with the known word closest to `word`; empty when none is close."""
    close = difflib.get_close_matches(str(word), [str(each) for each in known], n=1)
    return " " + _("Did you mean {word!r}?").format(word=close[0]) if close else ""


def hint(word: str, known: Iterable[str]) -> str:
    """' Did you mean …?', or else ' Known: …' with all that `word` might have been."""
    choices = sorted(known)
    return nearest(word, choices) or " " + _("Known: {known}.").format(known=", ".join(choices))
