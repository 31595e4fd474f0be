"""Identifiers under which a shop keeps whoever says no name."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.data import engine
from helpers.data.intake.readings.guests import SPELLED, Crowd, crowds


@pytest.fixture(scope="module")
def connection():
    return engine.connect()


def of(connection, **rows):
    ids = [name for name, times in rows.items() for _ in range(times)]
    return crowds(engine.from_frame(connection, pd.DataFrame({"customer": ids})).customer)


@pytest.mark.parametrize(
    "text", ["0", "0000", "0.0", "-1", "99999", "Walk-in customer", "GUEST 12", "Anonymous", "cash sale", "散客", "现场顾客", "线上游客"]
)  # fmt: skip
def test_zeros_nines_and_words_for_guests_are_nobody(text):
    assert SPELLED.fullmatch(text)


@pytest.mark.parametrize("text", ["10", "100", "9", "c0", "Guesthouse Miller", "Cash & Carry", "Retail Group", "客户1"])
def test_other_identifiers_are_somebody(text):
    assert not SPELLED.fullmatch(text)


def test_nobody_has_far_more_rows_than_anybody(connection):
    assert of(connection, **{"0": 30, "1": 9, "2": 8}) == [Crowd("0", 30, 47, 9, True)]
    assert of(connection, **{"0": 12, "1": 9, "2": 8}) == []  # an id that begins at 0
    assert of(connection, **{"0": 4, "1": 1, "2": 1}) == []


def test_one_customer_who_is_spelled_like_all_others_needs_a_hundred_rows_and_twenty_times_theirs(connection):
    assert of(connection, a=120, b=6, c=5) == [Crowd("a", 120, 131, 6, False)]
    assert of(connection, a=120, b=7, c=5) == [] and of(connection, a=90, b=1, c=1) == []
