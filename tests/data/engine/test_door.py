"""What comes from engines elsewhere is what DuckDB says of the same rows: where they differ is tested trap by trap."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from pathlib import Path

import ibis
import ibis.expr.types as ir
import pandas as pd
import pyarrow.parquet as pq
import pytest

import other_engines
from helpers.data import engine
from helpers.data.engine import door

ROWS = pd.DataFrame(
    {
        "id": [1, 2, 3, 4, 5, 6, 7],
        "who": ["b", "B", "é", "É", "中", "", None],
        "n": [7, -7, 6, 0, -1, None, 2**40],
        "x": [0.1, 0.2, None, -1.5, 2.5, 1e15, 0.01],
        "at": pd.to_datetime(
            ["2025-03-30 01:30", "2025-03-30 03:30", "2025-12-31 23:59:59.999999", "2024-02-29", None, "1970-01-01",
             "2025-06-30 16:00"], format="ISO8601",
        ),
        "paid": [True, False, None, True, False, True, True],
    }
).astype({"n": "Int64", "paid": "boolean"})  # fmt: skip
QUESTIONS: dict[str, Callable[[ir.Table], ir.Table]] = {
    "32 bits": lambda rows: rows.agg(bits=engine.bits(rows.id * 9 - 1), some=engine.bits(rows.id + 30, where=rows.paid)),
    "shifts": lambda rows: rows.select("id", rest=engine.bits_from(ibis.literal(2**62 + 5, "int64"), rows.id * 9 - 1)),
    "buckets": lambda rows: rows.select("id", bucket=engine.bucket(rows.who, 62), whole=engine.bucket(rows.id, 62)),
    "whole division": lambda rows: rows.select("id", half=rows.n // 2, rest=(rows.n % 3 + 3) % 3, part=rows.n / 4),
    "null order": lambda rows: rows.select(
        "id",
        up=ibis.row_number().over(order_by=[rows.n, rows.id]),
        down=ibis.row_number().over(order_by=[rows.n.desc(), rows.id]),
        first=ibis.row_number().over(order_by=[rows.at.desc(nulls_first=True), rows.id]),
    ),
    "order of texts": lambda rows: rows.select("id", place=ibis.row_number().over(order_by=[rows.who, rows.id])),
    "small letters": lambda rows: rows.select("id", small=rows.who.lower()),
    "days": lambda rows: rows.select(
        "id", "at", day=rows["at"].date(), since=ibis.date("2025-12-31").delta(rows["at"].date(), unit="day"),
        month=rows["at"].year().cast("int64") * 12 + rows["at"].month(), local=engine.local_time(rows["at"], "Asia/Shanghai"),
    ),
    "literals of floats": lambda rows: rows.agg(
        thirds=(rows.paid.fill_null(False).ifelse(1.0, 0.0) / 3.0 * rows.x.fill_null(0.0)).sum(),
        share=rows.paid.ifelse(1.0, 0.0).mean(),
    ),
    "money by rows": lambda rows: rows.agg(mean=engine.total(rows.x) / rows.count(), none=engine.total(rows.x, where=rows.id < 0)),
    "flags": lambda rows: rows.agg(paid=rows.paid.sum(), any=rows.paid.any(), told=rows.paid.count()),
    "first values": lambda rows: (
        placed := engine.with_firsts(rows, ["paid"], who=[rows["at"].desc(), rows.id])
    ).group_by("paid").agg(who=engine.first(placed, "who")),
    "empty texts": lambda rows: rows.select("id", "who", "x", "paid", length=rows.who.length()),
}  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the rows, and with a table that has none."""
    home = tmp_path_factory.mktemp("files")
    here = engine.from_frame(engine.connect(), ROWS)
    here.to_parquet(home / "rows.parquet")
    here.limit(0).to_parquet(home / "none.parquet")
    return home


@pytest.fixture(scope="module", params=["spark", "postgres"])
def far(request: pytest.FixtureRequest) -> ibis.BaseBackend:
    """A connection to each engine elsewhere."""
    return engine.elsewhere(request.getfixturevalue(request.param))


def tables(far: ibis.BaseBackend, files: Path, place: str = "kehu_a_1") -> dict[str, ir.Table]:
    return engine.loaded(far, place, "kehu_a_", {path.stem: path for path in files.glob("*.parquet")})


def here(files: Path) -> ir.Table:
    return engine.connect().read_parquet(files / "rows.parquet")


def in_order(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.sort_values(frame.columns[0], ignore_index=True)


@pytest.mark.parametrize("trap", QUESTIONS)
def test_an_engine_elsewhere_says_what_duckdb_says(far, files, trap):
    found, expected = (QUESTIONS[trap](rows).execute() for rows in (tables(far, files)["rows"], here(files)))
    pd.testing.assert_frame_equal(in_order(found), in_order(expected), rtol=1e-12, check_freq=False)


def test_the_clock_of_this_machine_moves_no_time(far, files, monkeypatch):
    monkeypatch.setitem(os.environ, "TZ", "Asia/Shanghai")
    time.tzset()
    try:
        found = tables(far, files)["rows"].execute().set_index("id")["at"]
        memory = ibis.memtable(pd.DataFrame({"id": [1], "given": [dt.datetime(2025, 3, 30, 1, 30)]}))
        met = tables(far, files)["rows"].join(memory, "id")
        same = met.filter(met["at"] == met.given).count().execute()
    finally:
        monkeypatch.undo()
        time.tzset()
    assert found.dropna().to_dict() == ROWS.set_index("id")["at"].dropna().to_dict() and same == 1


def test_rows_come_in_batches_and_an_empty_table_keeps_its_types(far, files, monkeypatch, tmp_path):
    monkeypatch.setattr(door, "BATCH", 3)
    held = tables(far, files)
    batches = list(held["rows"].to_pyarrow_batches())
    assert [len(batch) for batch in batches] == [3, 3, 1]
    held["rows"].to_parquet(tmp_path / "copy.parquet")
    assert pq.read_table(tmp_path / "copy.parquet").num_rows == 7
    pd.testing.assert_frame_equal(held["none"].execute(), here(files).limit(0).execute())


def test_tables_are_loaded_once_and_take_the_place_of_those_before(far, files, monkeypatch):
    tables(far, files, "kehu_b_1")
    once = engine.loaded(far, "kehu_a_2", "kehu_a_", {"rows": files / "rows.parquet"})
    assert {name for name in far.list_databases() if name.startswith("kehu_")} >= {"kehu_a_2"}
    assert not {"kehu_a_1", "kehu_b_1"} <= set(far.list_databases())
    monkeypatch.setattr(pq, "ParquetFile", None)  # nothing is read again
    again = engine.loaded(far, "kehu_a_2", "kehu_a_", {"rows": files / "rows.parquet"})
    assert once["rows"].count().execute() == again["rows"].count().execute() == 7


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # of what Ibis would remove there
@pytest.mark.parametrize("kind", ["sail", "postgres"])
def test_an_engine_that_goes_away_is_one_sentence(kind, files, monkeypatch):
    with getattr(other_engines, kind)() as url:
        far = engine.elsewhere(url)
        if kind == "sail":
            monkeypatch.setattr(far._session.client._retry_policies[0], "max_retries", 1)
        rows = tables(far, files)["rows"]
        batches = rows.to_pyarrow_batches(chunk_size=1)
        assert len(batches.read_next_batch()) == 1
    for asked in (rows, rows.mutate(more=rows.id + 1).cache, ibis.memtable(ROWS).join(rows, "id")):
        with pytest.raises(ValueError, match=r"went away, or can do no more \(.+\)\. See that it runs") as told:
            asked().execute() if callable(asked) else asked.execute()
        assert "\n" not in str(told.value) and str(told.value).count("(") == 1
    if kind == "postgres":  # whose cursor is read as batches are asked for
        with pytest.raises(ValueError, match="went away"):
            batches.read_all()


def test_a_question_that_is_wrong_is_no_fault_of_the_engine(far):
    with pytest.raises(Exception) as told:
        far.sql("SELECT nix").execute()
    assert "went away" not in str(told.value)
