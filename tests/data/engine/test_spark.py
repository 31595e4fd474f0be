"""What Spark spells apart: numbers of a query's text, and a load that was broken off."""

import ibis
import pandas as pd
import pytest

from helpers.data import engine


@pytest.fixture(scope="module")
def far(spark):
    return engine.elsewhere(spark)


def test_a_float_of_a_query_is_no_decimal(far):
    rows = ibis.memtable(pd.DataFrame({"id": [1]}))
    assert "CAST(0.1 AS DOUBLE)" in far.compile(rows.select(tenth=ibis.literal(0.1)))


def test_a_schema_that_was_never_sealed_is_loaded_anew(far, tmp_path):
    engine.from_frame(engine.connect(), pd.DataFrame({"id": [1, 2]})).to_parquet(tmp_path / "rows.parquet")
    far.raw_sql("CREATE DATABASE kehu_s_1")
    rows = engine.loaded(far, "kehu_s_1", "kehu_s_", {"rows": tmp_path / "rows.parquet"})["rows"]
    assert rows.count().execute() == 2


def test_what_is_kept_for_a_while_can_be_asked_again_and_forgotten(far):
    kept = engine.held(far, ibis.memtable(pd.DataFrame({"id": [1, 2, 2]})).distinct())
    cached = kept.filter(kept.id > 1).cache()
    assert (kept.count().execute(), cached.count().execute()) == (2, 1)
    cached.release()
