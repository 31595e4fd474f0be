"""A column is declared once, and everything that is said of it follows."""

import copy
import pickle

import pandas as pd
import pytest

from helpers import language
from helpers.findings import Column, Kind, columns
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, P_VALUE, REVENUE

STAY_RATE_ON = Column("stay_{}d_rate", Kind.SHARE, "share still there after so many days")
EFFECT = Column("effect", Kind.NUMBER, "what changed", by="state", kinds={"ok": Kind.POINTS})
STATE = Column("state", Kind.CODE, "how it stands", words={"ok": "holds", "bad": "fails"})


def test_a_declared_column_is_its_own_name():
    table = pd.DataFrame({"customers": [3]})
    assert table[CUSTOMERS].tolist() == [3] and CUSTOMERS == "customers" and {CUSTOMERS: 1}["customers"] == 1


@pytest.mark.parametrize("again", [copy.deepcopy, lambda column: pickle.loads(pickle.dumps(column))])
@pytest.mark.parametrize(
    "column", [STATE, STAY_RATE_ON, EFFECT, Column("x", Kind.COUNT, "x", unit="m", heading="The X")]
)
def test_a_copy_has_all_that_was_declared(column, again):
    assert vars(again(column)) == vars(column) and again(column) == column


@pytest.mark.parametrize(
    ("column", "heading"),
    [
        (Column("recency_days", Kind.DAYS, ""), "Recency (days)"), (Column("days", Kind.DAYS, ""), "Days"), (P_VALUE, "p"),
        (ADJUSTED_P_VALUE, "Adjusted p"), (REVENUE, "Revenue (¥)"), (Column("mean_nps", Kind.NUMBER, ""), "Mean NPS"),
        (Column("of_all_share", Kind.SHARE, "", heading="Of all"), "Of all"), (CUSTOMERS, "Customers"),
    ],
)  # fmt: skip
def test_a_heading_follows_from_name_and_kind(column, heading):
    assert column.above("CNY") == heading


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Kind.SHARE, 0.123, "12.3%"), (Kind.MONEY, 1234.5, "1,230"), (Kind.PRICE, 1288.0, "1,288"), (Kind.P_VALUE, 0.0001, "< 0.001"), (Kind.PLAIN, 2024.0, "2024"),
        (Kind.POINTS, 0.0553, "+5.5 points"), (Kind.POINTS, -0.021, "−2.1 points"), (Kind.POINTS, None, "–"), (Kind.POINTS_APART, 0.0553, "5.5 points"),
        (Kind.NUMBER, 1.5, "1.50"), (Kind.COUNT, 12345, "12,345"), (Kind.FLAG, True, "yes"), (Kind.NAME, "a", "a"), (Kind.SHARE, None, "–"),
        (Kind.SHARE, "hidden", "hidden"), (Kind.DATE, pd.Timestamp("2025-01-31"), "2025-01-31"), (Kind.PLAIN, pd.Timestamp("2025-01-31"), "2025-01-31"),
    ],
)  # fmt: skip
def test_values_are_written_by_kind_and_words_stay_words(kind, value, shown):
    assert Column("anything", kind, "").write(value) == shown


def test_a_code_is_shown_in_its_words():
    assert [STATE.write(code) for code in ("ok", "bad", "odd", None)] == ["holds", "fails", "odd", "–"]


def test_a_column_of_the_data_is_named_in_words():
    trait = Column("trait", Kind.FIELD, "what is known of customers")
    assert [trait.write(name) for name in ("recency_days", "Channel", "会员日")] == [
        "Recency (days)",
        "Channel",
        "会员日",
    ]
    with language.spoken("zh"):
        shown = [trait.write(name) for name in ("recency_days", "Channel", "会员日", None)]
        assert shown == ["距末单（天）", "渠道", "会员日", "–"]


def test_a_code_with_braces_stands_for_many():
    figure = Column("kpi", Kind.CODE, "the key figure", words={"ordered in {} days": "ordered in {} days", "none": ""})
    assert [figure.write(code) for code in ("ordered in 90 days", "none")] == ["ordered in 90 days", ""]
    assert figure.word("odd") is None and figure.word(None) is None
    with language.spoken("zh"):
        assert figure.write("ordered in 90 days") == "近 90 天下单客户占比"


def test_columns_of_the_data_within_a_code_are_named_in_words_where_it_says_so():
    rule = Column("rule", Kind.CODE, "a rule", words={"{} is before {}": "“{}” is before “{}”"}, fields=True)
    assert rule.write("ended_at is before started_at") == "“Ended at” is before “Started at”"
    assert rule.write("order_id + line is before 2,5") == "“Order id + Line” is before “2,5”"
    assert rule.but(fields=False).write("ended_at is before 2,5") == "“ended_at” is before “2,5”"


@pytest.mark.parametrize(("kind", "words"), [(Kind.CODE, None), (Kind.NAME, {"a": "b"})])
def test_codes_have_words_and_nothing_else_has(kind, words):
    with pytest.raises(ValueError, match="words go with codes"):
        Column("x", kind, "", words=words)


def test_a_pattern_stands_for_many_columns_and_a_name_comes_first():
    known = (CUSTOMERS, STAY_RATE_ON, Column("{}", Kind.MIXED, "one column for each value"))
    assert columns.declared(known, "customers") is CUSTOMERS
    rate = columns.declared(known, "stay_30d_rate")
    assert (rate, rate.kind, rate.above()) == ("stay_30d_rate", Kind.SHARE, "Stay 30d rate")
    assert columns.declared(known, "年付\n").kind is Kind.MIXED
    assert not STAY_RATE_ON.covers("stay_d_rate") and not STAY_RATE_ON.covers("stay_30d_rates")


def test_headings_and_words_are_said_in_the_language_that_is_spoken_when_they_are_written():
    outcome = Column("{}_rate", Kind.SHARE, "share of messages")
    stay = Column("stay_{}d_rate", Kind.SHARE, "share there", heading="Still there after {} days")
    known = (REVENUE, CUSTOMERS, stay, outcome, Column("{}", Kind.MIXED, "one column for each value"))
    names = ("revenue", "customers", "opened_rate", "stay_30d_rate", "channel", "会员日")
    english = [columns.declared(known, name).above("CNY") for name in names]
    assert english == ["Revenue (¥)", "Customers", "Opened rate", "Still there after 30 days", "Channel", "会员日"]
    verdict = Column("verdict", Kind.CODE, "", words={"ship": "ship", "none": ""})
    with language.spoken("zh"):
        chinese = [columns.declared(known, name).above("CNY") for name in names]
        assert chinese == ["营收（元）", "客户数", "打开率", "30 天后在籍", "渠道", "会员日"]
        assert columns.declared(known, "ordered_before_rate").above() == "此前已下单率"
        assert [verdict.write(code) for code in ("ship", "none", "odd", None)] == ["全量上线", "", "odd", "–"]


def test_a_name_that_is_not_declared_is_refused_with_the_nearest():
    with pytest.raises(LookupError, match="column = 'customer': it is not declared; .*Did you mean 'customers'?"):
        columns.declared((CUSTOMERS, REVENUE), "customer")
    with pytest.raises(LookupError, match="there are none"):
        columns.declared((), "x")


def test_only_declared_columns_are_drawn_and_only_they_have_a_heading_of_their_own():
    assert columns.one(CUSTOMERS) is CUSTOMERS
    with pytest.raises(TypeError, match="column = 'x'"):
        columns.one("x")
    assert columns.heading("first_channel") == "First channel"
    assert columns.heading(Column("x", Kind.NAME, "", heading="Of")) == "Of"


def test_codes_that_readers_see_as_they_stand_are_given_alone():
    column = Column("unit", Kind.CODE, "what it is counted in", words=("days", "{} a month"))
    assert column.words == {"days": "days", "{} a month": "{} a month"}
    assert column.write("3 a month") == "3 a month"


def test_another_column_may_say_of_what_kind_a_value_is():
    frame = pd.DataFrame({"state": ["ok", "bad", None], "effect": [0.05, 0.05, 0.05]})
    written = [
        column.write(value) for column, value in zip(columns.in_rows(EFFECT, frame), frame["effect"], strict=True)
    ]
    assert written == ["+5.0 points", "0.0500", "0.0500"]
    assert columns.in_rows(EFFECT, frame[["effect"]]) == [EFFECT] * 3  # of which nothing says what it is
    assert (EFFECT.of_kind("ok").kind, EFFECT.of_kind("bad").kind) == (Kind.POINTS, Kind.NUMBER)
