"""Times that programs count from beginnings of their own are read as what they are, and asked where they may be two."""

import datetime as dt

import ibis
import pandas as pd
import pytest

from helpers.data.intake.readings.dates import counts


@pytest.mark.parametrize(
    ("layout", "text", "time"),
    [
        ("days since 1960", "23685", "2024-11-05"),  # SAS and Stata
        ("days since 1960", "23685.5", "2024-11-05 12:00"),
        ("days since 1970", "20032", "2024-11-05"),  # R, NumPy
        ("seconds since 1960", "2046420000", "2024-11-05 10:00"),
        ("milliseconds since 1960", "2046420000000", "2024-11-05 10:00"),
        ("seconds since 1582", "13950180000", "2024-11-05 10:00"),
        ("days since 1960", "2024-11-05", None),
        ("days since 1960", "1234567", None),
    ],
)
def test_a_number_is_the_time_that_its_program_means(layout, text, time):
    found = counts.times(ibis.literal(text), layout).execute()
    assert pd.isna(found) if time is None else found == pd.Timestamp(time)


def test_days_of_excel_before_there_were_shops_programs_may_be_of_two_others():
    (excel, *_), (sas, first, last), (r, *_) = counts.readings("Excel days", ["23685", "23802"])
    assert (excel, sas, r) == ("Excel days", "days since 1960", "days since 1970")
    assert (first, last) == (dt.date(2024, 11, 5), dt.date(2025, 3, 2))


def test_seconds_far_ahead_may_be_of_sas_or_stata():
    found = {name: first for name, first, _ in counts.readings("epoch seconds", ["2046420000"])}
    assert found == {"epoch seconds": dt.date(2034, 11, 6), "seconds since 1960": dt.date(2024, 11, 5)}
    assert len(list(counts.readings("epoch milliseconds", ["2046420000000"]))) == 2


@pytest.mark.parametrize(
    ("layout", "text"),
    [("Excel days", "45600"), ("Excel days", "29221,5"), ("epoch seconds", "1730800000"), ("ISO", "2024-11-05")],
)
def test_usual_numbers_are_what_they_seem(layout, text):
    assert list(counts.readings(layout, [text])) == []
