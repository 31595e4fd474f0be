"""What says nothing is null; what only may say nothing is proposed."""

import datetime as dt

import pandas as pd
import pytest

from helpers.data import contracts, engine
from helpers.data.intake.readings import nulls
from helpers.data.intake.readings.shapes import Shape


@pytest.fixture(scope="module")
def connection():
    return engine.connect()


def cleaned(connection, texts, type_, more=()):
    rows = engine.from_frame(connection, pd.DataFrame({"text": texts, "at": range(len(texts))}))
    frame = rows.select("at", made=nulls.cleaned(rows.text, type_, more)).order_by("at").execute()
    return [None if pd.isna(text) else text for text in frame["made"]]


ALWAYS = [
    "",
    "  ",
    "NULL",
    "nan",
    "NaN",
    "None",
    "NaT",
    "\\N",
    "#N/A",
    "#REF!",
    "(null)",
    "<NA>",
    "$null$",
    " null\xa0",
    "\ufeff",
]
SOMETIMES = ["NA", "n/a", "-", "--", "—", "?", ".", "未知", "空", "暂无", "不详", "\u3000N/A ", "Unknown"]


@pytest.mark.parametrize("type_", nulls.TOKENS)
def test_what_is_nothing_to_every_program_is_null_in_every_column(connection, type_):
    assert cleaned(connection, ALWAYS, type_) == [None] * len(ALWAYS)


@pytest.mark.parametrize("type_", [contracts.ID, contracts.NUMBER, contracts.INTEGER, contracts.TIME, contracts.FLAG])
def test_what_people_write_for_nothing_is_null_where_a_value_should_stand(connection, type_):
    assert cleaned(connection, SOMETIMES, type_) == [None] * len(SOMETIMES)


@pytest.mark.parametrize("type_", [contracts.TEXT, contracts.PROSE])
def test_in_words_it_may_be_a_country_or_a_category(connection, type_):
    texts = ["NA", "-", "无", "未知", "Unknown", "N/A"]
    assert cleaned(connection, texts, type_) == texts


def test_a_guest_is_no_customer(connection):
    assert cleaned(connection, ["Guest", "散客", "guest7"], contracts.ID) == [None, None, "guest7"]
    assert cleaned(connection, ["Guest"], contracts.TEXT) == ["Guest"]


def test_a_none_is_a_no_where_a_flag_should_stand(connection):
    assert cleaned(connection, ["无", "N", "否"], contracts.FLAG) == ["无", "N", "否"]
    assert cleaned(connection, ["无"], contracts.NUMBER) == [None]


@pytest.mark.parametrize(
    "text",
    ["0000-00-00", "0000-00-00 00:00:00", "0000/00/00", "00/00/0000", "0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "00000000",
     "0", "0.0"],
)  # fmt: skip
def test_a_day_that_never_was_is_no_time_but_may_be_another_value(connection, text):
    assert cleaned(connection, [text], contracts.TIME) == [None]
    assert cleaned(connection, [text], contracts.TEXT) == [text]


def test_the_empty_amount_of_an_account_is_null_with_its_currency(connection):
    empty = ["$ -", "-€", "¥ -", "R$ -", "- kr", "CHF -", "￥－", "\\ -", "-.--", "($ -)", "-元", "$ —"]
    assert cleaned(connection, empty, contracts.NUMBER) == [None] * len(empty)
    values = ["-5", "5-", "$5", "- 5", "$ -5", "-a"]
    assert cleaned(connection, values, contracts.NUMBER) == values


def test_a_time_stays(connection):
    texts = ["2000-01-01", "2000-01-01 00:00:00", "20000101", "1970-01-01", "10000", "0001-02-03"]
    assert cleaned(connection, texts, contracts.TIME) == texts


def test_values_keep_what_is_inside_and_lose_what_is_around(connection):
    texts = [
        "  a  b ",
        "a\u3000b",
        "\ufeffid-1",
        "x\0y",
        "line 1\nline 2\n",
        "0",
        "nullable",
        "banana",
        "a.",
        "Navarra",
    ]
    expected = ["a  b", "a b", "id-1", "xy", "line 1\nline 2", "0", "nullable", "banana", "a.", "Navarra"]
    assert cleaned(connection, texts, contracts.TEXT) == expected


def test_a_data_set_has_tokens_of_its_own(connection):
    assert (
        cleaned(connection, ["-999", "TBD (soon)", " tbd (SOON)"], contracts.NUMBER, ("-999", "TBD (soon)"))
        == [None] * 3
    )
    assert cleaned(connection, ["至今", "Present", "2024-01-01"], contracts.TIME, nulls.RUNNING) == [
        None,
        None,
        "2024-01-01",
    ]


@pytest.mark.parametrize("type_", nulls.TOKENS)
def test_python_and_the_engine_agree_on_what_says_nothing(connection, type_):
    texts = [*ALWAYS, *SOMETIMES, *nulls.RUNNING, "无", "0000-00-00", "0", "a", "1", "2024-01-01"]
    for more in ((), nulls.RUNNING):
        said = [nulls.clean(text, type_, more) is None for text in texts]
        assert said == [text is None for text in cleaned(connection, texts, type_, more)]


def test_what_is_no_text_is_its_text(connection):
    rows = engine.from_frame(connection, pd.DataFrame({"n": [7, 8]}))
    assert rows.select(made=nulls.cleaned(rows.n, contracts.TEXT)).order_by("made").execute()["made"].tolist() == [
        "7",
        "8",
    ]


def test_texts_that_repeat_and_fit_no_reading_are_proposed():
    unfit = [
        Shape("abc", 1, "abc", "abc"),
        Shape("TBD", 9, "TBD", "TBD"),
        Shape("k9", 50, "k1", "k7"),
        Shape("x", 30, "x", "x"),
    ]
    assert nulls.proposed(unfit) == ["x", "TBD"]


YEAR = {dt.date(2023, 1, 1) + dt.timedelta(days=at): 3 for at in range(365)}


@pytest.mark.parametrize(
    "day",
    [dt.date(9999, 12, 31), dt.date(2999, 12, 31), dt.date(2099, 12, 31), dt.date(1900, 1, 1), dt.date(1970, 1, 1),
     dt.date(1969, 12, 31)],
)  # fmt: skip
def test_a_day_that_stands_for_none_or_never_is_found_far_from_the_rest(day):
    assert nulls.sentinel_days({**YEAR, day: 1}) == [day]
    assert nulls.sentinel_days({day: 10}) == [day]


def test_a_peak_far_from_the_rest_at_the_turn_of_a_year_is_one_and_a_single_stray_is_none():
    assert nulls.sentinel_days({**YEAR, dt.date(2049, 12, 31): 40}) == [dt.date(2049, 12, 31)]
    assert nulls.sentinel_days({**YEAR, dt.date(2050, 1, 1): 1, dt.date(2034, 6, 1): 5}) == []


def test_the_last_day_of_a_clock_of_32_bits_stands_for_never():
    assert nulls.sentinel_days({**YEAR, dt.date(2038, 1, 19): 2}) == [dt.date(2038, 1, 19)]
    assert nulls.sentinel_days({**YEAR, dt.date(2038, 1, 19): 1}) == []


def test_a_day_of_a_few_rows_twenty_years_from_all_others_stands_for_never_whatever_day_it_is():
    last = dt.date(2079, 6, 6)  # of a smalldatetime
    assert nulls.sentinel_days({**YEAR, last: 5}) == [last]
    assert nulls.sentinel_days({**YEAR, last: 4}) == nulls.sentinel_days({last: 50}) == []
    assert nulls.sentinel_days({**YEAR, dt.date(2042, 6, 6): 50}) == []


def test_the_beginning_of_1970_among_days_of_birth_is_one_only_where_it_is_a_peak():
    births = {dt.date(1940, 1, 1) + dt.timedelta(days=30 * at): 2 for at in range(700)}
    assert nulls.sentinel_days({**births, dt.date(1970, 1, 1): 3}) == []
    assert nulls.sentinel_days({**births, dt.date(1970, 1, 1): 300}) == [dt.date(1970, 1, 1)]


def test_the_ends_of_years_of_contracts_are_days_like_others():
    assert nulls.sentinel_days({dt.date(year, 12, 31): 50 for year in range(2015, 2030)}) == []
    assert nulls.sentinel_days({dt.date(2024, 12, 31): 50}) == []
