"""A customer taken out of all that was made of a data set: what was prepared, the reports, the memory of plans."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from helpers.data import datasets, privacy, tombstones, whole_files
from helpers.data import shelf as shelves
from helpers.data.datasets import Dataset
from helpers.data.intake import parts
from helpers.data.intake.wording import settings
from helpers.data.intake.wording.plans import Plan
from helpers.findings import declarations, load
from helpers.findings.spreadsheets import write_csv
from helpers.language import _
from helpers.reports import exports, folder
from helpers.reports.past import memory

PAGES = (".html", ".ipynb", ".json")
GONE = "–"  # what stands on pages where a name stood
Keep = Callable[[pd.DataFrame, Path, str], None]  # writes a table into a folder under a name
PLAIN = re.compile(r"\d{1,6}")  # a number that a page may well show of something else


@dataclass(frozen=True)
class Change:
    """A file that told of somebody, and how many rows or places of it are gone."""

    path: Path
    rows: int = 0
    places: int = 0


def erase(dataset: str, preset: str, ids: Sequence[str], out: Path) -> list[Change]:
    """Takes the customers `ids` out of all that was made of a data set; a tombstone keeps them out of later runs.

    Raises ValueError, with all tombstones kept, where something that was prepared is being read. Raw files stay.
    """
    home, prepared = datasets.folder_of(dataset), datasets.PREPARED
    names = {*ids, *privacy.pseudonyms(ids)}
    orders = _orders(datasets.open(dataset, preset=preset), ids)
    tombstones.added(prepared, home.name, {tombstones.CUSTOMER: ids, tombstones.ORDER: orders})
    gc.collect()  # with the data set goes its lease
    changes = [change for shelf in shelves.of(home.name, prepared) for change in _cleared(shelf)]
    reports = out / home.name
    if not reports.is_dir():
        return changes
    with folder.alone(out):
        plan = settings.read(home, preset).plan
        for day in folder.reports(out).get(home.name, []):
            changes += _of_report(reports / day, names, plan)
        changes += _of_table(reports, memory.NAME, names, memory.keep)
    return changes


def _orders(data: Dataset, ids: Sequence[str]) -> list[str]:
    """The ids of their orders, whose lines name nobody."""
    orders = data.tables.get("orders")
    if orders is None or "customer_id" not in orders.columns:
        return []
    return list(orders.filter(orders.customer_id.isin(list(ids))).order_id.execute().dropna())


def _cleared(shelf: shelves.Shelf) -> Iterator[Change]:
    with shelf.locked():
        kept = [each for each in shelf.path.iterdir() if each.is_dir() and each.name != parts.PARTS]
        shelf.forget(shelf.path, [parts.PARTS])
        if (shelf.path / parts.PARTS).is_dir():
            shelf.forget(shelf.path / parts.PARTS, [])
        if any(each.exists() for each in kept):
            words = _("{folder}: it is being read. Close the notebooks and runs of this data set, then erase again.")
            raise ValueError(words.format(folder=f"data/prepared/{shelf.path.name}"))
    if kept:
        yield Change(shelf.path)


def _of_report(report: Path, names: set[str], plan: Plan) -> Iterator[Change]:
    tables = sorted(path.stem for path in (report / "tables").glob("*.parquet"))
    changes = [change for name in tables for change in _of_table(report / "tables", name, names, _rewrite)]
    yield from changes
    listed = [path for path in sorted((report / exports.FOLDER).glob("*")) if path.is_file()]
    if listed and any(change.path.stem == "actions" for change in changes):
        kinds = tuple(kind for kind in exports.KINDS if any(path.name.startswith(kind) for path in listed))
        yield from map(Change, exports.again(report, plan, kinds))
    telling = sorted(name for name in names if not PLAIN.fullmatch(name))
    if not telling:
        return
    named = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, telling))})(?![\w-])")
    for path in sorted(path for path in report.rglob("*") if path.suffix in PAGES):
        text, places = named.subn(GONE, path.read_text(encoding="utf-8"))
        if places:
            whole_files.write(path, text)
            yield Change(path, places=places)


def _rewrite(table: pd.DataFrame, tables: Path, name: str) -> None:
    """Writes a report's table in place of the one that is there, in its forms and with what is declared of it."""
    path = tables / f"{name}.parquet"
    declaration = declarations.read(path)
    with whole_files.replacing(path, private=True) as beside:
        declarations.write(table, beside, declaration)
    if path.with_suffix(".csv").exists():
        with whole_files.replacing(path.with_suffix(".csv"), private=True) as beside:
            write_csv(table, beside)


def _of_table(home: Path, name: str, names: set[str], keep: Keep) -> Iterator[Change]:
    """The table without the rows that hold one of `names` in any of their cells, written by `keep`."""
    table = load(home, name)
    if table is None:
        return
    texts = table.select_dtypes(["object", "string", "category"])
    told = pd.Series(False, index=table.index)
    for column in texts:
        told |= texts[column].astype(object).isin(names)
    if not told.any():
        return
    keep(table[~told].reset_index(drop=True), home, name)
    yield Change(home / f"{name}.parquet", rows=int(told.sum()))
