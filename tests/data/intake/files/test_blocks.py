"""A block is plain where every line of it is a record that any reader splits alike."""

import io

import pytest

from helpers.data.intake.files import blocks
from helpers.data.intake.files.blocks import Plain

COMMA = Plain(",", 3, b"\n", b"a,b,c")


@pytest.mark.parametrize(
    "block",
    [
        "1,2,3\n",
        "1,2,3\n,,\n",
        '"1","2","3"\n',
        '1,"x, y","say ""hi"""\n"","""",3\n',
        '1,"two\nlines",3\n',
        "设计,张三,3\n",  # no word for a total
        'x"y'.replace('"', "") + ",2,3\n",
    ],
)
def test_plain_blocks(block):
    assert COMMA(block.encode())


@pytest.mark.parametrize(
    "block",
    [
        "1,2\n",
        "1,2\n1,2,3,4\n",  # as many marks in all
        "1,2,3\n\n4,5,6\n",
        "\n1,2,3\n",
        "1,2,3\r\n",
        "1,2,3\n4,5,6\r7,8,9\n",
        "1,2,3\0\n",
        "1,\ufeff2,3\n",
        '1,5" nail,3\n',
        '1,"5 inch,3\n2,"6 inch,3\n',
        '1,"x"y,3\n',
        '1,2,"5 inch\n3,4,6 inch"\n',  # a line inside quotes has as many marks as a record
        '1,"a\\"b",3\n',
        "1,2,3\na,b,c\n",
        "a,b,c\n",
        "合计,,3\n",
        "1,2,3\n,小计：,3\n",
        "1,2,3",
    ],
)
def test_blocks_that_are_not_plain(block):
    assert not COMMA(block.encode())


def test_the_last_block_may_lack_its_line_end():
    assert COMMA(b"1,2,3\n4,5,6", last=True)
    assert not COMMA(b"1,2,3\n4,5", last=True)


def test_a_header_is_plain_where_its_quotes_are():
    assert COMMA.header()
    assert not Plain(",", 2, b"\n", b'a"b,c').header()


def test_a_table_of_one_column_may_hold_any_mark_but_no_blank_line():
    one = Plain("\x1f", 1, b"\r\n", b"name")
    assert one(b'Bob\r\nSmith, John\r\n"x\ny"\r\n')
    assert not one(b"Bob\r\n\r\nAnn\r\n")


def test_blocks_hold_whole_lines_and_leave_no_quote_open(monkeypatch):
    monkeypatch.setattr(blocks, "SIZE", 16)
    data = b'1,2\n3,"x\ny\nz"\n' * 5 + b"4,5\r\n6,7"
    found = list(blocks.blocks(io.BytesIO(data)))
    assert b"".join(found) == data and len(found) > 3
    assert all(block.count(b'"') % 2 == 0 for block in found)
    assert all(block.endswith(b"\n") for block in found[:-1])


def test_blocks_end_somewhere_though_a_quote_is_never_closed(monkeypatch):
    monkeypatch.setattr(blocks, "SIZE", 8)
    data = b'1,"x\n' + b"2,y\n" * 20
    assert b"".join(blocks.blocks(io.BytesIO(data))) == data


def test_lines_end_at_lf_crlf_and_cr_alone():
    assert blocks.lines_of("a\nb\r\nc\rd\u2028e".encode()) == [b"a\n", b"b\r\n", b"c\r", "d\u2028e".encode()]


def test_a_line_without_an_end_is_told(monkeypatch, tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\n" + b"x" * 100)
    monkeypatch.setattr(blocks, "SIZE", 8)
    monkeypatch.setattr(blocks, "LONGEST", 64)
    with (tmp_path / "a.csv").open("rb") as stream, pytest.raises(ValueError, match=r"^a\.csv: a line of it is over"):
        list(blocks.blocks(stream))
