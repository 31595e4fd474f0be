"""Folders of sockets: a run removes its own, and those that killed runs left."""

from __future__ import annotations

import os
import tempfile

import pytest

from helpers.reports import sockets


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def old(folder):
    """The folder, with a socket in it, as it was an hour ago."""
    folder.mkdir(exist_ok=True)
    (folder / "0-1").touch()
    os.utime(folder, (0, 0))
    return folder


def test_a_folder_goes_with_its_run(temporary):
    with sockets.folder() as own:
        (own / "0.json").touch()
        assert own.parent == temporary
    assert list(temporary.iterdir()) == []


def test_what_a_killed_run_left_is_swept_by_the_next(temporary):
    old(temporary / "kehu.left")
    kept = [temporary / "kehu.new", temporary / "other"]
    for folder in kept:
        folder.mkdir()
    (temporary / "kehu.link").symlink_to(old(temporary / "far"))
    with sockets.folder():
        pass
    assert sorted(path.name for path in temporary.iterdir()) == ["far", "kehu.link", "kehu.new", "other"]


def test_a_folder_that_a_run_holds_stays_however_old_it_is():
    with sockets.folder() as first:
        old(first)
        with sockets.folder():
            assert (first / "0-1").exists()
