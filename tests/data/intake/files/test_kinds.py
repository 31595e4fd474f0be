"""What a file is, is told by its content and not by its name."""

import gzip
import io
import zipfile

import pytest

from helpers.data.intake.files.kinds import Kind, kind_of
from shops import workbook

PAGE = "<table><tr><td>a</td></tr></table>"


def zipped(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return file.getvalue()


@pytest.mark.parametrize(
    "content, kind",
    [
        (gzip.compress(b"a,b\n"), Kind.GZIP),
        (zipped(orders__csv="a,b\n"), Kind.ZIP),
        (zipped(), Kind.ZIP),
        (workbook({"a": [["x"]]}), Kind.WORKBOOK),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), Kind.WORKBOOK),
        (b"PAR1....", Kind.PARQUET),
        (b"SQLite format 3\0....", Kind.SQLITE),
        (bytes(8) + b"DUCK....", Kind.DUCKDB),
        (PAGE.encode(), Kind.MARKUP),
        (f"\ufeff\r\n<!-- made by a program -->\n{PAGE.upper()}".encode("utf-16"), Kind.MARKUP),
        (b'<?xml version="1.0"?><html xmlns="x">', Kind.MARKUP),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="x">', Kind.MARKUP),
        (b'<?xml version="1.0"?><ss:Workbook xmlns:ss="x">', Kind.MARKUP),
        (b' [\n {"a": 1}]', Kind.DOCUMENT),
        (b'\xef\xbb\xbf{"a": 1}\n{"a": 2}', Kind.DOCUMENT),
        (b"[]", Kind.DOCUMENT),
        ("订单,金额\n".encode("gb18030"), Kind.TEXT),
        ("订单\t金额\n".encode("utf-16"), Kind.TEXT),
        (b"[id],[name]\n1,2\n", Kind.TEXT),
        (b"{id},name\n1,2\n", Kind.TEXT),
        (b"<id>,<name>\n1,2\n", Kind.TEXT),
    ],
)
@pytest.mark.parametrize("name", ["orders.csv", "orders.xls", "orders"])
def test_the_content_tells_the_kind(tmp_path, content, kind, name):
    path = tmp_path / name
    path.write_bytes(content)
    assert kind_of(path) is kind


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "the file is empty"),
        (bytes(1000), "it is cut off or damaged"),
        (b"%PDF-1.7", "it is a PDF"),
        (b"7z\xbc\xaf\x27\x1c", "it is a 7z archive"),
        (b"Rar!\x1a", "it is a RAR archive"),
        (b"BZh91AY", "packed with bzip2"),
        (bytes(257) + b"ustar\0", "it is a tar archive"),
        (b"version https://git-lfs.github.com/spec/v1\n", "a placeholder of Git LFS"),
        (b'<?xml version="1.0"?><orders>', "it is XML of a form that is not read"),
        (b"PK\x03\x04 and nothing more", "it is cut off or damaged"),
        (zipped(word_document__xml="", **{"[Content_Types]__xml": ""}), "it is a document of another program"),
    ],
)
def test_what_is_not_read_is_named(tmp_path, content, said):
    path = tmp_path / "orders.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=rf"^orders\.csv: .*{said}.*\.$"):
        kind_of(path)


def test_a_name_that_ends_in_json_is_taken_at_its_word(tmp_path):
    path = tmp_path / "orders.json"
    path.write_text("oops")
    assert kind_of(path) is Kind.DOCUMENT
