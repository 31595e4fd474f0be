"""What a notebook's author wrote, block by block, in the language that is spoken.

A block is a message of the catalogue: a heading, a paragraph or one item of a list, without the mark before it.
"""

from __future__ import annotations

import re

from helpers.language import _

BLOCK = re.compile(
    r"""^(?:(?P<heading>\#{1,6}[ ]+)(?P<title>\S.*)
        |(?P<item>[-*][ ]+)?(?P<words>\S.*(?:\n(?!\#{1,6}[ ]|[-*][ ]|\s*$).+)*))""",
    flags=re.MULTILINE | re.VERBOSE,
)


def blocks(markdown: str) -> list[str]:
    """The messages of a markdown cell in their order, each on one line; marks within a block are part of it.

    `markdown` holds headings, paragraphs and lists of one level. `**Bold** words` keeps its stars, `## Who?` is `Who?`.
    """
    return [_message(found) for found in BLOCK.finditer(markdown)]


def spoken(markdown: str) -> str:
    """`markdown` with each of its `blocks` in the language that is spoken; what this lacks stays as written."""
    return BLOCK.sub(lambda found: (found["heading"] or found["item"] or "") + _(_message(found)), markdown)


def _message(found: re.Match[str]) -> str:
    return " ".join((found["title"] or found["words"]).split())
