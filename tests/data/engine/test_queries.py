"""A query over a database file is one SELECT over that file's tables, or it is refused."""

import pytest

from helpers.data import engine

TABLES = ("orders", "Order Items")


@pytest.mark.parametrize("dialect", ["sqlite", "duckdb"])
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM orders",
        "SELECT o.id, i.amount AS a FROM orders AS o JOIN \"order items\" AS i ON i.id = o.id WHERE o.at > '2024'",
        "WITH paid AS (SELECT id, SUM(a) AS a FROM orders GROUP BY id HAVING COUNT(*) > 1) SELECT * FROM paid",
        'SELECT id FROM orders UNION ALL SELECT id FROM "Order Items" ORDER BY id LIMIT 5',
        "SELECT COUNT(DISTINCT id), STRFTIME('%Y', at) FROM orders WHERE EXISTS(SELECT 1 FROM orders) GROUP BY 2",
        "SELECT id, ROW_NUMBER() OVER (PARTITION BY id ORDER BY at) FROM orders",
        "SELECT CASE WHEN a IN (SELECT id FROM orders) THEN COALESCE(a, 'x') ELSE SUBSTR(b, 1, 2) END FROM orders",
    ],
)
def test_a_select_over_its_own_tables_is_printed_anew(sql, dialect):
    assert engine.proved_query(sql, dialect, TABLES).upper().startswith(("SELECT", "WITH"))


@pytest.mark.parametrize("dialect", ["sqlite", "duckdb"])
@pytest.mark.parametrize(
    "sql, said",
    [
        ("SELECT * FROM customers", "no table 'customers'"),
        ("SELECT * FROM 'orders.csv'", "no table 'orders.csv'"),
        ("SELECT * FROM main.orders", "'main.orders' is no table of this file"),
        ("SELECT * FROM read_csv('/etc/passwd')", "is no table of this file"),
        ("SELECT * FROM orders, read_text('/etc/passwd')", "is no table of this file"),
        ("SELECT readfile('/etc/passwd') FROM orders", "function readfile.* is not allowed"),
        ("SELECT load_extension('x') FROM orders", "function load_extension.* is not allowed"),
        ("SELECT getenv('HOME') FROM orders", "function getenv.* is not allowed"),
        ("SELECT * INTO other FROM orders", "into does not belong in a query"),
        ("SELECT * FROM orders WHERE id = ?", "placeholder does not belong"),
        ("WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 1 FROM r) SELECT * FROM r", "a recursive query is not read"),
        ("SELECT 1; DROP TABLE orders", "it is not one SELECT"),
        ("DELETE FROM orders", "it is not one SELECT"),
        ("ATTACH 'other.db' AS other", "it is not one SELECT"),
        ("PRAGMA writable_schema = 1", "it is not one SELECT"),
        ("COPY orders TO 'x.csv'", "it is not one SELECT"),
        ("INSTALL httpfs", "it is not one SELECT"),
        ("", "it is not one SELECT"),
        ("SELECT FROM WHERE", "not an SQL query|is no table|does not belong|no table"),
        ("SELECT " + "(" * 40 + "1" + ")" * 40, "it is nested too deeply"),
        ("SELECT " + "1," * 9_999 + "1", "it has more than 10,000 characters"),
    ],
)
def test_whatever_else_is_refused(sql, said, dialect):
    with pytest.raises(ValueError, match=said):
        engine.proved_query(sql, dialect, TABLES)
