"""Numbers that may stand for none are told, and honest ones that come again are not."""

import re

import pytest

from helpers.data.intake.readings.amounts import numbers, scales, stand_ins
from helpers.data.intake.readings.shapes import Shape, merged

AMOUNTS = [f"{at * 7 % 200}.{at % 90 + 10}" for at in range(5, 300)]
WHOLE = [str(at) for at in range(5, 1_500, 7)]


def found(texts):
    shapes = merged([Shape(re.sub(r"\d", "9", text), 1, text, text)] for text in texts)
    return stand_ins.stand_ins(numbers.decided(shapes), shapes)


@pytest.mark.parametrize(
    "text",
    ["-999", "-9999", "-999.00", "-999.99", "99999999", "9999999.99", "999999", "99999.99", "2147483647", "-2147483648",
     "88888888", "-888", "9999.0"],
)  # fmt: skip
def test_a_number_of_one_digit_on_several_rows_far_from_all_others_may_stand_for_none(text):
    assert found([*AMOUNTS, text, text]) == [text]


def test_a_short_one_with_a_minus_is_told_on_many_rows_alone():
    assert found([*AMOUNTS, *["-1"] * 5]) == ["-1"]
    assert found([*AMOUNTS, "-1", "-1"]) == found([*AMOUNTS, "-9", "-9"]) == []


def test_several_are_told_with_the_marks_that_they_are_written_with():
    assert found([*WHOLE, *["-999"] * 9, *["-9999"] * 3]) == ["-999", "-9999"]
    assert found([*(each.replace(".", ",") for each in AMOUNTS), "9999999,99", "9999999,99"]) == ["9999999,99"]
    assert found([*AMOUNTS, "9,999,999.99", "9,999,999.99"]) == ["9,999,999.99"]
    assert found([*(f"€ {each}" for each in AMOUNTS), "€ 99999999", "€ 99999999"]) == ["€ 99999999"]


@pytest.mark.parametrize(
    "honest",
    [
        ["999"] * 50,
        ["999.00"] * 50,
        ["1999"] * 50,
        ["9999"] * 5 + ["899", "5999"],
        ["-999"] * 5 + ["-120.50", "-640"],
        ["999", "999", "-999", "-999"],
        ["-500"] * 9,
        ["99999999"],
        ["99999999", "99999998"],
        ["123456789"] * 3,
        ["100000"] * 9,
    ],
)
def test_an_honest_number_is_not_told(honest):
    assert found([*AMOUNTS, *honest]) == []


def test_a_refund_of_as_many_digits_hides_none():
    shapes = [Shape("99.99", 90, "10.00", "99.00"), Shape("-999.99", 6, "-120.50", "-999.00")]
    reading = numbers.decided(shapes)
    assert stand_ins.stand_ins(reading, shapes) == []
    assert stand_ins.stand_ins(reading, shapes, {"-999.00": stand_ins.Peak(5, "-120.50")}) == ["-999.00"]
    assert stand_ins.stand_ins(reading, shapes, {"-999.00": stand_ins.Peak(5, "-640.00")}) == []
    assert stand_ins.stand_ins(reading, shapes, {"-999.00": stand_ins.Peak(1, "-120.50")}) == []


def test_one_digit_again_and_again_may_be_one():
    assert all(map(stand_ins.may_be_one, ("-999", "-999.00", "-999.99", "99999999", "€ 8888,00", "(777)", "99")))
    assert not any(map(stand_ins.may_be_one, ("-120.50", "66", "-99", "-999.50", "9998", "000", "soon", "")))


def test_amounts_that_are_all_alike_or_all_given_back_are_numbers():
    assert found(["99999999"] * 9) == found(["-999"] * 9) == found(["-999"] * 9 + ["-20.00", "-35.50"]) == []


def test_what_is_no_number_has_none():
    assert stand_ins.stand_ins(None, [Shape("-999", 9, "-999", "-999")]) == []


@pytest.mark.parametrize(
    ("most", "text", "told"),
    [(5, "99", True), (10, "99.0", True), (5, "-99", True), (100, "99", False), (5, "9", False)],
)
def test_a_number_beyond_ten_among_answers_may_stand_for_none(most, text, told):
    texts = [*(str(answer) for answer in range(1, most + 1)), text, text]
    shapes = [Shape(each, texts.count(each), each, each) for each in dict.fromkeys(texts)]
    assert stand_ins.stand_ins(scales.decided(shapes), shapes) == [text] * told
    assert stand_ins.stand_ins(scales.decided(shapes), [*shapes[:-1], Shape(text, 1, text, text)]) == []
