"""Patterns name files."""

import zipfile

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


def test_a_name_that_is_nowhere_is_looked_for_in_archives_and_their_folders(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.ZIP", "w") as archive:
        for name in ("export/orders_1.csv", "export/people.csv", "__MACOSX/orders_1.csv"):
            archive.writestr(name, "a\n1\n")
    (tmp_path / "people.csv").touch()
    found = files.find(tmp_path, ("orders*.csv", "people.csv"))
    assert [str(path.relative_to(tmp_path)) for path in found] == ["all.ZIP/export/orders_1.csv", "people.csv"]
    assert files.find(tmp_path, ("export/none.csv",)) == ()
