"""Where the columns of a file without delimiters lie."""

from __future__ import annotations

from helpers.data.draft.contents.widths import widths

LINES = (
    " 00001 19970101  1   11.77\n 00002 19970112 12   12.00\n 00003 19970112  5  177.00\n 00003 19970118  5    7.00\n"
)


def test_a_header_line_names_the_fields_and_is_skipped(folder):
    found = widths(folder(log__txt=" customer_id  date cds  dollar_value\n" + LINES) / "log.txt")
    assert found.skip == 1 and found.named
    assert [name for name, _start, _length in found.fields] == ["customer_id", "date", "cds", "dollar_value"]
    assert found.fields[1] == ("date", 7, 9) and found.fields[3] == ("dollar_value", 19, 8)


def test_without_a_header_line_every_line_is_a_row_and_fields_are_numbered(folder):
    found = widths(folder(log__txt=LINES) / "log.txt")
    assert found.skip == 0 and not found.named and found.fields[0] == ("column_1", 1, 6)


def test_one_column_few_lines_and_other_encodings_are_no_fields(folder):
    assert widths(folder(one__txt="name\nann\nbob\ncid\n") / "one.txt") is None
    assert widths(folder(few__txt="a b\n1 2\n") / "few.txt") is None
    assert widths(folder(gbk__txt="订单 金额\n1 2\n1 2\n1 2\n".encode("gb18030")) / "gbk.txt") is None
