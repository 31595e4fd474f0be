"""A toy report made without kernels, and processes that are stopped at one of their changes of the file system."""

from __future__ import annotations

import copy
import datetime as dt
import errno
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from python_calamine import CalamineWorkbook

from helpers.data import datasets
from helpers.data.intake.wording.schema import Settings
from helpers.data.spans import Span
from helpers.reports import production, run
from helpers.reports.kernels import Outcome

CHANGES = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.chmod", "os.truncate", "os.link")
STOPS = ("SIGKILL", "SIGTERM", "ENOSPC")
DAY = "2025-06-30"
WORDS = ("groups", "worth", "plan")
PLANS = ("action_key", "customer_id", "planned_on")
LISTED = {
    "action_key": "k", "customer_id": "a", "arm": "treat", "plan_on": pd.Timestamp(DAY), "due_on": pd.Timestamp(DAY),
    "action": "wake", "channel": "SMS", "owner": "", "priority": 1, "reason_1": "", "reason_2": "", "offer_good": "",
    "value_at_stake": 1.0, "expected_gain": 1.0, "cost": 1.0,
}  # fmt: skip


def toy(home: Path) -> SimpleNamespace:
    """What `datasets.open` would yield of a shop of two customers."""
    (home / "orders.csv").write_text("id\n1\n")
    pd.DataFrame({"table": ["orders"], "file_row": [2], "rule": ["r"], "value": [""]}).to_parquet(
        home / "aside.parquet"
    )
    books = {"table": "orders", "outcome": ["read", "used"], "rule": "", "rows": [2, 2], "rows_meeting": [2, 2]}
    days = [("orders", "ordered_at", dt.date(2025, 6, 30), 2, "fact")]
    return SimpleNamespace(
        name="toy", title="A toy shop", languages=("en", "zh"), size=2, as_of=dt.date.fromisoformat(DAY), set_by=(),
        joins=(), settings=Settings("A toy shop", currency="CNY"),
        tables={}, customers=pd.DataFrame({"customer_id": ["a", "b"], "orders": [1, 2]}),
        accounting=pd.DataFrame(books | {"money": float("nan")}), readings=pd.DataFrame({"told": ["x"]}),
        quarantine_path=home / "aside.parquet", inputs=(home / "orders.csv",),
        days=pd.DataFrame(days, columns=["table", "column", "day", "rows", "kind"]),
        spans={"orders": Span("orders", dt.date(2025, 1, 1), dt.date(2025, 6, 30), 1)},
    )  # fmt: skip


def notebooks(folder: Path) -> Path:
    """Three notebooks of which each needs the one before."""
    folder.mkdir()
    for place, word in enumerate(WORDS):
        cells = [new_markdown_cell(f"# What about {word}?"), new_code_cell('save_to: str = ""', metadata={"tags": ["parameters"]}),
                 new_code_cell(f'save(rows, save_to, "{word}")')]  # fmt: skip
        node = new_notebook(
            cells=cells,
            metadata={
                "kernelspec": {"name": "python3", "display_name": "?", "language": "python"},
                "kehu": {"needs": list(WORDS[max(0, place - 1) : place])},
            },
        )
        nbformat.write(node, folder / f"0{place + 1}_{word}.ipynb")
    return folder


@contextmanager
def stubbed(home: Path) -> Iterator[SimpleNamespace]:
    """`make(round)` makes a report whose pages, tables and memory all tell the round; `source` and `out` are its places."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets, "open", lambda *_, **__: toy_of_home)
        patch.setattr(datasets, "folder_of", lambda dataset: datasets.RAW.resolve() / "toy")
        patch.setattr(datasets, "fingerprint", lambda dataset, preset: "")
        patch.setattr(production.publish, "page", lambda node, **_: node.metadata["round"])
        patch.setattr(production.publish, "index", lambda **_: str(shop.round))
        patch.setattr(production.editions.typeface, "with_glyphs", lambda pages: pages)
        patch.setattr(production.editions.manifest, "commit", lambda: None)
        toy_of_home = toy(home)
        shop = SimpleNamespace(source=notebooks(home / "notebooks"), out=home / "reports", round=0)

        def at_once(kernels: production.Kernels, notebook: nbformat.NotebookNode, parameters: dict) -> Outcome:
            word = notebook.cells[0].source.split()[-1].rstrip("?")
            tables = kernels.cwd / "tables"
            tables.mkdir(exist_ok=True)
            (tables / f"{word}.csv").write_text(str(shop.round))
            if word == "plan":
                plans = pd.DataFrame([["k", "a", pd.Timestamp(DAY)]], columns=PLANS)
                plans.assign(round=shop.round).to_parquet(tables / "plan_history.parquet")
                listed(shop.round).to_parquet(tables / "actions.parquet")
            node = copy.deepcopy(notebook)
            node.metadata["round"] = str(shop.round)
            return Outcome("completed", 0.0, node)

        patch.setattr(production.Kernels, "run", at_once)

        def make(number: int, *names: str) -> run.Run:
            shop.round = number
            return run.report("toy", names=names, source=shop.source, out=shop.out, fresh=True)

        shop.make = make
        yield shop


def listed(number: int) -> pd.DataFrame:
    """A list of three actions whose script is the round."""
    return pd.DataFrame([LISTED] * 3).assign(script=str(number))


def stopped_at(step: int, how: str, under: Path, work) -> bool:
    """Whether a process was stopped before so many of its changes under a folder; False where it came to its end."""
    child = os.fork()
    if child == 0:
        left = [step]
        signal.signal(signal.SIGTERM, signal.default_int_handler)

        def count(event: str, given: tuple) -> None:
            if event not in CHANGES:
                return
            within = event in ("os.remove", "os.rmdir") and given[-1] != -1  # by a name within an open folder
            if not within and not str(given[0]).startswith(str(under)):
                return
            if event == "open" and not given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
                return
            left[0] -= 1
            if left[0] == -1:
                if how == "ENOSPC":
                    raise OSError(errno.ENOSPC, "No space left on device")
                os.kill(os.getpid(), getattr(signal, how))

        try:
            sys.addaudithook(count)
            work()
        except (OSError, ValueError, KeyboardInterrupt) as error:
            if left[0] >= 0:
                os.write(2, f"a child failed by itself: {error!r}".encode())
                os._exit(3)
        except BaseException:
            os.write(2, traceback.format_exc().encode())
            os._exit(3)
        os._exit(0 if left[0] < 0 else 7)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert ended in (0, 7, -signal.SIGKILL), f"step {step}: the process ended with {ended}"
    return ended != 7


def rounds(out: Path) -> set[str]:
    """The rounds of which the report tells, over pages, tables and the list's file: one where it is whole, none without."""
    report = out / "toy" / DAY
    if not report.exists():
        return set()
    pages = [report / f"{place}{word}.html" for place in ("", "zh/") for word in (*WORDS, "index")]
    tables = [report / "tables" / f"{word}.csv" for word in WORDS]
    return {path.read_text(encoding="utf-8") for path in (*pages, *tables)} | given_out(report)


def given_out(report: Path) -> set[str]:
    """The rounds of which the files of the list tell, each row of each; "torn" where rows are missing."""
    csv = pd.read_csv(report / "exports" / "generic.csv", dtype=str)["script"]
    book = CalamineWorkbook.from_path(report / "exports" / "generic.xlsx").get_sheet_by_index(0).to_python()
    place = book[0].index("script")
    told = [*csv, *(row[place] for row in book[1:])]
    return {*told, *([] if len(told) == 2 * 3 else ["torn"])}


def left_over(out: Path) -> list[str]:
    """Files and folders of a run that no reader should find."""
    return [str(path.relative_to(out)) for path in out.rglob(".*")]
