"""Lots are the same all season, and other ones in the next."""

import datetime as dt

import pandas as pd

import shops
from helpers.analyses.plan.assignment import lots

CUSTOMERS = pd.Index([f"c{place}" for place in range(400)])
DATA = shops.shop(orders={})


def test_a_season_is_named_by_its_first_day():
    assert lots.season(dt.date(2020, 1, 1), 182) == lots.season(dt.date(2020, 6, 30), 182) == "2020-01-01"
    assert lots.season(dt.date(2020, 7, 1), 182) == "2020-07-01"


def test_the_same_are_held_out_all_season():
    first, later, next_season = (
        lots.drawn(DATA, "offer", CUSTOMERS, 0.5, day) for day in map(dt.date.fromisoformat, ("2025-01-06", "2025-05-05", "2025-09-01"))
    )  # fmt: skip
    assert (first == later).all()
    assert 0.3 < (first == next_season).mean() < 0.7


def test_one_in_twenty_is_held_out_of_everything():
    assert 5 < len(lots.kept_out(DATA, CUSTOMERS, dt.date(2025, 1, 6))) < 40
