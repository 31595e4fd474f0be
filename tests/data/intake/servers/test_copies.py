"""Rows of a database come once, later only what is new; a copy holds what files would leave, and nothing is half."""

import csv
import gzip
import re
import sqlite3
from contextlib import closing

import pandas as pd
import pytest

import servers
from helpers.data import contracts, datasets, draft, tombstones
from helpers.data.datasets import RAW

SERVERS = (*servers.KINDS, *servers.FILES)


def test_a_table_of_a_database_is_read_as_a_file_of_it_would_be(desk):
    assert desk.copied() == {"orders": (2, 2, True)}
    assert desk.orders() == [("1", "张三", 9.9), ("2", "b", 0.1)]
    assert list(desk.opened().files["file"]) == ["orders"]


def test_the_next_day_reads_what_is_new_and_a_changed_row_replaces_the_one_before(desk):
    desk.copied()
    desk.run(
        "INSERT INTO orders VALUES (3, 'c', NULL, '2024-01-07 10:00:00', 5, '2024-01-07 10:00:00')",
        "UPDATE orders SET total = 8, updated_at = '2024-01-08 10:00:00' WHERE order_id = 1",
    )
    assert desk.copied() == {"orders": (3, 3, True)}  # with the row at which the reading before ended
    assert desk.orders() == [("1", "张三", 8.0), ("2", "b", 0.1), ("3", "c", 5.0)]


def test_where_nothing_is_new_nothing_is_made_anew(desk):
    desk.copied()
    before = desk.opened().inputs[-1].stat().st_ino
    assert desk.copied() == {"orders": (1, 2, False)}
    desk.say(desk.folder.joinpath("dataset.toml").read_text().replace('since = "updated_at"\n', ""))
    desk.copied()
    assert desk.copied() == {"orders": (2, 2, False)} and desk.opened().inputs[-1].stat().st_ino != before


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM orders WHERE order_id = 1",
        "INSERT INTO orders VALUES (3, 'late', NULL, '2023-01-07 10:00:00', 5, '2023-01-07 10:00:00')",
    ],
)
def test_rows_that_were_deleted_or_came_late_are_noticed_by_their_number(desk, statement):
    desk.copied()
    desk.run(statement)
    (read, rows, changed) = desk.copied()["orders"]
    assert changed and read == rows == len(desk.orders())


def test_rows_changed_without_a_time_or_ahead_of_it_are_read_each_time(desk):
    desk.run(
        "INSERT INTO orders VALUES (3, 'c', NULL, '2024-01-07 10:00:00', 5, NULL), "
        "(4, 'd', NULL, '2024-01-07 10:00:00', 5, '2037-01-07 10:00:00')"
    )
    desk.copied()
    desk.run("UPDATE orders SET total = 7 WHERE order_id > 2", "UPDATE orders SET total = 1, updated_at = '2025-01-01 00:00:00' WHERE order_id = 2")  # fmt: skip
    assert desk.copied() == {"orders": (3, 4, True)}
    assert [amount for *_, amount in desk.orders()] == [9.9, 1.0, 7.0, 7.0]


LINES = """
[tables.order_items]
query = "SELECT l.order_id, l.amount, l.note, l.id FROM order_lines l JOIN orders o ON o.order_id = l.order_id"
since = "id"
"""


def test_lines_without_a_key_are_added_by_a_number_that_grows_and_equal_ones_stay_apart(desk):
    desk.run(
        "CREATE TABLE order_lines (id bigint, order_id int, amount decimal(9, 3), note varchar(20))",
        "INSERT INTO order_lines VALUES (9007199254740993, 1, 1.234, 'a'), (9007199254740994, 1, 1.234, 'b')",
    )
    desk.say((desk.folder / "dataset.toml").read_text() + LINES)
    desk.copied()
    desk.run("INSERT INTO order_lines VALUES (9007199254740995, 1, 1.234, 'b'), (9007199254740995, 1, 1.234, 'b')")
    assert desk.copied()["order_items"] == (3, 4, True)
    data = desk.opened()
    assert data.tables["order_items"].amount.execute().tolist() == [1.234] * 4
    books = data.accounting[data.accounting["table"] == "order_items"].set_index("outcome")
    assert books.loc["used", "rows"] == 4 and books.loc["kept", "rows_meeting"] == 1


def test_columns_that_the_settings_do_not_mention_never_come(desk):
    desk.copied()
    copy = pd.read_parquet(next(desk.prepared.rglob("copies/*/rows.parquet")))
    assert copy["phone"].isna().all() and copy["buyer"].notna().all()
    desk.opened()
    assert not [path for path in desk.files() if b"13800138000" in path.read_bytes()]
    assert "phone" in [header for headers in desk.opened().files["headers"] for header in headers]


def test_in_a_table_without_a_key_the_others_have_one_digest_that_leads_back_to_nobody(desk):
    desk.run(
        "CREATE TABLE visits (customer_id int, event varchar(9), happened_at timestamp, phone varchar(20), mail varchar(20))",
        "INSERT INTO visits VALUES (1, 'visit', '2024-01-05 10:00:00', '13800138000', 'a@b'), (1, 'visit', '2024-01-05 10:00:00', '13800138000', 'c@d')",
    )  # fmt: skip
    desk.say((desk.folder / "dataset.toml").read_text() + '[tables.events]\ntable = "visits"\n')
    desk.copied()
    copy = pd.read_parquet(next(desk.prepared.rglob("copies/events-*/rows.parquet")))
    assert copy["phone"].nunique() == 2 and copy["mail"].isna().all()
    assert not copy["phone"].str.contains("13800138000").any()
    assert not (desk.opened().accounting["outcome"] == "kept").any()


def test_who_was_erased_does_not_come_again_nor_does_that_read_all_each_day(desk):
    desk.copied()
    tombstones.added(desk.prepared, "shop", {"customer_id": ["张三"], "order_id": ["1"]})
    assert desk.copied() == {"orders": (2, 1, True)}
    assert desk.orders() == [("2", "b", 0.1)]
    copy = pd.read_parquet(max(desk.prepared.rglob("copies/*/rows.parquet"), key=lambda path: path.stat().st_mtime_ns))
    assert copy["buyer"].tolist() == ["b"]
    desk.run("INSERT INTO orders VALUES (3, 'c', NULL, '2024-01-07 10:00:00', 5, '2024-01-07 10:00:00')")
    assert desk.copied() == {"orders": (2, 2, True)}


def test_what_no_longer_serves_is_forgotten(desk):
    desk.copied()
    desk.opened()
    desk.say(
        (desk.folder / "dataset.toml")
        .read_text()
        .replace("[tables.orders.columns]", '[tables.orders.columns]\npaid_at = "placed"')
    )
    desk.copied()
    desk.opened()
    assert len(list(desk.prepared.rglob("copies/*/rows.parquet"))) == 1


def test_all_tables_are_of_one_moment_and_come_together_or_not_at_all(desk):
    desk.copied()
    desk.run("UPDATE orders SET total = 7, updated_at = '2024-02-01 00:00:00' WHERE order_id = 1")
    desk.say((desk.folder / "dataset.toml").read_text() + '[tables.events]\ntable = "visits"\n')
    with pytest.raises(
        ValueError, match=r"^tables\.events\.table = 'visits': no such table \(.*\)\. .*/shop has orders"
    ):
        desk.copied()
    assert len(list(desk.prepared.rglob("copies/*/rows.parquet"))) == 1 and not list(desk.prepared.rglob(".draft-*"))
    desk.say((desk.folder / "dataset.toml").read_text().split("[tables.events]")[0])
    assert desk.orders()[0] == ("1", "张三", 9.9)


KINDS = {
    "postgresql": "CREATE TABLE kinds (customer_id numeric, joined_at timestamptz, opted_out boolean, level text, "
    "extra jsonb, quota numeric(9,3), big numeric(38,10), gone timestamp, bin bytea)",
    "mysql": "CREATE TABLE kinds (customer_id bigint unsigned, joined_at timestamp(1) NULL, opted_out tinyint(1), "
    "level enum('金','银') CHARACTER SET utf8mb4, extra json, quota decimal(9,3), big decimal(38,10), gone datetime, "
    "bin varbinary(9))",
    "sqlite": "CREATE TABLE kinds (customer_id, joined_at, opted_out, level, extra, quota, big, gone, bin)",
    "duckdb": "CREATE TABLE kinds (customer_id hugeint, joined_at timestamptz, opted_out boolean, level text, extra json, "
    "quota decimal(9,3), big decimal(38,10), gone timestamp, bin blob)",
}
VALUES = {
    "postgresql": "(18446744073709551615, '2024-01-05 10:00:00+08', true, '金', '{{\"a\": \"中\"}}', 1.234, "
    "12345678901234567890.0123456789, 'infinity', '\\xff00'), (2, '2024-06-05 23:59:59.5+08', false, 'a,\"b\"\nc', "
    "NULL, 'NaN', 0.1, '2024-01-01', '')".replace("{{", "{").replace("}}", "}"),
    "mysql": "(18446744073709551615, '2024-01-05 10:00:00', 1, '金', '{\"a\": \"中\"}', 1.234, "
    "12345678901234567890.0123456789, '0000-00-00', x'ff00'), (2, '2024-06-05 23:59:59.5', 0, '银', NULL, NULL, 0.1, "
    "'2024-01-01', '')",
    "sqlite": "('18446744073709551615', '2024-01-05 10:00:00', 1, '金', '{\"a\": \"中\"}', 1.234, 1e30, NULL, x'ff00'), "
    "(2, '2024-06-05 23:59:59.5', 0, 'a,\"b\"\nc', NULL, NULL, 0.1, '2024-01-01 00:00:00', '')",
    "duckdb": "(18446744073709551615, '2024-01-05 10:00:00+08', true, '金', '{\"a\": \"中\"}', 1.234, "
    "12345678901234567890.0123456789, 'infinity', '\\xFF'), (2, '2024-06-05 23:59:59.5+08', false, 'a,\"b\"\nc', NULL, "
    "NULL, 0.1, '2024-01-01', '')",
}
OF_KINDS = """\
time_zone = "Asia/Shanghai"
[source]
url = "{url}"
[tables.customers]
table = "kinds"
[tables.customers.attributes]
extra = "extra"
gone = "gone"
quota = { from = "quota", type = "number" }
"""


def test_values_stand_as_the_server_writes_them(desk):
    desk.run(KINDS[desk.server.kind], f"INSERT INTO kinds VALUES {VALUES[desk.server.kind]}")
    desk.say(OF_KINDS)
    desk.copied()
    told = desk.opened().tables["customers"].execute().set_index("customer_id")
    first, second = told.loc["18446744073709551615"], told.loc["2"]
    assert (str(first.joined_at), str(second.joined_at)) == ("2024-01-05 10:00:00", "2024-06-05 23:59:59.500000")
    assert (first.opted_out, second.opted_out, first.level) == (True, False, "金")
    assert (first.extra, first.quota) == ('{"a": "中"}', 1.234) and pd.isna(second.quota)
    assert pd.isna(first.gone) and second.gone == "2024-01-01 00:00:00"
    assert second.level == ("银" if desk.server.kind == "mysql" else 'a,"b"\nc')


def test_an_empty_table_and_one_that_grew_a_column_are_read(desk):
    desk.copied()
    desk.run("ALTER TABLE orders ADD COLUMN channel varchar(9)", "UPDATE orders SET channel = 'app'")
    assert desk.copied() == {"orders": (2, 2, True)}
    assert desk.opened().tables["orders"].channel.execute().tolist() == ["app", "app"]
    desk.run("DELETE FROM orders")
    assert desk.copied() == {"orders": (0, 0, True)}
    assert desk.orders() == []


DEMO = pytest.mark.parametrize(
    "tables",
    [
        ("customers", "orders", "products", "tickets", "surveys"),
        pytest.param(tuple(contracts.TABLES), marks=pytest.mark.long),
    ],
    ids=["some", "all"],
)


@DEMO
def test_the_demo_in_a_database_gives_the_tables_of_its_files(desk, demo, tables):
    loaded = demo_tables(tables)
    for table, (headers, rows) in loaded.items():
        desk.server.filled("shop", f"demo_{table}", headers, rows)
    desk.say(demo_words(loaded, '\n[source]\nurl = "{url}"', 'table = "demo_{table}"'))
    desk.copied()
    assert_same(desk.opened(str(demo.as_of)), demo, loaded)


@DEMO
def test_the_demo_in_sqlite_gives_the_tables_of_its_files(demo, tmp_path, tables):
    loaded = demo_tables(tables)
    folder = tmp_path / "shop"
    folder.mkdir()
    with closing(sqlite3.connect(folder / "shop.db")) as database:
        for table, (headers, rows) in loaded.items():
            database.execute(f"CREATE TABLE demo_{table} ({', '.join(f'[{header}] TEXT' for header in headers)})")
            database.executemany(f"INSERT INTO demo_{table} VALUES ({', '.join('?' * len(headers))})", rows)
        database.commit()
    (folder / "dataset.toml").write_text(
        demo_words(loaded, "", 'file = "shop.db"\ntable = "demo_{table}"'), encoding="utf-8"
    )
    assert_same(datasets.open(folder, demo.as_of, prepared=tmp_path / "prepared"), demo, loaded)


def demo_tables(names):
    """Headers and rows of the demo's files of the contract tables `names`; empty cells are NULL."""
    found = {}
    for path in sorted((RAW / "demo").glob("*.*sv*")):
        table = re.sub(r"_\d+$", "", path.name.split(".")[0])
        if table not in names:
            continue
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        text = content.decode("gb18030" if path.name == "tickets.csv" else "utf-8-sig")
        mark = {"order_items.csv.gz": ";", "events.tsv.gz": "\t"}.get(path.name, ",")
        headers, *rows = csv.reader(text.splitlines(keepends=True), delimiter=mark)
        known = found.setdefault(table, ([header.strip() for header in headers], []))
        known[1].extend([cell or None for cell in row] for row in rows if len(row) == len(headers))
    return found


def demo_words(tables, head, place):
    """The demo's dataset.toml for these tables, which stand at `place` rather than in files."""
    words = (RAW / "demo" / "dataset.toml").read_text(encoding="utf-8").replace('encoding = "gb18030"\n', "")
    first, *parts = words.split("\n[tables.")
    names = [re.match(r"\w+", part)[0] for part in parts]
    placed = [
        re.sub(r'^file = ".*"$', place.replace("{table}", name), part, flags=re.M)
        for name, part in zip(names, parts, strict=True)
        if name in tables
    ]
    return "\n[tables.".join([first + head, *placed])


def assert_same(ours, theirs, names):
    """These tables of two data sets are equal, whatever the order of their rows."""
    assert ours.tables.keys() == set(names)
    for name in names:
        left, right = (each.tables[name].execute() for each in (ours, theirs))
        order = list(left.columns)
        left, right = (each[order].sort_values(order).reset_index(drop=True) for each in (left, right))
        pd.testing.assert_frame_equal(left, right)


def test_a_first_dataset_toml_of_a_database_reads_it(desk):
    if desk.server.kind in servers.FILES:
        with pytest.raises(ValueError, match="a database file is read as files are. Name the folder that holds it."):
            draft.of_database(desk.url)
        return
    rows = ", ".join(
        f"({row}, 'c{row % 40}', '13800138000', '2024-02-{row % 28 + 1} 10:00:00', {row}.5)" for row in range(299)
    )
    table = "(order_id int, customer_id varchar(9), phone varchar(20), ordered_at timestamp, amount decimal(9,1))"
    desk.run("DROP TABLE orders", f'CREATE TABLE "Orders" {table}', f'INSERT INTO "Orders" VALUES {rows}', "CREATE TABLE empty (a int)")  # fmt: skip
    found, database = draft.of_database(desk.url)
    toml = draft.as_toml(found, database)
    assert list(found.unread) == ["empty"] and f'url = "{desk.url}"' in toml and "13800138000" not in toml
    desk.say(toml)
    assert desk.copied() == {"orders": (299, 299, True)}
    assert desk.orders()[-1] == ("99", "c19", 99.5)


def test_no_password_is_in_anything_that_is_written(desk):
    desk.copied()
    desk.opened()
    assert not [path for path in desk.files() if servers.SECRET.encode() in path.read_bytes()]
    assert servers.SECRET not in repr(desk.opened().settings)
