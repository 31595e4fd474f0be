from __future__ import annotations

import datetime as dt

import pytest

from helpers import language
from helpers.findings import Column, Kind
from helpers.findings.facts import (
    Attribute,
    Change,
    Count,
    Day,
    Days,
    Difference,
    Hours,
    Hundredths,
    Listed,
    Minutes,
    Money,
    Name,
    Number,
    Points,
    Price,
    PValue,
    Range,
    Share,
    Word,
    limits,
)

VERDICT = Column("verdict", Kind.CODE, "what to do", words={"ship": "roll out"})


@pytest.mark.parametrize(
    ("fact", "english"),
    [
        (Name("小红书"), "小红书"),
        (Attribute("first_channel"), "First channel"),
        (Count(1296.0), "1,296"),
        (Number(0.20234), "0.202"),
        (Share(0.589), "58.9%"),
        (Change(0.0597), "+6.0%"),
        (Change(-0.1315), "−13.2%"),
        (Points(0.048), "+4.8 points"),
        (Points(float("nan")), "–"),
        (Points(-0.00518), "−0.52 points"),
        (Points(-1e-6), "> −0.01 points"),
        (Change(4e-5), "< 0.01%"),
        (Change(0.9999), "> 99.9%"),
        (Hundredths(0.168), "16.8"),
        (Hundredths(0.0518, signed=True), "+5.2"),
        (Difference(10.1), "+10.1"),
        (Difference(-16.4), "−16.4"),
        (Days(187), "187 days"),
        (Hours(1), "1 hour"),
        (Hours(2.5), "2.50 hours"),
        (Minutes(1), "1 minute"),
        (Minutes(12), "12 minutes"),
        (PValue(0.046), "p = 0.046"),
        (Day(dt.date(2025, 12, 31)), "December 31, 2025"),
        (Money(9054.7, "CNY"), "¥9,050"),
        (Price(1288, "CNY"), "¥1,288"),
        (Money(9.76, "CNY", signed=True), "+¥9.76"),
        (Word("ship", VERDICT), "roll out"),
        (Range(Share(0.562), Share(0.615)), "56.2% to 61.5%"),
        (Range(Points(-0.027), Points(0.021)), "−2.7 to +2.1 points"),
        (Listed((Name("a"), Name("b"), Name("c"))), "a, b, and c"),
    ],
)
def test_a_fact_is_written_as_its_kind_is(fact, english):
    assert str(fact) == english


def test_a_fact_is_written_as_the_language_writes_its_kind():
    with language.spoken("zh"):
        assert str(Points(0.048)).endswith(" 个百分点")
        assert str(Listed((Name("a"), Name("b"), Name("微信")))) == "a、b、微信"
        assert str(Day(dt.date(2025, 12, 31))) == "2025 年 12 月 31 日"


def test_the_limits_of_a_row_are_of_the_kind_that_is_asked_for():
    row = {"rate": 0.123, "lower": 0.101, "upper": 0.149}
    assert (str(limits(row)), str(limits(row, Number))) == ("10.1% to 14.9%", "0.101 to 0.149")
