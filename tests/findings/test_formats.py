from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers import language
from helpers.findings import formats


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"), (-0.0, "0"), (7, "7"), (2.0, "2"), (1234567, "1,234,567"), (np.int64(12345), "12,345"),
        (12345.678, "12,346"), (123.456, "123"), (4.567, "4.57"), (4.5, "4.50"), (-3.456, "−3.46"),
        (0.012345, "0.0123"), (99.99, "100"), (999.7, "1,000"), (1.234e-9, "1.23e−09"), (np.inf, "∞"), (-np.inf, "−∞"),
        (np.nan, "–"), (None, "–"), (pd.NA, "–"),
    ],
)  # fmt: skip
def test_numbers_have_three_significant_digits_and_keep_all_whole_ones(value, shown):
    assert formats.number(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0%"), (-0.0, "0%"), (1, "100%"), (1.0, "100%"), (0.1234, "12.3%"), (0.05, "5.0%"), (0.5, "50.0%"),
        (0.0046, "0.46%"), (-0.021, "−2.1%"), (12.3456, "1,235%"), (0.0099, "0.99%"), (0.00995, "1.0%"), (1.5, "150%"), (np.nan, "–"), (np.inf, "∞"),
    ],
)  # fmt: skip
def test_shares_are_percentages_with_one_decimal_and_two_where_they_are_small(value, shown):
    assert formats.percent(value) == shown


def test_none_and_all_are_not_claimed_for_nearly_none_and_nearly_all():
    assert formats.percent(1e-6) == "< 0.01%"
    assert formats.percent(-1e-6) == "> −0.01%"
    assert formats.percent(0.99999) == "> 99.9%"


def test_a_p_value_is_never_zero_or_one():
    shown = [formats.p_value(p) for p in (0.0, 0.0009, 0.034, 0.05, 0.99999, np.nan)]
    assert shown == ["p < 0.001", "p < 0.001", "p = 0.034", "p = 0.050", "p > 0.999", "–"]


def test_things_are_counted_in_the_right_number():
    assert [formats.counted(count, "customer") for count in (0, 1, 1234)] == [
        "0 customers",
        "1 customer",
        "1,234 customers",
    ]


def test_days_carry_their_unit_in_the_right_number():
    assert [formats.days(d) for d in (1, 12.46, 365, np.nan)] == ["1 day", "12.5 days", "365 days", "–"]


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (1234567, "CNY", "¥1.23 M"), (2.5e9, "CNY", "¥2.50 bn"), (950, "GBP", "£950"), (12.5, "EUR", "€12.50"),
        (-42000, "BRL", "−R$42,000"), (3, "USD", "$3"), (12.5, "pln", "PLN 12.50"), (12345, "", "12,300"), (999_600, "EUR", "€1.00 M"),
        (np.nan, "CNY", "–"),
    ],
)  # fmt: skip
def test_money_has_the_sign_of_its_currency(value, currency, shown):
    assert formats.money(value, currency) == shown


def test_an_interval_writes_both_ends_alike():
    assert formats.interval(0.1, 0.156, formats.percent) == "10.0% to 15.6%"
    assert formats.interval(-1, 2.5) == "−1 to 2.50"


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        ("recency_days", "Recency (days)"), ("days", "Days"), ("p_value", "p"), ("adjusted_p_value", "Adjusted p"), ("churned_share", "Churned share"),
        ("unit_price", "Unit price"), ("joined_on", "Joined on"), ("RFM", "RFM"), ("t_value", "T value"), ("mean_nps", "Mean NPS"), ("kpi", "KPI"),
    ],
)  # fmt: skip
def test_names_of_data_columns_have_units_and_no_underscores(column, shown):
    assert formats.label(column) == shown


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [("churn_rate", 0.123, "12.3%"), ("unit_price", 1234.5, "1,234"), ("birth_year", 1990.0, "1990"), ("height", 1.5, "1.50"),
     ("p_value", 0.00001, "< 0.001"), ("age_days", 400.0, "400"), ("rate_note", 0.5, "0.500")],
)  # fmt: skip
def test_a_data_column_is_written_as_the_last_word_of_its_name_says(name, value, shown):
    assert formats.for_column(name)(value) == shown


@pytest.mark.parametrize(
    ("value", "currency", "shown"),
    [
        (932696.75, "CNY", "93.3 万元"), (2.25e8, "cny", "2.25 亿元"), (9055, "CNY", "9,060 元"), (9.76, "CNY", "9.76 元"),
        (9994, "CNY", "9,990 元"), (9999.4, "CNY", "1.00 万元"), (99_999_999, "CNY", "1.00 亿元"), (-42000, "USD", "−4.20 万美元"),
        (12.5, "PLN", "12.50 波兰兹罗提"), (12345, "", "1.23 万"), (12.5, "", "12.50"), (np.nan, "CNY", "–"),
    ],
)  # fmt: skip
def test_money_in_chinese_is_told_in_ten_thousands_with_its_currency_behind(value, currency, shown):
    with language.spoken("zh"):
        assert formats.money(value, currency) == shown


def test_numbers_in_chinese_have_chinese_units():
    with language.spoken("zh"):
        below = [formats.number(-3.456), formats.percent(-0.021), formats.amount(-1234.5), formats.number(-np.inf)]
        assert below == ["−3.46", "−2.1%", "−1,230", "−∞"] and formats.percent(-1e-6) == "> −0.01%"
        assert formats.interval(0.562, 0.615, formats.percent) == "56.2%～61.5%"
        assert [formats.days(days) for days in (1, 12.5)] == ["1 天", "12.5 天"]
        assert [formats.text(flag) for flag in (True, False)] == ["是", "否"]
        assert [formats.p_value(0.034), formats.unit("GBP"), formats.unit("")] == ["p = 0.034", "英镑", ""]


@pytest.mark.parametrize(
    ("words", "address"),
    [("Who may *leave*, and when?", "who-may-leave-and-when"), ("GroupValues by_tier", "group-values-by-tier"),
     ("谁会离开？", "谁会离开"), ("<b>\"'&", "b"), ("？！", "here"), ("Top 10% (KPI)", "top-10-kpi")],
)  # fmt: skip
def test_words_become_the_name_of_a_place(words, address):
    assert formats.address(words) == address


def test_each_value_is_written_once_and_as_it_is_written_alone():
    asked: list[object] = []
    values = pd.Series(["b", None, "a", "b"], index=[3, 1, 2, 0], name="plan")
    found = formats.each(values, lambda value: asked.append(value) or f"{value}!")
    assert asked == ["b", "a"] and found.isna().tolist() == [False, True, False, False]
    assert found.dropna().to_dict() == {3: "b!", 2: "a!", 0: "b!"} and found.name == "plan"
    for same in (pd.Series([1.5, 2.0, None]), pd.Series([True, False]), pd.Series(pd.to_datetime(["2025-01-01", None])),
                 pd.Series([1, 2]), pd.Series(["x", "x"]).astype("category"), pd.Series([None, None], dtype=object)):  # fmt: skip
        alone = same.astype(object).map(formats.held, na_action="ignore")
        assert formats.each(same).fillna("").tolist() == alone.fillna("").tolist()
