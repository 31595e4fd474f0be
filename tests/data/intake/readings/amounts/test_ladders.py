"""Answers in words on a scale of five."""

from __future__ import annotations

import pytest

import columns
from helpers.data.intake.readings.amounts.ladders import ladder


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["非常满意", "满意", "一般", "不满意"], [5, 4, 3, 2]),
        (["Very Satisfied", "neutral", "Dissatisfied"], [5, 3, 2]),
        (["excellent", "very good", "good", "fair", "poor"], [5, 4, 3, 2, 1]),
        (["excellent", "good", "average", "very poor"], [5, 4, 3, 1]),
        (["sehr zufrieden", "unzufrieden"], [5, 2]),
        (["五星", "四星", "三 颗星"], [5, 4, 3]),
        (["十分", "八分"], [10, 8]),
        (["四星半", "一星", "三颗星半"], [4.5, 1, 3.5]),
        (["非常に満足", "満足", "普通", "不満"], [5, 4, 3, 2]),
        (["満足", "やや満足", "どちらともいえない", "やや不満", "不満"], [5, 4, 3, 2, 1]),
        (["とても満足", "やや満足", "やや不満"], [5, 4, 2]),
        (["매우 만족", "만족", "보통", "불만족", "매우 불만족"], [5, 4, 3, 2, 1]),
        (["非常滿意", "滿意", "普通"], [5, 4, 3]),
        (["Zeer tevreden", "neutraal"], [5, 3]),
    ],
)
def test_words_of_a_ladder_are_its_steps(texts, values):
    shapes = columns.shaped(texts)
    reading = ladder(shapes)
    assert columns.read(reading, texts) == values and all(map(reading.fits, shapes))


@pytest.mark.parametrize(
    "texts",
    [
        ["满意", "不满意"],  # of two steps, or of five
        ["满意", "一般", "不满意"],
        ["満足", "普通", "不満"],  # 4 to 2 on one ladder, 5 to 1 on another, or of three steps
        ["만족", "보통", "불만족"],
        ["非常满意", "很满意", "不满意"],  # two words of one step
        ["excellent", "good"],  # 3 on one ladder, 4 on another
        ["非常满意", "A", "B"],
        ["5", "4"],
        [],
    ],
)
def test_words_that_leave_the_scale_open_are_read_by_none(texts):
    assert ladder(columns.shaped(texts)) is None


def test_a_few_other_words_name_no_step_and_every_step_is_told():
    texts = [*["Very satisfied", "Neutral"] * 10, "see above"]
    reading = ladder(columns.shaped(texts))
    assert columns.read(reading, texts)[-1] is None and not reading.fits(columns.shaped(["see above"])[0])
    assert reading.told() == "very satisfied as 5, neutral as 3"
