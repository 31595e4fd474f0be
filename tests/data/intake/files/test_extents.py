"""How far a workbook reaches is known before it is opened."""

import io
import zipfile

import pytest

from helpers.data.intake.files import extents

SHEET = "xl/worksheets/sheet1.xml"
FAR = "a sheet reaches to row 1,048,576 and column 16,384"
TABLE = "xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0'"


def checked(tmp_path, part, content, compression=zipfile.ZIP_DEFLATED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as book:
        book.writestr(part, content)
    path = tmp_path / "book.xlsx"
    path.write_bytes(file.getvalue())
    extents.check(path)


@pytest.mark.parametrize(
    "cell",
    [
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<x:row><x:c s="1" r="XFD1048576" t="n"><x:v>1</x:v></x:c></x:row>',
        "<row r='1048576'><c r='XFD1'><v>1</v></c></row>",
        "<row><c x='>' r='XFD1048576'><v>1</v></c></row>",
    ],
)
def test_a_filled_cell_far_outside_is_found_wherever_it_stands(tmp_path, cell):
    near = "<row r='1'><c r='A1'><v>1</v></c></row>" * 40_000  # more than is read at once
    for content in (f"<sheetData>{cell}</sheetData>", f"<sheetData>{near}{cell}</sheetData>"):
        with pytest.raises(ValueError, match=FAR):
            checked(tmp_path, SHEET, content)
    with pytest.raises(ValueError, match=FAR):
        checked(tmp_path, "xl/elsewhere", f"<sheetData>{cell}</sheetData>")


def test_cells_that_are_only_formatted_reach_nowhere(tmp_path):
    checked(tmp_path, SHEET, "<row r='1'><c r='A1'><v>1</v></c></row><row r='1048576'><c r='XFD1048576' s='1'/></row>")


def test_a_long_sheet_and_a_wide_one_are_no_fault(tmp_path):
    checked(tmp_path, SHEET, "<row r='1048576'><c r='AF1048576'><v>1</v></c></row>")
    checked(tmp_path, SHEET, "<row r='2000'><c r='XFD2000'><v>1</v></c></row>")


def record(kind, *numbers):
    body = b"".join(number.to_bytes(4, "little") for number in numbers)
    return (bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])) + bytes([len(body)]) + body


def test_a_binary_sheet_is_bounded_too(tmp_path):
    begin, near = record(129), record(0, 4, 0) + record(2, 3, 0, 7)
    checked(tmp_path, "xl/worksheets/sheet1.bin", begin + near)
    with pytest.raises(ValueError, match=FAR):
        checked(
            tmp_path, "xl/worksheets/sheet1.bin", begin + near + record(0, 1_048_575, 0) + record(5, 16_383, 0, 0, 0)
        )


def test_a_repeated_row_of_open_document_is_bounded_too(tmp_path):
    def sheet(row):
        return f"<office {TABLE}><table:table>{row}</table:table></office>"

    cell = "<table:table-cell table:number-columns-repeated='{}'>{}</table:table-cell>"
    row = "<table:table-row table:number-rows-repeated='1048576'>{}</table:table-row>"
    checked(tmp_path, "content.xml", sheet(row.format(cell.format(16384, ""))))  # nothing stands in it
    with pytest.raises(ValueError, match=FAR):
        checked(tmp_path, "content.xml", sheet(row.format(cell.format(16384, "<p>1</p>"))))


def test_a_part_that_is_packed_too_tightly_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(extents, "SMALL", 1_000)
    with pytest.raises(ValueError, match="book.xlsx: unpacked it is too large for its size"):
        checked(tmp_path, SHEET, " " * 10_000_000)
    checked(tmp_path, SHEET, " " * 100_000, zipfile.ZIP_STORED)
