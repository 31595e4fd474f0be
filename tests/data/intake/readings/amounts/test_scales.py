"""Answers on a scale read as numbers."""

import pytest

import columns
from helpers.data.intake.readings.amounts import scales
from helpers.data.intake.readings.shapes import Undecided


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["10 - Extremely likely", "9", "0 - Not at all likely"], [10, 9, 0]),
        (["0 = not at all", "5"], [0, 5]),
        (["Very satisfied (5)", "Satisfied (4)", "3"], [5, 4, 3]),
        (["Score: 7", "Score: 10"], [7, 10]),
        (["5星", "4 星"], [5, 4]),
        (["5 分", "5星", "３分"], [5, 5, 3]),
        (["4/5", "5/5", "3 / 5 ok"], [4, 5, 3]),
        (["8 out of 10", "10 out of 10"], [8, 10]),
        (["8 von 10", "3 von 10", "7"], [8, 3, 7]),
        (["9分（满分10分）", "10分（满分10分）"], [9, 10]),
        (["4.5/5", "4/5"], [4.5, 4]),
        (["4,5 Sterne", "5 Sterne - gut"], [4.5, 5]),
        (["-3 - bad", "3 - good", "0"], [-3, 3, 0]),
        (["★★★★☆", "★", "⭐⭐⭐"], [4, 1, 3]),
        (["★★★★½", "½", "★★★☆☆"], [4.5, 0.5, 3]),
        (["4星半", "5星", "3颗星半"], [4.5, 5, 3.5]),
        (["4½ stars", "5 stars", "3 and a half stars"], [4.5, 5, 3.5]),
        (["5점 (매우 만족)", "4점"], [5, 4]),
        (["1：不満", "5：非常に満足"], [1, 5]),
        (["80%", "100 %", "72.5%"], [80, 100, 72.5]),
        (["非常满意", "满意", "非常不满意"], [5, 4, 1]),
        (["10", "7", "0"], [10, 7, 0]),
        (["(5)", "(4)"], [5, 4]),
        (["5 -", "4 -"], [5, 4]),
        (["4 - good", "3 - good"], [4, 3]),
        (["Satisfied - 4", "Unhappy -1"], [4, 1]),
        (["1 - sehr zufrieden", "2", "5 - sehr unzufrieden"], [5, 4, 1]),
    ],
)
def test_an_answer_is_its_number(texts, values):
    reading = scales.decided(columns.shaped(texts))
    assert columns.read(reading, texts) == values
    assert all(map(reading.fits, columns.shaped(texts)))


@pytest.mark.parametrize(
    "texts",
    [
        ["9-10", "7-8", "0-6"],
        ["4/5", "8/10"],
        ["满意", "不满意"],
        ["Q1 good 5", "Q2 bad 3"],
        ["1.2.3 x", "1.2.4 y"],
        ["yes", "no"],
    ],
)
def test_texts_of_several_numbers_or_none_are_null(texts):
    reading = scales.decided(columns.shaped(texts))
    assert columns.read(reading, texts) == [None] * len(texts)
    assert not any(map(reading.fits, columns.shaped(texts)))


def test_stars_beside_numbers_are_no_numbers():
    texts = ["★★★★☆", "5", "4 - good"]
    assert columns.read(scales.decided(columns.shaped(texts)), texts) == [None, 5, 4]


def test_shares_are_no_answers_beside_others():
    assert columns.read(scales.decided(columns.shaped(["80%", "4", "5"])), ["80%", "4", "5"]) == [None, 4, 5]
    assert columns.read(scales.decided(columns.shaped(["80% x", "5 - good"])), ["80% x", "5 - good"]) == [None, 5]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["1", "2"], ""),
        (["4", "满意"], "'满意' has no number"),
        (["4 - ok", "a", "b", "c", "d", "5"], "the number in each text, 'a', 'b', 'c' have no number"),
        (["4,5/5", "3/5"], "the number in each text, decimal comma, out of 5"),
        (["★★"], "stars counted"),
        (["80%", "60%"], "% of 100 points"),
    ],
)
def test_what_was_decided_is_told(texts, told):
    assert scales.decided(columns.shaped(texts)).told() == told


def test_a_mark_that_nothing_proves_is_asked_for():
    with pytest.raises(Undecided):
        scales.decided(columns.shaped(["1.234 - x", "2.345 - y"]))
    assert columns.read(scales.decided(columns.shaped(["1.234 - x"]), decimal="."), ["1.234 - x"]) == [1.234]
