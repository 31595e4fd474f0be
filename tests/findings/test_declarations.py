"""A saved table's file says what is declared of it, whole; what lists single customers is known by its columns."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.findings import Column, Kind, declarations, load, save
from helpers.findings.declarations import Declaration
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS

CODES = Column("on_{}", Kind.CODE, "where", heading="On {}", words={"a": "here", "b": "there"}, unit="m")


def test_what_was_declared_is_read_back_whole(tmp_path):
    frame = pd.DataFrame({"customers": [1, 2], "on_x": ["a", "b"]})
    given = Declaration((CUSTOMERS, CODES.called("on_x")), "CNY", {"zh": "多少？"}, {"zh": "两个。", "en": "Two."})
    declarations.write(frame, tmp_path / "t.parquet", given)
    kept = declarations.read(tmp_path / "t.parquet")
    assert kept == given
    assert [(each.kind, each.words, each.above(), each.unit) for each in kept.columns] == [
        (each.kind, each.words, each.above(), each.unit) for each in given.columns
    ]
    pd.testing.assert_frame_equal(load(tmp_path, "t"), frame)


def test_a_table_of_which_nothing_is_declared_says_nothing(tmp_path):
    save(pd.DataFrame({"a": [1]}), tmp_path, "t")
    assert declarations.read(tmp_path / "t.parquet") is None
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "older.parquet")
    assert declarations.read(tmp_path / "older.parquet") is None


@pytest.mark.parametrize("name", ["customer_id", "pseudonym", "action_key", "file_row"])
def test_a_table_with_a_row_for_each_customer_action_or_raw_row_is_a_list(name):
    assert Declaration((CUSTOMERS, Column(name, Kind.PLAIN, "whose"))).is_a_list
    assert not Declaration((CUSTOMERS,)).is_a_list


def test_a_list_of_customers_is_for_its_owner_alone(tmp_path):
    from helpers.reports.records import Quarantine, Snapshot

    save(Snapshot(pd.DataFrame({str(CUSTOMER_ID): ["a"]})), tmp_path, "list")
    save(Quarantine(pd.DataFrame({"file_row": [1]})), tmp_path, "rows")
    assert {path.stat().st_mode & 0o077 for path in tmp_path.iterdir()} == {0}
