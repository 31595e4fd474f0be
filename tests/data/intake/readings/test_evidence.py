"""The shapes of a column are counted in the engine as a loop over its texts would count them."""

import json
import random
from collections import Counter

import pandas as pd
import pytest

from helpers.data import contracts, engine
from helpers.data.intake.readings import evidence
from helpers.data.intake.readings.amounts.stand_ins import Peak
from helpers.data.intake.readings.shapes import Shape

TEXTS = {
    contracts.NUMBER: ["12", "7", "1.5", "12.50", "1.234,50 €", "-3", "１２", "n/a", "1e5", "0.125"],
    contracts.TIME: [
        "2024-01-31",
        "2024-01-31 10:00",
        "2024-01-31 10:00:01",
        "20240131",
        "31/01/2024",
        "soon",
        "2024-1-3",
    ],
    contracts.ID: ["17850.0", "123456789012345678", "17", "0017", "='12'", "1.23E+17", "１２"],
    contracts.TEXT: ["a1", "a2", "", "北京"],
}


@pytest.fixture(scope="module")
def connection():
    return engine.connect()


def shown(connection, texts: list[str | None], type_: str) -> evidence.Evidence:
    """The evidence of a column of these texts."""
    table = engine.from_frame(connection, pd.DataFrame({"cell": pd.array(texts, dtype="string")}))
    return evidence.of(connection, table, {"column": ("cell", type_)}, "UTC")["column"]


def in_a_loop(texts: list[str], type_: str) -> set[Shape]:
    """The shapes of texts, one text after the other."""
    digits = (
        "" if type_ == contracts.TEXT else "0123456789" if type_ == contracts.ID else "0123456789０１２３４５６７８９"
    )
    shapes: dict[str, list[str]] = {}
    for text in texts:
        shapes.setdefault(text.translate(str.maketrans(digits, "9" * len(digits))), []).append(text)
    return {Shape(shape, len(each), min(each), max(each)) for shape, each in shapes.items()}


@pytest.mark.parametrize("type_", TEXTS)
def test_shapes_their_rows_and_their_ends_are_those_of_a_loop(connection, type_):
    texts = random.Random(1).choices(TEXTS[type_], k=200)
    assert set(shown(connection, [*texts, None], type_).shapes) == in_a_loop(texts, type_)


def test_codes_of_letters_and_digits_are_one_shape_whatever_their_length(connection):
    (shape,) = shown(connection, ["C0001", "C00001", "A-1"], contracts.ID).shapes
    assert (shape.rows, shape.low, shape.high) == (3, "A-1", "C0001")


def test_days_in_numbers_are_told_by_how_far_each_number_goes(connection):
    found = shown(connection, ["03/04/2024", "25/01/2023", "soon"], contracts.TIME)
    assert found.extremes["99/99/9999"] == ((3, 1, 2023), (25, 4, 2024))


def test_long_identifiers_are_told_by_the_zeros_at_their_end(connection):
    found = shown(connection, ["123456789012345000", "123456789012345678", "17"], contracts.ID)
    assert found.zeros == {"9" * 18: 1}


def test_what_is_beyond_the_most_shapes_is_counted_together(connection, monkeypatch):
    monkeypatch.setattr(evidence, "MOST", 2)
    found = shown(connection, ["a", "a", "b", "b", "c", "d"], contracts.NUMBER)
    assert Counter({shape.text: shape.rows for shape in found.shapes}) == {"a": 2, "b": 2, evidence.REST: 2}
    assert not found.cleaned(contracts.NUMBER, ()).clean


def test_evidence_outlives_its_file(connection):
    found = shown(connection, ["03/04/2024", "123456789012345000"], contracts.TIME)
    assert evidence.of_json(json.loads(json.dumps(found.as_json()))) == found


def test_the_evidence_of_several_files_is_that_of_one(connection):
    texts = random.Random(2).choices(["03/04/2024", "25/01/2023", "2024-01-31", "soon"], k=60)
    whole = shown(connection, texts, contracts.TIME)
    parts = [shown(connection, texts[at : at + 20], contracts.TIME) for at in (0, 20, 40)]
    assert evidence.together(parts) == whole


def test_cleaned_evidence_has_no_text_that_says_nothing_and_nothing_around_the_others(connection):
    found = shown(connection, ["5", " 5", "N/A", "", "0000-00-00"], contracts.TIME).cleaned(contracts.TIME, ())
    assert [(shape.text, shape.rows) for shape in found.shapes] == [("9", 2)] and not found.clean
    assert shown(connection, ["5", "12"], contracts.NUMBER).cleaned(contracts.NUMBER, ()).clean
    assert not shown(connection, ["5", "12"], contracts.NUMBER).cleaned(contracts.NUMBER, ("12",)).clean
    assert not shown(connection, ["A1", "null"], contracts.ID).cleaned(contracts.ID, ()).clean


def test_a_column_may_be_called_as_others_are_inside(connection):
    table = engine.from_frame(connection, pd.DataFrame({"text": ["a1"], "at": ["03/04/2024"]}))
    found = evidence.of(connection, table, {"at": ("at", contracts.TIME)}, "UTC")
    assert found["at"].extremes == {"99/99/9999": ((3, 4, 2024), (3, 4, 2024))}


def test_the_rows_of_a_number_that_may_stand_for_none_are_counted_apart_in_all_files(connection):
    files = (["5", "-999", "-999", "-120"], ["-999", "-130", "7"], ["-999"], ["-150"])
    found = evidence.together(shown(connection, texts, contracts.NUMBER) for texts in files)
    assert found.peaks == {"-999": Peak(4, "-150")}
    assert evidence.of_json(json.loads(json.dumps(found.as_json()))) == found
    spaced = shown(connection, [" -999", " -120", " -999"], contracts.NUMBER)
    assert spaced.cleaned(contracts.NUMBER, ()).peaks == {"-999": Peak(2, "-120")}


def test_a_number_is_told_from_others_of_its_shape_whatever_else_stands_in_it(connection):
    texts = ["(999.00)", "(120.50)", "(999.00)", "(1２0.50", "(12.50)", "[999.00]", "(999.00", "x(120.50)", "(120x50)"]
    found = shown(connection, texts, contracts.NUMBER)
    assert found.peaks == {"(999.00)": Peak(2, "(120.50)"), "(999.00": Peak(1, "(1２0.50"), "[999.00]": Peak(1, "")}
