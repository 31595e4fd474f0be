"""A sheet of a workbook becomes a table of the texts that its cells show."""

import io
import zipfile

import pytest

from helpers.data.intake.files import extents
from shops import workbook

ROWS = [["1", "张三", "3.5"], ["2", "李四, 五", "4"]]
HEADER = ["客户 ID ", "Name", "Amount ($)"]
FOLDED = ["客户_id", "name", "amount_$"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/1.xml"
STYLES = {
    "xl/styles.xml": f"<styleSheet xmlns='{MAIN}'><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='22'/>"
    "<xf numFmtId='46'/><xf numFmtId='20'/></cellXfs></styleSheet>",
    "xl/_rels/workbook.xml.rels": f"<Relationships xmlns='{PACKAGE}/relationships'>"
    f"<Relationship Id='r1' Type='{OFFICE}/worksheet' Target='worksheets/1.xml'/>"
    f"<Relationship Id='r2' Type='{OFFICE}/styles' Target='styles.xml'/></Relationships>",
}


def altered(book, parts):
    """The workbook `book` with some of its parts put in the place of what was there, or beside it."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *parts]):
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return file.getvalue()


def of_cells(rows, beside=""):
    """A workbook of one sheet, its rows written as cells of XML."""
    sheet = f"<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData>{beside}</worksheet>"
    return altered(workbook({"a": [["x"]]}), STYLES | {SHEET: sheet})


def text(place, said):
    return f"<c r='{place}' t='inlineStr'><is><t>{said}</t></is></c>"


def row(number, *cells):
    return f"<row r='{number}'>{''.join(cells)}</row>"


@pytest.mark.parametrize("name", ["book.xlsx", "book.xls", "book.csv", "book"])
def test_the_only_sheet_with_rows_is_taken_whatever_the_file_is_called(read, name):
    assert read(name, workbook({"说明": [], "订单": [HEADER, *ROWS], "Sheet3": [["", ""]]})) == (FOLDED, ROWS)


def test_of_several_sheets_the_one_that_is_named_counts(read):
    book = workbook({"订单": [HEADER, *ROWS], "退货": [["a", "b", "c", "d"], ["1", "2", "3", "4"]]})
    assert read("book.xlsx", book, sheet="订单") == (FOLDED, ROWS)
    with pytest.raises(ValueError, match="no sheet '客户'. It has 订单, 退货"):
        read("book.xlsx", book, sheet="客户")
    listed = r"several sheets have rows\. Write sheet = '订单', .*: 订单 \(客户 ID, Name, .*\); 退货 \(a, b, c, …\)\.$"
    with pytest.raises(ValueError, match=listed):
        read("book.xlsx", book)


def test_a_hidden_sheet_is_passed_over_unless_it_is_the_only_one(read):
    book = workbook({"订单": [HEADER, *ROWS], "Lists": [["yes"], ["no"]]})
    parts = zipfile.ZipFile(io.BytesIO(book)).read("xl/workbook.xml").decode()
    hidden = altered(book, {"xl/workbook.xml": parts.replace("name='Lists'", "name='Lists' state='hidden'")})
    assert read("book.xlsx", hidden) == (FOLDED, ROWS)
    assert read.told == "sheet 订单; hidden sheets passed over: Lists"
    assert read("book.xlsx", hidden, sheet="Lists") == (["yes"], [["no"]])
    only = workbook({"订单": [HEADER, *ROWS]})
    parts = zipfile.ZipFile(io.BytesIO(only)).read("xl/workbook.xml").decode()
    assert (
        read("book.xlsx", altered(only, {"xl/workbook.xml": parts.replace("name=", "state='hidden' name=")}))[1] == ROWS
    )


@pytest.mark.parametrize(
    "cell, shown",
    [
        ("<c r='A2'><v>3</v></c>", "3"),
        ("<c r='A2'><v>1.50</v></c>", "1.5"),
        ("<c r='A2'><v>19.990000000000002</v></c>", "19.99"),
        ("<c r='A2'><v>-1E-7</v></c>", "-0.0000001"),
        ("<c r='A2'><v>1.23456789012346E+18</v></c>", "1234567890123460000"),
        ("<c r='A2'><v>13800138000</v></c>", "13800138000"),
        ("<c r='A2' s='1'><v>45296</v></c>", "2024-01-05"),
        ("<c r='A2' s='2'><v>45296.5</v></c>", "2024-01-05 12:00:00"),
        ("<c r='A2' s='3'><v>1.5</v></c>", "36:00:00"),
        ("<c r='A2' s='4'><v>0.75</v></c>", "18:00:00"),
        ("<c r='A2' t='b'><v>1</v></c>", "TRUE"),
        ("<c r='A2' t='b'><v>0</v></c>", "FALSE"),
        ("<c r='A2' t='e'><v>#N/A</v></c>", ""),
        ("<c r='A2' t='e'><v>#REF!</v></c>", ""),
        ("<c r='A2' t='str'><f>A1</f><v>007</v></c>", "007"),
        ("<c r='A2' t='inlineStr'><is><t>a, &quot;b&quot;&#10;c</t></is></c>", 'a, "b"\nc'),
    ],
)
def test_cells_are_the_texts_that_they_show(read, cell, shown):
    book = of_cells(row(1, text("A1", "x"), text("B1", "y")) + row(2, cell, text("B2", "z")))
    assert read("book.xlsx", book) == (["x", "y"], [[shown, "z"]])


def test_a_table_may_begin_anywhere_and_empty_rows_and_columns_around_it_are_none(read):
    rows = row(3, text("C3", "id"), text("D3", "name"), "<c r='E3' t='str'><v></v></c>")
    rows += row(4, text("C4", "1"), "<c r='E4' s='1'/>") + row(6, text("C6", "2"), text("D6", "b"))
    assert read("book.xlsx", of_cells(rows + "<row r='9'/>")) == (["id", "name"], [["1", ""], ["2", "b"]])


def test_cells_merged_downwards_count_for_each_of_their_rows(read):
    rows = row(2, text("B2", "city"), text("C2", "n")) + row(3, text("B3", "北京"), text("C3", "1"))
    rows += row(4, text("C4", "2")) + row(5, text("B5", "上海"), text("C5", "3"))
    book = of_cells(rows, "<mergeCells><mergeCell ref='B3:B4'/></mergeCells>")
    assert read("book.xlsx", book) == (["city", "n"], [["北京", "1"], ["北京", "2"], ["上海", "3"]])
    assert read.told == "cells merged downwards: 1, whose text stands in each row"


def test_a_sheet_that_reaches_too_far_is_told_before_it_is_opened(read):
    book = of_cells(row(1, text("A1", "x")) + row(1048576, text("XFD1048576", "y")))
    assert len(book) < 3_000
    with pytest.raises(ValueError, match=r"^book\.xlsx: a sheet reaches to row 1,048,576 and column 16,384, .* CSV\.$"):
        read("book.xlsx", book)


def test_a_workbook_packed_too_tightly_is_not_opened(read, monkeypatch):
    monkeypatch.setattr(extents, "SMALL", 10_000)
    book = of_cells(row(1, text("A1", "x" * 10_000_000)))
    with pytest.raises(ValueError, match=r"^book\.xlsx: unpacked it is too large for its size"):
        read("book.xlsx", book)


def test_a_locked_an_empty_and_a_damaged_workbook_are_told(read):
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
    with pytest.raises(ValueError, match=r"^book\.xlsx: a password locks it\. Save it without one"):
        read("book.xlsx", ole + "EncryptedPackage".encode("utf-16-le") + bytes(1000))
    with pytest.raises(ValueError, match=r"^book\.xlsx: its sheets are empty"):
        read("book.xlsx", workbook({"a": [], "b": []}))
    whole = workbook({"订单": [HEADER, *ROWS]})
    broken = altered(whole, {SHEET: b"<worksheet><sheetData><row"})
    for content in (
        ole,
        broken,
        altered(whole, {"xl/workbook.xml": b""}),
        altered(whole, {"xl/_rels/workbook.xml.rels": b"<"}),
    ):
        with pytest.raises(
            ValueError, match=r"^book\.xlsx: (it is no workbook, or a damaged one|its sheets are empty)"
        ):
            read("book.xlsx", content)
    with pytest.raises(ValueError, match=r"^book\.xlsx: it is cut off or damaged"):
        read("book.xlsx", whole[: len(whole) // 2])


def test_titles_above_the_headers_and_totals_below_are_no_rows(read):
    rows = [
        ["销售报表", "", ""],
        ["导出时间", "2024-01-05", ""],
        ["订单", "客户", "金额"],
        ["1", "a", "5"],
        ["2", "b", "7"],
    ]
    assert read("book.xlsx", workbook({"订单": [*rows, ["合计", "", "12"]]})) == (
        ["订单", "客户", "金额"],
        [["1", "a", "5"], ["2", "b", "7"]],
    )
