"""How many intervals customers are there in: the published case, and lines that point at nobody."""

from __future__ import annotations

import datetime as dt

import ibis
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.profiling.engagement.active_days import Stickiness, stickiness, stickiness_counts
from helpers.analyses.profiling.engagement.clock import Clock
from helpers.findings import NotApplicable
from shops import shop


def rows() -> ibis.Table:
    days = {"p1": range(11, 20), "p2": (11, 13, 15, 17, 19)}
    facts = [(who, dt.datetime(2020, 1, day, 12)) for who, when in days.items() for day in when]
    return ibis.memtable(pd.DataFrame(facts, columns=["customer_id", "at"]))


@pytest.mark.parametrize(
    ("clock", "expected"),
    [
        (Clock(dt.date(2020, 1, 19), "day", 9), {5: 1, 9: 1}),
        (Clock(dt.date(2020, 1, 19), "week", 3, week_start="sunday"), {3: 2}),
        (Clock(dt.date(2020, 1, 19), "month", 1), {1: 2}),
    ],
)
def test_numbers_of_active_intervals_equal_the_published_ones(clock, expected):
    """Case S1 of behaviour.md (PostHog stickiness tests)."""
    found = stickiness_counts(rows(), clock, "at").set_index("intervals_there")["customers"]
    assert found[found > 0].to_dict() == expected


def test_who_was_there_before_the_span_only_is_not_counted():
    found = stickiness_counts(rows(), Clock(dt.date(2020, 1, 20), "day", 2), "at")
    assert found["customers"].to_list() == [2, 0] and found["share"].to_list() == [1, 0]


def test_lines_of_the_table_hold_five_customers_at_least_and_lose_none():
    customers = [40, 3, 6, 7, 0, 0, 1, 0, 0, 0, 0, 2]
    counts = pd.DataFrame({"intervals_there": range(1, 13), "customers": customers})
    shown = Stickiness(counts, Clock(dt.date(2020, 12, 31)), "orders").summary()
    assert shown["months_there"].to_list() == ["1", "2–3", "4–12"]
    assert shown["customers"].to_list() == [40, 9, 10]
    assert shown["share"].sum() == pytest.approx(1)


def test_readers_see_the_same_lines_in_the_figure_as_in_the_table():
    customers = [40, 30, 26, 17, 0, 0, 1, 0, 0, 0, 0, 12]
    counts = pd.DataFrame({"intervals_there": range(1, 13), "customers": customers})
    found = Stickiness(counts, Clock(dt.date(2020, 12, 31)), "orders")
    drawn = found.for_readers().plot()
    assert [text.get_text() for text in drawn.get_yticklabels()] == found.to_show()["months_there"].to_list()
    assert [text.get_text() for text in drawn.texts][0] == "40  (31.7%)"


def test_the_headline_counts_who_came_once_and_the_mean():
    """Four come in one month of the year, two in three: (4 + 6) / 6."""
    days = [(f"c{n}", dt.datetime(2025, month, 5)) for n in range(6) for month in ((2, 3, 4) if n < 2 else (2,))]
    orders = pd.DataFrame(days, columns=["customer_id", "ordered_at"]).assign(cancelled=False)
    data = shop(orders=orders, as_of=dt.date(2025, 12, 31))
    headline = words_of(stickiness(data))
    assert headline.startswith(
        "Of the customers who ordered in the last 12 months, 66.7% did so in one month only. 6 cust"
    )
    assert headline.endswith("On average 1.67 of 12 months.")
    assert [bar.get_width() for bar in stickiness(data).plot().patches] == [6]
    assert isinstance(stickiness(data, intervals=3), NotApplicable)
    assert isinstance(stickiness(data, "touches"), NotApplicable)
