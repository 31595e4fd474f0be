"""Raw rows stay in the engine: what comes to Python names no order, ticket or lead, and is not more of more rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
import pytest
from ibis.expr.schema import Schema

from helpers.data import datasets
from helpers.data.datasets import Dataset
from helpers.data.engine import connection, door, frames
from pages import NOTEBOOKS, page

ALL = {path.stem.split("_", 1)[1] for path in NOTEBOOKS}
NAMES = {"order_id", "ticket_id", "lead_id"}  # of raw rows; goods are counted by theirs
RAW = ("orders", "order_items", "tickets", "leads", "events", "points")  # which customers may have any number of
TIMES = ("ordered_at", "opened_at", "created_at", "at")  # of a raw row, those that a copy of it has too
COUNTS = {
    "basket",
    "owner",
    "leads",
}  # told by numbers for baskets and customers, or by second: of more rows there are more
CUSTOMERS = 5_000  # of the demo: so many rows at most of what is told by customer
MORE = 1.1  # times the rows: a group that was too small may be large enough


class Fetched(NamedTuple):
    """What one question to the engine brought."""

    rows: int
    columns: tuple[str, ...]


@contextmanager
def watched() -> Iterator[list[Fetched]]:
    """All that is fetched meanwhile."""
    fetched: list[Fetched] = []

    def seen(rows: pa.Table, schema: Schema) -> pd.DataFrame:
        fetched.append(Fetched(rows.num_rows, tuple(rows.column_names)))
        return frames.frame(rows, schema)

    with pytest.MonkeyPatch.context() as patch:
        for module in (connection, door):
            patch.setattr(module, "frame", seen)
        yield fetched


def fetched_by(path: Path, tables: Path, opened: Callable[..., Dataset] = datasets.open) -> list[Fetched]:
    """What the notebook fetches of the data set as it is `opened`."""
    with watched() as fetched, pytest.MonkeyPatch.context() as patch:
        patch.setattr(datasets, "open", opened)
        page(path, {"save_to": str(tables)}, patch)
    return fetched


@pytest.mark.parametrize("words", [{"value", "plan"}, pytest.param(ALL, marks=pytest.mark.long)], ids=["two", "all"])
def test_no_notebook_is_given_a_row_by_its_name(words, tmp_path):
    fetched = [each for path in NOTEBOOKS if path.stem[3:] in words for each in fetched_by(path, tmp_path)]
    assert len(fetched) > 20
    assert [each for each in fetched if each.rows > 1 and NAMES & set(each.columns)] == []  # one row sums up columns


@pytest.mark.parametrize(
    "words", [{"value", "feedback"}, pytest.param(ALL, marks=pytest.mark.long)], ids=["two", "all"]
)
def test_a_shop_of_which_each_raw_row_is_there_twice_sends_no_more(words, tmp_path):
    opened, more = datasets.open, {}

    def doubled(*given: object, **named: object) -> Dataset:
        data = opened(*given, **named)
        tables = {name: _twice(rows) if name in RAW else rows for name, rows in data.tables.items()}
        return replace(data, tables=tables, snapshot_path=None)

    (tmp_path / "twice").mkdir()
    for path in [path for path in NOTEBOOKS if path.stem[3:] in words]:
        once, twice = _most(fetched_by(path, tmp_path)), _most(fetched_by(path, tmp_path / "twice", doubled))
        assert once
        more |= {
            (path.stem, each): (once.get(each), rows)
            for each, rows in twice.items()
            if COUNTS.isdisjoint(each)
            and rows > max(MORE * once.get(each, 0) + 10, CUSTOMERS * (each[0] == "customer_id"))
        }
    assert more == {}


def _most(fetched: list[Fetched]) -> dict[tuple[str, ...], int]:
    """The most rows that came with these columns."""
    return {each.columns: each.rows for each in sorted(fetched)}


def _twice(rows: ir.Table) -> ir.Table:
    """The rows, and each again under another name, of some minutes before."""
    names = {name: rows[name].cast("string") + "'" for name in NAMES if name in rows.columns}
    times = {name: rows[name] - ibis.interval(minutes=7) for name in TIMES if name in rows.columns}
    return rows.union(rows.mutate(**names, **times))
