"""Tombstones name nobody, and the engine finds by them whom Python wrote down."""

from __future__ import annotations

import stat

import ibis
import pandas as pd
import pytest

from helpers.data import tombstones

COLUMNS = {name: (name,) for name in tombstones.KINDS}


@pytest.fixture
def gone(tmp_path):
    return tombstones.added(tmp_path, "shop", {"customer_id": ["客户-1", "b"], "order_id": ["o1"]})


def test_rows_of_who_is_erased_and_of_their_orders_are_left_out_and_nobody_was_brought_by_them(gone):
    rows = pd.DataFrame(
        {
            "customer_id": ["客户-1", "a", "c", None],
            "order_id": ["x", "o1", "o2", "b"],
            "referred_by": ["a", "a", "b", "o1"],
        }
    )
    left = gone.without(ibis.memtable(rows), COLUMNS).execute()
    assert left["order_id"].tolist() == ["o2", "b"]  # an order called as a customer is not that customer
    assert left["referred_by"].tolist() == [None, "o1"]


def test_without_tombstones_nothing_is_asked_of_the_engine():
    rows = ibis.memtable({"customer_id": ["a"]})
    assert tombstones.Tombstones().without(rows, COLUMNS) is rows


def test_the_file_names_nobody_is_its_owners_alone_and_keeps_who_was_in_it(tmp_path, gone):
    after = tombstones.added(tmp_path, "shop", {"customer_id": ["c"]})
    (path,) = (tmp_path / tombstones.FOLDER).iterdir()
    assert set(gone.digests) < set(after.digests) and after.salt == gone.salt
    assert "客户" not in path.read_text(encoding="utf-8") and stat.S_IMODE(path.stat().st_mode) == 0o600
    assert tombstones.of(tmp_path, "shop") == after and tombstones.of(tmp_path, "other") == tombstones.Tombstones()


def test_keys_of_a_small_table_are_left_out(gone):
    assert gone.unnamed(pd.DataFrame({"key": ["a", "b", "o1"]}), "key")["key"].tolist() == ["a", "o1"]


@pytest.mark.parametrize("text", ["", "[]", '{"salt": "x"}', '{"salt": "x", "digests": 3}'])
def test_a_damaged_file_is_told_for_who_was_erased_would_return(tmp_path, gone, text):
    next((tmp_path / tombstones.FOLDER).iterdir()).write_text(text)
    with pytest.raises(ValueError, match=r"erased/shop\.json: it does not say who was erased"):
        tombstones.of(tmp_path, "shop")
