"""Delimited text as strangers write it becomes the same tables, and every record of it is read or set aside."""

import csv
import gzip
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.data import engine
from helpers.data.intake import files
from helpers.data.intake.files import Mended

ROWS = [["1", "张三", "3.5"], ["2", "李四, 五", "4"]]
HEADER = ["客户 ID ", "Name", "Amount ($)"]
FOLDED = ("客户_id", "name", "amount_$")


@pytest.fixture(scope="module")
def connection():
    return engine.connect()


def csv_bytes(rows, encoding="utf-8", **dialect):
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows(rows)
    return text.getvalue().encode(encoding)


def read(connection, folder, content, name="rows.csv", **layout):
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    table = files.read(connection, folder / name, files.Layout(**layout), folder)
    frame = table.rows.order_by(engine.ROW).execute()
    assert frame[engine.ROW].tolist() == list(range(1, len(frame) + 1))
    rows = frame[list(table.headers)].astype(object).fillna("").to_numpy().tolist()
    return table, rows, [(one.line, one.rule) for one in files.set_aside(connection, table)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_delimiter_and_encoding_are_found_out_and_told(connection, tmp_path, delimiter, encoding):
    table, rows, aside = read(connection, tmp_path, csv_bytes([HEADER, *ROWS], encoding, delimiter=delimiter))
    assert (table.headers, rows, aside) == (FOLDED, ROWS, [])
    assert table.mended == Mended(encoding.removesuffix("-sig"), delimiter)


def test_a_gzipped_file_reads_like_a_plain_one(connection, tmp_path):
    content = csv_bytes([HEADER, *ROWS, ["3"]], "gb18030")
    table, rows, _ = read(connection, tmp_path, gzip.compress(content), "rows.csv.gz")
    assert rows == [*ROWS, ["3", "", ""]]
    assert table.mended == Mended("gb18030", ",", short_rows=1)


def test_a_clean_file_is_read_as_it_lies(connection, tmp_path):
    read(connection, tmp_path, csv_bytes([HEADER, *ROWS, ["3", 'say "hi"\nto all', ""]], lineterminator="\n"))
    assert [path.name for path in tmp_path.iterdir()] == ["rows.csv"]


def test_a_line_that_does_not_split_is_listed_and_a_short_one_filled_up(connection, tmp_path):
    table, rows, aside = read(connection, tmp_path, "a,b\n1,2\n3,4,5\n6\n7,8\n")
    assert rows == [["1", "2"], ["6", ""], ["7", "8"]]
    assert aside == [(3, files.tables.UNSPLIT)]
    assert table.mended == Mended(delimiter=",", short_rows=1)


def test_what_is_no_record_is_set_aside(connection, tmp_path):
    text = "销售报表\n导出时间：2024-01-01\n\n店,金额\nA,1\nB,2\n小计,3\n店,金额\nC,4\n\n总计,7\n"
    table, rows, aside = read(connection, tmp_path, text)
    assert rows == [["A", "1"], ["B", "2"], ["C", "4"]]
    assert aside == [(7, "row is a total"), (8, "row repeats the header"), (11, "row is a total")]
    assert table.mended == Mended(delimiter=",", title_lines=2, blank_lines=1)


def test_backslashes_before_quotes_are_known_from_the_whole_file(connection, tmp_path):
    table, rows, _ = read(connection, tmp_path, 'id,note\n1,"say \\"hi\\", ok"\n2,\\N\n3,"two\\\nlines"\n')
    assert rows == [["1", 'say "hi", ok'], ["2", "\\N"], ["3", "two\nlines"]]
    assert table.mended.backslashes


def test_a_backslash_at_the_end_of_a_quoted_field_escapes_nothing(connection, tmp_path):
    table, rows, _ = read(connection, tmp_path, 'id,path\n1,"C:\\dir\\"\n2,"say ""C:\\x"" "\n')
    assert rows == [["1", "C:\\dir\\"], ["2", 'say "C:\\x" ']]
    assert not table.mended.backslashes


def test_a_delimiter_beyond_ascii_is_one_too(connection, tmp_path):
    _, rows, _ = read(connection, tmp_path, "a¦b\n1¦2\n", delimiter="¦", encoding="utf-8")
    assert rows == [["1", "2"]]


def test_an_empty_file_and_one_of_no_known_encoding_are_named(connection, tmp_path):
    with pytest.raises(ValueError, match="rows.csv: the file is empty"):
        read(connection, tmp_path, "")
    with pytest.raises(ValueError, match="rows.csv: its encoding cannot be told"):
        read(connection, tmp_path, b"a,b\n\xff\xff,1\n")


def test_a_large_file_with_a_flaw_far_inside_keeps_every_record(connection, tmp_path):
    row = 'order-{0},"c, {0}",2024-01-02 03:04:05,129.50,alipay\n'
    rows = [row.format(place) for place in range(400_000)]
    rows[300_000] = 'order-300000,c,2024-01-02 03:04:05,129.50,"ali\n'
    text = "".join(["id,who,at,amount,pay\n", *rows, "Total,,,51800000,\n"])
    assert len(text) > 20e6
    (tmp_path / "rows.csv").write_text(text)
    table = files.read(connection, tmp_path / "rows.csv", files.Layout(), tmp_path)
    assert table.rows.aggregate(n=table.rows.count(), ids=table.rows.id.nunique()).execute().iloc[0].tolist() == [
        400_000,
        400_000,
    ]
    assert files.set_aside(connection, table) == [(400_002, "Total,,,51800000,", "row is a total")]
    assert table.mended == Mended(delimiter=",", unclosed_quotes=1)


@st.composite
def exports(draw):
    """A table with an id, how it is written, and in what encoding."""
    width = draw(st.integers(1, 5))
    signs = draw(st.sampled_from(["ab1", 'a"1', ',;|\t"ab', '\n"a, ', "中文客户，\n", "😀é中a", "a1 \\"]))
    cell = st.text(signs, max_size=12)
    ids = st.integers(1, 999).map(str)
    rows = draw(st.lists(st.tuples(ids, *[cell] * (width - 1)).map(list), min_size=1, max_size=12))
    dialect = {
        "delimiter": draw(st.sampled_from(",;\t|")),
        "lineterminator": draw(st.sampled_from(["\n", "\r\n"])),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    }
    header = ["订单编号", *(f"名称{place}" for place in range(1, width))]
    return [header, *rows], dialect, draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"]))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(exports())
def test_what_is_read_equals_what_was_written(connection, tmp_path, export):
    (header, *written), dialect, encoding = export
    # where text of rare signs says nothing of the encoding, it is given; elsewhere it is found out
    layout = {"encoding": "gb18030"} if encoding == "gb18030" else {}
    _, rows, aside = read(connection, tmp_path, csv_bytes([header, *written], encoding, **dialect), **layout)
    assert (rows, aside) == (written, [])


@pytest.mark.parametrize(("mark", "quote"), [(" ", '"'), ("\t", ""), (",", '"')])
def test_a_table_that_r_wrote_with_the_numbers_of_its_rows_is_read(connection, tmp_path, mark, quote):
    written = [["1", "o1", "2025-01-02 10:00"], ["2", "o2", "2025-01-03 11:00"]]
    lines = (mark.join(f"{quote}{field}{quote}" for field in row) for row in (["order_id", "when"], *written))
    table, rows, aside = read(connection, tmp_path, "\n".join(lines) + "\n")
    assert (table.headers, rows, aside) == (("column_1", "order_id", "when"), written, [])
