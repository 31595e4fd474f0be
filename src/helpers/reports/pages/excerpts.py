"""What of a page stands on one sheet of paper: its answer and what matters most beside it, each with its figure."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup
from nbformat import NotebookNode

from helpers.findings.drawing import ink
from helpers.reports.pages import proof

MOST = 3  # on a sheet: one across it, two side by side
LEFT = 'preserveAspectRatio="xMinYMin meet"'  # where there is more room than a figure takes
FIGURE = re.compile(r"<figure\b.*?</figure>", flags=re.DOTALL)
BASIS = re.compile(r'<p class="kehu-basis">(.*?)</p>', flags=re.DOTALL)


@dataclass(frozen=True)
class Excerpt:
    """A headline, what it rests on, and its figure; empty where it has none."""

    headline: str
    basis: Markup
    figure: Markup


def of(notebook: NotebookNode, prefix: str) -> tuple[Excerpt, ...]:
    """The excerpts of an executed notebook in the language that is spoken: its answer first, then its key cells.

    The ids of figures begin with `prefix`, so that those of several notebooks differ.
    """
    found: dict[str, Excerpt] = {}
    for place, output in enumerate(_outputs(notebook)):
        headline, markup = output.metadata.kehu.headline, "".join(output["data"].get("text/html", ""))
        if headline not in found:
            own = ink.with_own_ids(markup, f"{prefix}-{place}")
            figure, basis = FIGURE.search(own), BASIS.search(own)
            drawn = figure[0].replace("<svg ", f"<svg {LEFT} ", 1) if figure else ""
            found[headline] = Excerpt(headline, Markup(basis[1] if basis else ""), Markup(drawn))
    return tuple(itertools.islice(found.values(), MOST))


def _outputs(notebook: NotebookNode) -> Iterator[NotebookNode]:
    """Of the cells that matter most the first output that answers something."""
    answering, key = (_tagged(notebook.cells, tag) for tag in ("answer", "key"))
    for cell in [*reversed(answering), *key] or notebook.cells:
        shown = map(proof.edition, cell.get("outputs", ()))
        yield from itertools.islice((each for each in shown if _is_answer(each)), 1)


def _tagged(cells: Sequence[NotebookNode], tag: str) -> list[NotebookNode]:
    return [cell for cell in cells if tag in cell.metadata.get("tags", ())]


def _is_answer(output: NotebookNode) -> bool:
    return bool(output.get("metadata", {}).get("kehu", {}).get("applicable"))
