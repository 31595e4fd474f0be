"""Whatever a user can mend ends a command with one sentence, and its exit code."""

from __future__ import annotations

import errno
import signal
import sys
import time

import duckdb
import pytest
import typer

from helpers.cli.endings import spoken_errors


@pytest.mark.parametrize(
    ("number", "remedy"),
    [
        (errno.ENOSPC, "the disk is full. Make room, or name another --out"),
        (errno.EDQUOT, "the disk is full. Make room, or name another --out"),
        (errno.EFBIG, "the disk is full. Make room, or name another --out"),
        (errno.ENOENT, "no. Correct its name"),
        (errno.EISDIR, "no. Name a file, not a folder"),
        (errno.EACCES, "no. Give yourself the right"),
        (errno.EROFS, "no. Give yourself the right"),
        (errno.ENAMETOOLONG, "no. Give it a shorter name"),
        (errno.EIO, "no. Give yourself the right"),
    ],
)
def test_what_the_system_refuses_is_told_with_its_file_and_a_remedy(capsys, number, remedy):
    with pytest.raises(typer.Exit) as ended, spoken_errors("en"):
        raise OSError(number, "no", "some.csv")
    assert ended.value.exit_code == 2
    assert capsys.readouterr().err.startswith(f"kehu: some.csv: {remedy}")


def test_an_interrupt_says_what_stands_where_that_is_known(capsys):
    with pytest.raises(typer.Exit) as ended, spoken_errors("en"):
        raise KeyboardInterrupt("interrupted; the report of 2025-06-30 is the earlier one.")
    assert ended.value.exit_code == 130
    assert capsys.readouterr().err == "kehu: interrupted; the report of 2025-06-30 is the earlier one.\n"


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (duckdb.IOException("IO Error: Could not write file x: File too large\nmore"), 2, "(IO Error: Could not write file x: File too large). Make room"),
        (MemoryError(), 2, "there is not enough memory"),
        (RuntimeError("Query interrupted"), 130, "interrupted; nothing was written."),
    ],
)  # fmt: skip
def test_what_the_engine_cannot_do_is_a_sentence_too(capsys, error, code, words):
    with pytest.raises(typer.Exit) as ended, spoken_errors("en"):
        raise error
    told = capsys.readouterr().err
    assert ended.value.exit_code == code and words in told and told.count("\n") == 1


def test_a_fault_of_our_own_is_not_called_the_users():
    with pytest.raises(KeyError), spoken_errors("en"):
        raise KeyError("x")


def test_an_interrupt_that_comes_while_an_object_is_thrown_away_is_not_lost(monkeypatch, capsys):
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)

    class Thing:
        def __del__(self):
            signal.raise_signal(signal.SIGTERM)

    with pytest.raises(typer.Exit) as ended, spoken_errors("en"):
        Thing()
        time.sleep(5)
    assert ended.value.exit_code == 130 and capsys.readouterr().err == "kehu: interrupted; nothing was written.\n"
