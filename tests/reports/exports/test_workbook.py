"""The workbook is read back as it was written, and nothing in it can be run."""

import python_calamine

from helpers.reports.exports import workbook


def test_texts_come_back_as_they_were(tmp_path):
    rows = [["_id", "说明"], ["001", "=1+1"], ["a<b&c", None], ["x\x07y", " two "]]
    workbook.write(tmp_path / "a.xlsx", "plan", rows)
    book = python_calamine.CalamineWorkbook.from_path(tmp_path / "a.xlsx")
    assert book.sheet_names == ["plan"]
    assert book.get_sheet_by_name("plan").to_python() == [
        ["_id", "说明"],
        ["001", "=1+1"],
        ["a<b&c", ""],
        ["xy", " two "],
    ]


def test_two_of_the_same_rows_are_the_same_file(tmp_path):
    for name in ("a.xlsx", "b.xlsx"):
        workbook.write(tmp_path / name, "plan", [["x"], ["y"]])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
