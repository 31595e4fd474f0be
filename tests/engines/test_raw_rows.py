"""What comes from the engine to Python bears no id of an order, a ticket or a lead: raw rows stay where they are."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pytest
from ibis.expr.schema import Schema

from helpers.data.engine import connection, door, frames
from pages import NOTEBOOKS, page

ALL = {path.stem.split("_", 1)[1] for path in NOTEBOOKS}
NAMES = {"order_id", "ticket_id", "lead_id"}  # of raw rows; goods are counted by theirs


class Fetched(NamedTuple):
    """What one question to the engine brought."""

    rows: int
    columns: tuple[str, ...]


@pytest.mark.parametrize("words", [{"value", "plan"}, pytest.param(ALL, marks=pytest.mark.long)], ids=["two", "all"])
def test_no_notebook_is_given_a_row_by_its_name(words, tmp_path, monkeypatch):
    fetched: list[Fetched] = []

    def seen(rows: pa.Table, schema: Schema) -> pd.DataFrame:
        fetched.append(Fetched(rows.num_rows, tuple(rows.column_names)))
        return frames.frame(rows, schema)

    for module in (connection, door):
        monkeypatch.setattr(module, "frame", seen)
    for path in NOTEBOOKS:
        if path.stem[3:] in words:
            with pytest.MonkeyPatch.context() as patch:
                page(path, {"save_to": str(tmp_path)}, patch)
    assert len(fetched) > 20
    assert [each for each in fetched if each.rows > 1 and NAMES & set(each.columns)] == []  # one row sums up columns
