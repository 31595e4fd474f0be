from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from helpers.findings import Column, Finding, Kind, NotApplicable, Sentence, load, save
from helpers.findings.vocabulary import CUSTOMERS


@dataclass(frozen=True)
class Levels(Finding):
    """A finding to save: customers by level."""

    table: pd.DataFrame
    columns = (Column("level", Kind.NAME, "the level"), CUSTOMERS)

    def headline(self) -> Sentence:
        return Sentence("Gold leads.")


FINDING = Levels(pd.DataFrame({"level": ["gold", "silver"], "customers": [101, 100]}))


def test_saving_knows_findings_and_what_does_not_apply(tmp_path):
    save(FINDING, tmp_path, "levels")
    pd.testing.assert_frame_equal(load(tmp_path, "levels"), FINDING.table, check_dtype=False)
    save(NotApplicable("there are none."), tmp_path, "none")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["levels.csv", "levels.parquet"]


def test_a_list_of_customers_is_read_by_its_owner_alone_whoever_made_it(tmp_path):
    save(pd.DataFrame({"customer_id": ["a"], "spend": [1.0]}), tmp_path, "mine")
    save(pd.DataFrame({"level": ["gold"], "spend": [1.0]}), tmp_path, "sums")
    rights = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    assert rights["mine.csv"] == rights["mine.parquet"] == 0 and rights["sums.csv"] != 0


def test_a_saved_table_comes_back_the_same_from_parquet(tmp_path):
    frame = pd.DataFrame(
        {"customer_id": ["001", "-7"], "spend": [-1.5, np.nan], "joined_on": pd.to_datetime(["2020-01-31", None])}
    )
    save(frame, tmp_path / "new" / "folder", "customers")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "new" / "folder" / "customers.parquet"), frame)


def test_a_saved_table_is_loaded_and_one_that_was_never_saved_is_none(tmp_path):
    frame = pd.DataFrame({"customer_id": ["a"], "orders": [1]})
    save(frame, tmp_path, "customers")
    pd.testing.assert_frame_equal(load(str(tmp_path), "customers"), frame)
    assert load(tmp_path, "segments") is None
    assert load("", "customers") is None


def test_of_a_saved_table_only_the_columns_asked_for_are_loaded(tmp_path):
    save(pd.DataFrame({"a": [1], "b": [2], "c": [3]}), tmp_path, "numbers")
    assert list(load(tmp_path, "numbers", {"c", "a", "not there"})) == ["a", "c"]


def test_saving_to_nowhere_saves_nothing_and_leaves_the_table_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"level": ["=1"]})
    save(frame, "", "x")
    assert list(tmp_path.iterdir()) == []
    save(frame, ".", "x")
    assert frame.loc[0, "level"] == "=1"


def test_a_table_that_was_cut_off_is_told(tmp_path):
    save(pd.DataFrame({"a": range(100)}), tmp_path, "kpis")
    path = tmp_path / "kpis.parquet"
    path.write_bytes(path.read_bytes()[:40])
    with pytest.raises(ValueError, match=r"^kpis.parquet: it is no whole table .* Make its report anew"):
        load(tmp_path, "kpis")
