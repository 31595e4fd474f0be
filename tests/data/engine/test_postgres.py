"""What PostgreSQL spells apart: texts, and a load that fails."""

import ibis
import pandas as pd
import pytest

from helpers.data import engine
from helpers.data.engine import door


@pytest.fixture(scope="module")
def far(postgres):
    return engine.elsewhere(postgres)


def test_a_text_that_may_hold_the_character_0_is_asked_for_without_it(far):
    rows = engine.from_frame(far, pd.DataFrame({"key": ["a\u3000", "b"]}))
    found = rows.select(key=rows.key.translate("\u3000" + engine.character(0), " ")).execute()["key"]
    assert found.to_list() == ["a ", "b"]


def test_texts_keep_the_order_of_their_bytes_behind_small_letters(far):
    rows = far.table(engine.from_frame(far, pd.DataFrame({"word": ["É", "z", "Z", "中", "e"]})).op().name)
    assert rows.word.lower().name("word").as_table().order_by("word").execute()["word"].to_list() == list("ezzé中")


def test_a_load_that_fails_leaves_what_was_there(far, tmp_path, monkeypatch):
    engine.from_frame(engine.connect(), pd.DataFrame({"id": [1]})).to_parquet(tmp_path / "rows.parquet")
    files = {"rows": tmp_path / "rows.parquet"}
    engine.loaded(far, "kehu_p_1", "kehu_p_", files)
    monkeypatch.setattr(door, "BATCH", 0)  # no batch can be read
    with pytest.raises(ValueError, match="it does not take the tables"):
        engine.loaded(far, "kehu_p_2", "kehu_p_", files)
    assert "kehu_p_1" in far.list_databases() and "kehu_p_2" not in far.list_databases()


def test_memory_joins_what_is_there(far):
    rows = engine.from_frame(far, pd.DataFrame({"id": [1, 2]}))
    memory = ibis.memtable(pd.DataFrame({"id": [2, 3], "text": ['"', None]}))
    assert rows.join(memory, "id").execute()["text"].to_list() == ['"']


def test_columns_of_rows_that_others_have_are_put_together(far):
    rows = engine.from_frame(far, pd.DataFrame({"id": [1, 2, 3], "other": [7, 8, 9]}))
    shared = rows.semi_join(engine.from_frame(far, pd.DataFrame({"id": [2, 3, 4]})), "id")
    assert sorted(shared.select("id").union(shared.select(id="other")).execute()["id"]) == [2, 3, 8, 9]
