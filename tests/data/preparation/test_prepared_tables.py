"""Prepared tables are the same in this process and in an engine elsewhere, which gets them once."""

import pandas as pd
import pytest

from helpers.data import datasets, engine
from helpers.data.engine import spark as part
from helpers.data.preparation import prepared_tables

ORDERS = "order_id,customer_id,ordered_at,amount\n1,a,2025-01-01,5.5\n2,,2025-01-02,7\n3,b,2025-02-30,1\n"
TABLES = '[tables.orders]\nfile = "orders.csv"\n'


@pytest.fixture
def folder(tmp_path):
    """A data set of three orders, of which one names nobody and one has no such day."""
    home = tmp_path / "small"
    home.mkdir()
    (home / "orders.csv").write_text(ORDERS, encoding="utf-8")
    (home / "dataset.toml").write_text(TABLES, encoding="utf-8")
    return home


def test_a_data_set_opened_elsewhere_has_the_tables_and_customers_of_one_opened_here(
    folder, tmp_path, spark, monkeypatch
):
    (folder / "dataset.toml").write_text(f'{TABLES}[engine]\nurl = "{spark}"\n', encoding="utf-8")
    far = datasets.open(folder, prepared=tmp_path / "prepared")
    monkeypatch.setenv(datasets.ENGINE, engine.HERE)
    near = datasets.open(folder, prepared=tmp_path / "prepared")
    assert far.tables["orders"].get_backend().name == "pyspark" and near.tables["orders"].get_backend().name == "duckdb"
    for kind in ("tables", "aside"):
        both = [getattr(each, kind)["orders"].order_by("order_id").execute() for each in (far, near)]
        pd.testing.assert_frame_equal(*both)
    pd.testing.assert_frame_equal(far.customers, near.customers)
    assert far.quarantine_path == near.quarantine_path  # another engine is no reason to read the files anew


def test_they_are_loaded_once_for_the_same_files_and_anew_for_others(folder, tmp_path, spark, monkeypatch):
    written, save = [], part.Spark._save
    monkeypatch.setattr(part.Spark, "_save", lambda self, name, *rest: [written.append(name), save(self, name, *rest)])
    opened = [datasets.open(folder, prepared=tmp_path / "prepared", url=spark) for _ in range(2)]
    once = set(written)
    (folder / "orders.csv").write_text(ORDERS + "4,a,2025-01-03,2\n", encoding="utf-8")
    anew = datasets.open(folder, prepared=tmp_path / "prepared", url=spark)
    assert once and set(written) > once and len({name.split(".")[0] for name in written}) == 2
    assert opened[0].quarantine_path.parent != anew.quarantine_path.parent
    assert int(anew.tables["orders"].count().execute()) == 2


def test_in_duckdb_they_are_read_from_where_they_were_prepared(folder, tmp_path):
    home = datasets.open(folder, prepared=tmp_path / "prepared").quarantine_path.parent
    tables = prepared_tables.of(engine.connect(), home)
    assert list(tables) == ["orders"] and int(tables["orders"].count().execute()) == 1
