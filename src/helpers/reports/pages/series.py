"""Answers of one kind in one cell, such as one an experiment: the first stands open, of the others the headlines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nbformat import NotebookNode

ANSWER = re.compile(
    r'(?P<box><div class="kehu-answer[^"]*">)(?P<before>.*?)'
    r'(?P<headline><h3 class="kehu-headline".*?</h3>)(?P<rest>.*)',
    flags=re.DOTALL,
)


def abridged(outputs: Iterable[NotebookNode]) -> Iterator[NotebookNode]:
    """The outputs of a cell; an answer of a kind that was among them before waits below its headline."""
    kinds: set[str] = set()
    for output in outputs:
        kind = output.get("metadata", {}).get("kehu", {}).get("kind", "")
        if kind in kinds:
            output.data["text/html"] = _waiting(output.data["text/html"])
        kinds |= {kind} - {""}
        yield output


def _waiting(markup: str) -> str:
    """An answer's markup of which only the headline is seen until a reader opens it; no script is needed for that."""
    folded = r'<details class="kehu-more"><summary>\g<headline></summary>\g<box>\g<before>\g<rest></details>'
    return ANSWER.sub(folded, markup, count=1)
