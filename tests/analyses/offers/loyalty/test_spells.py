"""Who is in which tier on which day: four customers by hand, the edges of the window included."""

from __future__ import annotations

import datetime as dt

import pytest

from helpers.analyses.offers.loyalty.spells import spells
from helpers.data.intake.wording.programme import Tier

LOW, HIGH = Tier("low", 100, 30), Tier("high", 200, 60)
ORDERS = [
    ("first day of the window", 29, 100.0),
    ("a day before it", 30, 100.0),
    ("at the higher threshold", 59, 150.0),
    ("at the higher threshold", 0, 50.0),
    ("gave it back", 3, 150.0),
    ("gave it back", 2, -60.0),
    ("long ago", 150, 500.0),
]
CUSTOMERS = sorted({name for name, _ago, _amount in ORDERS})


@pytest.fixture(scope="module")
def history(ruled):
    return spells(ruled(ORDERS), [30, 60])


def test_the_window_has_both_its_ends(history):
    placed = dict(zip(CUSTOMERS, history.tiers([LOW, HIGH])[:, 0], strict=True))
    assert placed == {
        "first day of the window": 0,
        "a day before it": -1,
        "at the higher threshold": 1,
        "gave it back": -1,
        "long ago": -1,
    }


def test_months_begin_where_the_longest_window_was_seen(history):
    assert history.days == tuple(dt.date(2025, 6, 30) - dt.timedelta(days=ago) for ago in (0, 30, 61, 91))
    assert history.years == pytest.approx(91 / 365)


def test_what_is_paid_belongs_to_the_month_of_its_day(history):
    of = {name: row for row, name in enumerate(CUSTOMERS)}
    assert history.paid[of["a day before it"]].tolist() == [0, 100, 0]
    assert history.paid[of["gave it back"]].tolist() == [90, 0, 0]
    assert history.paid[of["at the higher threshold"]].tolist() == [50, 150, 0]


def test_too_short_a_history_has_no_months(ruled):
    assert spells(ruled([("a", 50, 10.0)]), [30]) is None
    assert spells(ruled([("a", 3, -10.0)]), [30]) is None
