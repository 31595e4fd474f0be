"""A report's pages: notebooks as HTML files that ask nothing of any host, a run's index, the list of all reports."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import jinja2
import nbformat
import pandas as pd
from markupsafe import Markup
from nbformat import NotebookNode

from helpers import language
from helpers.findings.sentence import Sentence
from helpers.language import _
from helpers.reports.pages import anchors, monday, proof, search, ties
from helpers.reports.pages.excerpts import Excerpt

if TYPE_CHECKING:
    from nbconvert import HTMLExporter

SKETCH = re.compile(r'<figure [^>]*data-filled="([^"]*)" data-lines="([^"]*)"')
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Page:
    """One page of a report, as the other pages name it."""

    word: str  # the notebook's: churn
    title: str  # the question that it answers
    name: str = ""  # what it is called in the navigation
    status: str = "completed"  # or failed, killed, timed out, skipped
    problem: str = ""  # why it did not complete, in one sentence without its full stop
    headlines: tuple[str, ...] = ()  # in the language of the page that lists them, as is what follows
    answer: str = ""  # the headline that stands for all
    briefs: tuple[Mapping[str, Any], ...] = ()  # what its answers have for the first page
    lacking: str = ""  # why the first question that has no answer has none
    sketch: tuple[str, str] = ("", "")  # the answer's figure in small: the paths of what is filled, and of its lines
    note: str = ""  # what its readers should know first, where it is not of this run
    excerpts: tuple[Excerpt, ...] = ()  # what of it stands on paper

    @property
    def file(self) -> str:
        """The page's file beside the run's index."""
        return f"{self.word}.html"

    @property
    def stopped(self) -> str:
        """Why the page does not hold all its answers; empty where it does."""
        problem = self.problem or _("this page does not hold all its answers")
        words = {
            "failed": _("Failed: {problem}"),
            "killed": _("Killed: {problem}"),
            "timed out": _("Timed out: {problem}"),
            "skipped": _("Skipped: {problem}"),
        }
        return words[self.status].format(problem=language.ended(problem)) if self.status != "completed" else ""


@dataclass(frozen=True)
class Entry:
    """One data set on the shelf; what its manifests do not say is empty."""

    name: str  # its folder
    days: Sequence[str]  # of its reports, the latest first
    title: str = ""
    verdict: str = ""  # of the newest report
    measure: str = ""  # its first tile: name and value
    value: str = ""
    line: Sequence[float | None] = ()  # that measure in all reports, oldest first
    drawn: Sentence | None = None  # the line in words
    state: Sentence | None = None
    is_whole: bool = True  # whether every page of the newest report completed


def page(
    notebook: NotebookNode | Path,
    *,
    title: str,
    dataset: str,
    as_of: dt.date | str,
    pages: Sequence[Page],
    notes: Sequence[str] = (),
    tables: Sequence[str] = (),
    editions: Sequence[str] = (),
) -> str:
    """The HTML of an executed notebook, complete in itself: no file beside it, no request to any host.

    It is in the language that is spoken, and links the same page in the other `editions`, of which the first has the
    report's folder. Code waits behind a switch; what cells wrote to stderr is left out. A cell that failed is a
    sentence, and sections that were not reached say so. `pages` are linked; the one with this `title` is marked as the
    current one. `notes` stand first. Answers link the files of their tables among the `tables` of the report's folder.
    """
    executed = nbformat.read(notebook, as_version=4) if isinstance(notebook, Path) else notebook
    file = next((page.file for page in pages if page.title == title), "")
    around = _around(file, editions)
    files = {PurePosixPath(table).stem: f"{around['root']}{quote(table)}" for table in tables if table.endswith(".csv")}
    body, _ = _exporter().from_notebook_node(proof.readable(executed, files))
    body, contents = anchors.settled(body)
    shown = {"title": title, "dataset": dataset, "as_of": as_of, "pages": pages, "notes": notes}
    return _printed("page", **shown, **around, settings=proof.settings(executed), contents=contents, body=Markup(body))


def index(
    *,
    dataset: str,
    as_of: dt.date | str,
    pages: Sequence[Page],
    first: monday.Monday,
    notes: Sequence[str] = (),
    accounting: pd.DataFrame | None = None,
    currency: str = "",
    tables: Sequence[str] = (),
    printed: Mapping[str, str] | None = None,
    editions: Sequence[str] = (),
    files: Sequence[str] = (),
) -> str:
    """The HTML of a run's first page, which is read on Monday: verdict, changes, actions, measures, a line a page.

    In the language that is spoken, which `first` was gathered in; `editions` as for a page. Below stand what became of
    the rows, the `files` of its folder, such as the workbook, and the `tables`. What the `printed` pages show, by their
    files, is found from here.
    """
    listed = lines(pages, first)
    shown = {"dataset": dataset, "as_of": as_of, "pages": listed, "tables": tables, "notes": notes, "files": files}
    rows = str(monday.rows_told(accounting, currency)) if accounting is not None else ""
    shelf = {each.name: (each.file, (printed or {}).get(each.file)) for each in pages}
    found = {name: list(search.places(file, page)) for name, (file, page) in shelf.items() if page}
    said = {"monday": first, "directions": monday.directions(), "rows": rows, "places": found}
    return _printed("index", **shown, **_around("index.html", editions), **said, **_drawing())


def sheets(
    *,
    dataset: str,
    as_of: dt.date | str,
    pages: Sequence[Page],
    first: monday.Monday,
    notes: Sequence[str] = (),
    accounting: pd.DataFrame | None = None,
    currency: str = "",
) -> str:
    """The HTML of a report on paper, in the language that is spoken: the first page, then a sheet a page.

    Pages without an answer are named on the first one, with what they lack.
    """
    rows = str(monday.rows_told(accounting, currency)) if accounting is not None else ""
    answered = [page for page in pages if page.excerpts]
    silent = [page for page in pages if not page.excerpts]
    shown = {"dataset": dataset, "as_of": as_of, "answered": answered, "silent": silent, "notes": notes, "rows": rows}
    return _printed("print", **shown, monday=first, directions=monday.directions(), **_drawing())


def letter(
    *,
    dataset: str,
    as_of: dt.date | str,
    pages: Sequence[Page],
    first: monday.Monday,
    draw: Mapping[str, Callable[..., str]],
    notes: Sequence[str] = (),
    accounting: pd.DataFrame | None = None,
    currency: str = "",
) -> str:
    """The HTML of a report's first page for mail programs, in the language that is spoken.

    It needs no script, no style sheet, no SVG and nothing from a host: `draw` makes pictures of `lines` and of `paths`.
    """
    rows = str(monday.rows_told(accounting, currency)) if accounting is not None else ""
    shown = {"dataset": dataset, "as_of": as_of, "pages": lines(pages, first), "notes": notes, "rows": rows}
    return _rendered("mail", **shown, monday=first, directions=monday.directions(), **_drawing(), **draw)


def lines(pages: Sequence[Page], first: monday.Monday) -> list[Page]:
    """The pages with the answer that the first page lists of each: where it can, one that it does not say already."""
    said = {first.verdict, *(each["said"] for each in (*first.changes, *first.actions))}
    listed = []
    for page in pages:
        others = [headline for headline in page.headlines if headline not in said]
        repeats = page.answer in said and others
        listed.append(replace(page, answer=others[0], sketch=("", "")) if repeats else page)
    return listed


def place(edition: str, editions: Sequence[str]) -> str:
    """Where an edition has its pages within the report's folder: in it the first, others in a folder of their own."""
    return "" if edition in editions[:1] else f"{edition}/"


def reports_index(entries: Sequence[Entry]) -> str:
    """The HTML that links every report: data sets with what their newest report says, each with its days."""
    return _printed("reports", entries=entries, **_drawing())


def headlines(notebook: NotebookNode) -> tuple[str, ...]:
    """The different headlines of an executed notebook as they are spoken, in order, but for those not applicable.

    Where cells are tagged `key`, only the first of each of them: what follows in a cell goes into it more deeply.
    """
    told = [_told(cell)[:1] for cell in _tagged(notebook, "key")] or [_told(cell) for cell in notebook.cells]
    return tuple(dict.fromkeys(itertools.chain(*told)))


def answer(notebook: NotebookNode) -> str:
    """The headline that stands for an executed notebook: of the last `answer` cell that has one, else the first."""
    told = [headline for cell in reversed(_tagged(notebook, "answer")) for headline in _told(cell)[:1]]
    return next(iter([*told, *headlines(notebook)]), "")


def sketch(notebook: NotebookNode) -> tuple[str, str]:
    """The figure in small of the finding whose headline is the notebook's `answer`; empty paths where it has none."""
    cells = [*reversed(_tagged(notebook, "answer")), *_tagged(notebook, "key"), *notebook.cells]
    for output in map(proof.edition, itertools.chain(*(cell.get("outputs", ()) for cell in cells))):
        if output.get("metadata", {}).get("kehu", {}).get("applicable"):
            found = SKETCH.search("".join(output["data"].get("text/html", "")))
            return (found[1], found[2]) if found else ("", "")
    return "", ""


def lacking(notebook: NotebookNode) -> str:
    """Why the first question of an executed notebook that has no answer has none; empty where all have one."""
    unanswered = (note["headline"] for note in proof.notes(notebook.cells) if note.get("applicable") is False)
    return next(unanswered, "")


def _tagged(notebook: NotebookNode, tag: str) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if tag in cell.metadata.get("tags", ())]


def _told(cell: NotebookNode) -> list[str]:
    return [note["headline"] for note in proof.notes([cell]) if note.get("applicable")]


def _around(file: str, editions: Sequence[str]) -> dict[str, object]:
    """What leads from a page to the report's other files: the way to the report's folder, and the other editions."""
    here = language.current()
    root = "../" if place(here, editions or [here]) else ""
    others = {each: f"{root}{place(each, editions)}{file}" for each in editions if each != here}
    return {"root": root, "others": others}


def _drawing() -> dict[str, object]:
    """What templates draw lines of periods with."""
    return {"line": monday.sparkline, "width": monday.WIDTH, "height": monday.HEIGHT}


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
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8")  # the only one that a page may run
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    environment.filters["css_text"] = lambda text: "".join(_css_letter(letter) for letter in str(text))
    environment.globals |= {"_": _, "script": Markup(script), "script_hash": digest}
    return environment


def _css_letter(letter: str) -> Markup:
    """A letter within a string of CSS: what could end it, or the style that it stands in, by its number."""
    return Markup(letter if letter.isalnum() or letter in " -·" else f"\\{ord(letter):x} ")


def _printed(name: str, **words: object) -> str:
    """The page that the template `name` makes of `words`, whose amounts and days no line parts."""
    return ties.tied(_rendered(name, **words))


def _rendered(name: str, **words: object) -> str:
    edition = language.current()
    return _templates().get_template(f"{name}.html.j2").render(**words, edition=edition, names=language.NAMES)
