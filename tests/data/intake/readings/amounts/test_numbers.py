"""Texts read as numbers."""

import random

import pytest

import columns
from helpers.data.intake.readings.amounts import numbers
from helpers.data.intake.readings.amounts.numbers import NumberReading
from helpers.data.intake.readings.shapes import Shape, Undecided


def read(*texts, **more):
    return columns.read(numbers.decided(columns.shaped(texts), **more), texts)


def decided(*texts, **more):
    return numbers.decided(columns.shaped(texts), **more)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["9,99", "1.234,56", "12,5", "1.500", "1 234,50 €"], [9.99, 1234.56, 12.5, 1500, 1234.5]),
        (["9.99", "1,234.56", "1,500"], [9.99, 1234.56, 1500]),
        (["12", "-3", "+4", ".5", "5.", "1.5E+03", "2e-3", "007"], [12, -3, 4, 0.5, 5, 1500, 0.002, 7]),
        (["1'234.50", "1’234’567.00"], [1234.5, 1234567]),
        (["1 234,5", "1\u00a0234\u00a0567,25", "1\u202f234,75"], [1234.5, 1234567.25, 1234.75]),
        (["1,00,000", "12,34,567.50", "999"], [100000, 1234567.5, 999]),
        (["5-", "1.234,50-", "−3", "－4", "–5"], [-5, -1234.5, -3, -4, -5]),
        (["(1,234.50)", "12.00", "$(5)", "($6.00)", "(7.00) $"], [-1234.5, 12, -5, -6, -7]),
        (["12%", "-3.5 %", "％5", "0%"], [0.12, -0.035, 0.05, 0]),
        (["1.2万", "3千万", "5百万", "1.1亿", "20", "-2 万"], [12000, 30e6, 5e6, 110e6, 20, -20000]),
        (["3.5万元", "1,200元", "￥80"], [35000, 1200, 80]),
        (["1.2K", "3M", "4.5 B", "100", "$5k"], [1200, 3e6, 4.5e9, 100, 5000]),
        (["1,5 Mio. €", "2,25 Mrd. €"], [1.5e6, 2.25e9]),
        (["\\1,234", "\\500"], [1234, 500]),
        (["١٬٢٣٤٫٥٠", "۱۲", "१२", "๑๒", "-٥"], [1234.5, 12, 12, 12, -5]),
        (["¥100", "￥1，234．50", "１２元", "RMB 5", "5 人民币"], [100, 1234.5, 12, 5, 5]),
        (["USD 12.50", "9.00 EUR", "£3", "HK$ 4", "-US$5", "$-6", "Rs.500", "Rs.-70"], [12.5, 9, 3, 4, -5, -6, 500, -70]),
        (["R$ 1.234,56", "R$ 7,00"], [1234.56, 7]),
        (["1,234 cents", "99 cents"], [12.34, 0.99]),
        (["$12.50", "99¢", "5 ¢"], [12.5, 0.99, 0.05]),
        (["1,23,456/-", "99/-", "-12,000.50/-"], [123456, 99, -12000.5]),
        (["kr 100,-", "kr 99,50", "1.250,– kr"], [100, 99.5, 1250]),
        (["30 天", "45天", "7"], [30, 45, 7]),
        (["1 day", "30 Days", "2 days"], [1, 30, 2]),
        (["5 kg", "-1.5 kg"], [5, -1.5]),
        (["5 m", "12 m"], [5, 12]),
        (["20 °C", "-3.5°C"], [20, -3.5]),
        (["1,234元"], [1234]),
        (["¥1,234", "¥3,980"], [1234, 3980]),
        (["£1,234"], [1234]),
        (["150.000 ₫", "75.000 ₫"], [150000, 75000]),
        (["▲1,200", "△300", "500"], [-1200, -300, 500]),
        (["▲5", "▼3", "7"], [None, None, 7]),
        (["负120", "-30.5", "负1.5万"], [-120, -30.5, -15000]),
        (["1.2w", "3w", "800"], [12000, 30000, 800]),
        (["1.234", "12", "999"], [1234, 12, 999]),
        (["1.234", "0.500", "12"], [1.234, 0.5, 12]),
        ([" 5 ", "- 7"], [5, -7]),
        (["1.2.3.4", "5"], [None, 5]),
    ],
)  # fmt: skip
def test_a_column_is_read_as_one_thing(texts, values):
    assert read(*texts) == values
    reading = decided(*texts)
    assert [reading.names(text) for text in texts] == [value is not None for value in values]


@pytest.mark.parametrize(
    "text",
    ["1_000", "inf", "-inf", "nan", "Infinity", "0x1F", "1,2,3", "12,34", "+-5", "--5", "5--", "-5-", "(5", "5)", "10+",
     "<5", "~5", "2024-01-05", "12:30", "3/4", "1-3", "1 2", "1e", "e5", "1e400", "9" * 400, "五", "5A", "A5", "$", "", "-",
     "5 T€", "1兆円", "1亿2", "1.234.56", "0,123"],
)  # fmt: skip
def test_what_is_no_number_among_plain_ones_is_null_and_can_be_counted(text):
    texts = [*["12.50"] * 30, *["7"] * 30, "1,234.00", text]
    reading = decided(*texts)
    assert columns.read(reading, texts)[-4:] == [7, 7, 1234, None]
    assert not reading.fits(columns.shaped([text])[0])
    plain = [*["12.50"] * 60, text]
    assert columns.read(decided(*plain), plain) == [*[12.5] * 60, None]


def test_a_plain_column_is_cast_and_nothing_else():
    reading = decided("12.50", "-7", "1.5E3", "n/a")
    assert reading == NumberReading(sure=True)
    assert reading.told() == ""
    assert not decided("12.50", "1_000").sure
    assert columns.read(NumberReading(), ["5", "1_000", "nan", "x"]) == [5, None, None, None]


@pytest.mark.parametrize("texts", [["1.234"], ["1,234", "0"], ["1.234", "1500"], ["12.5", "3,5"], ["USD 1,234"]])
def test_a_mark_that_nothing_proves_is_asked_for_and_settled_by_settings(texts):
    with pytest.raises(Undecided):
        read(*texts)
    assert None not in read(texts[0], decimal=".")


def test_debits_and_credits_are_asked_about():
    with pytest.raises(Undecided, match="debits or credits"):
        read("120.00 CR", "50.00 DR")


def test_seconds_are_no_debits():
    assert read("12 S", "5 S") == [12, 5]


def test_settings_say_what_1234_is():
    assert read("1.234", "5.678", decimal=",") == [1234, 5678]
    assert read("1.234", "5.678", decimal=".") == [1.234, 5.678]
    assert read("12.5", "7", decimal=",") == [None, 7]


def test_a_unit_that_few_numbers_have_is_none():
    assert read("12", "13", "14", "5A") == [12, 13, 14, None]
    assert read("5 kg", "6 kg", "7 g") == [5, 6, None]
    assert read("5 kg", "6 kg", "7K") == [5, 6, None]
    assert read("5 kg", "6 g", "7 lb") == [None, None, None]


def test_letters_of_codes_are_no_powers_of_ten():
    assert read("84029", "85123A", "22086B", "22423C", "71053K") == [84029, None, None, None, None]


def test_a_text_of_two_currencies_is_no_number():
    assert read("€5 USD", "€7") == [None, 7]


def test_a_stray_bracket_takes_no_exponents_away():
    assert read("1.5E-03", "2.5E-03", "(5)") == [0.0015, 0.0025, None]


def test_a_number_of_zeros_ahead_is_no_thousands():
    reading = numbers.decided([Shape("9,999", 9, "0,123", "9,870"), Shape("9,999.99", 900, "1,234.00", "9,999.00")])
    assert columns.read(reading, ["0,123", "9,870", "1,234.50"]) == [None, 9870, 1234.5]


@pytest.mark.parametrize(
    ("texts", "codes"),
    [
        ("¥1 ￥2 3元 RMB4 CNY5", ("CNY",)),
        ("¥1 JPY2", ("JPY",)),
        ("$1 €2", ("$", "EUR")),
        ("USD12.50 9.00EUR", ("EUR", "USD")),
        ("$5USD USD$7", ("USD",)),
        ("$5USD $7", ("$", "USD")),
        ("R5 R7.50", ("ZAR",)),
        ("1 2", ()),
    ],
)
def test_currencies_are_named(texts, codes):
    assert decided(*texts.split()).currencies == codes


def test_each_row_has_its_own_currency():
    texts = ["USD 12.50", "9.00 EUR", "US$3", "$4", "￥5", "6", "-R$7"]
    reading = decided(*texts)
    assert columns.read(reading, texts, "currency") == ["USD", "EUR", "USD", "$", "CNY", None, "BRL"]
    assert columns.read(decided("5"), ["5"], "currency") == [None]


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["1.234,50 €"], "decimal comma, thousands point, €"),
        (["12.5%"], "% as 0.01"),
        (["3.5万元"], "万 as 10,000, 元"),
        (["¥5"], "¥ as CNY"),
        (["\\1,234"], "thousands comma, \\ as JPY"),
        (["30 天"], "天"),
        (["(5.00)"], "minus apart, behind or in brackets"),
        (["yes", "no"], "yes/no as 1/0"),
        (["1", "0"], ""),
    ],
)
def test_what_was_decided_is_told(texts, told):
    assert decided(*texts).told() == told


def test_flag_words_are_read_as_one_and_nought():
    assert read("yes", "No", "YES") == [1, 0, 1]
    assert read("是", "否", "1") == [1, 0, 1]
    assert read("no", "DSL", "fibre") == [None, None, None]
    assert read("无", "无", "无", "5", "10") == [None, None, None, 5, 10]
    assert decided("是").currencies == () and columns.read(decided("是"), ["是"], "currency") == [None]


def test_a_column_without_numbers_has_none():
    assert read("满意", "abc") == [None, None]
    assert numbers.decided([]).told() == ""


def test_readings_are_known_by_what_they_do():
    assert repr(decided("1.50 €", "7 €")) == repr(decided("-3.25 €", "1 €", "8.00€"))
    assert repr(decided("1.5")) != repr(decided("1,5"))
    assert len({decided("1.5"), decided("2"), decided("1,5")}) == 2


STYLES = {
    "German": lambda text: text.translate(str.maketrans(",.", ".,")),
    "French": lambda text: text.translate(str.maketrans(",.", "\u202f,")) + " €",
    "Swiss": lambda text: "CHF " + text.replace(",", "’"),
    "American": lambda text: f"(${text[1:]})" if text.startswith("-") else f"${text}",
    "SAP": lambda text: text.lstrip("-").translate(str.maketrans(",.", ".,")) + "-" * text.startswith("-") + " EUR",
    "Chinese": lambda text: f"￥{text}".translate(str.maketrans("0123456789,.", "０１２３４５６７８９，．")),
    "no marks": lambda text: text.replace(",", ""),
}


@pytest.mark.parametrize("style", STYLES)
def test_numbers_written_in_a_style_are_read_back(style):
    chance = random.Random(style)
    values = [round(chance.uniform(-1, 1) * 10 ** chance.randrange(8), 2) + 0.0 for _ in range(300)]
    texts = [STYLES[style](f"{value:,.2f}") for value in values]
    assert read(*texts) == values
