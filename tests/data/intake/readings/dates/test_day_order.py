"""The order of day and month is what the values of a column allow, or what the data set says."""

from __future__ import annotations

import re

import ibis
import pandas as pd
import pytest

from helpers import language
from helpers.data.intake.readings.dates import day_order, periods
from helpers.data.intake.readings.dates.day_order import Extremes
from helpers.data.intake.readings.shapes import Shape, Undecided


def spelled(low, high):
    shape = Shape(re.sub(r"\d", "9", low), 9, low, high)
    return {shape: "%1/%2/%Y"}


def test_a_first_number_above_twelve_is_the_day_and_a_second_one_too():
    assert day_order.proved(spelled("05/03/2024", "25/03/2024"), {}, ()) == {"%1/%2/%Y": "dmy"}
    assert day_order.proved(spelled("03/05/2024", "03/25/2024"), {}, ()) == {"%1/%2/%Y": "mdy"}


def test_extremes_prove_what_the_least_and_the_greatest_text_do_not():
    ends = {"99/99/9999": Extremes((1, 1, 2024), (12, 31, 2024))}
    assert day_order.proved(spelled("01/01/2024", "12/12/2024"), ends, ()) == {"%1/%2/%Y": "mdy"}


def test_an_order_that_nothing_proves_is_asked_or_taken_from_the_data_sets_own_layouts():
    with pytest.raises(Undecided, match="may be 3 April 2024 or 4 March 2024"):
        day_order.proved(spelled("03/04/2024", "03/04/2024"), {}, ())
    assert day_order.proved(spelled("03/04/2024", "03/04/2024"), {}, ("%d.%m.%Y",)) == {"%1/%2/%Y": "dmy"}


def short(low, high):
    """The shape of days such as 03/03/25, and how far their numbers go."""
    shape = Shape("99/99/99", 20, low, high)
    return {shape: "%1/%2/%3"}


def test_the_number_that_alone_runs_is_the_day_of_a_month_as_none_has_one_day_of_many_years():
    assert day_order.proved(short("03/03/25", "22/03/25"), {}, ()) == {"%1/%2/%3": "dmy"}
    assert day_order.proved(short("25/03/03", "25/03/22"), {}, ()) == {"%1/%2/%3": "ymd"}


@pytest.mark.parametrize(
    ("low", "high"),
    [("03/03/25", "09/03/25"), ("01/01/05", "01/01/24"), ("31/12/05", "31/12/24"), ("28/02/05", "28/02/24")],
)
def test_few_days_and_ends_of_months_that_return_each_year_are_asked(low, high):
    with pytest.raises(Undecided, match="may be"):
        day_order.proved(short(low, high), {}, ())


def test_an_order_that_alone_goes_with_the_time_of_a_file_is_its_order():
    march = periods.named(["orders_2025-03.csv"])
    assert day_order.proved(short("03/03/25", "11/03/25"), {}, (), march) == {"%1/%2/%3": "dmy"}
    assert day_order.proved(spelled("03/01/2025", "03/10/2025"), {}, (), march) == {"%1/%2/%Y": "mdy"}
    with pytest.raises(Undecided, match="may be"):
        day_order.proved(spelled("03/01/2025", "03/10/2025"), {}, (), periods.named(["orders_2024-03.csv"]))


@pytest.mark.parametrize(
    ("text", "three"),
    [
        ("25/03/2024 10:30", (25, 3, 2024)),
        ("03252024", (3, 25, 2024)),
        ("2024-3-5", (2024, 3, 5)),
        ("45356", (2024, 3, 5)),
        ("45356,5", (2024, 3, 5)),
        ("40/50/2024", (None, None, None)),
    ],
)
def test_the_three_numbers_of_a_day_are_found(text, three):
    found = [value.execute() for value in day_order.numbers(ibis.literal(text)).values()]
    assert [None if pd.isna(number) else number for number in found] == list(three)


def test_a_layout_with_words_between_its_numbers_has_no_order_to_prove():
    assert [day_order.of(layout) for layout in ("%d/%m/%Y", "%m/%d/%y", "%Y-%m-%d", "%y年%m月%d日")] == [
        "day first", "month first", None, None,
    ]  # fmt: skip
    assert day_order.in_order("%1/%2/%Y %T", {"%1/%2/%Y": "mdy"}) == "%m/%d/%Y %T"
    assert day_order.in_order("%Y-%m-%d", {}) == "%Y-%m-%d"


def test_a_question_tells_its_days_as_the_reader_s_language_writes_them():
    column = spelled("03/04/2024", "03/04/2024")
    alike = spelled("01/01/2024", "01/01/2024")
    with language.spoken("zh"), pytest.raises(Undecided) as asked:
        day_order.proved(column, {}, ())
    assert asked.value.readings == ("2024 年 4 月 3 日", "2024 年 3 月 4 日")
    with language.spoken("zh"), pytest.raises(Undecided) as asked:
        day_order.proved(alike, {}, ())
    assert asked.value.readings == ("日在前", "月在前")
    with pytest.raises(Undecided) as asked:
        day_order.proved(column, {}, ())
    assert asked.value.readings == ("3 April 2024", "4 March 2024")
