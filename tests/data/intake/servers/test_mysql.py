"""MySQL and MariaDB: every value as the server writes it."""

import pandas as pd
import pytest

import servers
from helpers.data.intake.servers.forms import Kind, Refused, Why
from helpers.data.intake.servers.mysql import MySQL
from helpers.data.intake.wording.addresses import address

SERVERS = ("mysql",)
TABLE = """CREATE TABLE kinds (u bigint unsigned, d decimal(9,2), f float, b bit(3), y year, z int(6) zerofill, t timestamp NULL,
    w datetime(1), day date, e enum('金','银') CHARACTER SET utf8mb4, j json, bin varbinary(9), n varchar(9), i tinyint(1))"""
ROWS = """INSERT INTO kinds VALUES (18446744073709551615, 1.10, 9.99, b'101', 2024, 42, '2024-01-05 10:00:00',
    '2024-01-05 10:00:00.5', '0000-00-00', '金', '{"a": 1}', x'ff00', '', 1), (NULL, NULL, NULL, NULL, NULL, NULL,
    '0000-00-00', NULL, '2024-01-05', NULL, NULL, 'abc', NULL, 0)"""


@pytest.fixture
def session(server):
    opened = MySQL(address(server.made("shop", TABLE, ROWS)), servers.SECRET)
    yield opened
    opened.close()


def test_kinds_of_values_are_told_and_written(session, tmp_path):
    columns = session.columns("SELECT * FROM kinds")
    sql = f"SELECT {', '.join(column.text for column in columns)} FROM kinds ORDER BY i DESC"
    assert session.fetch(sql, [column.name for column in columns], tmp_path / "rows.parquet", lambda rows: None) == 2
    read = pd.read_parquet(tmp_path / "rows.parquet")
    first, second = read.astype(object).where(read.notna(), None).to_numpy().tolist()
    exact, text, moment = Kind.EXACT, Kind.TEXT, Kind.MOMENT
    kinds = [exact, exact, Kind.FLOAT, exact, exact, exact, moment, moment, moment, text, text, text, text, exact]
    assert [column.kind for column in columns] == kinds
    assert first == ["18446744073709551615", "1.10", "9.99", "5", "2024", "000042", "2024-01-05 02:00:00+00:00",
                     "2024-01-05 10:00:00.5", None, "金", '{"a": 1}', "ff00", "", "1"]  # fmt: skip
    assert second == [None] * 8 + ["2024-01-05", None, None, "abc", None, "0"]


def test_nothing_is_changed_and_tables_of_other_databases_are_called_with_them(session, server):
    server.made("more", "CREATE TABLE people (a int)")
    assert {"kinds", "more.people"} <= set(session.tables())
    with pytest.raises(Refused) as caught:
        session.one("INSERT INTO kinds (i) VALUES (1)")
    assert "READ ONLY" in caught.value.said
    server.run("", "DROP DATABASE more")


@pytest.mark.parametrize("sql, why", [("SELECT * FROM nix", Why.NO_TABLE), ("SELECT nix FROM kinds", Why.OTHER)])
def test_a_refusal_is_told_by_its_code(session, sql, why):
    with pytest.raises(Refused) as caught:
        session.columns(sql)
    assert caught.value.why is why
