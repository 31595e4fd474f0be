from __future__ import annotations

import datetime as dt
import html
import re

import numpy as np
import pandas as pd
import pytest

from helpers.findings import formats


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"), (-0.0, "0"), (7, "7"), (2.0, "2"), (1234567, "1,234,567"), (np.int64(12345), "12,345"),
        (12345.678, "12,346"), (123.456, "123"), (4.567, "4.57"), (4.5, "4.50"), (-3.456, "-3.46"),
        (0.012345, "0.0123"), (99.99, "100"), (999.7, "1,000"), (1.234e-9, "1.23e-09"), (np.inf, "∞"), (-np.inf, "-∞"),
        (np.nan, "–"), (None, "–"), (pd.NA, "–"),
    ],
)  # fmt: skip
def test_numbers_have_three_significant_digits_and_keep_all_whole_ones(value, shown):
    assert formats.number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0%"), (-0.0, "0%"), (1, "100%"), (1.0, "100%"), (0.1234, "12.3%"), (0.05, "5.00%"), (0.5, "50.0%"),
        (0.0046, "0.46%"), (-0.021, "-2.10%"), (12.3456, "1,235%"), (np.nan, "–"), (np.inf, "∞"),
    ],
)  # fmt: skip
def test_shares_are_percentages_of_three_digits(value, shown):
    assert formats.percent(value) == shown


def test_none_and_all_are_not_claimed_for_nearly_none_and_nearly_all():
    assert formats.percent(1e-6) == "< 0.01%"
    assert formats.percent(-1e-6) == "> -0.01%"
    assert formats.percent(0.99999) == "> 99.9%"


def test_a_p_value_is_never_zero_or_one():
    shown = [formats.p_value(p) for p in (0.0, 0.0009, 0.034, 0.05, 0.99999, np.nan)]
    assert shown == ["p < 0.001", "p < 0.001", "p = 0.034", "p = 0.050", "p > 0.999", "–"]


def test_days_carry_their_unit_in_the_right_number():
    assert [formats.days(d) for d in (1, 12.46, 365, np.nan)] == ["1 day", "12.5 days", "365 days", "–"]


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (1234567, "CNY", "¥1.23 M"), (2.5e9, "CNY", "¥2.50 bn"), (950, "GBP", "£950"), (12.5, "EUR", "€12.50"),
        (-42000, "BRL", "-R$42,000"), (3, "USD", "$3"), (12.5, "pln", "PLN 12.50"), (12345, "", "12,345"),
        (np.nan, "CNY", "–"),
    ],
)  # fmt: skip
def test_money_has_the_sign_of_its_currency(value, currency, shown):
    assert formats.money(value, currency) == shown


def test_an_interval_writes_both_ends_alike():
    assert formats.interval(0.1, 0.156, formats.percent) == "10.0% to 15.6%"
    assert formats.interval(-1, 2.5) == "-1 to 2.50"


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        ("recency_days", "Recency (days)"), ("days", "Days"), ("p_value", "p"), ("adjusted_p_value", "Adjusted p"), ("churned_share", "Churned share"),
        ("unit_price", "Unit price (¥)"), ("joined_on", "Joined on"), ("RFM", "RFM"), ("t_value", "T value"), ("mean_nps", "Mean NPS"), ("kpi", "KPI"),
    ],
)  # fmt: skip
def test_headings_have_units_and_no_underscores(column, shown):
    assert formats.label(column, "CNY") == shown


def cells(frame: pd.DataFrame, currency: str = "") -> list[list[str]]:
    markup = formats.table(frame, currency).to_html()
    rows = re.findall(r"<tr>.*?</tr>", markup, re.DOTALL)
    return [[html.unescape(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)] for row in rows]


def test_a_table_writes_each_column_by_its_name():
    frame = pd.DataFrame(
        {
            "plan": ["年付", None], "customers": [23456, 1], "churn_rate": [0.123, np.nan], "lower": [0.1, 0.2],
            "upper": [0.15, 0.25], "revenue": [1234.5, 99.5], "recency_days": [12.345, 400.0],
            "first_order_on": pd.to_datetime(["2020-01-31", None]), "p_value": [0.0001, 0.05],
            "birth_year": [1990.0, np.nan], "opted_out": [True, False],
            "opened_at": [dt.datetime(2020, 1, 2, 9, 30)] * 2,
        }
    )  # fmt: skip
    assert cells(frame, "CNY") == [
        ["Plan", "Customers", "Churn rate", "Lower", "Upper", "Revenue (¥)", "Recency (days)", "First order on", "p",
         "Birth year", "Opted out", "Opened at"],
        ["年付", "23,456", "12.3%", "10.0%", "15.0%", "1,234", "12.3", "2020-01-31", "< 0.001", "1990", "yes",
         "2020-01-02 09:30"],
        ["–", "1", "–", "20.0%", "25.0%", "99.50", "400", "–", "0.050", "–", "no", "2020-01-02 09:30"],
    ]  # fmt: skip


def test_words_in_a_column_of_numbers_are_shown_as_they_are():
    frame = pd.DataFrame({"churn_rate": ["fewer than 10", 0.2], "revenue": ["hidden", 5], "p_value": ["", 0.5]})
    assert cells(frame)[1:] == [["fewer than 10", "hidden", ""], ["20.0%", "5", "0.500"]]


def test_numbers_stand_to_the_right_and_words_to_the_left():
    markup = formats.table(pd.DataFrame({"plan": ["a"], "rate": [0.5]})).to_html()
    assert re.search(r"\.col0 \{\s*text-align: left", markup)
    assert re.search(r"\.col1 \{\s*text-align: right", markup)


@pytest.mark.parametrize(
    ("words", "least"), [("gold", "2.4em"), ("金卡会员", "4.8em"), ("a sentence of more than thirty letters", "12em")]
)
def test_words_keep_room_beside_numbers(words, least):
    markup = formats.table(pd.DataFrame({"tier": [words, None], "rate": [0.5, 0.5]})).to_html()
    assert re.search(rf"\.col0 \{{\s*text-align: left;\s*min-width: calc\(min\({least}, 36vw\) \+ 1rem\)", markup)


def test_a_named_index_becomes_columns_and_an_unnamed_one_vanishes():
    frame = pd.DataFrame({"customers": [5]}, index=pd.Index(["gold"], name="level"))
    assert cells(frame) == [["Level", "Customers"], ["gold", "5"]]
    assert cells(frame.rename_axis(None)) == [["Customers"], ["5"]]


def test_markup_in_cells_headings_and_nested_values_is_never_run():
    attack = "<script>alert('x')</script>"
    frame = pd.DataFrame({attack: [attack, [attack]], "rate": [attack, {attack: 1}], "revenue": [attack, {attack}]})
    frame.index = pd.Index([attack, "<img src=x onerror=alert(1)>"], name="<b>index</b>")
    markup = formats.table(frame, currency="<i>").to_html()
    assert not re.findall(r"<(?!/?(?:style|table|thead|tbody|tr|th|td)\b)[^>]*>", markup)
    assert markup.count("&lt;script&gt;") == 8  # a heading, an index cell and six cells


def test_a_table_leaves_its_input_untouched():
    frame = pd.DataFrame({"rate": [0.5]}, index=pd.Index([3], name="level"))
    before = frame.copy()
    formats.table(frame).to_html()
    pd.testing.assert_frame_equal(frame, before)


def test_columns_of_the_same_name_are_both_shown():
    frame = pd.DataFrame([[0.5, 0.25]], columns=["rate", "rate"])
    assert cells(frame) == [["Rate", "Rate"], ["50.0%", "25.0%"]]


def test_a_table_is_written_alike_in_every_run_and_goes_by_a_name_of_its_own():
    frame = pd.DataFrame({"rate": [0.5]})
    once, again, other = (formats.table(one).to_html() for one in (frame, frame.copy(), frame + 0.1))
    assert once == again
    assert re.findall(r'id="(\w+)"', once) != re.findall(r'id="(\w+)"', other)
