"""A mistyped parameter is met in one sentence that names it, its value, the rule and the remedy."""

import datetime as dt
import re
from enum import StrEnum

import numpy as np
import pytest

from helpers import parameters


class Way(StrEnum):
    UP = "up"


@pytest.mark.parametrize(
    ("value", "day"),
    [("2025-06-30", dt.date(2025, 6, 30)), (dt.date(2025, 6, 30), dt.date(2025, 6, 30)),
     (dt.datetime(2025, 6, 30, 23, 59), dt.date(2025, 6, 30)), ("20250630", dt.date(2025, 6, 30)), ("", None), (None, None)],
)  # fmt: skip
def test_a_day_is_read_from_text_date_or_nothing(value, day):
    found = parameters.date("as_of", value)
    assert found == day and type(found) is type(day)


@pytest.mark.parametrize("value", ["30/06/2025", "2025-02-30", "today", 2025])
def test_what_is_no_day_is_refused(value):
    with pytest.raises(ValueError, match=re.escape(f"as_of = {value!r}: write a date as 'YYYY-MM-DD'.")):
        parameters.date("as_of", value)


@pytest.mark.parametrize("value", [1, 7, 7.0, 2.5])
def test_a_number_within_limits_comes_back_as_it_is(value):
    assert parameters.between("days", value, 1, 7) is value


@pytest.mark.parametrize("value", [0, 7.5, True, "3", None, float("nan"), np.inf])
def test_a_number_out_of_limits_and_what_is_no_number_are_refused(value):
    with pytest.raises(ValueError, match=r"^days = .*: give a number from 1 to 7\.$"):
        parameters.between("days", value, 1, 7)


def test_a_choice_is_one_of_those_there_are_and_the_nearest_is_offered():
    assert parameters.one_of("mode", "plan", ("read", "plan")) == "plan"
    assert parameters.one_of("way", "up", Way) is Way.UP
    with pytest.raises(ValueError, match="Did you mean 'up'"):
        parameters.one_of("way", "upp", Way)
    with pytest.raises(ValueError, match=r"^mode = 'paln': choose one of read, plan\. Did you mean 'plan'\?$"):
        parameters.one_of("mode", "paln", ("read", "plan"))
    with pytest.raises(ValueError, match=r"^mode = 'x': choose one of read, plan\.$"):
        parameters.one_of("mode", "x", ("read", "plan"))


def test_hint_names_what_is_near_or_else_all_that_is_known():
    assert parameters.hint("amuont", ["refund", "amount"]) == " Did you mean 'amount'?"
    assert parameters.hint("zzz", ["refund", "amount"]) == " Known: amount, refund."


@pytest.mark.parametrize("value", ["9999-12-31", "2251-01-01", dt.date(1, 1, 1), dt.datetime(1699, 12, 31)])
def test_a_day_that_no_table_can_hold_is_told(value):
    with pytest.raises(ValueError, match=r"^as_of = '.*': write a day of the years 1700 to 2250\.$"):
        parameters.date("as_of", value)
