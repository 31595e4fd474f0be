from __future__ import annotations

import datetime as dt

import pytest

from helpers import language
from helpers.findings import Column, Kind
from helpers.findings.sentence import (
    Change,
    Count,
    Day,
    Days,
    Listed,
    Money,
    Name,
    Number,
    Points,
    PValue,
    Range,
    Share,
    Word,
    joined,
    say,
)

VERDICT = Column("verdict", Kind.CODE, "what to do", words={"ship": "roll out"})


@pytest.mark.parametrize(
    ("fact", "english"),
    [
        (Name("小红书"), "小红书"),
        (Count(1296.0), "1,296"),
        (Number(0.20234), "0.202"),
        (Share(0.589), "58.9%"),
        (Change(0.0597), "+5.97%"),
        (Change(-0.1315), "-13.2%"),
        (Points(0.048), "+4.80 points"),
        (Days(187), "187 days"),
        (PValue(0.046), "p = 0.046"),
        (Day(dt.date(2025, 12, 31)), "December 31, 2025"),
        (Money(9054.7, "CNY"), "¥9,055"),
        (Money(9.76, "CNY", signed=True), "+¥9.76"),
        (Word("ship", VERDICT), "roll out"),
        (Range(Share(0.562), Share(0.615)), "56.2% to 61.5%"),
        (Listed((Name("a"), Name("b"), Name("c"))), "a, b, and c"),
    ],
)
def test_a_fact_is_written_as_its_kind_is(fact, english):
    assert str(fact) == english


def test_a_sentence_is_its_message_with_its_facts_in_place():
    sentence = say("{share} of {customers} came back.", share=Share(0.589), customers=Count(1296))
    assert str(sentence) == "58.9% of 1,296 came back."


def test_a_sentence_is_spoken_in_the_language_of_the_moment_with_all_that_stands_in_it():
    sentence = say("Not applicable: {reason}", reason=say("this rests on an answer that is missing above."))
    with language.spoken("zh"):
        assert str(sentence) == "暂时无法判断：所依据的上文结果缺失。"
        assert str(Points(0.048)).endswith(" 个百分点")
    assert str(sentence) == "Not applicable: this rests on an answer that is missing above."


def test_what_a_sentence_rests_on_is_its_second_line_and_not_its_first():
    second, third = say("It holds."), say("At any look.")
    sentence = say("It works.").resting_on(second, None).resting_on(third)
    assert str(sentence) == "It works." and sentence.basis == (second, third)
    assert joined(sentence.basis) == "It holds. At any look."
    with language.spoken("zh"):
        assert (
            joined(sentence.basis) == "It holds.At any look."
        )  # Chinese sentences end in a full stop as wide as a sign
