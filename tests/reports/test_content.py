"""A report is known by what decides it: what is made of the same content need not be made again."""

from __future__ import annotations

import hashlib
import json
from importlib import metadata

import pandas as pd
import pytest

from helpers.reports import content


def test_inputs_are_named_from_their_shared_folder_and_hashed_by_content(tmp_path):
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "2025.csv").write_bytes(b"id\n1\n")
    (tmp_path / "dataset.toml").write_bytes(b"")
    found = content.inputs([tmp_path / "orders" / "2025.csv", tmp_path / "dataset.toml"])
    assert found == [
        {"file": "dataset.toml", "bytes": 0, "sha256": hashlib.sha256(b"").hexdigest()},
        {"file": "orders/2025.csv", "bytes": 5, "sha256": hashlib.sha256(b"id\n1\n").hexdigest()},
    ]
    assert str(tmp_path) not in json.dumps(found)


def test_no_inputs_are_an_empty_list():
    assert content.inputs([]) == []


def test_versions_cover_the_project_and_what_it_asks_for():
    versions = content.versions()
    assert versions["pandas"] == metadata.version("pandas")
    assert versions["ibis-framework"] == metadata.version("ibis-framework")
    assert "kehu" in versions


DONE = {"status": "completed", "inputs": "1", "source": "2", "parameters": {"days": 30}, "beside": "3"}


def test_a_page_stands_where_it_completed_and_is_made_of_the_same():
    assert content.stands(DONE, DONE)


@pytest.mark.parametrize("name", DONE)
def test_a_page_that_is_made_of_anything_else_does_not(name):
    assert not content.stands(DONE | {name: "other"}, DONE)


def test_the_code_is_known_by_its_files_but_for_what_no_run_reads(tmp_path, monkeypatch):
    monkeypatch.setattr(content, "CODE", tmp_path)
    (tmp_path / "run.py").write_text("1")
    first = content.code()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "run.pyc").write_text("1")
    (tmp_path / "kehu.po").write_text("1")
    assert content.code() == first
    (tmp_path / "run.py").write_text("2")
    assert content.code() != first


def test_packages_are_known_by_the_names_and_versions_that_python_finds(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    first = content.packages()
    (tmp_path / "numpy-9.9.dist-info").mkdir()
    assert content.packages() != first


def test_rows_are_known_by_every_cell_column_and_place():
    rows = pd.DataFrame({"a": [1, 2], "b": ["x", None]})
    others = [
        rows.replace("x", "y"),
        rows.rename(columns={"a": "c"}),
        rows[::-1],
        rows.head(1),
        rows.assign(b=["x", "x"]),
    ]
    known = {content.of_rows(each) for each in [rows, *others]}
    assert len(known) == 6 and content.of_rows(rows.copy()) in known


def test_cells_that_are_lists_count_by_what_they_hold(tmp_path):
    told = []
    for place, lists in enumerate(([[], ["-1"]], [[], ["-1"]], [[], ["-1", "0"]])):
        pd.DataFrame({"a": lists}).to_parquet(tmp_path / f"{place}.parquet")
        told.append(content.of_rows(pd.read_parquet(tmp_path / f"{place}.parquet")))
    assert told[0] == told[1] != told[2]


def test_rows_of_a_database_are_called_alike_wherever_they_are_kept(tmp_path):
    named = []
    for home in ("one", "other"):
        copy = tmp_path / home / "copies" / "orders-1a2b" / "rows.parquet"
        copy.parent.mkdir(parents=True)
        copy.write_bytes(b"rows")
        settings = tmp_path / home / "dataset.toml"
        settings.write_text("title = 'x'")
        named.append(content.inputs([settings, copy]))
    assert named[0] == named[1] and [each["file"] for each in named[0]] == ["dataset.toml", "orders-1a2b"]
