"""SQLite and DuckDB files as databases: read as they say, alone, and whole or not at all."""

import pytest

from helpers.data import datasets
from helpers.data.intake.servers import database_files
from helpers.data.intake.servers.forms import Kind

SERVERS = ("sqlite", "duckdb")


def refusal(desk, toml=""):
    """What is said where the desk's file is read."""
    if toml:
        desk.say(toml)
    with pytest.raises(ValueError) as caught:
        desk.copied()
    told = str(caught.value)
    assert "\n" not in told and told.endswith((".", "?"))
    assert not [path for path in desk.files() if path.suffix == ".parquet"]
    return told


def path(desk):
    return desk.folder / "shop"


def words(desk):
    return (desk.folder / "dataset.toml").read_text()


def test_a_file_that_is_not_there_damaged_or_still_being_written_is_told(desk):
    content = path(desk).read_bytes()
    beside = path(desk).with_name("shop-wal" if desk.server.kind == "sqlite" else "shop.wal")
    beside.write_bytes(b"rows")
    assert refusal(desk).startswith(f"shop: {beside.name} beside it holds rows")
    beside.unlink()
    for damaged in (b"no database at all" * 99, content[: len(content) // 2]):
        path(desk).write_bytes(damaged)
        assert refusal(desk).startswith("shop: it cannot be read (")
    path(desk).unlink()
    assert refusal(desk) == "source.url: no file 'shop' in the folder 'shop'. Correct it."


def test_a_file_outside_the_folder_is_read_where_the_caller_gives_leave_alone(desk, monkeypatch):
    path(desk).rename(desk.folder.parent / "outside")
    assert "it lies, or points, outside the folder 'shop'" in refusal(desk, words(desk).replace("///shop", "///../outside"))  # fmt: skip
    path(desk).symlink_to("../outside")
    desk.say(words(desk).replace("///../outside", "///shop"))
    with pytest.raises(ValueError, match="outside the folder"):
        desk.opened()
    monkeypatch.setenv(datasets.OUTSIDE, "1")
    assert desk.copied() == {"orders": (2, 2, True)}


@pytest.mark.parametrize(
    "word, other, told",
    [
        ('table = "orders"', 'table = "order"', "tables.orders.table = 'order': no such table ("),
        ('table = "orders"', 'query = "SELECT nix FROM orders"', "refused it ("),
        ('table = "orders"', 'query = "SELECT * FROM orders; SELECT 1"', "it is not one SELECT."),
        ('table = "orders"', "query = \"SELECT readfile('/etc/passwd') FROM orders\"", "is not allowed"),
        ('"updated_at"', '"buyer"', "tables.orders.since = 'buyer': it holds texts."),
    ],
)
def test_what_the_settings_name_and_the_file_lacks(desk, word, other, told):
    assert told in refusal(desk, words(desk).replace(word, other))


def test_a_file_that_changes_while_it_is_read_is_told(desk, monkeypatch):
    stamps = iter(range(9))
    monkeypatch.setattr(database_files, "_stamp", lambda path: next(stamps))
    assert refusal(desk) == "shop: it changed while it was read. Run this again."


def test_views_are_read_and_nothing_is_written_beside_the_file(desk):
    desk.run("CREATE VIEW paid AS SELECT * FROM orders WHERE total > 1")
    before = path(desk).read_bytes()
    desk.say(words(desk).replace('"orders"', '"paid"'))
    path(desk).chmod(0o400)
    assert desk.copied() == {"orders": (1, 1, True)}
    assert sorted(each.name for each in desk.folder.iterdir()) == ["dataset.toml", "shop"]
    assert path(desk).read_bytes() == before


def test_the_day_after_only_new_rows_come_out_of_the_file(desk, monkeypatch):
    rows = ", ".join(
        f"({row}, 'c', NULL, '2024-01-0{1 + row % 5} 10:00:00', {row}.5, '2024-01-05 10:00:00')"
        for row in range(9, 999)
    )
    desk.run(f"INSERT INTO orders VALUES {rows}")
    assert desk.copied() == {"orders": (992, 992, True)}
    desk.run("INSERT INTO orders VALUES (1000, 'd', NULL, '2024-01-07 10:00:00', 5, '2024-02-07 10:00:00')")
    written = []
    write = database_files.databases.write
    monkeypatch.setattr(database_files.databases, "write", lambda *given: written.append(write(*given)) or written[-1])
    assert desk.copied()["orders"][1:] == (993, True)
    assert written == [2]  # with the row at which the reading before ended
    assert len(desk.orders()) == 993


def test_what_a_column_of_sqlite_is_all_its_values_say(tmp_path):
    file = tmp_path / "a.db"
    with database_files.sqlite3.connect(file) as made:
        made.execute("CREATE TABLE t (whole, part, mixed, day, signs, none)")
        made.execute("INSERT INTO t VALUES (1, 1.5, 1, '2024-01-05 10:00', '2024-01-05', NULL)")
        made.execute("INSERT INTO t VALUES (2, 2, 'two', '2024-01-06 10:00', '2024-01-05T01:00', NULL)")
    made.close()
    read = database_files.SQLite(file)
    columns = {each.name: each for each in read.columns("SELECT * FROM t")}
    assert [each.kind for each in columns.values()] == [Kind.EXACT, Kind.FLOAT, *[Kind.TEXT] * 4]
    kinds = {name: read.kind(each, "SELECT * FROM t") for name, each in columns.items()}
    assert (kinds["whole"], kinds["day"], kinds["signs"], kinds["mixed"]) == (Kind.EXACT, Kind.MOMENT, Kind.TEXT, Kind.TEXT)  # fmt: skip
    read.close()


def test_infinite_moments_and_wide_numbers_of_duckdb_are_told_as_such(tmp_path):
    file = tmp_path / "a.duckdb"
    with database_files.duckdb.connect(str(file)) as made:
        made.execute("CREATE TABLE t AS SELECT 'infinity'::TIMESTAMP AS at, 1::HUGEINT AS n, 1.50::DECIMAL(9, 2) AS m")
    read = database_files.DuckDB(file)
    columns = read.columns("SELECT * FROM t")
    assert [each.kind for each in columns] == [Kind.MOMENT, Kind.EXACT, Kind.EXACT]
    texts = ", ".join(each.text for each in columns)
    assert read.one(f"SELECT {texts} FROM t") == [None, "1", "1.50"]
    read.close()
