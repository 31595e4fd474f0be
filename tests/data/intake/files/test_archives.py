"""What is packed is read like what is not, within bounds."""

import gzip
import io
import zipfile

import pytest

from helpers.data.intake import files
from helpers.data.intake.files import archives

ORDERS = "id,name\n1,张三\n2,李四\n"
ROWS = [["1", "张三"], ["2", "李四"]]


def zipped(members, **words):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **words) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return file.getvalue()


def found(folder, *patterns):
    return [str(path.relative_to(folder)) for path in files.find(folder, patterns)]


@pytest.mark.parametrize("name", ["orders.csv.gz", "orders.csv", "orders.dat", "orders.gz"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_gzip_is_unpacked_whatever_it_is_called(read, name, encoding):
    assert read(name, gzip.compress(ORDERS.encode(encoding))) == (["id", "name"], ROWS)


def test_a_name_alone_makes_no_gzip(read):
    assert read("orders.csv.gz", ORDERS) == (["id", "name"], ROWS)


def test_a_workbook_or_a_list_of_objects_may_be_gzipped(read):
    assert read("orders.json.gz", gzip.compress(b'[{"id": 1}]')) == (["id"], [["1"]])


def test_an_archive_stands_for_all_its_members_and_a_pattern_for_some(tmp_path):
    members = [("2024/orders_2.csv", ORDERS), ("2024/orders_1.csv", ORDERS), ("customers.csv", ORDERS), ("empty/", "")]
    (tmp_path / "export.zip").write_bytes(zipped([*members, ("__MACOSX/._a.csv", ""), (".DS_Store", "")]))
    orders = ["export.zip/2024/orders_1.csv", "export.zip/2024/orders_2.csv"]
    assert found(tmp_path, "export.zip") == [*orders, "export.zip/customers.csv"]
    assert found(tmp_path, "*.zip/2024/orders_*.csv") == orders
    assert found(tmp_path, "export.zip/*orders_*.csv") == orders
    assert found(tmp_path, "export.zip/returns.csv") == []


def test_a_member_is_read_by_its_path_and_lies_on_disk_in_its_archive(read, tmp_path):
    (tmp_path / "export.zip").write_bytes(zipped([("a/orders.csv", ORDERS)], compression=zipfile.ZIP_DEFLATED))
    (member,) = files.find(tmp_path, ("export.zip",))
    assert archives.unpacked(member, tmp_path).read_text(encoding="utf-8") == ORDERS
    assert files.on_disk(member) == tmp_path / "export.zip"
    assert files.on_disk(tmp_path / "export.zip") == tmp_path / "export.zip"


def test_names_of_members_are_read_in_the_code_page_of_chinese_windows(tmp_path):
    content = zipped([("AAAA.csv", ORDERS)]).replace(b"AAAA", "订单".encode("gb18030"))
    (tmp_path / "export.zip").write_bytes(content)
    assert found(tmp_path, "export.zip/订单.csv") == ["export.zip/订单.csv"]
    (member,) = files.find(tmp_path, ("export.zip",))
    assert archives.unpacked(member, tmp_path).read_text(encoding="utf-8") == ORDERS


@pytest.mark.parametrize("name", ["../orders.csv", "/etc/passwd", "a/../../orders.csv", "C:/orders.csv"])
def test_a_member_that_points_outside_is_refused(tmp_path, name):
    (tmp_path / "export.zip").write_bytes(zipped([(name, ORDERS)]))
    with pytest.raises(ValueError, match="points outside. Do not use this archive"):
        files.find(tmp_path, ("export.zip",))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_and_too_many_members_are_refused(tmp_path, monkeypatch):
    (tmp_path / "export.zip").write_bytes(zipped([("a.csv", ORDERS), ("a.csv", ORDERS)]))
    with pytest.raises(ValueError, match="export.zip: it holds 'a.csv' twice"):
        files.find(tmp_path, ("export.zip",))
    monkeypatch.setattr(archives, "MOST_MEMBERS", 1)
    with pytest.raises(ValueError, match="it holds more than 1 files"):
        files.find(tmp_path, ("export.zip",))


def test_what_unpacks_to_too_much_is_not_unpacked(read, tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "SMALL", 1_000)
    bomb = b"a,b\n" + b"0,0\n" * 1_000_000
    with pytest.raises(ValueError, match=r"bomb\.csv\.gz: unpacked it is over 1 MB, too much for its size"):
        read("bomb.csv.gz", gzip.compress(bomb))
    (tmp_path / "bomb.zip").write_bytes(zipped([("bomb.csv", bomb)], compression=zipfile.ZIP_DEFLATED))
    (member,) = files.find(tmp_path, ("bomb.zip",))
    with pytest.raises(ValueError, match=r"bomb\.zip/bomb\.csv: unpacked it is over 1 MB"):
        archives.unpacked(member, tmp_path)


@pytest.mark.parametrize("inner", [gzip.compress(ORDERS.encode()), zipped([("orders.csv", ORDERS)])])
def test_an_archive_within_an_archive_is_not_opened(read, tmp_path, inner):
    with pytest.raises(ValueError, match="it is an archive within an archive. Unpack the outer one"):
        read("orders.gz", gzip.compress(inner))
    (tmp_path / "export.zip").write_bytes(zipped([("inner", inner)]))
    (member,) = files.find(tmp_path, ("export.zip",))
    with pytest.raises(ValueError, match="it is an archive within an archive"):
        archives.unpacked(member, tmp_path)


def test_a_password_an_empty_archive_and_damage_are_told(read, tmp_path):
    locked = bytearray(zipped([("orders.csv", ORDERS)]))
    for header, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(header) + place] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    (member,) = files.find(tmp_path, ("locked.zip",))
    with pytest.raises(ValueError, match=r"locked\.zip/orders\.csv: it is locked by a password"):
        archives.unpacked(member, tmp_path)
    with pytest.raises(ValueError, match=r"empty\.zip: it holds no files"):
        read("empty.zip", zipped([]))
    with pytest.raises(ValueError, match=r"cut\.csv\.gz: it is cut off or damaged"):
        read("cut.csv.gz", gzip.compress(ORDERS.encode())[:-9])
    broken = zipped([("orders.csv", ORDERS)]).replace("张三".encode(), "张四".encode())
    (tmp_path / "broken.zip").write_bytes(broken)
    (member,) = files.find(tmp_path, ("broken.zip",))
    with pytest.raises(ValueError, match=r"broken\.zip/orders\.csv: it is cut off or damaged"):
        archives.unpacked(member, tmp_path)
