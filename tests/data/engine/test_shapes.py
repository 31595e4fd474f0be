"""Shapes of several columns are counted by one statement, whatever stands in them and however they are called."""

import pandas as pd
import pytest

from helpers.data import engine
from helpers.data.engine import Look, Pattern, shapes


@pytest.fixture(scope="module")
def connection():
    return engine.connect()


def counted(connection, looks: dict[str, Look], most: int = 100, **columns: list) -> set[tuple]:
    """The lines that are counted, without what is missing."""
    found = engine.counted_shapes(connection, engine.from_frame(connection, pd.DataFrame(columns)), looks, most)
    return {tuple(value for value in line if value is not None) for line in found}


def test_texts_are_told_apart_by_patterns_then_by_their_shape(connection):
    look = Look("cell", [Pattern("^[0-9]+$", True), Pattern("^x", False)], "0123456789")
    texts = ["12", "7", "7", "99", "12", "x1", "xy", "1-2", "1-2", "3-4", None, None]
    assert counted(connection, {"any": look}, cell=texts) == {
        ("any", 0, 2.0, 3, "12", "99"),
        ("any", 0, 1.0, 2, "7", "7"),
        ("any", 1, 2, "x1", "xy"),
        ("any", -1, "9-9", 3, "1-2", "3-4"),
    }


def test_a_pattern_of_texts_of_one_size_is_looked_for_in_these_alone(connection):
    look = Look("cell", [Pattern("^[0-9]{2}$", True, bytes=2), Pattern("^.", True)])
    assert counted(connection, {"any": look}, cell=["12", "34", "é", "1é", "123"]) == {
        ("any", 0, 2, 2, "12", "34"),
        ("any", 1, 1, 1, "é", "é"),
        ("any", 1, 2, 1, "1é", "1é"),
        ("any", 1, 3, 1, "123", "123"),
    }


def test_columns_keep_their_names_apart_and_no_name_ends_its_quotes(connection):
    name = "a\" b'; --"
    looks = {name: Look(name), "other": Look("b")}
    assert counted(connection, looks, **{name: ["x", "x"], "b": ["x", "it's"]}) == {
        (name, -1, "x", 2, "x", "x"),
        ("other", -1, "x", 1, "x", "x"),
        ("other", -1, "it's", 1, "it's", "it's"),
    }


def test_beyond_the_most_frequent_all_are_one_line(connection):
    texts = ["a", "a", "a", "b", "b", "c", "d"]
    assert counted(connection, {"any": Look("cell")}, most=2, cell=texts) == {
        ("any", -1, "a", 3, "a", "a"),
        ("any", -1, "b", 2, "b", "b"),
        ("any", 2, "c", "d"),
    }


def test_columns_that_are_counted_apart_are_counted_alike(connection, monkeypatch):
    looks = {"a": Look("a", [Pattern("^[0-9]+$", True)]), "b": Look("b", [Pattern("^.", False)]), "c": Look("c")}
    columns = {"a": ["1", "22"], "b": ["x", "y"], "c": [None, "z"]}
    together = counted(connection, looks, **columns)
    monkeypatch.setattr(shapes, "TOGETHER", 1)
    assert counted(connection, looks, **columns) == together and len(together) == 4
