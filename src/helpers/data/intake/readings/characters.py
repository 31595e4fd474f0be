"""Characters that programs print in more than one way: blanks, full-width forms, digits of other scripts, and marks
that are not seen.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from helpers.data import engine

BLANKS = (
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"  # beyond ASCII
)
# The joiners U+200C and U+200D are seen: they shape letters and pictures.
TURNING = (
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # after which all else of a sentence may read backwards
)
UNSEEN = "\ufeff\u200b\u200e\u200f\u2060\xad" + TURNING
# Full width, Arabic, Persian, Devanagari, Bengali, Thai.
DIGITS = tuple("".join(map(chr, range(zero, zero + 10))) for zero in (0xFF10, 0x660, 0x6F0, 0x966, 0x9E6, 0xE50))
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
ARABIC_MARKS = "\u066b\u066c\u060c"  # of fractions, and of thousands
WIDE = "".join(map(chr, range(0xFF01, 0xFF5F))) + "".join(DIGITS[1:]) + ARABIC_MARKS + DASHES
NARROW = "".join(map(chr, range(0x21, 0x7F))) + "0123456789" * len(DIGITS[1:]) + ".,," + "-" * len(DASHES)
WIDE_WORDS = "".join(wide for wide, narrow in zip(WIDE, NARROW, strict=True) if narrow.isalnum())
NARROW_WORDS = "".join(filter(str.isalnum, NARROW))
_PLAIN = str.maketrans(BLANKS + WIDE, " " * len(BLANKS) + NARROW, UNSEEN + "\0")


def plain(text: str) -> str:
    """`text` with blanks beyond ASCII as spaces, full-width forms and digits as ASCII, and nothing that is not seen."""
    return text.translate(_PLAIN)


def plain_text(text: ir.StringValue) -> ir.StringValue:
    """The same of a column of texts."""
    return _replaced(text, WIDE, NARROW)


def trimmed(text: ir.StringValue) -> ir.StringValue:
    """A column's texts without blanks around, with blanks beyond ASCII as spaces, and nothing that is not seen."""
    return _replaced(text, "", "").strip()


def plain_words(text: ir.StringValue) -> ir.StringValue:
    """`trimmed` with full-width letters, and digits, as ASCII; marks stay as they are."""
    return _replaced(text, WIDE_WORDS, NARROW_WORDS).strip()


def seldom(wide: str = "") -> str:
    """A pattern of the blanks and unseen marks that few texts hold, and of `wide` forms."""
    return f"[\\x00{BLANKS}{UNSEEN}{wide}]"


def _replaced(text: ir.StringValue, wide: str, narrow: str) -> ir.StringValue:
    nul = engine.character(0)  # which no text of a query can hold
    replaced = text.translate(BLANKS + wide + UNSEEN + nul, " " * len(BLANKS) + narrow)
    return ibis.cases((text.re_search(seldom(wide)), replaced), else_=text)  # to look first is ten times as fast
