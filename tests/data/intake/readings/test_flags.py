"""Texts read as flags."""

import pytest

import columns
from helpers.data.intake.readings import flags
from helpers.data.intake.readings.shapes import Shape


@pytest.mark.parametrize(
    "pair",
    ["TRUE FALSE", "T F", "yes no", "Yes NO", "Y N", "是 否", "有 无", "1 0", "1.0 0.0", "１ ０", "on off",
     "checked Unchecked", "✓ ✗", "✔️ ❌", "√ ×", "已付款 未付款", "ja nein", "sí no", "Oui NON", "да НЕТ", "对 错",
     "ＹＥＳ ＮＯ", "네 아니요", "WAHR FALSCH", "VERDADERO FALSO", "对的 不对", "同意 不同意", "需要 不需要", "-1 0",
     ".T. .F.", "kyllä ei", "ano ne", "igen nem", "tak nie", "так ні", "ya tidak", r"\x01 \x00", "b'1' b'0'", r"b'\x01' b'\x00'"],
)  # fmt: skip
def test_both_words_of_a_pair_are_read(pair):
    words = pair.split()
    reading = flags.decided(columns.shaped(words))
    assert columns.read(reading, words) == [True, False]
    assert all(map(reading.fits, columns.shaped(words)))


def test_blanks_around_are_ignored():
    assert columns.read(flags.FlagReading(), [" yes", "N ", "\t1"]) == [True, False, True]


def test_what_is_no_flag_is_null():
    words = ["2", "0.5", "maybe", "未知", "未定", "yesterday", "", "11", "10"]
    assert columns.read(flags.FlagReading(), words) == [None] * len(words)
    assert not any(map(flags.FlagReading().fits, columns.shaped(words)))


def test_a_shape_of_digits_fits_where_its_least_and_greatest_do():
    assert flags.FlagReading().fits(Shape("9", 10, "0", "1"))
    assert not flags.FlagReading().fits(Shape("9", 10, "0", "5"))


def test_words_of_every_program_go_without_saying_and_others_are_told():
    assert flags.decided(columns.shaped(["yes", "no", "TRUE", "0"])).told() == ""
    assert flags.decided(columns.shaped(["已付款", "已付款", "未付款", "是"])).told() == "已付款, 是/未付款"


def test_a_reading_is_known_by_what_it_does_and_not_by_the_words_it_met():
    assert repr(flags.decided(columns.shaped(["是"]))) == repr(flags.decided(columns.shaped(["yes", "no"])))
