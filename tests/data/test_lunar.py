"""Lunar dates fall on the days that were announced; birthdays are kept once a year."""

from __future__ import annotations

import datetime as dt

import pytest

from helpers.data import lunar


@pytest.mark.parametrize(
    ("year", "month", "number", "announced"),
    [
        (2025, 1, 1, "2025-01-29"), (2026, 1, 1, "2026-02-17"), (2027, 1, 1, "2027-02-06"),  # 春节
        (2026, 1, 15, "2026-03-03"),  # 元宵
        (2026, 5, 5, "2026-06-19"),  # 端午
        (2025, 7, 7, "2025-08-29"), (2026, 7, 7, "2026-08-19"),  # 七夕
        (2025, 8, 15, "2025-10-06"), (2026, 8, 15, "2026-09-25"),  # 中秋
        (2026, 9, 9, "2026-10-18"),  # 重阳
        (2025, 6, 1, "2025-06-25"),
    ],
)  # fmt: skip
def test_festivals(year, month, number, announced):
    assert str(lunar.day(year, month, number)) == announced


def test_leap_months():
    assert {year: lunar.leap_month(year) for year in range(2022, 2029)} == {
        2022: 0, 2023: 2, 2024: 0, 2025: 6, 2026: 0, 2027: 0, 2028: 5,
    }  # fmt: skip
    assert str(lunar.day(2025, 6, 1, leap=True)) == "2025-07-25"


@pytest.mark.parametrize("year", range(2024, 2028))
def test_a_thirtieth_that_a_year_lacks_is_kept_on_the_last_day(year):
    assert lunar.day(year, 12, 30) == lunar.day(year, 12, 29) == lunar.day(year + 1, 1, 1) - dt.timedelta(days=1)


def test_every_year_has_354_to_385_days():
    starts = [lunar.day(year, 1, 1) for year in range(lunar.FIRST_YEAR, lunar.LAST_YEAR + 1)]
    lengths = {(after - before).days for before, after in zip(starts, starts[1:], strict=False)}
    assert lengths <= {353, 354, 355, 383, 384, 385}
    assert all((dt.date(start.year, 1, 21) <= start <= dt.date(start.year, 2, 20)) for start in starts)


def test_a_birthday_of_the_29th_of_february_is_kept_on_the_28th():
    assert lunar.next_birthday(2, 29, False, dt.date(2025, 12, 31)) == dt.date(2026, 2, 28)
    assert lunar.next_birthday(2, 29, False, dt.date(2027, 12, 31)) == dt.date(2028, 2, 29)


def test_a_birthday_in_a_leap_month_is_kept_in_the_ordinary_one():
    assert lunar.next_birthday(6, 1, True, dt.date(2025, 1, 1)) == dt.date(2025, 6, 25)
    assert lunar.next_birthday(6, 1, True, dt.date(2025, 6, 25)) == lunar.day(2026, 6, 1)


def test_a_lunar_birthday_in_december_may_fall_into_the_next_year():
    assert lunar.next_birthday(12, 8, True, dt.date(2026, 1, 1)) == dt.date(2026, 1, 26)


def test_what_is_no_day_is_told():
    for wrong in ((2026, 13, 1), (2026, 1, 31), (2014, 1, 1), (2061, 1, 1)):
        with pytest.raises(ValueError, match="lunar"):
            lunar.day(*wrong)
    with pytest.raises(ValueError, match="leap 5-1"):
        lunar.day(2026, 5, 1, leap=True)
