"""Intervals of the calendar: where they begin, what they are called, when they are over."""

from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.engagement.clock import WEEK_STARTS, Clock


@pytest.mark.parametrize(
    ("clock", "starts"),
    [
        (Clock(dt.date(2024, 3, 1), "day", 2), ["2024-02-29", "2024-03-01", "2024-03-02"]),
        (Clock(dt.date(2025, 1, 31), "month", 2), ["2024-12-01", "2025-01-01", "2025-02-01"]),
        (Clock(dt.date(2025, 1, 1), "week", 1), ["2024-12-30", "2025-01-06"]),
        (Clock(dt.date(2025, 1, 1), "week", 1, week_start="wednesday"), ["2025-01-01", "2025-01-08"]),
    ],
)
def test_the_last_interval_holds_the_last_day(clock, starts):
    assert clock.starts.strftime("%Y-%m-%d").to_list() == starts


@pytest.mark.parametrize("interval", ["day", "week", "month"])
@pytest.mark.parametrize("week_start", WEEK_STARTS)
def test_the_place_of_a_time_is_that_of_the_start_before_it(interval, week_start):
    clock = Clock(dt.date(2024, 3, 10), interval, 9, week_start=week_start)
    times = pd.date_range("2024-02-01 23:59:59", "2024-03-10 23:59:59", freq="7h13min").astype("datetime64[us]")
    rows = ibis.memtable(pd.DataFrame({"at": times}))
    places = rows.select("at", place=clock.index(rows["at"])).execute().sort_values("at")
    expected = np.searchsorted(clock.starts, places["at"], side="right") - 1
    inside = places["at"] >= clock.starts[0]
    assert (places["place"] == expected)[inside].all() and (places["place"][~inside] < 0).all() and inside.any()


def test_an_interval_of_the_calendar_is_complete_once_its_last_day_is_over():
    places = pd.Series(range(3)), pd.Series([0, 0, 0])
    assert Clock(dt.date(2025, 3, 31), "month", 3).complete(*places).to_list() == [True, True, True]
    assert Clock(dt.date(2025, 3, 30), "month", 3).complete(*places).to_list() == [True, True, False]


def test_a_rolling_window_is_complete_once_it_is_over_for_the_last_customer_of_the_cohort():
    """Who began on 31 January has had 30 days after the first 30 on 31 March, and not before."""
    place = pd.Series([0]), pd.Series([1])
    days = [dt.date(2025, 3, day) for day in (31, 30)]
    assert [Clock(day, "month", 3, "rolling").complete(*place).item() for day in days] == [False, False]
    assert Clock(dt.date(2025, 4, 1), "month", 4, "rolling").complete(*place).item()
    assert not Clock(dt.date(2025, 4, 1), "month", 3, "rolling").complete(*place).item()


def test_intervals_are_called_by_month_or_by_their_first_day():
    place = pd.Series([1], index=[7])
    assert Clock(dt.date(2025, 3, 5), "month", 3).named(place).to_dict() == {7: "2025-02"}
    assert Clock(dt.date(2025, 3, 5), "week", 2).named(place).to_dict() == {7: "2025-03-03"}


def test_what_was_later_or_names_nobody_is_not_observed_and_instants_are_read_on_the_clocks_of_the_zone():
    instants = pd.to_datetime(["2025-01-31 15:59", "2025-01-31 16:00"], utc=True).astype("datetime64[us, UTC]")
    rows = ibis.memtable(pd.DataFrame({"customer_id": ["p", "q"], "at": instants}))
    seen = Clock(dt.date(2025, 1, 31), zone="Asia/Shanghai").observed(rows, "at").execute()
    assert seen["customer_id"].to_list() == ["p"] and seen["at"].to_list() == [pd.Timestamp("2025-01-31 23:59")]
    nameless = rows.mutate(customer_id=ibis.null("string"))
    assert Clock(dt.date(2025, 2, 28)).observed(nameless, "at").count().execute() == 0


def test_what_there_is_not_is_refused():
    with pytest.raises(ValueError, match="intervals = 61: give a number from 1 to 60"):
        Clock(dt.date(2025, 1, 1), intervals=61)
    for wrong in ({"interval": "year"}, {"kind": "lunar"}, {"week_start": "sun"}):
        with pytest.raises(ValueError, match="choose one of"):
            Clock(dt.date(2025, 1, 1), **wrong)
