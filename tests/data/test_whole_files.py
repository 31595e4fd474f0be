"""A file is the old one or the new one, and nothing stays beside it."""

from __future__ import annotations

import stat

import pytest

from helpers.data import whole_files


def test_what_is_there_stays_until_the_new_file_is_whole(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with whole_files.replacing(path) as beside:
        beside.write_text("new")
        assert path.read_text() == "old" and beside.match(whole_files.LEFT)
    assert path.read_text() == "new" and list(tmp_path.iterdir()) == [path]


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_beside(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(OSError, match="full"), whole_files.replacing(path) as beside:
        beside.write_text("half")
        raise OSError("full")
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_a_private_file_is_its_owner_s(tmp_path):
    whole_files.write(tmp_path / "a.txt", "客户", private=True)
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "客户"
    assert stat.S_IMODE((tmp_path / "a.txt").stat().st_mode) == 0o600
