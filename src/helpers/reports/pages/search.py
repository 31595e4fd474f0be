"""What a report's search finds: the places of its pages, with the words that each page shows there."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

HEADING = re.compile(r'<(h[123])\b(?:[^>]*? id="([^"]*)")?[^>]*>(.*?)</\1>', flags=re.DOTALL)
# What is drawn, styled or code, what a table is handled with, the sign of a link, and a table's numbers and days.
UNREAD = re.compile(
    r'<(svg|style|script|template|pre|figcaption)\b.*?</\1>|<p class="kehu-tools">.*?</p>|<a class="at".*?</a>'
    r'|<td class="[nd]">[^<]*</td>|<td[^>]*>[^<]*\d[^<]*</td>',
    flags=re.DOTALL,
)
WITHIN = re.compile(r"</?(?:a|abbr|b|code|em|i|mark|small|span|strong|sub|sup)\b[^>]*>")  # a phrase goes on behind it
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Place:
    """A heading that a link leads to, and the words below it."""

    address: str  # churn.html#reasons
    heading: str
    words: str


def places(file: str, page: str) -> Iterator[Place]:
    """The places of the HTML of a `page` in order: the page itself, its sections, its answers.

    Of tables the words are kept and no value with a digit in it: nobody is found by an id. What a page says several
    times is found where it says it first.
    """
    main = page[page.index("<header") :]
    headings = [found for found in HEADING.finditer(main) if found[1] == "h1" or found[2]]
    known: set[str] = set()
    for found, end in zip(headings, [*(each.start() for each in headings[1:]), len(main)], strict=True):
        level, anchor, heading = found[1], found[2], " ".join(_lines(found[3]))
        words = main[found.end() : end]
        if level == "h1":
            words = words.partition("<main")[2].partition(">")[2]  # behind what leads around
        address = f"{file}#{anchor}" if level != "h1" else file
        fresh = [line for line in _lines(words) if line not in known]
        known.update(fresh)
        yield Place(address, heading, " ".join(fresh))


def _lines(markup: str) -> list[str]:
    """The different lines that a reader of `markup` sees."""
    plain = TAG.sub("\n", WITHIN.sub("", UNREAD.sub("", markup)))
    lines = (" ".join(line.split()) for line in html.unescape(plain).splitlines())
    return list(dict.fromkeys(filter(None, lines)))
