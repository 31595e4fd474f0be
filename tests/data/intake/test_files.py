"""Files of every layout become the same tables of text."""

import gzip

import pandas as pd
import pytest

from helpers.data import engine
from helpers.data.intake import files
from shops import workbook

ROWS = [["1", "张三", "3.5"], ["2", "李四, 五", "4"]]
HEADER = ["客户 ID ", "Name", "Amount ($)"]
FOLDED = ("客户_id", "name", "amount")


@pytest.fixture
def connection():
    return engine.connect()


def csv_bytes(delimiter=",", encoding="utf-8"):
    cells = [[f'"{cell}"' if delimiter in cell else cell for cell in row] for row in [HEADER, *ROWS]]
    return ("\r\n".join(delimiter.join(row) for row in cells) + "\r\n").encode(encoding)


def read_rows(connection, path, tmp_path, **layout):
    table = files.read(connection, path, files.Layout(**layout), tmp_path)
    frame = table.rows.execute()
    return table, frame.sort_values(engine.ROW)[list(table.headers)].astype(str).to_numpy().tolist()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_delimiter_and_encoding_are_found_out(connection, tmp_path, delimiter, encoding):
    path = tmp_path / "rows.csv"
    path.write_bytes(csv_bytes(delimiter, encoding))
    table, rows = read_rows(connection, path, tmp_path)
    assert table.headers == FOLDED
    assert rows == ROWS


def test_a_gzipped_file_reads_like_a_plain_one(connection, tmp_path):
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(csv_bytes(encoding="gb18030")))
    assert read_rows(connection, path, tmp_path)[1] == ROWS


def test_fixed_width_lines_are_cut_at_their_places(connection, tmp_path):
    path = tmp_path / "rows.txt"
    path.write_text(" id    amount\n 00001  11.77\n 00002   5.00\n")
    _, rows = read_rows(connection, path, tmp_path, fields=(("id", 2, 5), ("amount", 8, 6)), skip=1)
    assert rows == [["00001", "11.77"], ["00002", "5.00"]]


def test_parquet_keeps_its_types_and_a_folder_of_parts_is_all_of_them(connection, tmp_path):
    for part in (1, 2):
        folder = tmp_path / "orders" / f"month={part}"
        folder.mkdir(parents=True)
        pd.DataFrame({"Order ID": [part], "At": pd.to_datetime(["2024-01-02"])}).to_parquet(folder / "p.parquet")
    paths = files.find(tmp_path, ("orders",))
    assert len(paths) == 2
    table = files.read(connection, paths[1], files.Layout(), tmp_path)
    assert table.headers == ("order_id", "at", "month")  # the folder's own words are a column too
    assert table.rows.schema()["at"].is_timestamp()


def test_an_excel_sheet_is_chosen_by_name_and_a_wrong_name_lists_the_sheets(connection, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook({"订单": [HEADER, *ROWS]}))
    assert read_rows(connection, path, tmp_path, sheet="订单")[1] == ROWS
    with pytest.raises(ValueError, match="no sheet '退货'. It has 订单"):
        files.read(connection, path, files.Layout(sheet="退货"), tmp_path)


def test_a_line_that_does_not_split_is_listed_and_not_lost(connection, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n1,2\n3,4,5\n6\n7,8\n")
    table = files.read(connection, path, files.Layout(), tmp_path)
    assert table.rows.execute()["a"].tolist() == ["1", "7"]
    assert [line for line, _ in engine.rejected_lines(connection, table.rejects)] == [3, 4]


def test_headers_that_fold_alike_stay_apart(connection, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("Variant,variant ,,file_row\n1,2,3,4\n")
    assert files.read(connection, path, files.Layout(), tmp_path).headers == (
        "variant",
        "variant_2",
        "column_3",
        "file_row_2",
    )


def test_an_empty_file_and_an_unreadable_one_are_named(connection, tmp_path):
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(ValueError, match="empty.csv: the file is empty"):
        files.read(connection, tmp_path / "empty.csv", files.Layout(), tmp_path)
    (tmp_path / "odd.csv").write_bytes(b"a,b\n\xff\xff,1\n")
    with pytest.raises(ValueError, match="odd.csv: neither UTF-8 nor GB18030"):
        files.read(connection, tmp_path / "odd.csv", files.Layout(), tmp_path)


@pytest.mark.parametrize(
    "header, folded",
    [
        ("Account Name", "account_name"),
        ("Account_Name", "account_name"),
        ("收货地址 ", "收货地址"),
        ("省/自治区", "省_自治区"),
        ("ＩＤ", "id"),
        ("  Grand  Total ($) ", "grand_total"),
    ],
)
def test_headers_fold_to_what_they_say(header, folded):
    assert files.fold(header) == folded
