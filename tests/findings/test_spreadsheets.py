"""A spreadsheet opens a table as UTF-8, and nothing in it runs."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest

from helpers.findings.spreadsheets import write_csv


def test_a_spreadsheet_opens_the_csv_as_utf_8_and_runs_nothing_in_it(tmp_path):
    words = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "a\r=1", "安全", "a=b", None]
    frame = pd.DataFrame({"=head": words, "level": pd.Categorical(words), "change": -np.arange(11.0)})
    write_csv(frame, tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (tmp_path / "x.csv").open(newline="", encoding="utf-8-sig") as file:
        back = pd.read_csv(file)
    harmless = ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "'＝1", "a\r=1", "安全", "a=b", np.nan]
    assert list(back.columns) == ["'=head", "level", "change"]
    pd.testing.assert_series_equal(back["'=head"], pd.Series(harmless, name="'=head"), check_dtype=False)
    pd.testing.assert_series_equal(back["level"], pd.Series(harmless, name="level"), check_dtype=False)
    assert back["change"].tolist() == frame["change"].tolist()


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a\t@b", "a\t'@b"),
        ("a;b", "a;b"),
        ("\x00=1", "'=1"),
        ("a\x1b[31m", "a[31m"),
        ("1-2", "1-2"),
    ],
)
def test_a_cell_runs_nothing_whatever_parts_it_and_carries_no_control_byte(tmp_path, cell, written):
    write_csv(pd.DataFrame({"text": [cell]}), tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["text"], [written]]


def test_texts_among_numbers_are_guarded_too(tmp_path):
    write_csv(pd.DataFrame({"mixed": pd.Series([1, "=1", 2.5, None], dtype=object)}), tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row[0] for row in csv.reader(file) if row] == ["mixed", "1", "'=1", "2.5", ""]
