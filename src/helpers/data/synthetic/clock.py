"""The log's time: minutes since 2024-01-01, how busy its days are and its hours.

Whatever is drawn is rounded to whole minutes, cents or days before the next step, so that the last bit of a logarithm,
which differs between platforms, is never seen in the tables.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from helpers.data.synthetic.draws import pick

FIRST_DAY = np.datetime64("2024-01-01")
DAYS = 731  # to 2025-12-31, the log's last day
DAY = 1_440  # minutes
NEVER = -1  # a time that has not come
WEEKDAY_WEIGHTS = (90, 88, 92, 96, 108, 128, 118)  # Monday first
HOUR_WEIGHTS = (3, 1, 1, 1, 1, 1, 2, 4, 6, 7, 8, 7, 9, 8, 7, 7, 7, 7, 8, 10, 13, 14, 11, 6)


def minute_of_day(rng: np.random.Generator, size: int) -> np.ndarray:
    """Minutes after midnight, most of them in the evening."""
    return pick(rng.random(size), HOUR_WEIGHTS) * 60 + np.floor(rng.random(size) * 60).astype(int)


def day_number(day: str) -> int:
    """Days from the log's first day to `day`, written YYYY-MM-DD."""
    return int((np.datetime64(day) - FIRST_DAY).astype(int))


def day_weights() -> np.ndarray:
    """How busy each day is, 100 on an average one: weekday, 618, Double 11 and the Spring Festival's lull."""
    weekday = np.arange(DAYS) % 7  # 2024-01-01 was a Monday
    weights = np.array(WEEKDAY_WEIGHTS)[weekday]
    for first, last, percent in (
        ("2024-02-09", "2024-02-17", 45),
        ("2025-01-28", "2025-02-05", 45),
        ("2024-06-01", "2024-06-20", 150),
        ("2025-06-01", "2025-06-20", 150),
        ("2024-06-18", "2024-06-18", 350),
        ("2025-06-18", "2025-06-18", 350),
        ("2024-11-01", "2024-11-11", 170),
        ("2025-11-01", "2025-11-11", 170),
        ("2024-11-11", "2024-11-11", 450),
        ("2025-11-11", "2025-11-11", 450),
    ):
        span = slice(day_number(first), day_number(last) + 1)
        weights[span] = weights[span] * percent // 100
    return weights


def by_day(levels: Mapping[str, float]) -> np.ndarray:
    """The level of each day, where `levels` names the days from which a new one holds; the first is the log's first."""
    level = np.empty(DAYS)
    for day, value in levels.items():
        level[day_number(day) :] = value
    return level
