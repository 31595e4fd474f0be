"""Data sets open by name or path, are prepared once, and refuse what they cannot use with one sentence."""

import datetime as dt
import gc
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import lines_shop
from helpers.data import datasets, engine
from helpers.data.intake import parts
from helpers.data.preparation import contract_tables
from lines_shop import ITEMS, LINES


@pytest.fixture
def shop(tmp_path):
    lines_shop.write(tmp_path / "shop")
    return tmp_path / "shop"


def homes(prepared):
    """The folders that hold the prepared tables of a state of the files."""
    return [path.parent for path in prepared.glob("*/*/quarantine.parquet")]


def test_the_report_day_is_the_last_day_in_the_data_unless_given(shop, tmp_path):
    assert datasets.open(shop, prepared=tmp_path / "p").as_of == dt.date(2024, 3, 1)
    earlier = datasets.open(shop, "2024-02-01", prepared=tmp_path / "p")
    assert earlier.customers["customer_id"].tolist() == ["a"]
    assert earlier.tables["order_items"].count().execute() == 2


def test_a_second_opening_prepares_nothing_and_a_changed_file_prepares_anew(shop, tmp_path, monkeypatch):
    prepared = tmp_path / "prepared"
    datasets.open(shop, prepared=prepared)
    (first,) = homes(prepared)
    with monkeypatch.context() as patch:
        patch.setattr(contract_tables, "prepare", lambda *words: pytest.fail("prepared again"))
        datasets.open(shop, prepared=prepared)
    (shop / "lines.csv").write_text(LINES + "3,c,2024-03-02,1,1\n")
    assert len(datasets.open(shop, prepared=prepared).customers) == 3
    (second,) = homes(prepared)
    assert second != first


def test_a_failed_preparation_leaves_nothing_behind(shop, tmp_path):
    (shop / "lines.csv").write_text("order,who\n1,a\n")
    with pytest.raises(ValueError, match="order_items: missing order_id"):
        datasets.open(shop, prepared=tmp_path / "prepared")
    assert homes(tmp_path / "prepared") == []
    (shelf,) = (tmp_path / "prepared").iterdir()
    assert not list(shelf.rglob(".draft-*")) and not list((shelf / parts.PARTS).iterdir())


def test_data_without_dates_asks_for_the_day(shop, tmp_path):
    (shop / "dataset.toml").write_text('[tables.customers]\nfile = "people.csv"\n')
    (shop / "people.csv").write_text("customer_id,city\na,上海\n")
    with pytest.raises(ValueError, match="as_of: 'shop' has no dates"):
        datasets.open(shop, prepared=tmp_path / "p")
    assert datasets.open(shop, "2024-01-01", prepared=tmp_path / "p").as_of == dt.date(2024, 1, 1)


@pytest.mark.parametrize(
    "dataset, day, sentence",
    [
        ("demmo", None, "dataset = 'demmo': no such folder under data/raw, nor at that path. Did you mean 'demo'?"),
        ("demo", "30/06/2025", "as_of = '30/06/2025': write a date as 'YYYY-MM-DD'."),
    ],
)
def test_what_cannot_be_opened_is_named(dataset, day, sentence, tmp_path):
    with pytest.raises(ValueError) as caught:
        datasets.open(dataset, day, prepared=tmp_path / "p")
    assert sentence in str(caught.value)


def attack(shop, toml):
    """The shop with these words in its settings, and a secret beside its folder."""
    (shop.parent / "secret.csv").write_text("order_id,who,at,quantity,unit_price\n9,secret,2024-01-01,1,1\n")
    (shop / "dataset.toml").write_text(ITEMS.replace('"lines.csv"', '"lines.csv"\n' + toml), encoding="utf-8")


@pytest.mark.parametrize(
    "toml",
    [
        "rules = [{ rule = 'r', keep = \"1) AS z FROM (SELECT 1) t; COPY (SELECT 1) TO '%s/out.csv'; SELECT (1\" }]",
        "rules = [{ rule = 'r', keep = \"(SELECT count(*) FROM read_csv('%s/secret.csv')) > 0\" }]",
        "rules = [{ rule = 'r', keep = \"exists(FROM glob('%s/*'))\" }]",
        "join = [{ file = '../secret.csv', on = 'order_id' }]",
        "join = [{ file = '%s/secret.csv', on = 'order_id' }]",
        "join = [{ file = 'link.csv', on = 'order_id' }]",
        "join = [{ file = 'folder/secret.csv', on = 'order_id' }]",
        "join = [{ file = 'pipe.csv', on = 'order_id' }]",
        "join = [{ file = '~root/secret.csv*', on = 'order_id' }]",
    ],
)
def test_a_folder_written_by_an_attacker_reads_nothing_and_writes_nothing_outside(shop, tmp_path, toml):
    attack(shop, toml.replace("%s", str(tmp_path)))
    (shop / "link.csv").symlink_to(tmp_path / "secret.csv")
    (shop / "folder").symlink_to(tmp_path)
    os.mkfifo(shop / "pipe.csv")
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    with pytest.raises(ValueError):
        datasets.open(shop, prepared=tmp_path / "prepared")
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    written = {path for path in after if path not in before or before[path] != after[path]}
    assert all(path == tmp_path or path.is_relative_to(tmp_path / "prepared") for path in written - {shop / "folder"})


def test_files_outside_are_read_where_the_caller_allows_it(shop, tmp_path, monkeypatch):
    (shop / "lines.csv").rename(tmp_path / "lines.csv")
    (shop / "lines.csv").symlink_to(tmp_path / "lines.csv")
    with pytest.raises(ValueError, match=r"^lines.csv: it lies, or points, outside the folder 'shop'"):
        datasets.open(shop, prepared=tmp_path / "p")
    assert len(datasets.open(shop, prepared=tmp_path / "p", allow_outside=True).customers) == 2
    monkeypatch.setenv(datasets.OUTSIDE, "1")
    assert len(datasets.open(shop, prepared=tmp_path / "q").customers) == 2


def test_the_engine_of_an_open_data_set_can_be_led_nowhere_else(shop, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    data = datasets.open(shop, prepared=tmp_path / "prepared")
    run = data.tables["orders"].get_backend().raw_sql
    for statement in (
        f"SELECT * FROM read_csv('{tmp_path}/secret.csv')",
        f"COPY (SELECT 1) TO '{tmp_path}/out.csv'",
        f"ATTACH '{tmp_path}/out.db'",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "INSTALL httpfs",
    ):
        with pytest.raises(engine.ERRORS):
            run(statement)


def test_a_file_of_the_same_size_and_time_is_read_again(shop, tmp_path):
    datasets.open(shop, prepared=tmp_path / "p")
    then = (shop / "lines.csv").stat()
    (shop / "lines.csv").write_text(LINES.replace(",2,5", ",3,5"))
    os.utime(shop / "lines.csv", ns=(then.st_atime_ns, then.st_mtime_ns))
    assert datasets.open(shop, prepared=tmp_path / "p").customers["monetary"].sum() == 21.5


def test_a_damaged_folder_is_not_believed(shop, tmp_path):
    whole = datasets.open(shop, prepared=tmp_path / "p").customers
    for name, damage in (
        ("order_items.parquet", Path.unlink),
        ("order_items.parquet", spoil),
        ("seal.json", Path.unlink),
        ("seal.json", spoil),
        ("lease", Path.unlink),
        ("lease", spoil),
    ):
        (home,) = homes(tmp_path / "p")
        damage(home / name)
        again = datasets.open(shop, prepared=tmp_path / "p")
        pd.testing.assert_frame_equal(again.customers, whole)
        assert len(again.tables["orders"].execute()) == 2


def spoil(path: Path) -> None:
    path.write_bytes(b"x")


def test_two_folders_of_one_name_and_two_presets_of_one_folder_keep_their_own(shop, tmp_path):
    march, april = tmp_path / "march" / "export", tmp_path / "april" / "export"
    for place, money in ((march, "5"), (april, "9")):
        place.mkdir(parents=True)
        (place / "dataset.toml").write_text(ITEMS)
        (place / "lines.csv").write_text(LINES.replace(",2,5", f",2,{money}"))
    one = datasets.open(march, prepared=tmp_path / "p")
    two = datasets.open(april, prepared=tmp_path / "p")
    assert len(homes(tmp_path / "p")) == 2
    assert (one.tables["orders"].amount.sum().execute(), two.tables["orders"].amount.sum().execute()) == (16.5, 24.5)


def test_tables_that_are_open_stay_while_newer_ones_are_prepared(shop, tmp_path):
    reader = datasets.open(shop, prepared=tmp_path / "p")
    orders = reader.tables["orders"]
    del reader
    (shop / "lines.csv").write_text(LINES + "3,c,2024-03-02,1,1\n")
    datasets.open(shop, prepared=tmp_path / "p")
    assert orders.count().execute() == 2 and len(homes(tmp_path / "p")) == 2
    del orders
    gc.collect()
    (shop / "lines.csv").write_text(LINES + "3,c,2024-03-02,1,1\n4,d,2024-03-02,1,1\n")
    newest = datasets.open(shop, prepared=tmp_path / "p")
    assert newest.tables["orders"].count().execute() == 4 and len(homes(tmp_path / "p")) == 1


def test_files_that_change_while_they_are_read_are_told(shop, tmp_path, monkeypatch):
    reading = parts.files.read

    def read(*given):
        (shop / "lines.csv").write_text(LINES + "3,c,2024-03-02,1,1\n")
        return reading(*given)

    monkeypatch.setattr(parts.files, "read", read)
    with pytest.raises(ValueError, match="'shop': its files changed while they were read"):
        datasets.open(shop, prepared=tmp_path / "p")


@pytest.mark.parametrize("threads", [2, *(pytest.param(threads, marks=pytest.mark.long) for threads in (1, 8))])
def test_any_order_of_rows_and_files_and_any_number_of_threads_give_one_snapshot(shop, tmp_path, monkeypatch, threads):
    rng, connect = np.random.default_rng(threads), engine.connect

    def connected(*given):
        connection = connect()
        connection.raw_sql(f"SET threads = {threads}")
        return connection

    monkeypatch.setattr(engine, "connect", connected)
    cents = np.random.default_rng(0).integers(1, 10**7, 3_000)
    lines = [f"{i},c{i % 40},2024-01-{1 + i % 28:02d},1,{cents[i] / 100}" for i in range(3_000)]
    found = []
    for turn in range(2):
        order = [lines[i] for i in rng.permutation(3_000)]
        for name, part in (("b", order[:1_000]), ("a", order[1_000:])):
            (shop / f"lines_{name}.csv").write_text("\n".join(["order_id,who,at,quantity,unit_price", *part]))
        (shop / "dataset.toml").write_text(ITEMS.replace("lines.csv", "lines_*.csv"))
        found.append(datasets.open(shop, prepared=tmp_path / f"p{turn}").customers)
    known = pd.Series(cents).groupby(np.arange(3_000) % 40).sum() / 100
    assert found[0].set_index("customer_id")["monetary"].to_dict() == {f"c{i}": known[i] for i in range(40)}
    pd.testing.assert_frame_equal(*found, check_exact=True)


@pytest.mark.parametrize(
    ("title", "header", "languages"),
    [
        ("Corner shop", "who", ("en",)),
        ("Corner shop", "客户", ("zh",)),
        ("示例商城", "who", ("zh",)),
        ("店", "だれ", ("en",)),
    ],
)
def test_a_report_speaks_the_language_of_title_and_headers_unless_the_settings_say_another(
    shop, tmp_path, title, header, languages
):
    own = f'title = "{title}"\n' + ITEMS.replace('"who"', f'"{header}"')
    (shop / "dataset.toml").write_text(own, encoding="utf-8")
    (shop / "lines.csv").write_text(LINES.replace("who", header), encoding="utf-8")
    opened = datasets.open(shop, prepared=tmp_path / "prepared")
    assert opened.languages == languages
    asked = replace(opened, settings=replace(opened.settings, languages=("zh", "en")))
    assert asked.languages == ("zh", "en")
