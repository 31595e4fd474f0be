"""Renews the numbers that nbval compares: `make renew NOTEBOOKS=churn`, or all notebooks without a name.

Runs each notebook with its defaults and keeps the outputs of the cells tagged `nbval-check-output`, and of no others.
Say in CHANGELOG.md, under "Changed numbers", why they changed.
"""

from __future__ import annotations

import copy
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from helpers.cli.saved_cells import CHECKED

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"


def renewed(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook with the outputs that its checked cells have today, and with no other output."""
    executed = NotebookClient(copy.deepcopy(notebook), kernel_name="python3", timeout=600).execute()
    result = copy.deepcopy(notebook)
    for cell, ran in zip(result.cells, executed.cells, strict=True):
        if cell.cell_type == "code":
            checked = CHECKED in cell.metadata.get("tags", ())
            cell.execution_count = ran.execution_count if checked else None  # nbval takes no output of a cell not run
            cell.outputs = ran.outputs if checked else []
    return result


def main(words: list[str]) -> None:
    """Renews the notebooks called by `words`, all for none, and says which of them changed."""
    paths = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    known = {path.stem.partition("_")[2]: path for path in paths}
    for word in words:
        if word not in known:
            sys.exit(f"NOTEBOOKS = {word!r}: choose from {', '.join(known)}.")
    for word in words or known:
        before = nbformat.read(known[word], as_version=4)
        after = renewed(before)
        print(f"{word}: {'unchanged' if after == before else 'renewed'}")
        nbformat.write(after, known[word])


if __name__ == "__main__":
    main([word for word in ",".join(sys.argv[1:]).split(",") if word])
