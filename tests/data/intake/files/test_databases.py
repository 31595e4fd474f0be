"""Tables of SQLite and DuckDB files are read as text, and nothing else is."""

import datetime as dt
import sqlite3
from contextlib import closing

import duckdb
import pytest

ROWS = [(1, "张三", 9.5, None), (2, "007", 12.0, "2024-01-05")]
TEXTS = [["1", "张三", "9.5", ""], ["2", "007", "12.0", "2024-01-05"]]
HEADERS = ["id", "name", "amount", "sold_on"]


def made(tmp_path, program, statements, rows=ROWS):
    """The bytes of a database after `statements`, with `rows` in its table orders."""
    path = tmp_path / f"made.{program}"
    with closing(sqlite3.connect(path) if program == "sqlite" else duckdb.connect(str(path))) as database:
        for statement in (
            "CREATE TABLE orders (id INTEGER, name VARCHAR, amount DOUBLE, sold_on VARCHAR)",
            *statements,
        ):
            database.execute(statement)
        database.executemany("INSERT INTO orders VALUES (?, ?, ?, ?)", rows)
        database.commit()
    content = path.read_bytes()
    path.unlink()
    return content


@pytest.fixture(params=["sqlite", "duckdb"])
def program(request):
    return request.param


def test_the_only_table_is_read_as_text_whatever_the_file_is_called(read, tmp_path, program):
    assert read("orders.csv", made(tmp_path, program, [])) == (HEADERS, TEXTS)


def test_of_several_tables_and_views_the_one_that_is_named_counts(read, tmp_path, program):
    content = made(tmp_path, program, ["CREATE VIEW large AS SELECT id, amount FROM orders WHERE amount > 10"])
    with pytest.raises(ValueError, match=r"^shop\.db: several tables\. Write table = '\w+', or another of: .*large"):
        read("shop.db", content)
    assert read("shop.db", content, sheet="large") == (["id", "amount"], [["2", "12.0"]])
    with pytest.raises(ValueError, match="no table 'customers'. It has .*orders"):
        read("shop.db", content, sheet="customers")


def test_a_query_over_its_tables_is_read(read, tmp_path, program):
    sql = 'SELECT a.id, b.name AS "Full Name", a.id FROM orders a JOIN orders b ON a.id = b.id WHERE a.amount < 10'
    assert read("shop.db", made(tmp_path, program, []), query=sql) == (
        ["id", "full_name", "id_1"],
        [["1", "张三", "1"]],
    )


@pytest.mark.parametrize(
    "sql", ["SELECT * FROM customers", "DROP TABLE orders", "SELECT * FROM read_text('/etc/hostname')", "SELECT 'x' +"]
)
def test_a_query_that_is_no_select_over_its_tables_is_refused(read, tmp_path, program, sql):
    with pytest.raises(ValueError, match=r"^shop\.db: query = .* Its tables: orders\.$"):
        read("shop.db", made(tmp_path, program, []), query=sql)


def test_values_stand_as_they_are_written(read, tmp_path):
    content = made(tmp_path, "duckdb", ["CREATE TABLE kinds AS SELECT 12345678901234567890 AS n, DATE '2024-01-05' AS d, "
        "TIMESTAMPTZ '2024-01-05 10:00:00+08' AS z, TRUE AS b, 1.10::DECIMAL(9, 2) AS m, [1, 2] AS l"])  # fmt: skip
    assert read("shop.duckdb", content, sheet="kinds")[1] == [
        ["12345678901234567890", "2024-01-05", "2024-01-05 02:00:00+00", "true", "1.10", "[1, 2]"]
    ]


def test_an_empty_table_has_headers_and_no_rows(read, tmp_path, program):
    assert read(
        "shop.db", made(tmp_path, program, [], rows=[(1, "", 0.0, "")]), query="SELECT * FROM orders WHERE id > 9"
    ) == (
        HEADERS,
        [],
    )


def test_a_log_beside_a_database_says_that_it_is_not_whole(read, tmp_path, program):
    content = made(tmp_path, program, [])
    for log in ("shop.db-wal", "shop.db.wal", "shop.db-journal"):
        (tmp_path / log).write_bytes(b"rows")
        with pytest.raises(ValueError, match=f"{log} beside it holds rows that are not in it yet"):
            read("shop.db", content)
        (tmp_path / log).write_bytes(b"")
    assert read("shop.db", content)[1] == TEXTS


def test_views_that_do_more_than_read_their_own_file_yield_nothing(read, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    outside = f"CREATE VIEW outside AS SELECT * FROM read_csv('{tmp_path / 'secret.csv'}')"
    with pytest.raises(
        ValueError, match=r"^shop\.db: it cannot be read \(.*\)\. Export its table as CSV or Parquet\.$"
    ):
        read("shop.db", made(tmp_path, "duckdb", [outside]), sheet="outside")
    endless = "CREATE VIEW endless AS WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT n FROM r"
    with pytest.raises(ValueError, match=r"^shop\.db: it cannot be read"):
        read("shop.db", made(tmp_path, "sqlite", [endless]), sheet="endless")


def test_a_file_is_left_as_it_is_and_nothing_appears_beside_it(read, tmp_path, program):
    content = made(tmp_path, program, [])
    read("shop.db", content)
    assert (tmp_path / "shop.db").read_bytes() == content
    assert sorted(path.name for path in tmp_path.iterdir()) == ["scratch", "shop.db"]


def test_damage_and_texts_in_no_encoding_are_told(read, tmp_path, program):
    content = made(tmp_path, program, [], rows=ROWS * 200)
    for damaged in (content[:200], content[: len(content) // 2], content[:100] + bytes(len(content) - 100)):
        with pytest.raises(ValueError, match=r"^shop\.db: (it cannot be read|it has no table)"):
            read("shop.db", damaged)
    if program == "sqlite":
        with pytest.raises(ValueError, match=r"^shop\.db: it cannot be read \(Could not decode to UTF-8"):
            read("shop.db", content.replace("张三".encode(), b"\xff\xfe\xff\xfe\xff\xfe"))


def test_numbers_in_text_and_large_ones_survive_sqlite(read, tmp_path):
    rows = [(2**62, "000123", 1e15 + 0.5, dt.date(2024, 1, 5).isoformat())]
    assert read("shop.db", made(tmp_path, "sqlite", [], rows=rows))[1] == [
        ["4611686018427387904", "000123", "1.0e+15", "2024-01-05"]
    ]
