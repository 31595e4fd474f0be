"""What of a notebook is committed: text and code, and of what ran the printed numbers alone that tests compare.

A git filter, set up by `kehu lab`: `python -m helpers.cli.saved_cells` reads a notebook and writes what stays of it.
(nbstripout empties the number of every cell, or keeps it of all; nbval needs it of the cells that it compares.)
"""

from __future__ import annotations

import json
import sys
from typing import Any

CHECKED = "nbval-check-output"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
ADDED = ("collapsed", "execution", "jupyter", "scrolled")  # to a cell's metadata, by JupyterLab and the kernel


def committed(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook without what a run or JupyterLab adds; what is checked is as after one run from top to bottom."""
    cells, place = [], 0
    for cell in notebook["cells"]:
        kept = cell | {"metadata": {key: value for key, value in cell["metadata"].items() if key not in ADDED}}
        if cell["cell_type"] == "code":
            place += 1
            printed = [each for each in cell["outputs"] if each.get("name") == "stdout"]
            outputs = printed if CHECKED in cell["metadata"].get("tags", ()) else []
            kept |= {"execution_count": place if outputs else None, "outputs": outputs}
        cells.append(kept)
    return notebook | {"cells": cells, "metadata": notebook["metadata"] | METADATA}


def stripped(text: str) -> str:
    """The text of a notebook's file, as it is committed; what is no notebook stays as it is."""
    try:
        notebook = json.loads(text)
        kept = committed(notebook)
    except (ValueError, KeyError, TypeError, AttributeError):  # such as one in the midst of a merge
        return text
    return json.dumps(kept, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.buffer.write(stripped(sys.stdin.buffer.read().decode("utf-8")).encode("utf-8"))
