"""A report's pages: notebooks as HTML files that ask nothing of any host, a run's index, the list of all reports."""

from __future__ import annotations

import datetime as dt
import html
import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import jinja2
import nbformat
import pandas as pd
from markupsafe import Markup
from nbformat import NotebookNode

from helpers.findings.tables import table
from helpers.findings.vocabulary import ACCOUNTING
from helpers.reports import proof

if TYPE_CHECKING:
    from nbconvert import HTMLExporter

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Page:
    """One page of a report, as the other pages name it."""

    name: str  # the notebook's word: churn
    title: str  # the question that it answers
    status: str = "completed"  # or failed, killed, timed out, skipped
    problem: str = ""  # why it did not complete, in one sentence without its full stop
    seconds: float | None = None
    headlines: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """The page's file beside the run's index."""
        return f"{self.name}.html"

    @property
    def label(self) -> str:
        """The page's name in the navigation."""
        return self.name.replace("_", " ").capitalize()


def page(
    notebook: NotebookNode | Path,
    *,
    title: str,
    dataset: str,
    as_of: dt.date | str,
    pages: Sequence[Page],
    notes: Sequence[str] = (),
) -> str:
    """The HTML of an executed notebook, complete in itself: no script, no file beside it, no request to any host.

    Code waits behind a switch; what cells wrote to stderr is left out. A cell that failed is a sentence, and sections
    that were not reached say so. `pages` are linked; the one with this `title` is marked as the current one. `notes`
    stand first.
    """
    executed = nbformat.read(notebook, as_version=4) if isinstance(notebook, Path) else notebook
    body, _ = _exporter().from_notebook_node(proof.readable(executed))
    body, contents = _with_anchors(body)
    shown = {"title": title, "dataset": dataset, "as_of": as_of, "pages": pages, "notes": notes}
    return _printed("page", **shown, settings=proof.settings(executed), contents=contents, body=Markup(body))


def index(
    *,
    dataset: str,
    as_of: dt.date | str,
    pages: Sequence[Page],
    notes: Sequence[str] = (),
    accounting: pd.DataFrame | None = None,
    tables: Sequence[str] = (),
) -> str:
    """The HTML of a run's first page: `notes`, each page's headlines, what became of the rows, links to `tables`."""
    rows = Markup(table(accounting, ACCOUNTING).to_html(table_uuid="accounting")) if accounting is not None else ""
    shown = {"dataset": dataset, "as_of": as_of, "pages": pages, "accounting": rows, "tables": tables}
    return _printed("index", **shown, notes=notes)


def reports_index(reports: Mapping[str, Sequence[str]]) -> str:
    """The HTML that links every report: data sets by name, each with its days, the latest first."""
    ordered = {name: sorted(map(str, reports[name]), reverse=True) for name in sorted(reports)}
    return _printed("reports", reports=ordered)


def headlines(notebook: NotebookNode) -> tuple[str, ...]:
    """The different headlines of an executed notebook, in order, but for those that are not applicable.

    Where cells are tagged `key`, only the first of each of them: what follows in a cell goes into it more deeply.
    """
    key = [cell for cell in notebook.cells if "key" in cell.metadata.get("tags", ())]
    told = [_told(cell)[:1] for cell in key] or [_told(cell) for cell in notebook.cells]
    return tuple(dict.fromkeys(itertools.chain(*told)))


def _told(cell: NotebookNode) -> list[str]:
    notes = [output.get("metadata", {}).get("kehu", {}) for output in cell.get("outputs", ())]
    return [note["headline"] for note in notes if note.get("applicable")]


def _with_anchors(body: str) -> tuple[str, list[tuple[str, str]]]:
    """`body` with an anchor at each H2, and the anchors with their headings."""
    contents: list[tuple[str, str]] = []

    def anchored(found: re.Match[str]) -> str:
        contents.append((f"section-{len(contents) + 1}", html.unescape(re.sub(r"<[^>]+>", "", found[1]))))
        return f'<h2 id="{contents[-1][0]}">{found[1]}</h2>'

    return re.sub(r"<h2[^>]*>(.*?)</h2>", anchored, body, flags=re.DOTALL), contents


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


@cache
def _exporter() -> HTMLExporter:
    from nbconvert import HTMLExporter  # half a second, for which the first kernels need not wait

    return HTMLExporter(
        template_name="report",
        extra_template_basedirs=[str(TEMPLATES)],
        exclude_anchor_links=True,
        exclude_output_prompt=True,  # a finding that ends its cell is no "Out[7]:" to its readers
    )


@cache
def _templates() -> jinja2.Environment:
    loader = jinja2.FileSystemLoader(TEMPLATES)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
    environment.filters["duration"] = _duration
    return environment


def _printed(name: str, **words: object) -> str:
    """The page that the template `name` makes of `words`."""
    return _templates().get_template(f"{name}.html.j2").render(**words)
