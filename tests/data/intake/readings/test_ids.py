"""Identifiers are text as it stands; what was done to them on the way is told."""

import re

import pandas as pd
import pytest

from helpers.data import engine
from helpers.data.intake.readings import ids
from helpers.data.intake.readings.shapes import Shape, merged


@pytest.fixture(scope="module")
def connection():
    return engine.connect()


def rows_of(connection, texts):
    return engine.from_frame(connection, pd.DataFrame({"id": texts, "at": range(len(texts))}))


def shapes_of(texts):
    return merged([Shape(re.sub(r"\d", "9", text), 1, text, text)] for text in texts)


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("00017", "00017"),
        ('="00123"', "00123"),
        ("='00123'", "00123"),
        ("'00123", "00123"),
        ("'00123'", "00123"),
        ("’00123", "00123"),
        ('"a b"', "a b"),
        ('" 123.0 "', "123"),
        ("17850.0", "17850"),
        ("17850.00", "17850"),
        ("A.0", "A.0"),
        ("17.50", "17.50"),
        ("0.0", "0"),
        ("ＡＢ１２３", "AB123"),
        ("订单－１", "订单－1"),
        (" \u3000x1\xa0", "x1"),
        ("\ufeffx1", "x1"),
        ("x\x001", "x1"),
        ("O'Brien", "O'Brien"),
        ('5"', '5"'),
        ("1E5", "1E5"),
        ("a=b", "a=b"),
        ("-1", "-1"),
        ('=""', None),
        ("''", None),
        ("", None),
    ],
)
def test_wrappings_are_taken_off_and_nothing_else(connection, text, id_):
    rows = rows_of(connection, [text])
    (made,) = rows.select(made=ids.value(rows.id)).execute()["made"]
    assert (None if pd.isna(made) else made) == id_


def test_ids_as_powers_of_ten_are_told_with_an_example_and_their_number():
    told = ids.damaged(shapes_of(["1.23457E+17", "1.23457E+17", "1.2E+17", "A-1"]))
    assert (
        told == "3 ids such as '1.23457E+17' were rounded by a spreadsheet (powers of ten). Export them anew as text."
    )
    assert ids.damaged(shapes_of(["1E+17"])) and ids.damaged(shapes_of(["1,23457e+17"]))


@pytest.mark.parametrize(
    "power", ["1.23E17", "1,23E17", "1.23457e+17", "1.23457e17", "1,2e12", "1.E+11", "1.2E+017", "9.99E21"]
)
def test_a_power_of_ten_without_a_plus_or_with_a_small_e_is_damage_on_half_of_the_rows_too(power):
    whole = [f"{123456789012345678 + at * 1_000_003}" for at in range(20)]
    assert f"20 ids such as '{power}'" in ids.damaged(shapes_of([*whole, *[power] * 20]))


def test_of_many_ids_one_power_is_told_where_it_must_have_lost_digits():
    many = Shape("999999", 1_000, "100000", "999999")
    assert all(ids.damaged([many, *shapes_of([power])]) for power in ("1.23E+11", "1.23457e+17", "1.23E17"))
    assert not any(ids.damaged([many, *shapes_of([power])]) for power in ("4e+10", "1.5e+10", "1.5E12"))


@pytest.mark.parametrize(
    "texts",
    [["1E5", "2E7", "0E1"], ["1E17", "5e12"], ["12.5E10"], ["1.2E5"], ["ABE+17"], ["12E+17X"], ["2024-01-05"], [],
     ["a+17"]],
)  # fmt: skip
def test_codes_that_only_look_so_are_whole(texts):
    assert ids.damaged(shapes_of(texts)) is None


def test_zeros_beyond_the_fifteenth_digit_of_nearly_all_ids_are_told(connection):
    texts = [f"{110101199003070 + at}000" for at in range(40)] + ["110101199003071234"]
    rows = rows_of(connection, texts)
    zeros = {"9" * 18: int(rows.filter(ids.rounded(rows.id)).count().execute())}
    told = ids.damaged(shapes_of(texts), zeros)
    assert told and "41 ids such as '110101199003070000'" in told and "zeros beyond the fifteenth digit" in told


@pytest.mark.parametrize("digits", [16, 17, 18, 19])
def test_zeros_beyond_the_fifteenth_digit_of_half_of_the_ids_are_told(connection, digits):
    whole = [f"{1101011990030700000000 + at * 7_919_000_003:022}"[-digits:].replace("0", "3") for at in range(40)]
    texts = [*whole, *(text[:15] + "0" * (digits - 15) for text in whole)]
    rows = rows_of(connection, texts)
    zeros = {"9" * digits: int(rows.filter(ids.rounded(rows.id)).count().execute())}
    assert "zeros beyond the fifteenth digit" in ids.damaged(shapes_of(texts), zeros)


@pytest.mark.parametrize(
    "texts",
    [
        [f"11010119900307{at:04}" for at in range(0, 1000, 7)],  # some end in zeros
        ["1101011990030700"],  # one id in ten does
        [f"{1101011990030700 + at}" for at in range(100)],
        [f"{11010119900307000 + at}" for at in range(300)],
        [f"{110101199003070 + at}00"[:15] for at in range(20)],  # fifteen digits are kept
    ],
)
def test_ids_that_end_in_zeros_by_chance_are_whole(connection, texts):
    rows = rows_of(connection, texts)
    found = int(rows.filter(ids.rounded(rows.id)).count().execute())
    assert ids.damaged(shapes_of(texts), {"9" * len(texts[0]): found}) is None


def test_without_counts_the_least_and_the_greatest_speak_for_a_shape():
    assert ids.damaged([Shape("9" * 18, 900, "110101199003070000", "650101199003070000")])
    assert ids.damaged([Shape("9" * 18, 900, "110101199003070000", "650101199003070012")]) is None
    assert ids.damaged([Shape("9" * 16, 900, "1101011990030700", "6501011990030700")]) is None


def test_ids_that_would_meet_are_counted_by_what_parts_them_and_shown_as_shapes(connection):
    ours = ["00017", "00018", "19", "ann", "Bob 1", "Ｚ９", "gone"]
    theirs = ["17", "18", "19", "ANN", "Bob1", "Z9", "other"]
    misses = ids.near_misses(rows_of(connection, ours), rows_of(connection, theirs), "id")
    assert misses == [
        ids.NearMiss("leading zeros", 2, ("00099", "99")),
        ids.NearMiss("case", 1, ("xxx", "XXX")),
        ids.NearMiss("blanks", 1, ("Xxx 9", "Xxx9")),
        ids.NearMiss("width", 1, ("X9", "X9")),
    ]


def test_keys_that_meet_or_are_strangers_are_no_near_misses(connection):
    assert ids.near_misses(rows_of(connection, ["1", "2", "2"]), rows_of(connection, ["1", "3"]), "id") == []
    assert ids.near_misses(rows_of(connection, ["0", "00"]), rows_of(connection, ["00", "0"]), "id") == []


def test_ids_of_one_column_that_an_accident_parts_are_counted_once_a_spelling(connection):
    texts = ["a7", "A7", " a 7", "b", None]
    assert sum(near.ids for near in ids.parted(rows_of(connection, texts), "id")) == 2


def test_signs_that_stand_for_what_a_spreadsheet_had_no_room_for_are_no_ids():
    assert "2 ids such as '########'" in ids.damaged(shapes_of(["########", "########", "A1"]))
    assert ids.damaged(shapes_of(["#1001", "##", "A###"])) is None
