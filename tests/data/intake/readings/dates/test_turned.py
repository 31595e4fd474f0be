"""Days that a spreadsheet turned are known by what it could not turn, and never pass silently."""

from __future__ import annotations

import pytest

from helpers.data.intake.readings.dates.turned import turned
from helpers.data.intake.readings.shapes import Shape

ISO = Shape("9999-99-99", 40, "2024-01-02", "2024-12-10")
TEXT = Shape("99/99/9999", 60, "13/01/2024", "31/08/2024")


def asked(iso=ISO, text=TEXT, *, days=(1, 12), first=13, layout="ISO"):
    return turned({iso: layout}, {iso: days[0]}, {iso: days[1]}, {text: first} if text else {})


def test_days_none_of_which_is_after_the_twelfth_beside_texts_that_all_are_were_turned():
    question = asked()
    assert "40 days such as '2024-12-10'" in str(question)
    assert question.settings == ('time_layouts = ["%Y-%d-%m"]', 'time_layouts = ["%Y-%m-%d"]')


@pytest.mark.parametrize(
    "given", [{"days": (1, 13)}, {"first": 12}, {"text": None}], ids=["a later day", "an earlier text", "no text"]
)
def test_a_day_on_the_wrong_side_of_the_twelfth_clears_the_column(given):
    assert asked(**given) is None


def test_serial_numbers_beside_texts_are_asked_about_however_few_they_are():
    serial, text = Shape("99999", 1, "45356", "45356"), Shape("99/99/9999", 1, "13/04/2024", "13/04/2024")
    assert "1 days such as '45356'" in str(asked(serial, text, days=(5, 5), layout="Excel days"))
    assert asked(serial, text, days=(25, 25), layout="Excel days") is None


def test_a_few_days_may_be_so_by_chance():
    few = Shape("9999-99-99", 1, "2024-01-02", "2024-01-02"), Shape("99/99/9999", 2, "13/01/2024", "20/05/2024")
    assert asked(*few) is None
    assert asked(ISO, few[1], days=(3, 3)) is None  # forty rows of one day are one day


@pytest.mark.parametrize(
    ("text", "layout", "back"),
    [
        ("9999-99-99 99:99:99", "ISO", "%Y-%d-%m %T"),
        ("9999-99-99T99:99", "ISO", "%Y-%d-%mT%T"),
        ("9999/9/9", "ISO", "%Y/%d/%m"),
        ("9999年9月9日", "%Y年%m月%d日", "%Y年%d月%m日"),
    ],
)
def test_the_setting_that_turns_days_back_is_in_their_own_form(text, layout, back):
    iso = Shape(text, 40, text.replace("9", "1"), text.replace("9", "2"))
    assert asked(iso, layout=layout).settings[0] == f'time_layouts = ["{back}"]'
