"""Months and weekdays are known by their names in many languages, and by no other word."""

from __future__ import annotations

import re

import ibis
import pytest

from helpers.data.intake.readings.dates import months


@pytest.mark.parametrize(
    ("name", "number"),
    [("March", "03"), ("Mrz", "03"), ("août", "08"), ("fevrier", "02"), ("ene", "01"), ("março", "03"), ("lug", "07"),
     ("мая", "05"), ("grudnia", "12"), ("Aralık", "12"), ("มี.ค", "03")],
)  # fmt: skip
def test_a_name_has_the_number_of_its_month(name, number):
    assert re.fullmatch(months.pattern(), name, re.IGNORECASE)
    assert months.number(ibis.literal(name).lower()).execute() == number


@pytest.mark.parametrize("name", ["jan", "september", "sept", "dec"])
def test_english_names_are_known_by_their_initials(name):
    expected = int(months.number(ibis.literal(name)).execute())
    assert int(months.number(ibis.literal(name), months.ENGLISH).execute()) == expected


def test_no_name_is_of_two_months_in_two_languages():
    named = {}
    for texts in months._texts("months", months.LANGUAGES):
        for number, text in texts.items():
            for name in months._spellings(text):
                assert named.setdefault(name, number) == number, name


def test_a_weekday_that_may_be_a_month_is_none():
    assert re.fullmatch(months.weekdays(), "lundi") and not re.fullmatch(months.weekdays(), "mar")
    assert not re.fullmatch(months.weekdays(least=3), "di")
