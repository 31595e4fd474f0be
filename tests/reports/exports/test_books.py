"""A workbook runs nothing, holds what a cell can hold, and is the same to the byte whenever it is written."""

from __future__ import annotations

import python_calamine

from helpers.reports.exports import books


def written(path, value):
    with books.book(path) as book:
        book.add_worksheet("a").write_string(0, 0, books.text(value))
    return python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()


def test_letters_that_a_workbook_cannot_say_are_left_out_and_long_texts_cut(tmp_path):
    assert written(tmp_path / "a.xlsx", "a\x00b\x1fc\n") == [["abc\n"]]
    assert [[len(cell) for cell in row] for row in written(tmp_path / "b.xlsx", "x" * 40_000)] == [[books.LONGEST]]


def test_two_of_the_same_rows_are_equal_to_the_byte(tmp_path):
    assert written(tmp_path / "a.xlsx", 1) == written(tmp_path / "b.xlsx", 1)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
