"""Times that a program wraps are those within."""

import datetime as dt

import pytest

import columns
from helpers.data.intake.readings.dates import times, wrappings

MOMENT = dt.datetime(2024, 3, 5, 10, 30, 15)


@pytest.mark.parametrize(
    "text",
    ["/Date(1709634615000)/", "/Date(1709634615000+0800)/", "\\/Date(1709634615000)\\/", "new Date(1709634615000)",
     'ISODate("2024-03-05T10:30:15Z")', '{"$date":"2024-03-05T10:30:15Z"}', '{"$date": 1709634615000}',
     "[05/Mar/2024:10:30:15 +0000]", "2024-03-05 18:30:15.5 +0800 CST m=+0.0012", "2024-03-05 10:30:15 +0000 UTC",
     "1.709634615E9", "1.709634615000e+12"],
)  # fmt: skip
def test_what_is_wrapped_is_read(text):
    reading = times.decided(columns.shaped([text]), zone="UTC")
    assert reading.wrapped and [each.replace(microsecond=0) for each in columns.read(reading, [text])] == [MOMENT]
    assert all(map(reading.fits, columns.shaped([text])))


@pytest.mark.parametrize("text", ["2024-03-05", "Date of birth", "(1709634615000)"])
def test_a_text_that_wraps_nothing_stays(text):
    assert wrappings.bare(text) == text
