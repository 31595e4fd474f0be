"""The pages of notebooks, run in this process or by a report's kernels: their findings, tables and drawn words."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers import language
from helpers.analyses.plan.vocabulary import PORTRAIT
from helpers.findings import Column, DeclaredTable, Finding, NotApplicable, files
from helpers.reports import records as disclosure
from helpers.reports import run
from helpers.reports.run import Run

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("[0-9][0-9]_*.ipynb"))


# What every kernel runs first. A figure's letters are published as shapes, so its words are noted as they are drawn.
# It is drawn for the first edition alone, as drawing is a large part of a report's CPU.
LISTENER = """
import os, pickle
from pathlib import Path

import helpers.findings
from helpers import language
from helpers.findings import Finding
from helpers.findings import finding as showing
from matplotlib.backends.backend_svg import RendererSVG

def note(kind, *what):
    with (Path({notes!r}) / str(os.getpid())).open("ab") as file:
        pickle.dump((kind, what), file)

def shown(self, *rest, _show=Finding._repr_mimebundle_, **options):
    note("shown", self)
    return _show(self, *rest, **options)

def saved(answer, folder, name, _save=helpers.findings.save):
    note("saved", name, answer)
    return _save(answer, folder, name)

def drawn(self, gc, x, y, s, *rest, _draw=RendererSVG.draw_text, **options):
    note("drawn", s)
    return _draw(self, gc, x, y, s, *rest, **options)

def figure(*words, _figure=showing._figure):
    return _figure(*words) if language.current() == language.editions()[0] else ""

Finding._repr_mimebundle_, helpers.findings.save, RendererSVG.draw_text = shown, saved, drawn
showing._figure = figure
"""

# And this, where no figure is looked at.
UNDRAWN = "from helpers.findings import finding; finding._figure = lambda *_: ''"


@dataclass
class Page:
    """What a notebook showed and saved, in order; in a kernel also the words of its figures."""

    shown: list[Finding | NotApplicable] = field(default_factory=list)
    saved: dict[str, Any] = field(default_factory=dict)  # a table's name → what was saved under it
    drawn: list[str] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        """The answers that applied."""
        return [answer for answer in self.shown if isinstance(answer, Finding)]


def untied(html: str) -> str:
    """A page's HTML without what keeps amounts, ranges and days on one line."""
    return re.sub(r'<span class="tied">(.*?)</span>', r"\1", html)


def page(path: Path, parameters: Mapping[str, Any], monkeypatch: Any) -> Page:
    """The page of the notebook at `path`, run with `parameters` in place of its own.

    A cell that only prints for nbval is left out, and so is one that looks closer, which no report runs.
    """
    result, names = Page(), {}
    kept = files.save

    def save(answer: Any, folder: str | Path, name: str) -> None:
        result.saved[name] = answer
        kept(answer, folder, name)

    monkeypatch.setattr("helpers.findings.save", save)
    names["display"] = lambda *answers: result.shown.extend(answers)
    for cell in nbformat.read(path, as_version=4).cells:
        tags = cell.metadata.get("tags", ())
        if cell.cell_type != "code" or {"nbval-check-output", "closer"} & set(tags):
            continue
        tree = ast.parse(cell.source)
        last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, path.name, "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), path.name, "eval"), names)
            result.shown.extend([value] if isinstance(value, Finding | NotApplicable) else [])
        if "parameters" in tags:
            names |= parameters
    return result


def report(dataset: str, home: Path) -> tuple[Run, list[Page]]:
    """The report of a data set, `home`/reports, and the pages of its kernels in no order; `home` is an empty folder.

    What would be printed to report.pdf lies beside it as sheets.html.
    """
    notes = home / "notes"
    notes.mkdir()

    def sheets(path: Path, html: str) -> str:
        path.with_name("sheets.html").write_text(html, encoding="utf-8")
        return ""

    with kernels_begin_with(LISTENER.format(notes=str(notes)), home), pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpers.reports.exports.write_pdf", sheets)
        made = run.report(dataset, out=home / "reports", pdf=True)
    return made, [_noted(path) for path in notes.iterdir()]


@contextmanager
def kernels_begin_with(code: str, home: Path) -> Iterator[None]:
    """In the block kernels run this code first; `home` is a folder in which nothing is called ipython."""
    startup = home / "ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "first.py").write_text(code, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IPYTHONDIR", str(home / "ipython"))
        yield


def _noted(path: Path) -> Page:
    """What one kernel noted."""
    page = Page()
    with path.open("rb") as file:
        while file.peek(1):
            match pickle.load(file):
                case "shown", (finding,):
                    page.shown.append(finding)
                case "saved", (name, answer):
                    page.saved[name] = answer
                case "drawn", (words,):
                    page.drawn.append(words)
    return page


def saved_tables(pages: Iterable[Page]) -> dict[str, type[DeclaredTable]]:
    """Every table that a report saves, by name: those of its notebooks, and those of the run itself."""
    own = {"snapshot": disclosure.Snapshot, "quarantine": disclosure.Quarantine}
    return own | {name: type(answer) for page in pages for name, answer in page.saved.items()}


def documented(tables: Mapping[str, type[DeclaredTable]]) -> str:
    """The page of the documentation that says what each saved table holds."""
    lines = [
        "# The tables of a report",
        "",
        "What stands in `tables/*.csv` and `.parquet` beside a report's pages, column by column. Codes are written as",
        "code words; what each means stands beside it. Made from the code by `make tables`.",
    ]
    for name, kind in sorted(tables.items()):
        lines += ["", f"## {name}", "", (kind.__doc__ or "").strip().splitlines()[0], ""]
        lines += _columns(kind.columns)
    lines += ["", "## What a plan's rule may ask for", ""]
    lines += ["The columns of customers that `when` of `[[plan.actions]]` knows, as far as a data set has them.", ""]
    return "\n".join([*lines, *_columns(PORTRAIT)]) + "\n"


def _columns(columns: Iterable[Column]) -> list[str]:
    rows = [f"| {_name(column)} | {column.kind} | {_meaning(column)} |" for column in columns]
    return ["| column | kind | meaning |", "|---|---|---|", *rows]


def _name(column: Column) -> str:
    return "others" if column == "{}" else f"`{column}`"


def _meaning(column: Column) -> str:
    known = {code: language.TERM.sub(r"\1", phrase) for code, phrase in column.words.items() if code}
    words = "; ".join(f"`{code}` {phrase}" for code, phrase in known.items())
    unit = f" ({column.unit})" if column.unit else ""
    return f"{column.meaning}{unit}{': ' + words if words else ''}".replace("|", "\\|").replace("\n", " ")
