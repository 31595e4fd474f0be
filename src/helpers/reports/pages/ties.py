"""What stays on one line of a page: a sign with its amount, the two ends of a range, a day."""

from __future__ import annotations

import re

DIGITS = r"\d(?:[\d,.]*\d)?"
NUMBER = rf"[+−]?{DIGITS}"
RANGE = rf"{NUMBER}(?:%| [一-鿿]{{1,3}})?[～–]{NUMBER}(?:%| [万亿]?[元天年]| [万亿])?"
AMOUNT = rf"[+−](?:R?\$|[¥£€]){DIGITS}(?: (?:M|bn)\b)?"
DAY = r"\b\d{4}-\d\d-\d\d\b"
UNSEEN = r"<(script|style|svg|title|pre|textarea|option)\b.*?</\1>|<[^>]*>"
SEEN = re.compile(rf"{UNSEEN}|(?P<tied>{DAY}|{RANGE}|{AMOUNT})", flags=re.DOTALL)


def tied(page: str) -> str:
    """The HTML of a page that no line's end parts: −¥40.14, 0.981～1.03; what is drawn or run is left as it is."""
    return SEEN.sub(lambda found: f'<span class="tied">{found[0]}</span>' if found["tied"] else found[0], page)
