"""What a notebook left in a report is told from what others left, and known by its content."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.reports import outputs


def notebook(word, *cells):
    return SimpleNamespace(word=word, node=new_notebook(cells=[new_code_cell(cell) for cell in cells]))


SAVES = notebook("saves", 'save(risk, save_to, "risk")', 'load(save_to, "labels")')
WRITES = notebook("writes", 'save(found, save_to, "labels")', "segmentation.keep(used, data, save_to)")
BOTH = [SAVES, WRITES]


@pytest.fixture
def report(tmp_path):
    """A report's folder after both ran."""
    for name in ("tables/risk.csv", "tables/risk.parquet", "tables/labels.csv", "tables/model.json",
                 "tables/snapshot.parquet", "notebooks/saves.ipynb", "notebooks/writes.ipynb", "saves.html"):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def names(report, one):
    return [path.name for path in outputs.tables(report, one, BOTH)]


def test_a_table_is_of_the_notebook_that_saves_it_by_its_name(report):
    assert names(report, SAVES) == ["risk.csv", "risk.parquet"]


def test_what_nobody_saves_by_name_is_of_the_notebook_that_writes_by_itself(report):
    assert names(report, WRITES) == ["labels.csv", "model.json"]


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("tables/risk.csv", "saves"), ("notebooks/saves.ipynb", "saves"), ("tables/model.json", "writes"),
        ("tables/labels.csv", "writes"), ("saves.html", ""), ("tables/snapshot.parquet", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("gone", [False, True])
def test_a_file_that_is_touched_or_gone_changes_what_its_notebook_left(report, name, changes, gone):
    before = {each.word: outputs.digits(report, each, BOTH) for each in BOTH}
    (report / name).unlink() if gone else (report / name).write_text("other")
    now = {each.word: outputs.digits(report, each, BOTH) for each in BOTH}
    assert "".join(word for word in now if now[word] != before[word]) == changes
