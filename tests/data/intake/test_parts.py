"""A raw file is read once, for as long as neither it, nor what it is joined to, nor the words about it change."""

import os
import tempfile
from pathlib import Path

import pytest

from helpers.data import engine
from helpers.data.intake import files, parts, readings
from helpers.data.intake.feeds import Source
from helpers.data.intake.parts import RawFile
from helpers.data.intake.rows import columns, rules
from helpers.data.intake.rows.money import Exchange
from helpers.data.intake.wording import settings
from helpers.data.shelf import Shelf

TOML = """[tables.orders]
file = "orders.csv"
join = [{ file = "people.csv", on = "account" }]
[tables.orders.columns]
customer_id = "person"
"""
ORDERS = "order_id,account,ordered_at,amount\n1,x,2024-01-01,5\n2,x,soon,5\n3,x,2024-01-01,5,6\n"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "dataset.toml").write_text(TOML)
    (folder / "orders.csv").write_text(ORDERS)
    (folder / "people.csv").write_text("account,person\nx,a\n")
    return folder


@pytest.fixture
def made(folder, tmp_path):
    """Makes the part of the orders as the folder stands now."""

    def make():
        words = settings.read(folder)
        shelf = Shelf(tmp_path / "shelf")
        shelf.path.mkdir(exist_ok=True)
        source = Source(engine.connect(), folder, words.feeds["orders"], words, shelf, tmp_path)
        file = RawFile(source, folder / "orders.csv", Path(tempfile.mkdtemp(dir=tmp_path)))
        return file.part(readings.decided(columns.asked(source, file.shown), file.shown), Exchange())

    return make


def test_a_part_has_the_rows_with_their_marks_and_the_torn_lines(made):
    part = made()
    rows = engine.connect().read_parquet(part.rows).order_by(engine.ROW).execute()
    assert rows[["order_id", "customer_id", "file", engine.ROW]].to_numpy().tolist() == [
        ["1", "a", "orders.csv", 1],
        ["2", "a", "orders.csv", 2],
    ]
    assert rows[rules.BROKEN].notna().tolist() == [False, True] and rows[rules.VALUE][1] == "soon"
    assert part.rejected.to_numpy().tolist() == [
        ["orders.csv", 4, "3,x,2024-01-01,5,6", "line does not split into the header's columns"]
    ]


def test_what_has_not_changed_is_not_read_again(made, folder, monkeypatch):
    home = made().home
    monkeypatch.setattr(files, "read", lambda *_: pytest.fail("read again"))
    (folder / "dataset.toml").write_text('title = "Another"\n' + TOML)
    assert made().home == home


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("orders.csv", ORDERS + "4,x,2024-01-01,5\n"),
        ("people.csv", "account,person\nx,b\n"),
        ("dataset.toml", TOML + 'amount = "account"\n'),
        ("dataset.toml", 'time_zone = "Asia/Shanghai"\n' + TOML),
        ("dataset.toml", '[policy]\nrefunds = "drop"\n' + TOML),
    ],
)
def test_a_change_of_the_file_of_what_it_is_joined_to_or_of_the_words_reads_anew(made, folder, name, text):
    home = made().home
    (folder / name).write_text(text)
    assert made().home != home


def test_the_stamp_of_a_file_sees_a_change_that_keeps_size_and_time(folder):
    path = folder / "orders.csv"
    before, then = parts.stamp(path), path.stat()
    path.write_text(ORDERS.replace(",5\n", ",6\n"))
    os.utime(path, ns=(then.st_atime_ns, then.st_mtime_ns))
    assert parts.stamp(path) != before and parts.stamp(path) == parts.stamp(path)


def test_a_part_that_was_harmed_is_made_anew(made):
    part = made()
    part.rows.unlink()
    assert made().rows.exists()


def test_a_digest_tells_words_apart():
    assert parts.digest("a", 1) == parts.digest("a", 1) != parts.digest("a", 2)
