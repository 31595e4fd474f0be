"""The bounds of a day."""

import datetime as dt

import ibis
import pandas as pd

from helpers.data.days import morning, night


def test_a_day_runs_from_its_morning_to_its_night():
    day = dt.date(2024, 2, 29)
    assert morning(day).execute() == pd.Timestamp("2024-02-29")
    assert night(day).execute() == pd.Timestamp("2024-03-01")


def test_one_days_night_is_the_next_ones_morning():
    assert night(dt.date(2025, 12, 31)).execute() == morning(dt.date(2026, 1, 1)).execute()


def test_the_last_moment_of_a_day_lies_within_it_and_midnight_after_it_does_not():
    day = dt.date(2025, 6, 30)
    times = ["2025-06-29 23:59:59.999999", "2025-06-30", "2025-06-30 23:59:59.999999", "2025-07-01"]
    rows = ibis.memtable(pd.DataFrame({"at": pd.to_datetime(times, format="ISO8601")}))
    within = (rows["at"] >= morning(day)) & (rows["at"] < night(day))
    assert rows.mutate(within=within).order_by("at").execute()["within"].tolist() == [False, True, True, False]
