"""Numbers that Chinese characters spell, or part."""

import pytest

import columns
from helpers.data.intake.readings.amounts import numbers, numerals

SPELT = {
    "一百二十": 120, "十五": 15, "两千": 2000, "一百零五": 105, "一千零五十": 1050, "一亿": 1e8, "一万零五": 10_005,
    "一百二十三万四千五百六十七": 1_234_567, "二零二四": 2024, "壹佰贰拾元整": 120, "叁仟伍佰元": 3500, "壹拾贰万元": 120_000,
    "壹万贰仟叁佰肆拾伍元陆角柒分": 12_345.67, "人民币壹佰元整": 100, "負一百": -100, "貳拾萬": 200_000,
    "1万2千": 12_000, "1亿2000万": 120_000_000, "1亿2千万": 120_000_000, "3万5000": 35_000, "1万2,300円": 12_300, "1만 2천원": 12_000, "3만5천원": 35_000,
    "12元5角": 12.5, "12元5角3分": 12.53, "12元05分": 12.05, "5角": 0.5, "3块2毛": 3.2,
}  # fmt: skip
NOT_SPELT = ("一百二", "1千2", "1万2", "3千5", "5分", "三室一厅", "一般", "万一", "千", "元", "A一", "五", "十", "零")


class Spelled:
    """A reading that knows nothing but numbers in characters."""

    value = staticmethod(numerals.value)


@pytest.mark.parametrize("text", SPELT)
def test_characters_spell_a_number(text):
    assert numerals.is_spelled(text) and float(numerals.number(text)) == SPELT[text]


def test_the_engine_reads_what_python_reads():
    assert columns.read(Spelled, list(SPELT)) == list(SPELT.values())
    assert columns.read(Spelled, list(NOT_SPELT)) == [None] * len(NOT_SPELT)


@pytest.mark.parametrize("text", NOT_SPELT)
def test_what_may_be_two_numbers_or_is_a_word_spells_none(text):
    assert not numerals.is_spelled(text)


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["120", "一百二十", "80.5"], [120, 120, 80.5]),
        (["8元", "12元5角", "5角"], [8, 12.5, 0.5]),
        (["1.2万", "1万2千", "8,500"], [12_000, 12_000, 8500]),
        (["5천원", "1만 2천원", "3만원"], [5000, 12_000, 30_000]),
        (["5천원", "7천원"], [5000, 7000]),
        (["12", "三室一厅", "7"], [12, None, 7]),
    ],
)
def test_a_column_has_both_kinds(texts, values):
    assert columns.read(numbers.decided(columns.shaped(texts)), texts) == values


def test_that_numbers_are_spelled_is_told_and_their_money_is_known():
    reading = numbers.decided(columns.shaped(["壹佰元整", "$12"]))
    assert reading.currencies == ("$", "CNY") and "numbers in characters" in reading.told()
