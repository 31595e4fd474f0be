"""A column of times is read as one thing: what its values prove is read, what they do not is asked."""

import datetime as dt
import random
import re

import pandas as pd
import pytest

from helpers.data import engine
from helpers.data.intake.readings.dates import day_order, times
from helpers.data.intake.readings.dates.periods import Period, Span
from helpers.data.intake.readings.shapes import Shape, Undecided, merged


@pytest.fixture(scope="module")
def connection():
    return engine.connect()


def shapes_of(texts):
    return merged([Shape(re.sub(r"\d", "9", text), 1, text, text)] for text in texts)


def rows_of(connection, texts):
    return engine.from_frame(connection, pd.DataFrame({"text": texts, "at": range(len(texts))}))


def extremes_of(connection, texts, shapes):
    """As a caller reckons them: the least and the greatest number of each place by shape."""
    rows = rows_of(connection, texts)
    numbers = day_order.numbers(rows.text)
    ends = {f"{end}_{name}": getattr(number, end)() for end in ("min", "max") for name, number in numbers.items()}
    by_shape = (
        rows.group_by(shape=rows.text.re_replace(r"\d", "9")).agg(**ends).drop_null().execute().set_index("shape")
    )
    return {
        shape.text: day_order.Extremes(
            *(tuple(map(int, row[[f"{end}_{name}" for name in numbers]])) for end in ("min", "max"))
        )
        for shape in shapes
        if shape.text in by_shape.index
        for row in [by_shape.loc[shape.text]]
    }


def decided(connection, texts, layouts=(), zone="Asia/Shanghai"):
    shapes = shapes_of(texts)
    asked = times.asks(shapes, zone=zone)
    extremes = extremes_of(connection, texts, asked) if asked else None
    return times.decided(shapes, zone=zone, layouts=layouts, extremes=extremes)


def read(connection, texts, reading):
    rows = rows_of(connection, texts)
    named = rows.select("at", time=reading.value(rows.text).cast("string")).order_by("at").execute()["time"]
    return [None if pd.isna(text) else dt.datetime.fromisoformat(text) for text in named]


def test_a_column_of_iso_texts_is_one_cast_and_needs_no_word(connection):
    texts = ["2024-02-29", "2024-01-05 23:59:59", "2024-1-5 8:05", "2024/01/05", "2023-02-29", "1899-12-31", ""]
    reading = decided(connection, texts)
    assert (reading.layouts, reading.sure, reading.told()) == (("ISO",), True, "")
    assert read(connection, texts, reading) == [
        dt.datetime(2024, 2, 29),
        dt.datetime(2024, 1, 5, 23, 59, 59),
        dt.datetime(2024, 1, 5, 8, 5),
        dt.datetime(2024, 1, 5),
        None,
        None,
        None,
    ]
    rows = rows_of(connection, texts)
    assert "REGEXP" not in str(engine.connect().compile(rows.select(at=reading.value(rows.text)))).upper()


def test_texts_that_only_a_cast_takes_for_times_are_none(connection):
    texts = ["2024-01-05", "epoch", "infinity", "-2024-01-05", "02024-01-05", "2024-01-05 (BC)", "2024-01-05 10:"]
    reading = decided(connection, texts)
    assert not reading.sure
    assert read(connection, texts, reading) == [dt.datetime(2024, 1, 5)] + [None] * 6


def test_files_of_different_programs_stand_in_one_column(connection):
    texts = ["2024-01-05 10:00:00", "2024-01-05 10:00:00", "2024-01-05T10:00:00Z", "20240105", "1704420000000", "5 Jan 2024",
             "45296.5", "n/a"]  # fmt: skip
    reading = decided(connection, texts)
    assert reading.layouts[0] == "ISO" and len(reading.layouts) == 6
    morning = dt.datetime(2024, 1, 5, 10)
    assert read(connection, texts, reading) == [
        morning,
        morning,
        dt.datetime(2024, 1, 5, 18),
        dt.datetime(2024, 1, 5),
        morning,
        dt.datetime(2024, 1, 5),
        dt.datetime(2024, 1, 5, 12),
        None,
    ]
    assert reading.told() == "Excel days, epoch milliseconds, offsets, on the clocks of Asia/Shanghai"
    assert [reading.fits(shape) for shape in shapes_of(["n/a", "20240105"])] == [True, False]


@pytest.mark.parametrize(
    ("texts", "told", "first"),
    [
        (["03/04/2024", "13/04/2024"], "day first", dt.datetime(2024, 4, 3)),
        (["03/04/2024", "04/13/2024"], "month first", dt.datetime(2024, 3, 4)),
        (["3.4.2024 8:05", "13.4.2024 18:05"], "day first", dt.datetime(2024, 4, 3, 8, 5)),
        (["3-4-2024 8:05 PM", "12-31-2024 12:05 AM"], "month first", dt.datetime(2024, 3, 4, 20, 5)),
        (["3 4 2024", "13 4 2024"], "day first", dt.datetime(2024, 4, 3)),
        (["Mon 03/04/2024", "Sat 04/13/2024"], "month first", dt.datetime(2024, 3, 4)),
        (["03042024", "31122024"], "day first", dt.datetime(2024, 4, 3)),
        (["03/04/2024", "00/00/0000", "99/99/9999", "13/04/2024"], "day first", dt.datetime(2024, 4, 3)),
        (["03/04/2024", "03/04/2024 10:00", "14/04/2024 10:00"], "day first", dt.datetime(2024, 4, 3)),
        (["03-04-2024", "25/12/2024"], "day first", dt.datetime(2024, 4, 3)),  # proved by days written otherwise
        (["13/04/2024", "04-25-2024"], "month first, day first", dt.datetime(2024, 4, 13)),  # each proves its own
    ],
)
def test_any_value_above_twelve_settles_the_order_of_the_column(connection, texts, told, first):
    reading = decided(connection, texts)
    assert reading.told() == told
    assert read(connection, texts, reading)[0] == first


@pytest.mark.parametrize(
    ("texts", "told", "first"),
    [
        (["24/01/05", "98/12/25"], "year first", dt.datetime(2024, 1, 5)),
        (["01/02/24", "12/25/24"], "month first", dt.datetime(2024, 1, 2)),
        (["01/02/23", "31/12/24", "05/06/24"], "day first", dt.datetime(2023, 2, 1)),
        (["23/02/01", "24/12/31", "24/06/05"], "year first", dt.datetime(2023, 2, 1)),
    ],
)
def test_a_year_of_two_digits_is_where_the_numbers_run_through_few_years(connection, texts, told, first):
    reading = decided(connection, texts)
    assert reading.told() == f"{told}, two-digit years, 69 to 99 as 19.."
    assert read(connection, texts, reading)[0] == first


def test_where_no_value_is_above_twelve_the_order_is_asked(connection):
    with pytest.raises(Undecided) as asked:
        decided(connection, ["01/01/2024", "12/12/2024"])
    assert str(asked.value) == (
        '\'01/01/2024\' may be day first or month first. Write time_layouts = "%d/%m/%Y" or "%m/%d/%Y".'
    )
    with pytest.raises(Undecided) as asked:
        decided(connection, ["03/04/2024 10:11"])
    assert asked.value.readings == ("3 April 2024", "4 March 2024")
    assert str(asked.value) == (
        '\'03/04/2024 10:11\' may be 3 April 2024 or 4 March 2024. Write time_layouts = "%d/%m/%Y %T" or "%m/%d/%Y %T".'
    )
    with pytest.raises(Undecided, match="'3/4/05' may be 3 April 2005 or 4 March 2005 or 5 April 2003"):
        decided(connection, ["3/4/05"])


def test_values_that_prove_both_orders_are_asked_too(connection):
    texts = ["13/04/2024", "04/25/2024", *["01/02/2024"] * 50]
    with pytest.raises(Undecided, match="two orders.* goes to 13, the second to 25"):
        decided(connection, texts)
    reading = decided(connection, texts, ("%d/%m/%Y", "%m/%d/%Y"))
    assert read(connection, texts[:3], reading) == [
        dt.datetime(2024, 4, 13),
        dt.datetime(2024, 4, 25),
        dt.datetime(2024, 2, 1),
    ]


def test_a_layout_of_the_data_set_comes_first_and_settles_the_order_of_the_others(connection):
    texts = ["03/04/2024", "03/04/2024 10:11", "03-04-2024"]
    reading = decided(connection, texts, ("%d/%m/%Y",))
    assert reading.layouts[0] == "%d/%m/%Y" and reading.told() == "day first"
    assert [time.month for time in read(connection, texts, reading)] == [4, 4, 4]


@pytest.mark.parametrize("order", ["%d/%m/%Y", "%m/%d/%Y", "%d.%m.%y", "%y-%m-%d"])
def test_random_days_of_some_years_prove_their_own_order(connection, order):
    draws = random.Random(23)
    days = [dt.datetime(2021, 1, 1) + dt.timedelta(days=draws.randrange(1400)) for _ in range(400)]
    texts = [format(day, order) for day in days]
    assert read(connection, texts, decided(connection, texts)) == days


def test_without_extremes_the_least_and_the_greatest_text_are_the_evidence():
    shape = Shape("99/99/9999", 100, "01/02/2024", "28/02/2024")
    assert times.decided([shape], zone="UTC").layouts == ("%d/%m/%Y",)


def test_full_width_forms_and_narrow_blanks_are_read(connection):
    texts = ["２０２４／０１／０５　１０：１１", "1/13/2024, 3:05:06\u202fPM"]
    expected = [dt.datetime(2024, 1, 5, 10, 11), dt.datetime(2024, 1, 13, 15, 5, 6)]
    assert read(connection, texts, decided(connection, texts)) == expected


def test_an_offset_may_move_a_time_over_midnight_and_over_the_end_of_years(connection):
    texts = ["2023-12-31 23:30:00 -0500", "2024-03-01 00:30:00 +1000", "9999-12-31 23:30:00 -0500"]
    expected = [dt.datetime(2024, 1, 1, 12, 30), dt.datetime(2024, 2, 29, 22, 30), None]
    assert read(connection, texts, decided(connection, texts)) == expected


def test_a_column_without_a_time_has_none(connection):
    reading = decided(connection, ["soon", "later"])
    assert reading == times.TimeReading((), "Asia/Shanghai", sure=True, languages=("en",))
    assert read(connection, ["soon", "2024-01-05"], reading) == [None, None]


@pytest.mark.parametrize(
    ("text", "shanghai", "utc"),
    [
        ("1735689600000", "2025-01-01 08:00", "2025-01-01 00:00"),  # epoch: an instant
        ("1735689600", "2025-01-01 08:00", "2025-01-01 00:00"),
        ("2025-01-01 00:00:00+02:00", "2025-01-01 06:00", "2024-12-31 22:00"),
        ("2025/1/1 8:05", "2025-01-01 08:05", "2025-01-01 08:05"),  # clocks: the same in every zone
        ("45658.5", "2025-01-01 12:00", "2025-01-01 12:00"),  # Excel's days
        ("2025年1月1日", "2025-01-01", "2025-01-01"),
        ("01/02/2025", None, None),
    ],
)
def test_an_instant_is_read_on_the_clocks_of_the_zone_and_a_clock_time_as_it_is(connection, text, shanghai, utc):
    for zone, expected in (("Asia/Shanghai", shanghai), ("UTC", utc)):
        (time,) = read(connection, [text], times.usual(zone))
        assert time == (expected and dt.datetime.fromisoformat(expected))


TURNED = [*(f"2024-{day:02}-03" for day in range(1, 13)), *(f"{day}/03/2024" for day in range(13, 32))]


@pytest.mark.parametrize("layouts", [(), ("%d/%m/%Y",)], ids=["found out", "the texts' layout given"])
def test_days_that_a_spreadsheet_turned_are_asked(connection, layouts):
    with pytest.raises(Undecided, match="a spreadsheet seems to have turned day and month of 12 days"):
        decided(connection, TURNED, layouts)


def test_turned_days_are_turned_back_or_kept_as_the_data_set_says(connection):
    texts = ["2024-01-03", "2024-12-03", "13/03/2024"]
    back, kept = (
        read(connection, texts, decided(connection, TURNED, (layout,))) for layout in ("%Y-%d-%m", "%Y-%m-%d")
    )
    assert back == [dt.datetime(2024, 3, 1), dt.datetime(2024, 3, 12), dt.datetime(2024, 3, 13)]
    assert kept == [dt.datetime(2024, 1, 3), dt.datetime(2024, 12, 3), dt.datetime(2024, 3, 13)]


def test_one_day_after_the_twelfth_says_that_none_was_turned(connection):
    assert decided(connection, [*TURNED, "2024-03-13"]).told() == "day first"


def test_digits_of_other_scripts_are_read(connection):
    texts = ["۲۰۲۴-۰۳-۰۱", "٢٠٢٤/٠٣/٠٢", "２０２４年３月３日"]
    assert read(connection, texts, decided(connection, texts)) == [dt.datetime(2024, 3, day) for day in (1, 2, 3)]


@pytest.mark.parametrize(
    "text", ["2024-03", "2024/3", "2024年3月", "202403", "03/2024", "Mar-24", "March 2024", "2024-Mar"]
)
def test_a_month_alone_is_its_first_day_and_that_is_told(connection, text):
    reading = decided(connection, [text])
    assert read(connection, [text], reading) == [dt.datetime(2024, 3, 1)]
    assert "months, as the first day of each" in reading.told()


def test_six_digits_that_may_be_two_days_are_asked_about(connection):
    with pytest.raises(Undecided, match=r"'240301' may be 24 March 2001 or 1 March 2024.*%d%m%y"):
        decided(connection, ["240301"])


@pytest.mark.parametrize("text", ["202499", "2024-13", "13/2024", "2024.03", "room 24"])
def test_other_numbers_are_no_months(connection, text):
    assert read(connection, [text], decided(connection, [text])) == [None]


@pytest.mark.parametrize(
    ("texts", "days", "told"),
    [
        (["113/03/05", "112/12/31"], ["2024-03-05", "2023-12-31"], "years of 民國"),
        (["99/12/31", "100/01/05"], ["2010-12-31", "2011-01-05"], "years of 民國"),
        (["114/03/05 10:30", "113/12/25 23:05:01"], ["2025-03-05 10:30", "2024-12-25 23:05:01"], "years of 民國"),
        (["民國114年3月5日 下午2:30"], ["2025-03-05 14:30"], "years of eras"),
        (["令和6年3月5日 10時30分"], ["2024-03-05 10:30"], "years of eras"),
        (["05/03/2568", "29/02/2567"], ["2025-03-05", "2024-02-29"], "Buddhist years, day first"),
        (["5 มีนาคม 2568"], ["2025-03-05"], "Buddhist years"),
        (["2025-W03-2", "2025W011"], ["2025-01-14", "2024-12-30"], "ISO weeks"),
    ],
)
def test_years_of_eras_and_days_of_weeks_are_read_and_told(connection, texts, days, told):
    reading = decided(connection, texts)
    assert read(connection, texts, reading) == [dt.datetime.fromisoformat(day) for day in days]
    assert reading.told() == told


def test_months_of_several_languages_stand_in_one_column(connection):
    texts = ["5 Mar 2024", "6. März 2024", "7 mars 2024", "8 marzo 2024", "9 de março de 2024", "10 марта 2024"]
    reading = decided(connection, texts)
    assert read(connection, texts, reading) == [dt.datetime(2024, 3, day) for day in range(5, 11)]
    assert "de" in reading.languages and decided(connection, ["5 Mar 2024"]).languages == ("en",)


def test_one_year_of_another_calendar_is_a_slip_of_the_pen(connection):
    texts = ["2024-03-05", "2567-03-05"]
    assert read(connection, texts, decided(connection, texts)) == [dt.datetime.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    "text", ["2024-W05", "2024年第5周", "202453", "Q1 2024", "24-Nov", "2024", "10:30", "12月25日"]
)
def test_where_no_text_names_a_day_it_is_asked(connection, text):
    with pytest.raises(Undecided, match="names no day"):
        decided(connection, [text])


@pytest.mark.parametrize("text", ["1403/12/15", "05/09/1446"])
def test_days_of_the_iranian_and_islamic_calendars_are_asked_anew(connection, text):
    with pytest.raises(Undecided, match="Export days of the Gregorian one"):
        decided(connection, [text])


@pytest.mark.parametrize(
    "text",
    ["2024‑03‑05", "2024–03–05", "2024-03-05 (UTC)", "5 Μαρτίου 2024", "5 مارس 2024", "5 март 2024", "2024년 3월 5일 0시 0분",
     "2.0240305E7"],
)  # fmt: skip
def test_other_dashes_languages_and_clocks_are_read(connection, text):
    texts = [text.replace("5 (UTC)", "5 00:00 (UTC)")]
    assert read(connection, texts, decided(connection, texts, zone="UTC")) == [dt.datetime(2024, 3, 5)]


@pytest.mark.parametrize("text", ["1.73E+09", "1.73063E+09", "1,73E+12"])
def test_times_that_a_spreadsheet_rounded_are_asked_anew(connection, text):
    with pytest.raises(Undecided, match="was rounded by a spreadsheet"):
        decided(connection, [text])


def test_short_years_of_facts_decades_ahead_are_asked_and_one_of_them_is_a_stray():
    with pytest.raises(Undecided, match="'31/12/67' would be of 2067. Export years of four digits"):
        times.decided(shapes_of(["03/11/67", "31/12/67"]), zone="UTC", fact=True)
    assert times.decided(shapes_of(["03/11/24", "31/12/67"]), zone="UTC", fact=True).layouts == ("%d/%m/%y",)
    assert times.decided(shapes_of(["31/12/67"]), zone="UTC").layouts == ("%d/%m/%y",)  # the end of a contract, say


@pytest.mark.parametrize("text", ["31/12/9999", "30/12/1899"])
def test_an_open_end_beside_days_was_left_by_no_spreadsheet(connection, text):
    assert decided(connection, [*(f"2024-{month:02}-07" for month in range(1, 13)), *[text] * 20]).layouts


def test_days_that_a_spreadsheet_turned_into_its_own_are_asked(connection):
    serials = [str(45_292 + days) for days in (0, 31, 60, 91, 121, 152, 182, 213)]  # the first of eight months
    texts = [*serials, *(f"{day}/01/2024" for day in range(13, 32))]
    with pytest.raises(Undecided, match='time_layouts = \\["Excel days, turned"\\] to turn them back'):
        decided(connection, texts)
    assert decided(connection, [*texts, "45306"]).told() == "day first, Excel days"  # 15 January


@pytest.mark.parametrize("form", ["%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d.%m.%y %H:%M"])
def test_the_span_of_days_is_told_in_whatever_order_they_are_written(connection, form):
    days = [dt.date(2024, 4, day) for day in (13, 19, 25)]
    texts = [format(dt.datetime.combine(day, dt.time(9)), form) for day in days]
    shapes = shapes_of(texts)
    span = times.span(decided(connection, texts), shapes, extremes_of(connection, texts, shapes))
    assert (span.first, span.last) == (days[0], days[-1])


def test_facts_counted_from_another_beginning_are_asked_for_unless_a_period_tells():
    shapes = shapes_of(["23685", "23690", "23802"])
    with pytest.raises(Undecided, match=r"^'23802' may be 1 March 1965 or 2 March 2025 or 3 March 2035\.") as asked:
        times.decided(shapes, zone="UTC", fact=True)
    assert asked.value.settings[1] == 'time_layouts = "days since 1960"'
    beside = Period(Span(dt.date(2024, 11, 1), dt.date(2025, 3, 2)))
    assert times.decided(shapes, zone="UTC", fact=True, within=[beside]).layouts == ("days since 1960",)
    assert times.decided(shapes, zone="UTC").layouts == ("Excel days",)  # of a birthday, say
    own = times.decided(shapes, zone="UTC", fact=True, layouts=("days since 1970",))
    assert own.layouts == ("days since 1970",) and own.told() == "days since 1970"


def test_one_number_far_off_beside_days_is_no_question():
    assert times.decided(shapes_of(["2024-11-05", "2024-11-06", "23685"]), zone="UTC", fact=True).layouts[0] == "ISO"


def test_times_beside_names_of_clocks_are_read_by_their_offsets(connection):
    texts = ["11/05/2024 10:00:00 PM PST", "07/25/2024 01:00:00 AM PDT"]
    reading = decided(connection, texts, zone="UTC")
    assert read(connection, texts, reading) == [dt.datetime(2024, 11, 6, 6), dt.datetime(2024, 7, 25, 8)]
    assert reading.told() == "month first, offsets, on the clocks of UTC" and all(map(reading.fits, shapes_of(texts)))
    own = decided(connection, texts, zone="America/Los_Angeles")
    assert read(connection, texts, own) == [dt.datetime(2024, 11, 5, 22), dt.datetime(2024, 7, 25, 1)]


def test_days_of_the_year_are_days(connection):
    texts = ["2024-001", "2024-366", "2023-366"]
    days = [dt.datetime(2024, 1, 1), dt.datetime(2024, 12, 31), None]
    assert read(connection, texts, decided(connection, texts)) == days
    solid = [text.replace("-", "") for text in texts]
    assert read(connection, solid, decided(connection, solid)) == days
