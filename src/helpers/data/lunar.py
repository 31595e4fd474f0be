"""Days of the Chinese calendar (农历): on which day a lunar date falls, and a birthday is kept."""

from __future__ import annotations

import calendar
import datetime as dt
import functools

FIRST_YEAR, FIRST_DAY = 2015, dt.date(2015, 2, 19)
# A lunar year a number: from the left its first bit is set where the leap month has 30 days, the next twelve where
# month 1 to 12 has (else 29), and the last four are the leap month's number, 0 for none.
YEARS = (
    0x04BA0, 0x0A5B0, 0x15176, 0x052B0, 0x0A930, 0x07954, 0x06AA0, 0x0AD50, 0x05B52, 0x04B60, 0x0A6E6, 0x0A4E0,
    0x0D260, 0x0EA65, 0x0D530, 0x05AA0, 0x076A3, 0x096D0, 0x04AFB, 0x04AD0, 0x0A4D0, 0x1D0B6, 0x0D250, 0x0D520,
    0x0DD45, 0x0B5A0, 0x056D0, 0x055B2, 0x049B0, 0x0A577, 0x0A4B0, 0x0AA50, 0x1B255, 0x06D20, 0x0ADA0, 0x14B63,
    0x09370, 0x049F8, 0x04970, 0x064B0, 0x168A6, 0x0EA50, 0x06AA0, 0x1A6C4, 0x0AAE0, 0x092E0,
)  # fmt: skip
LAST_YEAR = FIRST_YEAR + len(YEARS) - 1
MONTHS = 12
LONG, SHORT = 30, 29  # days of a month


def leap_month(year: int) -> int:
    """The month of a lunar year that comes twice; 0 for none."""
    return _year(year) & 0xF


def day(year: int, month: int, number: int, leap: bool = False) -> dt.date:
    """The day of the date `month`-`number` of the lunar `year`, which begins at the Spring Festival (春节).

    `leap` is the month's second time. Day 30 of a month that has 29 is its last. Raises ValueError for a year outside
    2015 to 2060, and for a month or day that no year has.
    """
    if not (1 <= month <= MONTHS and 1 <= number <= LONG) or (leap and leap_month(year) != month):
        raise ValueError(f"lunar date = {year}-{'leap ' if leap else ''}{month}-{number}: there is no such day.")
    start = FIRST_DAY + dt.timedelta(days=sum(map(_length, range(FIRST_YEAR, _checked(year)))))
    before = sum(_month_days(year, each) for each in range(1, month))
    before += _leap_days(year) if 0 < leap_month(year) < month else 0
    before += _month_days(year, month) if leap else 0
    length = _leap_days(year) if leap else _month_days(year, month)
    return start + dt.timedelta(days=before + min(number, length) - 1)


@functools.cache  # a year has few birthdays, a shop many customers
def next_birthday(month: int, number: int, lunar: bool, after: dt.date) -> dt.date:
    """The first day after `after` on which a birthday is kept; `month` and `number` are of the calendar it is of.

    A lunar one is kept in the ordinary month, not in the leap month, and on the 29th where the month has no 30th; one
    of 29 February on the 28th in other years.
    """
    years = range(after.year - 1, after.year + 2)
    kept = (day(year, month, number) if lunar else _solar(year, month, number) for year in years)
    return min(each for each in kept if each > after)


def _solar(year: int, month: int, number: int) -> dt.date:
    return dt.date(year, month, min(number, calendar.monthrange(year, month)[1]))


def _year(year: int) -> int:
    return YEARS[_checked(year) - FIRST_YEAR]


def _checked(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"lunar year = {year}: the table has {FIRST_YEAR} to {LAST_YEAR}.")
    return year


def _month_days(year: int, month: int) -> int:
    return LONG if _year(year) & (1 << (16 - month)) else SHORT


def _leap_days(year: int) -> int:
    return (LONG if _year(year) >> 16 else SHORT) if leap_month(year) else 0


def _length(year: int) -> int:
    return sum(_month_days(year, month) for month in range(1, MONTHS + 1)) + _leap_days(year)
