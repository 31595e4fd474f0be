"""A layout says which texts are times, and which."""

import datetime as dt
import random

import pandas as pd
import pytest

from helpers.data import engine
from helpers.data.intake.readings.dates import layouts


@pytest.fixture(scope="module")
def connection():
    return engine.connect()


def read(connection, texts, layout, zone="Asia/Shanghai"):
    table = engine.from_frame(connection, pd.DataFrame({"text": texts, "at": range(len(texts))}))
    time = layouts.times(table.text, layout, zone).cast("string")
    named = table.select("at", time=time).order_by("at").execute()["time"]
    return [None if pd.isna(text) else dt.datetime.fromisoformat(text) for text in named]


@pytest.mark.parametrize(
    ("layout", "written"),
    [
        ("%d/%m/%Y %H:%M:%S", "{0:%d/%m/%Y %H:%M:%S}"),
        ("%m-%d-%Y %I:%M:%S %p", "{0:%m-%d-%Y %I:%M:%S %p}"),
        ("%Y%m%d%H%M%S", "{0:%Y%m%d%H%M%S}"),
        ("%d%b%y:%T", "{0:%d%b%y:%H:%M:%S}"),
        ("%a, %d %B %Y %T", "{0:%a, %d %B %Y %H:%M:%S}"),
        ("%A %b %d, %Y %T%p", "{0:%A %B %d, %Y %I:%M:%S%p}"),
        ("%Y-%j %T", "{0:%Y-%j %H:%M:%S}"),
        ("%y年%m月%d日 %H时%M分%S秒", "{0:%y年%m月%d日 %H时%M分%S秒}"),
        ("epoch seconds", "{1:.0f}"),
        ("epoch milliseconds", "{1:.0f}000"),
        ("epoch microseconds", "{1:.0f}000000"),
        ("epoch nanoseconds", "{1:.0f}000000000"),
        ("ISO with an offset", "{0:%Y-%m-%dT%H:%M:%S}+08:00"),
        ("%d.%m.%Y %T GMT%z", "{0:%d.%m.%Y %H:%M:%S} GMT+0800"),
    ],
)
def test_what_was_written_in_a_layout_is_read_back(connection, layout, written):
    draws = random.Random(20)
    seconds = [draws.randrange(1_000_000_000, 2_900_000_000) for _ in range(300)]
    times = [dt.datetime(1970, 1, 1) + dt.timedelta(seconds=one) for one in seconds]
    texts = [written.format(time, one - 8 * 3600) for time, one in zip(times, seconds, strict=True)]
    assert read(connection, texts, layout) == times


def test_a_fraction_is_read_to_the_microsecond(connection):
    texts = ["05.01.2024 10:11:12.5", "05.01.2024 10:11:12.123456", "05.01.2024 10:11:12.123456789"]
    times = [dt.datetime(2024, 1, 5, 10, 11, 12, part) for part in (500_000, 123_456, 123_456)]
    assert read(connection, texts, "%d.%m.%Y %H:%M:%S.%f") == times
    assert read(connection, texts, "%d.%m.%Y %T") == times
    draws = random.Random(21)
    micros = [draws.randrange(10**15, 10**16) for _ in range(300)]
    expected = [dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=one) for one in micros]
    assert read(connection, [str(one) for one in micros], "epoch microseconds", "UTC") == expected
    assert read(connection, [f"{one}789" for one in micros], "epoch nanoseconds", "UTC") == expected
    assert read(connection, [f"{one // 10**6}.{one % 10**6:06}" for one in micros], "epoch seconds", "UTC") == expected


def test_excels_days_are_read_to_the_millisecond(connection):
    draws = random.Random(22)
    seconds = [draws.randrange(18_264 * 86_400, 73_415 * 86_400) for _ in range(300)]
    expected = [dt.datetime(1899, 12, 30) + dt.timedelta(seconds=one) for one in seconds]
    assert read(connection, [repr(one / 86_400) for one in seconds], "Excel days") == expected
    assert read(connection, ["43586,5"], "Excel days") == [dt.datetime(2019, 5, 1, 12)]
    assert read(connection, ["18263", "73415", "43,586", "1e10"], "Excel days") == [None] * 4


def test_a_day_that_a_spreadsheet_turned_is_turned_back(connection):
    texts = ["45323.5", "45306"]  # 1 February at noon; 15 January, of which there is no fifteenth month
    assert read(connection, texts, "Excel days, turned") == [dt.datetime(2024, 1, 2, 12), None]


@pytest.mark.parametrize(
    ("half", "hours"),
    [
        ("AM", {"12:30": 0, "1:30": 1, "11:30": 11, "00:30": 0, "13:30": None}),
        ("p.m.", {"12:30": 12, "1:30": 13, "11:30": 23, "00:30": 12, "13:30": 13}),
        ("上午", {"12:30": 0, "9:30": 9}),
        ("ص", {"12:30": 0, "9:30": 9}),
        ("م", {"12:30": 12, "3:30": 15}),
        ("凌晨", {"12:30": 0, "1:30": 1}),
        ("下午", {"12:30": 12, "3:30": 15, "15:30": 15}),
        ("中午", {"11:30": 11, "12:30": 12, "1:30": 13}),
        ("晚上", {"8:30": 20, "12:30": None}),  # which midnight?
        ("xx", {"8:30": None}),
    ],
)
def test_the_half_of_a_day_says_which_hour_is_meant(connection, half, hours):
    read_back = read(connection, [f"2024-01-05 {clock} {half}" for clock in hours], "%Y-%m-%d %I:%M %p")
    assert [time and (time.hour, time.minute) for time in read_back] == [
        None if hour is None else (hour, 30) for hour in hours.values()
    ]


@pytest.mark.parametrize(
    ("offset", "time"),
    [
        ("Z", dt.datetime(2024, 1, 1, 7, 30)),
        ("UTC", dt.datetime(2024, 1, 1, 7, 30)),
        ("gmt", dt.datetime(2024, 1, 1, 7, 30)),
        ("+08", dt.datetime(2023, 12, 31, 23, 30)),
        ("+8", dt.datetime(2023, 12, 31, 23, 30)),
        ("GMT+8:00", dt.datetime(2023, 12, 31, 23, 30)),
        ("UTC +08:00", dt.datetime(2023, 12, 31, 23, 30)),
        ("-0930", dt.datetime(2024, 1, 1, 17, 0)),
        ("-05:00", dt.datetime(2024, 1, 1, 12, 30)),
        ("+19:00", None),
        ("", None),
    ],
)
def test_a_time_with_an_offset_is_told_on_the_clocks_of_the_zone(connection, offset, time):
    assert read(connection, [f"31 Dec 2023 23:30 {offset}"], "%d %b %Y %T %z") == [time]


def test_the_zones_own_names_and_brackets_say_nothing_new(connection):
    texts = [
        "2024-01-05 10:11 CST",
        "2024-01-05 10:11 Asia/Shanghai",
        "2024-01-05 10:11 (上海)",
        "2024-01-05 10:11 EST",
    ]
    assert read(connection, texts, "%Y-%m-%d %T %Z") == [dt.datetime(2024, 1, 5, 10, 11)] * 3 + [None]


@pytest.mark.parametrize(
    ("layout", "text"),
    [
        ("%d/%m/%Y", "31/02/2024"),
        ("%d/%m/%Y", "29/02/2023"),
        ("%d/%m/%Y", "1/13/2024"),
        ("%d/%m/%Y", "1/2/24"),
        ("%d/%m/%Y", "1/2/2024 10:00"),
        ("%d/%m/%Y", "epoch"),
        ("%d/%m/%Y", ""),
        ("%d/%m/%Y", "2024-01-05"),  # a time, but in another layout
        ("%Y-%j", "2023-366"),
        ("%Y-%j", "2023-000"),
        ("%d %b %Y", "5 Foo 2024"),
        ("%d %b %Y", "5 Vendémiaire 2024"),
        ("%Y%m%d", "20240105 "),
        ("%Y-%m-%d %H:%M", "2024-01-05 25:00"),
        ("ISO", "2024-01-05 10:00:00+08:00"),
        ("ISO", "infinity"),
        ("ISO with an offset", "2024-01-05 10:00:00"),
    ],
)
def test_another_text_or_a_day_that_is_none_is_no_time(connection, layout, text):
    assert read(connection, [text], layout) == [None]


def test_leap_days_and_the_last_of_years_are_days(connection):
    assert read(connection, ["29/02/2024", "29/2/2000"], "%d/%m/%Y") == [
        dt.datetime(2024, 2, 29),
        dt.datetime(2000, 2, 29),
    ]
    assert read(connection, ["2024-366"], "%Y-%j") == [dt.datetime(2024, 12, 31)]


def test_two_digits_of_a_year_are_of_1969_to_2068(connection):
    years = [time.year for time in read(connection, ["5/1/69", "5/1/99", "5/1/00", "5/1/68"], "%d/%m/%y")]
    assert years == [1969, 1999, 2000, 2068]


@pytest.mark.parametrize(
    "layout",
    [
        "%d/%m",
        "%d/%d/%Y",
        "%Y-%m %T",
        "%Y %y %m %d",
        "%d %b %m %Y",
        "%Y-%m-%d %I",
        "%Y-%m-%d %T %H",
        "%Y-%m-%d %Q",
        "%",
        "soon",
    ],
)
def test_a_layout_names_a_whole_day_once(layout):
    with pytest.raises(ValueError, match="write it with %Y, %m, %d"):
        layouts.checked(layout)


def test_a_text_fits_a_layout_whole_or_not_at_all():
    assert layouts.fits("05JAN24", "%d%b%y", "UTC")
    assert not layouts.fits("05JAN24 ", "%d%b%y", "UTC")
    assert layouts.fits("18264.5", "Excel days", "UTC") and not layouts.fits("99999", "Excel days", "UTC")


def test_a_zone_calls_itself_by_the_names_on_its_clocks():
    assert layouts.zone_words("America/New_York") == "America/New_York|EDT|EST|ET"
