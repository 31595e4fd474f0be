"""SQL of a data set is one expression over a row: whatever else it holds is refused before the engine sees it."""

import pandas as pd
import pytest

from helpers.data import engine
from helpers.data.engine import expressions

READINGS = {
    "number": lambda text: text.re_replace("[^0-9.]", "").try_cast("float64"),
    "time": lambda text: text.try_cast("timestamp"),
    "flag": lambda text: text == "是",
}


def read(word, call, text):
    """The value of a call such as number(price); who reads is told the whole call."""
    assert call.startswith(f"{word}(") and call.endswith(")")
    return READINGS[word](text)


@pytest.fixture(scope="module")
def connection():
    return engine.connect()


@pytest.fixture(scope="module")
def rows(connection):
    frame = pd.DataFrame({"price": ["¥2.5", "3"], "many": [5, 7], "at": ["2025-01-01", "x"], "退回": ["是", "否"]})
    return engine.from_frame(connection, frame)


def values(connection, rows, sql):
    added = engine.with_columns(connection, rows, {"found": engine.proved(sql)}, read)
    assert added.columns == (*rows.columns, "found")
    return added.order_by("many").execute()["found"].tolist()


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("price || '!'", ["¥2.5!", "3!"]),
        ("many", ["5", "7"]),  # every column is a text
        ("number(price) * number(many)", [12.5, 21.0]),
        ("number(upper(price)) > 2.6", [False, True]),
        ("CASE WHEN flag(退回) THEN 'back' ELSE 'kept' END", ["back", "kept"]),
        ("\"退回\" = '是'", [True, False]),
        ("CAST(at AS DATE) IS NULL", [False, True]),  # a cast that fails is null, not the end of the file
        ("time(at) + INTERVAL 1 DAY = TIMESTAMP '2025-01-02'", [True, None]),
        ("max(number(many)) OVER ()", [7.0, 7.0]),
        ("count(*) FILTER (flag(退回)) OVER (PARTITION BY 1)", [1, 1]),
        ("PRICE LIKE '¥%'", [True, False]),
        ("coalesce(nullif(price, '3'), 'three') -- says it", ["¥2.5", "three"]),
        ("row_number() OVER (ORDER BY number(many) DESC)", [2, 1]),
        ("number(number(many) + 1)", [6.0, 8.0]),
    ],
)
def test_an_expression_sees_the_row_as_texts_and_its_readings(connection, rows, sql, found):
    assert [None if pd.isna(value) else value for value in values(connection, rows, sql)] == found


@pytest.mark.parametrize("name", expressions.FUNCTIONS)
def test_every_function_that_is_named_is_known_by_its_name(name):
    examples = {"date_diff": "date_diff('day', time(a), time(b))", "date_trunc": "date_trunc('month', time(a))",
                "extract": "extract(year FROM time(a))", "regexp_extract": "regexp_extract(a, 'x')",
                "regexp_matches": "regexp_matches(a, 'x')", "regexp_replace": "regexp_replace(a, 'x', 'y')",
                "replace": "replace(a, 'x', 'y')", "split_part": "split_part(a, ',', 1)",
                "starts_with": "starts_with(a, 'x')", "contains": "contains(a, 'x')", "left": "left(a, 2)",
                "right": "right(a, 2)", "substring": "substring(a, 1, 2)", "nullif": "nullif(a, 'x')"}  # fmt: skip
    tree = engine.proved(examples.get(name, f"{name}(a)"))
    assert tree.find(expressions.FUNCTIONS[name])


@pytest.mark.parametrize(
    "sql",
    [
        "1) AS z FROM (SELECT 1) t; COPY (SELECT 1) TO '/tmp/kehu-attack'; SELECT (1",
        "read_text('/etc/passwd')", "(SELECT content FROM read_text('/etc/passwd'))", "glob('/etc/*')",
        "a; DROP TABLE b", "EXISTS (SELECT 1)", "a IN (SELECT 1)", "SELECT 1", "FROM a", "VALUES (1)", "a AS b",
        "getenv('HOME')", "current_setting('home_directory')", "query('SELECT 1')", "pragma_version()",
        "sniff_csv('a.csv')", "parquet_scan('a')", "COLUMNS('.*')", "*", "t.a", "main.t.a", "$1", "?",
        "repeat(a, 1000000000)", "a[1]", "[1, 2]", "{'a': 1}", "list_transform([1], x -> x)", "try(glob('*'))",
        "sum(a)", "count(*)", "row_number()", "nextval('s')", "random()", "now()", "a::JSON", "a COLLATE nocase",
        "ATTACH 'a.db'", "COPY a TO 'b'", "SET threads = 1", "PRAGMA version", "INSTALL httpfs", "a b", "a +", "",
        " ", "(" * 5000 + "1" + ")" * 5000, "a" * 20_000, "number(a, b)", "number()", "lambda x: x", "a -> '$.b'", "number(" * 40 + "a" + ")" * 40,
        "CREATE TABLE a (b int)", "strptime(a, '%Y')", "max(a) OVER (ORDER BY (SELECT 1))", "UNNEST(a)",
        "coalesce(a, read_blob('/etc/passwd'))", "CASE WHEN a THEN read_csv('b') END", "INTERVAL (SELECT 1) DAY",
    ],
)  # fmt: skip
def test_whatever_is_more_than_an_expression_over_a_row_is_refused(sql):
    with pytest.raises(ValueError) as caught:
        engine.proved(sql)
    assert "\n" not in str(caught.value) and "\x1b" not in str(caught.value)


def test_what_runs_is_printed_from_the_tree_without_comments():
    tree = engine.proved("a /* ; COPY */ = 'it''s'")
    assert tree.sql("duckdb", comments=False) == "a = 'it''s'"


def test_a_column_that_is_not_there_is_named_with_the_nearest(connection, rows):
    with pytest.raises(ValueError, match="^tax: no column 'prize' in the file. Did you mean 'price'"):
        engine.with_columns(connection, rows, {"tax": engine.proved("prize || 'x'")}, read)


def test_an_expression_that_the_engine_refuses_is_named_alone(connection, rows):
    trees = {"good": engine.proved("price"), "bad": engine.proved("abs(price) + INTERVAL 1 DAY")}
    with pytest.raises(ValueError, match="^bad = "):
        engine.with_columns(connection, rows, trees, read)


def test_a_name_cannot_end_its_own_quotes(connection, rows):
    name = 'x" FROM (SELECT 1); --'
    added = engine.with_columns(connection, rows, {name: engine.proved("many")}, read)
    assert added.columns[-1] == name
