"""Text becomes typed values, or null where it names none."""

import datetime as dt

import ibis
import pytest

from helpers.data import engine
from helpers.data.intake import parsing


@pytest.fixture(scope="module")
def connection():
    return engine.connect()


def read(connection, texts, type_, layouts=(), zone="Asia/Shanghai"):
    table = engine.from_frame(connection, ibis.memtable({"text": texts, "at": range(len(texts))}).to_pandas())
    value = parsing.parsed(table.text, parsing.cleaned(table.text), type_, layouts, zone)
    frame = table.mutate(value=value).order_by("at").execute()
    return [None if value != value or value is None else value for value in frame["value"].astype(object)]


@pytest.mark.parametrize(
    "text, time",
    [
        ("2020-02-21 00:00:02", dt.datetime(2020, 2, 21, 0, 0, 2)),
        ("2017-01-21 22:11:48.556739", dt.datetime(2017, 1, 21, 22, 11, 48, 556739)),
        ("2020/2/3", dt.datetime(2020, 2, 3)),
        ("2012/10/09 14:50:17.000", dt.datetime(2012, 10, 9, 14, 50, 17)),
        ("2020年1月2日", dt.datetime(2020, 1, 2)),
        ("19970101", dt.datetime(1997, 1, 1)),
        ("1582216200000", dt.datetime(2020, 2, 21, 0, 30)),  # epoch milliseconds, on Shanghai's clocks
        ("1582216200", dt.datetime(2020, 2, 21, 0, 30)),
        ("43586", dt.datetime(2019, 5, 1)),  # Excel's serial day
        ("43586.75", dt.datetime(2019, 5, 1, 18)),
        ("2020-02-20T16:30:00+00:00", dt.datetime(2020, 2, 21, 0, 30)),
        ("2020-02-20T16:30:00Z", dt.datetime(2020, 2, 21, 0, 30)),
        ("  2020-02-21　", dt.datetime(2020, 2, 21)),
    ],
)
def test_a_time_is_read_in_each_layout_it_is_known_to_come_in(connection, text, time):
    (value,) = read(connection, [text], "time")
    assert value.to_pydatetime() == time


@pytest.mark.parametrize("text", ["03/04/2020", "2020-13-01", "soon", "12345678901", "2020-02-30"])
def test_a_text_that_names_no_time_for_certain_is_not_guessed(connection, text):
    assert read(connection, [text], "time") == [None]


def test_a_layout_of_the_data_set_comes_first(connection):
    (value,) = read(connection, ["03/04/2020"], "time", layouts=("%d/%m/%Y",))
    assert value.to_pydatetime() == dt.datetime(2020, 4, 3)


def test_a_layout_may_carry_a_clock_and_must_carry_a_date(connection):
    (value,) = read(connection, ["4.3.2020 at 9:05"], "time", layouts=("%m.%d.%Y at %H:%M",))
    assert value.to_pydatetime() == dt.datetime(2020, 4, 3, 9, 5)
    with pytest.raises(ValueError, match="write it with %Y, %m, %d"):
        read(connection, ["3 Apr"], "time", layouts=("%d %b",))


def test_numbers_may_carry_separators_currency_signs_and_full_width_digits(connection):
    texts = ["1,234.50", "¥ 12", "￥12", "$3", "€4", "R$ 5", "１２．５", "－3", "1e3", "-7"]
    assert read(connection, texts, "number") == [1234.5, 12, 12, 3, 4, 5, 12.5, -3, 1000, -7]


def test_what_is_not_a_finite_number_is_null(connection):
    assert read(connection, ["twelve", "inf", "nan", "", "NULL", "\\N", "1.2.3"], "number") == [None] * 7


def test_an_integer_is_a_whole_number(connection):
    assert read(connection, ["3", "3.0", "3.5", "x"], "integer") == [3, 3, None, None]


def test_flags_are_read_in_both_languages_and_nothing_else_is(connection):
    texts = ["Yes", "no", "1", "0", "是", "否", "TRUE", "maybe", "2"]
    assert read(connection, texts, "flag") == [True, False, True, False, True, False, True, None, None]


def test_an_identifier_keeps_its_zeros_and_loses_the_tail_of_a_float(connection):
    assert read(connection, ["00017", "17850.0", "A.0", "17.50", " x1 "], "id") == [
        "00017",
        "17850",
        "A.0",
        "17.50",
        "x1",
    ]
