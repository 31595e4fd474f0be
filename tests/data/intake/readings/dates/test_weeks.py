"""A day of a week is a day; a week, a quarter, a year and a time of day are none."""

from __future__ import annotations

import re

import ibis
import pandas as pd
import pytest

from helpers.data.intake.readings.dates import weeks
from helpers.data.intake.readings.shapes import Shape


def shape(low, high=None):
    return Shape(re.sub(r"\d", "9", low), 2, low, high or low)


@pytest.mark.parametrize(
    ("text", "day"),
    [("2025-W03-2", "2025-01-14"), ("2025W011", "2024-12-30"), ("2020-W53-7", "2021-01-03"), ("2025-W53-1", None),
     ("2025-W03", None)],
)  # fmt: skip
def test_a_day_of_a_week_is_a_day(text, day):
    found = weeks.times(ibis.literal(text)).execute()
    assert pd.isna(found) if day is None else found == pd.Timestamp(day)


@pytest.mark.parametrize(
    "text",
    ["2024-W05", "KW 3/2025", "W03 2025", "2025年第3周", "2025Q3", "FY25 Q3", "Q1 2025", "2025年第3季度", "2025年三季度",
     "2025H1", "2025年上半年", "2024年3月上旬", "2024", "2024年", "3月5日", "12-25", "24-Nov", "5. März", "10:30", "9:05 AM"],
)  # fmt: skip
def test_what_is_longer_or_shorter_than_a_day_is_none(text):
    assert weeks.is_no_day(shape(text))


@pytest.mark.parametrize("text", ["2024-03", "2024-03-05", "Nov-24", "3.14", "13-25", "45356", "120"])
def test_months_days_and_other_numbers_are_left_to_the_layouts(text):
    assert not weeks.is_no_day(shape(text))


def test_six_digits_are_weeks_where_they_go_beyond_the_twelfth():
    assert weeks.is_no_day(shape("202501", "202552"))
    assert not weeks.is_no_day(shape("202501", "202512")) and not weeks.is_no_day(shape("202501", "202599"))
