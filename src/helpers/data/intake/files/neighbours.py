"""Which letters stand beside each other in a language, by the names that it has for countries, languages and months.

Where one letter beyond ASCII is all that a file has, as in Plzeň, which West European reads as Plzeò, its neighbours
say which of the two is a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from babel import Locale

LANGUAGES = {
    "cp1252": ("de", "fr", "es", "pt", "it", "nl", "sv", "da", "nb", "fi"),
    "cp1250": ("pl", "cs", "sk", "hu", "ro", "hr", "sl"),
}

# Pairs of words that names of countries hardly have: è between consonants in French, the last letter in Italian.
CONSONANTS = "bcdfghjlmnpqrstvxz"
BESIDE = {
    "fr": frozenset(pair for letter in CONSONANTS + "i" for pair in (f"{letter}è", f"è{letter}")),
    "it": frozenset(
        pair for vowel in "àèìòù" for letter in CONSONANTS + "iu" for pair in (letter + vowel, f"{vowel} ")
    ),
}


def share(text: str, encoding: str) -> float:
    """The share of pairs with a letter beyond ASCII that one language of an encoding has too, of the best."""
    pairs = [pair for word in re.findall(r"[^\W\d_]+", text) for pair in _pairs(word)]
    return max(sum(pair in _known(language) for pair in pairs) for language in LANGUAGES[encoding]) / max(1, len(pairs))


@cache
def _known(language: str) -> frozenset[str]:
    locale = Locale.parse(language)
    names = [name for of in (locale.territories, locale.languages, locale.currencies) for name in of.values()]
    names += [
        name
        for uses in (locale.months, locale.days)
        for of in uses.values()
        for each in of.values()
        for name in each.values()
    ]
    pairs = {pair for name in names for word in re.findall(r"[^\W\d_]+", name) for pair in _pairs(word)}
    return BESIDE.get(language, frozenset()) | pairs


def _pairs(word: str) -> Iterator[str]:
    """Two neighbours of a word of which one is beyond ASCII, the ends of the word among them."""
    ended = f" {word.lower()} "
    return (pair for pair in map("".join, zip(ended, ended[1:], strict=False)) if not pair.isascii())
