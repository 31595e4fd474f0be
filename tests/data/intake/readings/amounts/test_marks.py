"""The marks within numbers."""

import ibis
import pandas as pd
import pytest

import columns
from helpers.data import engine
from helpers.data.intake.readings.amounts import marks
from helpers.data.intake.readings.shapes import Shape, Undecided


def decimal(*texts, **more):
    return marks.decimal_in(map(marks.figures, columns.shaped(texts)), **more)


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        ("9,99 1.500", ","),
        ("9.99 1,500", "."),
        ("1.234,56", ","),
        ("1,234.56", "."),
        ("1.234.567 1.500", ","),
        ("1,234,567 1,500", "."),
        ("12,34,567", "."),
        ("1234,567", ","),
        ("1234.567", "."),
        ("0.999 0.001 1.234", "."),
        ("0,125 2,500", ","),
        ("1.2345", "."),
        ("12 345 1", "."),
    ],
)
def test_values_prove_the_decimal_mark(texts, mark):
    assert decimal(*texts.split()) == mark


def test_a_leading_zero_between_other_values_is_shown_by_the_least_of_them():
    shape = Shape("9.999", 500, "0.250", "9.125")
    assert marks.decimal_in([marks.figures(shape)]) == "."


def test_unmarked_numbers_of_three_digits_at_most_make_the_marked_ones_thousands():
    assert decimal("1.234", "950", "12.500") == ","
    assert decimal("1,234", "7") == "."


@pytest.mark.parametrize("texts", ["1.234", "1.234 0", "1.234 1500", "1.234 950 2500", "12,500 7,250", "1.234 5,678"])
def test_where_nothing_proves_a_mark_both_readings_are_named(texts):
    with pytest.raises(Undecided, match=r"may be .* or .*\. Write decimal = '[.,]' or decimal = '[.,]'\.$") as caught:
        decimal(*texts.split())
    assert len(caught.value.readings) == 2


def test_an_example_is_read_both_ways():
    with pytest.raises(Undecided) as caught:
        decimal("1.234")
    assert str(caught.value) == "'1.234' may be 1234 or 1.234. Write decimal = ',' or decimal = '.'."
    assert caught.value.readings == ("1234", "1.234")


def test_chinese_words_stand_with_a_decimal_point():
    assert decimal("1,234", pointed=True) == "."
    assert decimal("1,234", whole=True) == "." and decimal("1.234", whole=True) == ","


def test_a_few_values_that_contradict_the_others_change_nothing():
    assert decimal(*["12.50"] * 96, *["7,25"] * 4) == "."


def test_many_values_that_contradict_the_others_are_named_with_their_number():
    with pytest.raises(Undecided) as caught:
        decimal(*["12.50"] * 90, *["7,25"] * 10)
    assert str(caught.value).startswith(
        "'12.50' has a decimal point (rows: 90), '7,25' has a decimal comma (rows: 10)."
    )


def test_what_is_no_number_proves_nothing():
    assert decimal("1,2,3", "1.2,3.4", "5") == "."


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("１，２３４．５", "1,234.5"), ("−5", "-5"), ("５％", "5%"), ("￥3", "¥3"), ("1\u202f234", "1 234"), ("1’234", "1'234"),
        ("100,-", "100,"), ("1,500/-", "1,500"), ("Rs.99.50/- only", "Rs.99.50 only"), ("5/-7", "5/-7"), ("100.– CHF", "100. CHF"), ("Rs.-5", "Rs.-5"), ("（5）", "(5)"), ("5.-7", "5.-7"),
    ],
)  # fmt: skip
def test_python_and_engine_make_the_same_plain_text(text, plain):
    table = ibis.memtable(pd.DataFrame({"text": [text]}))
    made = engine.connect().to_pyarrow(marks.plain_text(table.text, marks.odd_in([text]))).to_pylist()
    assert (marks.plain(text), made) == (plain, [plain])


def test_one_full_width_digit_stands_for_all_of_them():
    assert marks.odd_in(["１", "5"]) == "０１２３４５６７８９"
    assert marks.odd_in(["1.5", "-7"]) == ""


def test_texts_with_many_marks_are_made_plain_too():
    text = "￥−１２３，４５６．７８"
    table = ibis.memtable(pd.DataFrame({"text": [text]}))
    assert engine.connect().to_pyarrow(marks.plain_text(table.text, marks.odd_in([text]))).to_pylist() == [
        "¥-123,456.78"
    ]
