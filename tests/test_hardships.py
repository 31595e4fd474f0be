"""A command in a hard place (bad files, full disks, places that take nothing) ends in one sentence, never a traceback.

Each kind of file is tried alone in tests/data/intake/files; here they come through the door that a user has.
"""

from __future__ import annotations

import gzip
import io
import os
import resource
import shutil
import signal
import sqlite3
import zipfile
from contextlib import contextmanager

import duckdb
import pandas as pd
import pytest
from typer.testing import CliRunner

from helpers import cli
from helpers.data import datasets
from helpers.data.preparation import contract_tables
from helpers.reports import production
from helpers.reports.kernels import Outcome
from mutations import mutated

CSV = b"order_id,customer_id,ordered_at,amount\n1,a,2025-01-02,10\n2,b,2025-03-04,20\n"
NAME = "orders.csv"


def parquet() -> bytes:
    file = io.BytesIO()
    pd.read_csv(io.BytesIO(CSV)).to_parquet(file)
    return file.getvalue()


def workbook() -> bytes:
    file = io.BytesIO()
    pd.read_csv(io.BytesIO(CSV)).to_excel(file, index=False, engine="xlsxwriter")
    return file.getvalue()


def archive(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


def sqlite(folder) -> bytes:
    path = folder / "base"
    with sqlite3.connect(path) as base:
        pd.read_csv(io.BytesIO(CSV)).to_sql("orders", base, index=False)
    base.close()
    content = path.read_bytes()
    path.unlink()
    return content


BAD = {
    "nothing": b"",
    "blank lines": b"\n\n\n",
    "nuls": bytes(4000),
    "noise": bytes(range(128, 256)) * 20,
    "a workbook's beginning": workbook()[:300],
    "a workbook cut off": workbook()[:-800],
    "a locked workbook": bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504) + "EncryptedPackage".encode("utf-16le") + bytes(999),
    "a bomb": archive(**{"xl__workbook_xml": b" " * (40 << 20)}),
    "a page without a table": b"<html><body>Please log in</body></html>",
    "Parquet cut off": parquet()[:-40],
    "Parquet with holes": parquet()[:40] + b"\xff" * 60 + parquet()[100:],
    "gzip cut off": gzip.compress(CSV * 1000)[:-9],
    "gzip of noise": b"\x1f\x8b" + bytes(range(256)),
    "a gzip bomb": gzip.compress(b"a" * (90 << 20), 1),
    "an archive of noise": b"PK\x03\x04" + bytes(range(256)),
    "an archive within an archive": archive(in_zip=archive(orders_csv=CSV)),
    "a way out of an archive": archive(**{"______orders_csv": CSV}),
    "half a list": b'[{"order_id": 1}, {"ord',
    "a deep list": b"[" * 50_000,
    "objects that end the engine": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "lists that end the engine": b'[{"a":' + b"[" * 50_000 + b"]" * 50_000 + b"}]",
    "a list of numbers": b"[1, 2]",
    "thousands of columns": b",".join(b"c%d" % each for each in range(6_000)) + b"\n",
    "a header alone": CSV.splitlines()[0],
    "numbers of sixty digits": CSV.replace(b",10\n", b"," + b"9" * 60 + b"\n").replace(b",20\n", b"," + b"9" * 50 + b"\n"),
    "one line without an end": b"x" * (1 << 20),
    "an end of zeros, as where a disk was full": CSV + bytes(70 << 20),
}  # fmt: skip
GOOD = {
    "text called a workbook": ("orders.xlsx", CSV),
    "a workbook called text": ("orders.csv", workbook()),
    "a page called a workbook": ("orders.xls", pd.read_csv(io.BytesIO(CSV)).to_html(index=False).encode()),
    "quotes in the name": ("o'r\"d;--ers.csv", CSV),
    "braces in the name": ("%s{0}.csv", CSV),
    "a dash ahead": ("-rf.csv", CSV),
    "a line's end in the name": ("or\nders.csv", CSV),
    "brackets in the name": ("orders [1].csv", CSV),
    "250 letters": ("n" * 246 + ".csv", CSV),
}


@pytest.fixture(autouse=True)
def prepared(tmp_path, monkeypatch):
    home = tmp_path / "prepared"
    monkeypatch.setattr(datasets, "PREPARED", home)
    monkeypatch.setattr(datasets.open, "__kwdefaults__", datasets.open.__kwdefaults__ | {"prepared": home})
    return home


@pytest.fixture
def shop(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "dataset.toml").write_text(f"[tables.orders]\nfile = '{NAME}'\n", encoding="utf-8")
    (folder / NAME).write_bytes(CSV)
    return folder


def invoke(*words):
    return CliRunner().invoke(cli.app, [*map(str, words)], env={"LANG": "en"})


def assert_told(result, *words):
    """That a command ended with one sentence for its user, which has these words."""
    assert isinstance(result.exception, SystemExit) and result.exit_code == 2, result.exception
    said = result.stderr.strip().splitlines()[-1]
    assert said.startswith("kehu: ") and said.endswith((".", "?")) and all(word in said for word in words), said


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_file_is_told_by_its_name(shop, kind):
    (shop / NAME).write_bytes(BAD[kind])
    named = {"a header alone": "shop", "an archive within an archive": "in.zip"}.get(kind, "orders")
    assert_told(invoke("check", "--dataset", shop), named)


MUTATED = 24  # 500 of them in tests/long


@pytest.mark.parametrize("first", [*range(0, MUTATED, 8), 440])  # of which 446 ended the reading
def test_a_mutated_export_is_read_or_told_and_all_rows_read_are_accounted_for(shop, first):
    for seed in range(first, first + 8):
        assert_read_or_told(shop, mutated(seed))


def assert_read_or_told(shop, content):
    """That a file is read, each of its rows used or set aside, or that one sentence says why it is not."""
    (shop / NAME).write_bytes(content)
    result = invoke("check", "--dataset", shop, "--json")
    if result.exit_code:
        return assert_told(result)
    books = datasets.open(shop).accounting.groupby("outcome")["rows"].sum()
    assert books["read"] == books.drop(["read", "emptied", "kept"], errors="ignore").sum()


SETTINGS = {
    "a folder for a file": ("[tables.orders]\nfile = '.'\n", "file = '.'"),
    "a join by a column that is not there": (f"[tables.orders]\nfile = '{NAME}'\njoin = [{{ file = '{NAME}', on = 'nix' }}]\n", "tables.orders.join.on = 'nix': orders.csv has no such column. It has order_id, customer_id"),
    "lists without an end": ("a = " + "[" * 5000 + "]" * 5000, "dataset.toml of 'shop': it is not valid TOML"),
    "a query of a text": (f"[tables.orders]\nfile = '{NAME}'\nquery = 'SELECT 1'\n", "orders.csv: query = 'SELECT 1': it is no database."),
}  # fmt: skip


@pytest.mark.parametrize("kind", SETTINGS)
def test_what_settings_say_amiss_is_told(shop, kind):
    toml, words = SETTINGS[kind]
    (shop / "dataset.toml").write_text(toml, encoding="utf-8")
    assert_told(invoke("check", "--dataset", shop), words)


@pytest.mark.parametrize("kind", ["a pipe", "a device", "a folder", "a hole of 64 GB"])
def test_settings_that_are_no_file_or_without_an_end_are_told_and_not_waited_for(shop, kind):
    path = shop / "dataset.toml"
    path.unlink()
    match kind:
        case "a pipe":
            os.mkfifo(path)
        case "a device":
            path.symlink_to("/dev/zero")
        case "a folder":
            path.mkdir()
        case _:
            with path.open("wb") as hole:
                hole.truncate(64 << 30)
    assert_told(invoke("check", "--dataset", shop), "dataset.toml of 'shop': it is")


def test_a_sentence_repeats_no_line_of_a_million_signs(shop):
    (shop / NAME).write_bytes(b"x" * (1 << 20))
    assert len(invoke("check", "--dataset", shop).stderr) < 600


def test_a_file_that_vanishes_while_it_is_read_is_told(shop, monkeypatch):
    def gone(*_):
        (shop / NAME).unlink()
        raise duckdb.IOException("IO Error: no such file")

    monkeypatch.setattr(contract_tables, "prepare", gone)
    assert_told(invoke("check", "--dataset", shop), "its files changed while they were read")


def test_a_damaged_database_and_a_pipe_are_told(shop, tmp_path):
    (shop / NAME).write_bytes(sqlite(tmp_path)[:1500])
    assert_told(invoke("check", "--dataset", shop), NAME)
    (shop / NAME).unlink()
    os.mkfifo(shop / NAME)
    assert_told(invoke("check", "--dataset", shop), NAME, "no file")


@pytest.mark.parametrize("kind", GOOD)
def test_whatever_a_file_is_called_it_is_read_as_what_it_is(tmp_path, kind):
    name, content = GOOD[kind]
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / name).write_bytes(content)
    found = invoke("init", tmp_path / "shop")
    assert found.exit_code == 0, found.output
    assert datasets.open(tmp_path / "shop").customers["customer_id"].tolist() == ["a", "b"]


@pytest.mark.parametrize("name", ["O'Brien", "a'b\"c", "or\nders", "shop [1]", "-rf", "%2e%2e", "$(id)"])
def test_whatever_its_folder_is_called_a_data_set_is_read(shop, name):
    shop.rename(shop.parent / name)
    result = invoke("check", "--dataset", shop.parent / name)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2025-02-30", "yesterday"])
def test_a_day_that_cannot_be_is_told(shop, day):
    assert_told(invoke("check", "--dataset", shop, "--as-of", day), "as_of", day)


@contextmanager
def no_file_above(size):
    """As a disk that is full once a file has so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)


@pytest.mark.parametrize("size", [0, 500, 2_000])
def test_a_disk_that_is_full_is_told_and_leaves_no_half_of_anything(shop, prepared, size):
    with no_file_above(size):
        result = invoke("check", "--dataset", shop)
    assert_told(result, "Make room")
    assert invoke("check", "--dataset", shop).exit_code == 0
    assert not [path for path in prepared.rglob(".draft-*")]


@pytest.fixture
def at_once(monkeypatch):
    """Notebooks end as soon as they are started."""
    monkeypatch.setattr(production.Kernels, "run", lambda kernels, notebook, given: Outcome("completed", 0.0, notebook))


@pytest.mark.parametrize("size", [10_000, 30_000])
def test_a_report_that_finds_no_room_leaves_the_earlier_one(shop, tmp_path, at_once, size):
    words = ("report", "--dataset", shop, "--notebooks", "experiments", "--out", tmp_path / "out")
    assert invoke(*words).exit_code == 0
    index = tmp_path / "out/shop/2025-03-04/index.html"
    before = index.stat().st_mtime_ns
    with no_file_above(size):
        assert_told(invoke(*words), "2025-03-04", "Make room")
    assert index.stat().st_mtime_ns == before
    assert sorted(path.name for path in (tmp_path / "out/shop").iterdir()) == ["2025-03-04", "latest"]


@pytest.mark.parametrize("place", ["/proc/none", "shop/orders.csv", "n" * 300])
def test_a_place_for_reports_that_takes_none_is_told_before_a_notebook_runs(shop, tmp_path, monkeypatch, place):
    monkeypatch.setattr(production, "Kernels", lambda *_: pytest.fail("a kernel was started"))
    result = invoke("report", "--dataset", shop, "--out", tmp_path / place)
    assert_told(result)


def test_a_home_that_cannot_be_written_is_not_needed(shop, monkeypatch):
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, "/proc/none")
    assert invoke("check", "--dataset", shop).exit_code == 0


def test_a_failing_day_of_the_demo_is_heard_of_leaves_the_earlier_report_and_heals(tmp_path, monkeypatch):
    ends = ["completed"]
    monkeypatch.setattr(
        production.Kernels, "run", lambda kernels, notebook, given: Outcome(ends[-1], 0.0, notebook, "no ink")
    )
    demo, out, said = tmp_path / "demo", tmp_path / "out", tmp_path / "said"
    shutil.copytree(datasets.RAW / "demo", demo)
    page, whole = out / "demo/2025-12-31/journey.html", (demo / "orders_2025.csv").read_bytes()
    tell = (f'echo "$KEHU_STATUS $KEHU_EXIT_CODE $KEHU_MESSAGE" >> {said}', f"echo well >> {said}")
    words = ("report", "--dataset", demo, "--notebooks", "journey", "--out", out, "--on-failure", tell[0], "--on-success", tell[1])  # fmt: skip

    def day(orders: bytes = whole) -> tuple[int, str]:
        (demo / "orders_2025.csv").write_bytes(orders)
        code = invoke(*words).exit_code
        return code, said.read_text(encoding="utf-8").splitlines()[-1]

    assert day() == (0, "well")
    made = page.read_text(encoding="utf-8")
    assert day(b"<html>Please log in</html>")[1].startswith(
        "refused 2 orders_2025.csv: it is a web page without a table"
    )
    assert page.read_text(encoding="utf-8") == made
    ends.append("failed")
    code, heard = day()
    assert (
        code == 1
        and heard.startswith("failed 1 ")
        and "no ink" in heard
        and (out / "demo/2025-12-31/index.html").exists()
    )
    ends.append("completed")
    assert day() == (0, "well")
