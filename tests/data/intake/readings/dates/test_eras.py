"""Years that are counted from another beginning are those of the usual calendar, in Python as in the engine."""

from __future__ import annotations

import re

import ibis
import pytest

from helpers.data.intake.readings.dates import eras
from helpers.data.intake.readings.dates.eras import BUDDHIST, MINGUO, NAMED_ERA
from helpers.data.intake.readings.shapes import Shape


def shape(low, high=None):
    return Shape(re.sub(r"\d", "9", low), 2, low, high or low)


@pytest.mark.parametrize(
    ("text", "era", "usual"),
    [
        ("民國113年3月5日", NAMED_ERA, "2024年3月5日"),
        ("中華民國 99年12月31日", NAMED_ERA, "2010年12月31日"),
        ("令和元年5月1日 10:30", NAMED_ERA, "2019年5月1日 10:30"),
        ("平成31/4/30", NAMED_ERA, "2019/4/30"),
        ("R6.3.5", NAMED_ERA, "2024.3.5"),
        ("113/03/05", MINGUO, "2024/03/05"),
        ("99/12/31", MINGUO, "2010/12/31"),
        ("1130305", MINGUO, "20240305"),
        ("2024/03/05", MINGUO, "2024/03/05"),
        ("29/02/2567 10:30", BUDDHIST, "29/02/2024 10:30"),
        ("soon", NAMED_ERA, "soon"),
    ],
)
def test_a_year_of_an_era_is_one_of_the_calendar(text, era, usual):
    assert eras.usual(text, [era]) == usual
    assert eras.usual_text(ibis.literal(text), [era]).execute() == usual


def test_a_year_of_two_digits_is_of_an_era_beside_one_of_three():
    assert eras.found([shape("99/12/31"), shape("100/01/05")]) == (MINGUO,)
    assert eras.found([shape("99/12/31")]) == ()


def test_buddhist_years_are_all_that_a_column_has():
    assert eras.found([shape("2567-03-05")]) == (BUDDHIST,)
    assert eras.found([shape("2024-03-05", "2567-03-05")]) == ()


def test_the_shape_of_rewritten_texts_is_theirs():
    assert eras.rewritten(shape("113/3/5"), [MINGUO]) == Shape("9999/9/9", 2, "2024/3/5", "2024/3/5")


def test_years_that_no_shop_has_seen_are_of_another_calendar():
    assert eras.is_foreign([shape("1403/12/15", "1404/01/31")])
    assert not eras.is_foreign([shape("1403-12-15", "2024-12-15")])
    assert not eras.is_foreign([shape("1446")])
