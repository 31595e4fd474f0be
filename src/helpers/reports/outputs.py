"""What the run of each notebook leaves in a report: itself as it ran, tables that it saves, files of its own."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

from helpers.reports import content
from helpers.reports.notebooks import Notebook
from helpers.reports.pages import downloads

TABLES, NOTEBOOKS = "tables", "notebooks"  # folders of a report
OF_THE_RUN = {"snapshot", "quarantine"}  # tables that no notebook saves
SAVE_TO, BY_NAME = "save_to", {"save", "load"}  # the parameter, and what takes the name of a table with it


def saved(notebooks: Iterable[Notebook]) -> set[str]:
    """The names of the tables that notebooks save."""
    return {name for each in notebooks for name in downloads.saved(each.node.cells)}


def tables(report: Path, notebook: Notebook, among: Iterable[Notebook]) -> list[Path]:
    """The files in a report's folder of tables that a notebook left, of all those `among` which it was run.

    A notebook that writes there by itself, as a model, has all files that are not known to be of another.
    """
    own, known = saved([notebook]), saved(among) | OF_THE_RUN
    writes = _writes(notebook)
    there = sorted((report / TABLES).glob("*"))
    return [path for path in there if path.stem in own or (writes and path.stem not in known)]


def digits(report: Path, notebook: Notebook, among: Iterable[Notebook]) -> str:
    """Digits that change with whatever the run of a notebook left in a report."""
    ran = (report / NOTEBOOKS).glob(f"{notebook.word}.ipynb")
    return content.of_files([*ran, *tables(report, notebook, among)], report)


def _writes(notebook: Notebook) -> bool:
    """Whether cells give the folder of tables to anything but what saves and loads a table by its name."""
    calls = [
        node for cell in notebook.node.cells for node in ast.walk(downloads.tree(cell)) if isinstance(node, ast.Call)
    ]
    return any(SAVE_TO in map(_name, call.args) and _name(call.func) not in BY_NAME for call in calls)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""
