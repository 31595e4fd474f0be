"""The language in which sentences are spoken: English stands in the code, other languages in `locale/`.

A sentence is a whole message with places for its facts: `_("{table}: missing {columns}.").format(…)`.
"""

from __future__ import annotations

import datetime as dt
import gettext
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

DOMAIN, LOCALES = "kehu", Path(__file__).with_name("locale")
ENGLISH, CHINESE = "en", "zh"
NAMES = {ENGLISH: "English", CHINESE: "中文"}  # as their readers call them
LANGUAGES = tuple(NAMES)
SPOKEN = "KEHU_LANGUAGE"  # the environment's variable by which the lab tells its kernels what to speak
EDITIONS = "KEHU_EDITIONS"  # the environment's variable by which a run tells its kernels what to speak
OWN = "KEHU_OWN_WORDS"  # and this one, what the data set calls things
TERM = re.compile("⟨([^⟩]+)⟩")  # in a message: a word for which a data set may have one of its own

Words = Mapping[str, Mapping[str, str]]  # a language → what is called → how

ENDS = (".", "。", "?", "？", "!", "！")

_OF_LAB: str = os.environ.get(SPOKEN, ENGLISH)
_spoken: ContextVar[str] = ContextVar("language", default=_OF_LAB)
_own: ContextVar[Words | None] = ContextVar("own", default=None)
_OF_RUN: Words = json.loads(os.environ.get(OWN, "{}"))


def chosen(asked: str, environment: Mapping[str, str]) -> str:
    """The language that is `asked` for, else the one of the environment: zh for any Chinese locale, otherwise en.

    Raises ValueError for a language that is not spoken here.
    """
    if asked:
        if asked not in LANGUAGES:
            raise ValueError(f"language = {asked!r}: choose one of {', '.join(LANGUAGES)}.")
        return asked
    settings = (environment.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return CHINESE if next(filter(None, settings), "").casefold().startswith(CHINESE) else ENGLISH


def editions() -> tuple[str, ...]:
    """The languages in which answers are shown, the first one first: those of the run, or the one that is spoken."""
    return tuple(os.environ.get(EDITIONS, current()).split(","))


def listed(text: str) -> tuple[str, ...]:
    """The languages that `text` names, comma-separated; ValueError for one that is not spoken here."""
    return tuple(dict.fromkeys(chosen(each.strip(), {}) for each in text.split(",") if each.strip()))


@contextmanager
def spoken(language: str) -> Iterator[None]:
    """Sentences are in `language` until the end of the block."""
    token = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(token)


@contextmanager
def calling(words: Words) -> Iterator[None]:
    """Things are called as in `words` until the end of the block."""
    token = _own.set(words)
    try:
        yield
    finally:
        _own.reset(token)


def called(name: str) -> str | None:
    """What the data set calls something in the language that is spoken; None where it says nothing of it."""
    words = _own.get()
    return (_OF_RUN if words is None else words).get(_spoken.get(), {}).get(name)


def current() -> str:
    """The language that is spoken now."""
    return _spoken.get()


def _(message: str) -> str:
    """`message` in the language that is spoken; in English where its catalogue lacks it.

    A term in it, such as ⟨contracts⟩, is the data set's own word, or that one.
    """
    told = _catalogue(_spoken.get()).gettext(message) if message else ""  # gettext has its header under ""
    return TERM.sub(lambda term: called(term[0]) or term[1], told) if "⟨" in told else told


def later(message: str) -> str:
    """`message` itself, which catalogues take up: a word that tables hold, and that is said when it is shown."""
    return message


def ended(text: str) -> str:
    """`text` as a whole sentence: with a full stop, unless it ends already, as a question does."""
    return text if text.endswith(ENDS) else text + ("。" if _spoken.get() == CHINESE else ".")


def day(date: dt.date) -> str:
    """A day as the language writes it: December 31, 2025; 2025 年 12 月 31 日."""
    from babel.dates import format_date  # it loads the calendars of a language, which only a page needs

    return str(format_date(date, "y 年 M 月 d 日" if _spoken.get() == CHINESE else "long", _spoken.get()))


def month(date: dt.date) -> str:
    """The month of a day as the language writes it: December 2025; 2025 年 12 月."""
    from babel.dates import format_date

    return str(format_date(date, "y 年 M 月" if _spoken.get() == CHINESE else "MMMM y", _spoken.get()))


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALES, [language], fallback=language == ENGLISH)
