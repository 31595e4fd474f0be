"""Answers whose words say that low numbers are good are turned round, so that more is better everywhere."""

import re

import pytest

from helpers.data.intake.readings.amounts import directions
from helpers.data.intake.readings.shapes import Shape, Undecided


def turned(*texts):
    return directions.turned(Shape(re.sub(r"\d", "9", text), 1, text, text) for text in texts)


@pytest.mark.parametrize(
    ("texts", "ends"),
    [
        (["1 - sehr zufrieden", "2 - zufrieden", "3", "5 - sehr unzufrieden"], 6),
        (["1 (Strongly agree)", "2", "3", "4", "5 (Strongly disagree)"], 6),
        (["1 sehr gut", "2 gut", "5 mangelhaft", "6 ungenügend"], 7),
        (["1：非常满意", "3：一般", "5：非常不满意"], 6),
        (["0 = Excellent", "4 = poor"], 4),
    ],
)
def test_both_ends_together_are_what_low_numbers_are_taken_off(texts, ends):
    assert turned(*texts) == ends


@pytest.mark.parametrize(
    "texts",
    [
        ["5 - sehr zufrieden", "1 - sehr unzufrieden"],
        ["1", "5"],
        ["1 - sehr zufrieden"],
        ["10 - Extremely likely", "0 - Not at all likely"],
        ["Very satisfied (5)", "Satisfied (4)", "3"],
    ],
)
def test_other_scales_stay(texts):
    assert turned(*texts) == 0


def test_a_scale_whose_ends_have_no_words_is_asked_for():
    with pytest.raises(Undecided, match="'1 - zufrieden' is a better answer than '3 - unzufrieden'"):
        turned("1 - zufrieden", "3 - unzufrieden")
