"""The engine reads lists of objects as text."""

import pytest

from helpers.data import engine

CONTENT = '{"data": [{"id": "007", "o": {"x/y": 1.50}}, {"id": 8, "o": null}], "total": 2}'


@pytest.fixture
def connection():
    return engine.connect()


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "it's.json"
    path.write_text(CONTENT)
    return path


def test_the_structure_of_all_objects_together_is_known(connection, path):
    objects = engine.json_objects(connection, path)
    assert engine.json_kinds(connection, objects) == {"OBJECT": 1}
    assert engine.json_structure(connection, objects)["total"] == "UBIGINT"
    assert set(engine.json_structure(connection, objects)["data"][0]) == {"id", "o"}


def test_elements_of_an_inner_list_become_rows_of_text_and_are_numbered(connection, path):
    objects = engine.json_objects(connection, path, engine.pointer_to("data"))
    pointers = {"id": engine.pointer_to("id"), 'a "b"': engine.pointer_to("o", "x/y")}
    rows = engine.json_columns(connection, objects, pointers).execute()
    assert rows.astype(object).where(rows.notnull(), None).to_numpy().tolist() == [["007", "1.5", 1], ["8", None, 2]]


def test_a_list_behind_a_mark_of_byte_order_is_a_list_still(connection, tmp_path):
    (tmp_path / "a.json").write_text('\ufeff[{"a": 1}, {"a": 2}]', encoding="utf-8")
    assert engine.json_kinds(connection, engine.json_objects(connection, tmp_path / "a.json")) == {"OBJECT": 2}


def test_what_stands_within_objects_takes_their_place(connection, path):
    objects = engine.json_objects(connection, path, engine.pointer_to("data"))
    inner = engine.json_within(connection, objects, engine.pointer_to("o"))
    assert engine.json_structure(connection, inner) == {"x/y": "DOUBLE"}
