"""PostgreSQL: every value as the server writes it, in any account's settings."""

import pandas as pd
import pytest

import servers
from helpers.data.intake.servers.forms import Kind, Refused, Why
from helpers.data.intake.servers.postgresql import PostgreSQL
from helpers.data.intake.wording.addresses import address

SERVERS = ("postgresql",)


@pytest.fixture
def session(server):
    opened = PostgreSQL(
        address(server.made("shop", "CREATE SCHEMA crm", "CREATE TABLE crm.people (a int)")), servers.SECRET
    )
    yield opened
    opened.close()


def fetched(session, path, sql):
    columns = session.columns(sql)
    rows = session.fetch(
        f"SELECT {', '.join(column.text for column in columns)} FROM ({sql}) AS asked",
        [column.name for column in columns], path / "rows.parquet", lambda rows: None,
    )  # fmt: skip
    read = pd.read_parquet(path / "rows.parquet")
    assert len(read) == rows
    return [column.kind for column in columns], read.astype(object).where(read.notna(), None).to_numpy().tolist()


def test_null_is_not_an_empty_text_and_marks_of_csv_survive(session, tmp_path):
    sql = "SELECT * FROM (VALUES (NULL::text), (''), ('a,\"b\"\n张三'), ('\\N'), ('\\.')) v(t)"
    assert fetched(session, tmp_path, sql)[1] == [[None], [""], ['a,"b"\n张三'], ["\\N"], ["\\."]]


def test_kinds_of_values_are_told_and_written(session, tmp_path):
    session._connection.run("SET lc_monetary = 'C'")
    sql = (
        "SELECT 9007199254740993 AS i, 1.10::numeric(9,2) AS d, 'NaN'::numeric AS n, 9.99::real AS f, '12.5'::money AS m, "
        "date '2024-01-05' AS day, 'infinity'::timestamp AS never, timestamptz '2024-01-05 10:00:00+08' AS t, true AS b, "
        "ARRAY['a','b'] AS l, '\\xff00'::bytea AS y, interval '1 day' AS v"
    )
    exact, text, moment = Kind.EXACT, Kind.TEXT, Kind.MOMENT
    kinds, rows = fetched(session, tmp_path, sql)
    assert kinds == [exact, exact, exact, Kind.FLOAT, exact, moment, moment, moment, text, text, text, text]
    assert rows == [
        ["9007199254740993", "1.10", "NaN", "9.99", "12.50", "2024-01-05", None, "2024-01-05 02:00:00+00", "true", "{a,b}",
         "\\xff00", "1 day"]
    ]  # fmt: skip


def test_tables_of_other_schemas_are_called_with_them_and_nothing_is_changed(session):
    assert session.tables() == ["crm.people"]
    with pytest.raises(Refused) as caught:
        session.one("CREATE TABLE crm.more AS SELECT 1")
    assert "read-only" in caught.value.said


def test_a_refusal_is_told_by_its_code_in_whatever_language_the_server_speaks(session):
    for sql, why in {
        "SELECT * FROM nix": Why.NO_TABLE,
        "SELECT * FROM crm.nix": Why.NO_TABLE,
        "SELECT 1 +": Why.OTHER,
    }.items():
        with pytest.raises(Refused) as caught:
            session.columns(sql)
        session.tables()
        assert caught.value.why is why
