"""Results come to pandas as Ibis has them, type by type, also where some values are missing."""

from __future__ import annotations

import ibis
import pandas as pd
import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal

from helpers.data import engine
from helpers.data.engine.frames import frame

VALUES = {
    "number": "1.5::DOUBLE",
    "small number": "1.1::FLOAT",
    "not a number": "'nan'::DOUBLE",
    "count": "3::BIGINT",
    "small count": "3::TINYINT",
    "large sum": "(2::BIGINT ** 53)::HUGEINT",
    "money": "12.30::DECIMAL(18, 2)",
    "flag": "true",
    "text": "'月付'",
    "day": "DATE '2025-03-01'",
    "last day": "DATE '9999-12-31'",
    "time": "TIMESTAMP '2025-03-01 12:00:00.123456'",
    "far time": "TIMESTAMP '9999-12-31 00:00:00'",
    "instant": "TIMESTAMPTZ '2025-03-01 12:00:00+08'",
    "list": "[1, 2]",
    "pair": "{'a': 1, 'b': 'x'}",
}
MISSING = {"none": "false", "some": "place % 2 = 0", "all": "true"}


@pytest.mark.parametrize("missing", MISSING.values(), ids=MISSING)
def test_all_kinds_of_values_are_as_ibis_has_them(missing):
    columns = ", ".join(f'CASE WHEN {missing} THEN NULL ELSE {value} END AS "{name}"' for name, value in VALUES.items())
    rows = engine.connect().sql(f"SELECT {columns} FROM range(5) each(place)")
    assert_frame_equal(rows.execute(), by_ibis(rows))


def test_no_rows_have_the_types_of_some():
    rows = engine.connect().sql("SELECT 1.5 AS number, 'a' AS text, TIMESTAMP '2025-03-01' AS time WHERE false")
    assert_frame_equal(rows.execute(), by_ibis(rows))


def by_ibis(rows: ibis.Table) -> pd.DataFrame:
    """The rows as Ibis has them from its own connection."""
    return ibis.duckdb.connect().sql(ibis.to_sql(rows)).execute()


def test_a_text_that_many_rows_have_is_held_once():
    texts = frame(pa.table({"text": ["年付", None] * 3}), ibis.schema({"text": "string"}))["text"]
    assert len({id(text) for text in texts.dropna()}) == 1
