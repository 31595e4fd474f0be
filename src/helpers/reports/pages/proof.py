"""An executed notebook made fit to print: what its readers need stays, what only its author needs goes."""

from __future__ import annotations

import ast
import copy
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from helpers import language
from helpers.findings import finding, labels
from helpers.findings.drawing import ink
from helpers.language import _
from helpers.reports.notebooks import FILLED_IN, FOR_TESTS, RANGE
from helpers.reports.pages import anchors, downloads, prose, series

# Tags of cells that do not go to print: the parameters become settings, the figures that nbval compares stand in the
# tables already, the others are papermill's own notes.
LEFT_OUT = {"parameters", "injected-parameters", FOR_TESTS, "papermill-error-cell-tag"}
READABLE = {"ValueError", "DeadKernelError", "CellTimeoutError"}
PLUMBING = set(FILLED_IN)  # the page's header says what matters of them

Spoken = str | dict[str, "Spoken"]


@dataclass(frozen=True)
class Setting:
    """One parameter of the notebook and the value that it ran with: in words, or by name where it has parts."""

    name: str
    value: Spoken
    comment: str


def readable(notebook: NotebookNode, files: Mapping[str, str] | None = None) -> NotebookNode:
    """A copy of an executed notebook without its H1, parameters, warnings and tracebacks.

    Figures become inline and named, ids differ from one output to the next, failures and what they kept from being
    reached become sentences. A section says once what does not apply, or was not reached. Of several answers of a kind
    the first stands open. Where a table is saved it is offered: `files` are the links to what there is, by the
    table's name.
    """
    tables = downloads.saved(notebook.cells)
    kept: list[NotebookNode] = []
    section, said = "", set[str]()
    for cell in copy.deepcopy(notebook.cells):
        if LEFT_OUT & set(cell.metadata.get("tags", ())):
            continue
        if cell.cell_type == "markdown":
            written = re.sub(r"\A\s*# .*\n?", "", cell.source)
            cell.source = prose.spoken(written)
            headings = re.findall(r"^##? +(.+?)\s*$", cell.source, flags=re.MULTILINE)
            section, said = (headings[-1], set()) if headings else (section, said)
            cell.source = anchors.of_sections(cell.source, written)
        elif cell.cell_type == "code" and cell.source.strip():
            offered = downloads.files(cell, tables, files or {})
            outputs = list(_outputs(cell, section, f"o{len(kept)}", offered))
            if cell.execution_count is None and not outputs:
                outputs = [_sentence("not-reached", _("Not reached: the notebook stopped before this."))]
            cell.outputs = list(series.abridged(output for output in outputs if _is_news(output, said)))
        kept.append(cell)
    return NotebookNode({**notebook, "cells": kept})


def edition(output: NotebookNode) -> NotebookNode:
    """What an output shows in the language that is spoken; the output itself where it has no such edition."""
    others = output.get("data", {}).get(finding.EDITIONS, {})
    if language.current() not in others:
        return output
    here = others[language.current()]
    data = {"text/html": here["html"], "text/plain": here["headline"]}
    metadata = NotebookNode(output.metadata)
    if "kehu" in metadata:
        metadata.kehu = metadata.kehu | {name: here[name] for name in ("headline", "brief") if name in here}
    return NotebookNode({**output, "data": NotebookNode(data), "metadata": metadata})


def notes(cells: Iterable[NotebookNode]) -> Iterator[Mapping[str, Any]]:
    """What the outputs of executed cells note of themselves in the language that is spoken, in order."""
    for cell in cells:
        for output in map(edition, cell.get("outputs", ())):
            yield output.get("metadata", {}).get("kehu", {})


def settings(notebook: NotebookNode) -> list[Setting]:
    """The notebook's own parameters with the values that it ran with and the comments that explain them."""
    defaults = _assignments(notebook, "parameters")
    given = _assignments(notebook, "injected-parameters")
    own = [name for name in defaults if name not in PLUMBING]
    return [Setting(name, _spoken(given.get(name, defaults[name])[0]), _(defaults[name][1])) for name in own]


def _outputs(cell: NotebookNode, section: str, prefix: str, offered: Iterable[str]) -> Iterator[NotebookNode]:
    links = iter(offered)
    for place, output in enumerate(cell.outputs):
        if output.output_type == "error":
            yield _sentence("stopped", _failure(output, section))
        elif output.output_type != "stream":
            yield _printable(edition(output), section, f"{prefix}-{place}", next(links, ""))
        elif output.name == "stdout":
            yield output


def _printable(output: NotebookNode, section: str, prefix: str, file: str) -> NotebookNode:
    """An output whose figures have a name and whose ids are its own, with a link to the `file` of its table."""
    data = output.data
    if "text/html" in data:
        name = output.metadata.get("kehu", {}).get("name", "")
        own = downloads.offered(ink.with_own_ids(data["text/html"], prefix), file)
        data["text/html"] = anchors.of_answer(own, name)
    elif "image/svg+xml" in data:
        name = html.escape(section or "Figure")
        drawing = ink.adapted(data.pop("image/svg+xml"), prefix)
        data["text/html"] = f'<figure role="img" aria-label="{name}">{drawing}</figure>'
    elif "image/png" in data:
        output.metadata.setdefault("image/png", NotebookNode()).setdefault("alt", section or "Figure")
    return output


def _is_news(output: NotebookNode, said: set[str]) -> bool:
    """Whether an output answers something, or gives a reason why not that is not among those `said`; adds it there."""
    note = output.get("metadata", {}).get("kehu", {})
    if note.get("applicable", True):
        return True
    known = note["headline"] in said
    said.add(note["headline"])
    return not known


def _failure(output: NotebookNode, section: str) -> str:
    """What a reader learns of an error: its message where that was written to be read, else only its name."""
    stopped = _("the computation stopped with {error}").format(error=output.ename)
    why = output.evalue if output.ename in READABLE else stopped
    answered = _("“{section}” could not be answered: {why}")
    return answered.format(section=section or _("The beginning"), why=language.ended(why))


def _sentence(kind: str, words: str) -> NotebookNode:
    note = {"kehu": {"headline": words, "applicable": False}}
    return new_output("display_data", {"text/html": f'<p class="{kind}">{html.escape(words)}</p>'}, metadata=note)


def _assignments(notebook: NotebookNode, tag: str) -> dict[str, tuple[Any, str]]:
    """Name → value and comment of each assignment in the cells with this tag."""
    found: dict[str, tuple[Any, str]] = {}
    for cell in notebook.cells:
        if tag not in cell.metadata.get("tags", ()):
            continue
        lines = cell.source.encode().splitlines()  # the places that ast tells are counted in bytes
        for node in ast.parse(cell.source).body:
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
                assert node.end_lineno, "what was parsed from text has its place in it"
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                comment = lines[node.end_lineno - 1][node.end_col_offset :].decode().strip().removeprefix("#").strip()
                comment = RANGE.sub("", comment)  # for who sets it, not for who reads
                found[ast.unparse(target)] = (ast.literal_eval(node.value), comment)
    return found


def _spoken(value: Any) -> Spoken:
    """A value in words, whatever it is made of: a mapping stays one."""
    if isinstance(value, dict):
        return {labels.said(str(name)): _spoken(each) for name, each in value.items()} or _("not set")
    if isinstance(value, list | tuple | set):
        if any(isinstance(each, dict) for each in value):
            return _spoken(dict(enumerate(value, 1)))
        return ", ".join(str(_spoken(each)) for each in value) or _("none")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value) or _("not set")
