"""A file with flaws becomes a clean copy; what was done to it is counted, and no record is lost."""

import io

import pytest

from helpers.data.intake.files import blocks, forms
from helpers.data.intake.files.blocks import Plain
from helpers.data.intake.files.mending import Mender

ORDERS = "id,who,at,n,note\n1,a,2024-01-01,1,ok\n"


def mended(tmp_path, text):
    path = tmp_path / "rows.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    form = forms.found(path, "auto")
    mender = Mender(form, Plain(form.dialect.delimiter, len(form.header), form.end, form.line))
    out = io.BytesIO()
    with path.open("rb") as source:
        mender.write(source, out)
    return out.getvalue().decode(), {name: count for name, count in mender.counts.items() if count}, mender.aside


@pytest.mark.parametrize(
    ("text", "copy", "counts"),
    [
        ("a,b\n1,2\n3,4\n", "a,b\n1,2\n3,4\n", {}),
        ("a,b,c\n1,2,3\n4,5\n", "a,b,c\n1,2,3\n4,5,\n", {"short_rows": 1}),
        ("a,b\n1,2\n3,4,,\n", "a,b\n1,2\n3,4\n", {"long_rows": 1}),
        ("a,b\n1,2\r\n3,4\r5,6\n", "a,b\n1,2\n3,4\n5,6\n", {"odd_line_ends": 2}),
        ("a,b\r\n1,2\r\n\r\n3,4", "a,b\r\n1,2\r\n3,4\r\n", {"blank_lines": 1}),
        ("a,b\r1,2\r3\r", "a,b\n1,2\n3,\n", {"short_rows": 1}),
        ("a,b\n1,x\ry\n2,z\n", 'a,b\n1,"x\ry"\n2,z\n', {}),
        ("\ufeffa,b\n1,2\n\ufeff3,4\n", "a,b\n1,2\n3,4\n", {"byte_order_marks": 1}),
        ("a,b\n1\0,2\n", "a,b\n1,2\n", {"nul_bytes": 1}),
        ('a,b\n1,5" nail\n2,"x"y\n3, "p, q"\n', 'a,b\n1,"5"" nail"\n2,xy\n3,"p, q"\n', {"stray_quotes": 3}),
        ("报表\n\na,b\n1,2\n", "a,b\n1,2\n", {}),
    ],
)  # fmt: skip
def test_a_flaw_is_mended_and_counted(tmp_path, text, copy, counts):
    assert mended(tmp_path, text) == (copy, counts, [])


@pytest.mark.parametrize(
    ("text", "copy", "line", "rule"),
    [
        ("a,b\n1,2\na,b\n3,4\n", "a,b\n1,2\n3,4\n", 3, "row repeats the header"),
        ("a,b\n1,2\n合计,2\n", "a,b\n1,2\n", 3, "row is a total"),
        ("a,b\n1,2\n小计,2\n3,4\n", "a,b\n1,2\n3,4\n", 3, "row is a total"),
        ("a,b\n1,2\nTotal,2\n制表人：张三,\n", "a,b\n1,2\n制表人：张三,\n", 3, "row is a total"),
        ("a,b\n1,2\n3,4,5\n5,6\n", "a,b\n1,2\n5,6\n", 3, "line does not split into the header's columns"),
        ('a,b,c\n1,2,3\n4,"x\n5,6,7\n', "a,b,c\n1,2,3\n5,6,7\n", 3, "quote is never closed"),
    ],
)
def test_a_row_that_is_no_record_is_set_aside_with_its_line_and_rule(tmp_path, text, copy, line, rule):
    written, counts, aside = mended(tmp_path, text)
    assert (written, counts) == (copy, {})
    assert [(one.line, one.rule) for one in aside] == [(line, rule)]
    assert aside[0].text == text.split("\n")[line - 1]


@pytest.mark.parametrize(
    ("row", "note"),
    [
        ('2,b,2024-01-02,2,"5 inch\n', '"""5 inch"'),  # the quote as a character
        ('2,b,2024-01-02,2,"5 inch, wide\n', '"5 inch, wide"'),  # closed at the line's end
    ],
)
def test_a_quote_that_is_never_closed_swallows_nothing(tmp_path, row, note):
    below = '3,c,2024-01-03,3,ok\n4,d,2024-01-04,4,"x, y"\n'
    copy, counts, aside = mended(tmp_path, ORDERS + row + below)
    assert copy == f"{ORDERS}2,b,2024-01-02,2,{note}\n{below}"
    assert (counts, aside) == ({"unclosed_quotes": 1}, [])


def test_two_quotes_that_are_never_closed_do_not_close_one_another(tmp_path):
    rows = '2,b,2024-01-02,2,"5 inch\n3,c,2024-01-03,3,ok\n4,d,2024-01-04,4,6 inch"\n'
    copy, counts, _ = mended(tmp_path, ORDERS + rows)
    assert copy.count("\n") == 5
    assert counts == {"unclosed_quotes": 1, "stray_quotes": 1}


def test_a_field_that_spans_lines_stays_whole(tmp_path):
    rows = 'id,name,address\n1,Bob,"12 High St\nLeeds, Yorks, UK"\n2,Ann,"x\n\ny"\n3,Eve\n'
    copy, counts, aside = mended(tmp_path, rows)
    assert copy == rows.replace("Eve", "Eve,")
    assert (counts, aside) == ({"short_rows": 1}, [])


def test_plain_blocks_go_over_as_they_are_and_lines_keep_their_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "SIZE", 64)
    rows = "".join(f"{place},{place}\n" for place in range(2, 100))
    copy, counts, aside = mended(tmp_path, f"a,b\n{rows}x,y,z\n{rows}5\n{rows}Sum,7\n")
    assert copy == f"a,b\n{rows}{rows}5,\n{rows}"
    assert counts == {"short_rows": 1}
    assert [one.line for one in aside] == [100, 298]
