"""Files of every layout become the same tables of text."""

import gzip
import io
import sqlite3
import zipfile
from contextlib import closing
from random import Random

import duckdb
import pandas as pd
import pytest

from helpers.data import engine
from helpers.data.intake import files
from helpers.data.intake.files import readers
from shops import workbook


def test_fixed_width_lines_are_cut_at_their_places(tmp_path):
    path = tmp_path / "rows.txt"
    path.write_text(" id    amount\n 00001  11.77\n 00002   5.00\n")
    layout = files.Layout(fields=(("id", 2, 5), ("amount", 8, 6)), skip=1)
    rows = files.read(engine.connect(), path, layout, tmp_path).rows.execute()
    assert rows[["id", "amount"]].to_numpy().tolist() == [["00001", "11.77"], ["00002", "5.00"]]


def test_parquet_keeps_its_types_and_a_folder_of_parts_is_all_of_them(tmp_path):
    for part in (1, 2):
        folder = tmp_path / "orders" / f"month={part}"
        folder.mkdir(parents=True)
        pd.DataFrame({"Order ID": [part], "At": pd.to_datetime(["2024-01-02"])}).to_parquet(folder / "p.parquet")
    paths = files.find(tmp_path, ("orders",))
    assert len(paths) == 2
    table = files.read(engine.connect(), paths[1], files.Layout(), tmp_path)
    assert table.headers == ("order_id", "at", "month")  # the folder's own words are a column too
    assert table.rows.schema()["at"].is_timestamp()


def made_databases(tmp_path):
    """A small SQLite and a small DuckDB file, as bytes."""
    with closing(sqlite3.connect(tmp_path / "a.sqlite")) as database:
        database.executescript("CREATE TABLE orders (id, name); INSERT INTO orders VALUES (1, 'x'), (2, 'y');")
    with closing(duckdb.connect(str(tmp_path / "a.duckdb"))) as database:
        database.execute("CREATE TABLE orders AS SELECT 1 AS id, 'x' AS name")
    return (tmp_path / "a.sqlite").read_bytes(), (tmp_path / "a.duckdb").read_bytes()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A sound file of every kind."""
    folder, text = tmp_path_factory.mktemp("whole"), b"id,name\n1,x\n2,y\n" * 50
    pd.DataFrame({"id": range(100), "name": "x"}).to_parquet(folder / "a.parquet")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("orders.csv", text)
    sqlite, duck = made_databases(folder)
    return {
        "csv": text,
        "gz": gzip.compress(text),
        "zip": archive.getvalue(),
        "xlsx": workbook({"orders": [["id", "name"], ["1", "x"]]}),
        "parquet": (folder / "a.parquet").read_bytes(),
        "db": sqlite,
        "duckdb": duck,
        "html": b"<html><table><tr><th>id<th>name<tr><td>1<td>x</table></html>",
        "json": b'[{"id": 1, "name": "x"}, {"id": 2, "name": "y"}]',
        "jsonl": b'{"id": 1}\n{"id": 2}\n',
    }


KINDS = ["csv", "gz", "zip", "xlsx", "parquet", "db", "duckdb", "html", "json", "jsonl"]


@pytest.fixture
def connection(tmp_path):
    """Locked, as when a data set is prepared."""
    return engine.connect(home=tmp_path)


def outcome(connection, folder, name, content):
    """What reading says of a file: its error, or how many rows it has."""
    (folder / name).write_bytes(content)
    scratch = folder / "scratch"
    scratch.mkdir(exist_ok=True)
    try:
        (path,) = files.find(folder, (name,))
        return str(files.read(connection, path, files.Layout(), scratch).rows.count().execute())
    except ValueError as error:
        return str(error)
    except engine.ERRORS:
        return "told by whoever reads the rows"


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_under_the_engines_lock_and_whatever_it_is_called(connection, tmp_path, whole, kind):
    for name in (f"orders.{kind}", "orders.dat"):
        assert int(outcome(connection, tmp_path, name, whole[kind])) > 0


@pytest.mark.parametrize("kind", KINDS)
def test_damage_is_told_in_one_sentence_or_changes_nothing(connection, tmp_path, whole, kind):
    """Cut off, emptied, overwritten or padded: an answer or a sentence, and never anything else."""
    content, random = whole[kind], Random(kind)
    spots = [random.randrange(len(content)) for _ in range(6)]
    damaged = [
        b"",
        bytes(len(content)),
        content[: len(content) // 3],
        content[: len(content) - 5],
        content[:16] + random.randbytes(len(content)),
        content + bytes(1000),
        *(content[:spot] + random.randbytes(4) + content[spot + 4 :] for spot in spots),
    ]
    for place, each in enumerate(damaged):
        said = outcome(connection, tmp_path, f"orders{place}.{kind}", each)
        assert "\n" not in said and "Traceback" not in said
        assert said.isdecimal() or said.endswith((".", "rows")), said


def test_nothing_but_scratch_is_written_beside_the_files(connection, tmp_path, whole):
    for kind in KINDS:
        outcome(connection, tmp_path, f"orders.{kind}", whole[kind])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["scratch", *(f"orders.{kind}" for kind in KINDS)]
    )


@pytest.mark.parametrize("kind", ["csv", "parquet", "html"])
def test_a_sheet_of_what_has_none_is_told(connection, tmp_path, whole, kind):
    path = tmp_path / f"orders.{kind}"
    path.write_bytes(whole[kind])
    with pytest.raises(ValueError, match=rf"^orders\.{kind}: sheet = 'March': it has no sheets\. Leave it out\.$"):
        files.read(connection, path, files.Layout(sheet="March"), tmp_path)


def test_more_columns_than_a_table_has_are_told(connection, tmp_path, monkeypatch):
    monkeypatch.setattr(readers, "MOST_COLUMNS", 2)
    (tmp_path / "wide.csv").write_text("a,b,c\n1,2,3\n")
    with pytest.raises(ValueError, match=r"^wide\.csv: it has 3 columns, more than 2\. Save the columns"):
        readers.read(connection, tmp_path / "wide.csv", files.Layout(), tmp_path)
