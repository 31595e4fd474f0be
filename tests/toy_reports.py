"""Notebooks of a cell or two, and a data set that is no more than its words: what a run needs at the least."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.data.intake.wording.schema import Settings
from helpers.data.spans import Span

PARAMETERS = """\
dataset: str = "demo"  # a folder under data/raw
preset: str = ""       # the mapping
as_of: str = ""        # the day
save_to: str = ""      # the tables' folder
"""


def write(folder, name, *cells, own="", needs=()):
    """A notebook of one section, "What is found?", with `cells` in it."""
    tagged = new_code_cell(PARAMETERS + own, metadata={"tags": ["parameters"]})
    body = [new_markdown_cell("## What is found?"), *map(new_code_cell, cells)]
    metadata = {
        "kernelspec": {"name": "a-kernel-of-another-machine", "display_name": "?", "language": "python"},
        "kehu": {"needs": list(needs)},
    }
    node = new_notebook(cells=[new_markdown_cell(f"# What about {name}?"), tagged, *body], metadata=metadata)
    nbformat.write(node, folder / f"{name}.ipynb")


def toy_data(folder, **words):
    (folder / "orders.csv").write_text("id\n1\n")
    customers = pd.DataFrame({"customer_id": ["a", "b"], "orders": [1, 2]})
    quarantine = pd.DataFrame({"table": ["orders"], "file_row": [2], "rule": ["missing amount"], "value": [""]})
    quarantine.to_parquet(folder / "quarantine.parquet")
    accounting = pd.DataFrame(
        {
            "table": "orders",
            "outcome": ["read", "used", "quarantined"],
            "rule": ["", "", "missing amount"],
            "rows": [3, 2, 1],
            "rows_meeting": [3, 2, 1],
            "money": float("nan"),
        }
    )
    settings = Settings("A toy shop", currency="CNY", **words)
    return SimpleNamespace(
        name="toy",
        languages=("en", "zh"),
        title="A toy shop",
        size=len(customers),
        as_of=dt.date(2025, 6, 30),
        settings=settings,
        tables={},
        customers=customers,
        accounting=accounting,
        readings=pd.DataFrame({"table": ["orders"], "column": ["amount"], "told": ["decimal comma"]}),
        quarantine_path=folder / "quarantine.parquet",
        days=pd.DataFrame(
            [("orders", "ordered_at", dt.date(2025, 3, 31), 3, "fact")],
            columns=["table", "column", "day", "rows", "kind"],
        ),
        spans={"orders": Span("orders", dt.date(2025, 1, 1), dt.date(2025, 3, 31), 1)},
        set_by=(),
        joins=(),
        inputs=(folder / "orders.csv",),
    )


def output(run, word):
    """What the notebook printed, and the names of the errors it met."""
    node = nbformat.read(run.folder / "notebooks" / f"{word}.ipynb", as_version=4)
    outputs = [output for cell in node.cells for output in cell.get("outputs", ())]
    return [output.get("text", output.get("ename", "")).strip() for output in outputs]
