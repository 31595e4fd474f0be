"""The demo's days of birth: most of them known, some of the Chinese calendar, some on days that few years have."""

from __future__ import annotations

import numpy as np

from helpers.data.synthetic.clock import NEVER
from helpers.data.synthetic.draws import uniforms

KNOWN, LUNAR = 0.7, 0.1  # of the customers; of those known
ON_LEAP_DAY, IN_LEAP_MONTH = 3, 4  # customers
NO_YEAR = 1900  # stands for a year that is not known
LEAP_MONTHS = {  # of the Chinese calendar: year → the month that it has twice
    1960: 6, 1963: 4, 1966: 3, 1968: 7, 1971: 5, 1974: 4, 1976: 8, 1979: 6, 1982: 4, 1984: 10, 1987: 6, 1990: 5,
    1993: 3, 1995: 8, 1998: 5, 2001: 4, 2004: 2, 2006: 7,
}  # fmt: skip


def drawn(years: np.ndarray) -> tuple[list[str], list[str]]:
    """Each customer's day of birth as YYYY-MM-DD and whether it is of the Chinese calendar, 1 or 0; empty: not known.

    `years` are those of birth, NEVER where they are not known. So many as the constants say are born on 29 February,
    and so many in a leap month of the Chinese calendar.
    """
    rng = uniforms("birthdays")
    n = len(years)
    known = rng.random(n) < KNOWN
    lunar = known & (rng.random(n) < LUNAR)
    month, day = 1 + np.floor(12 * rng.random(n)).astype(int), 1 + np.floor(28 * rng.random(n)).astype(int)
    doubled = np.array([LEAP_MONTHS.get(year, NEVER) for year in years.tolist()])
    month = np.where(lunar & (month == doubled), month % 12 + 1, month)
    in_leap_month = np.flatnonzero(lunar & (doubled != NEVER))[:IN_LEAP_MONTH]
    month[in_leap_month] = doubled[in_leap_month]
    on_leap_day = np.flatnonzero(known & ~lunar & (years != NEVER) & (years % 4 == 0))[:ON_LEAP_DAY]
    month[on_leap_day], day[on_leap_day] = 2, 29
    year = np.where(years == NEVER, NO_YEAR, years)
    dates = [f"{y}-{m:02d}-{d:02d}" for y, m, d in zip(year.tolist(), month.tolist(), day.tolist(), strict=True)]
    return (
        [date if is_known else "" for date, is_known in zip(dates, known, strict=True)],
        [str(int(each)) if is_known else "" for each, is_known in zip(lunar, known, strict=True)],
    )
