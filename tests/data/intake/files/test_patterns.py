"""Patterns name files."""

import pytest

from helpers.data.intake import files


def test_patterns_find_files_in_order_and_each_once(tmp_path):
    for name in ("orders_2.csv", "orders_1.csv", "people.csv"):
        (tmp_path / name).touch()
    found = files.find(tmp_path, ("orders_*.csv", "orders_1.csv", str(tmp_path / "people.csv"), "none.csv"))
    assert [path.name for path in found] == ["orders_1.csv", "orders_2.csv", "people.csv"]
    assert list(files.names_in(tmp_path)) == ["orders_1.csv", "orders_2.csv", "people.csv"]


def test_a_pattern_that_names_no_files_is_told(tmp_path):
    with pytest.raises(ValueError, match="no pattern of files"):
        files.find(tmp_path, ("",))
