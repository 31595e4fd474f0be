"""Days that stand for none, and days far after all others, are no facts."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from helpers.data.intake.rows import strays
from shops import shop

LAST = dt.date(2024, 4, 9)


def tables(**closed: str):
    """A hundred daily orders, and tickets opened in their first days and `closed` then; one was opened decades later."""
    days = pd.date_range("2024-01-01", "2024-04-09")
    return shop(
        as_given=True,
        orders={"order_id": range(100), "customer_id": "a", "ordered_at": days},
        tickets={
            "ticket_id": list(closed),
            "customer_id": "a",
            "opened_at": pd.to_datetime(["2044-01-01"] + ["2024-01-02"] * (len(closed) - 1)),
            "closed_at": pd.to_datetime(list(closed.values())),
        },
    ).tables


def test_a_time_far_after_all_else_is_a_stray_in_a_table_of_its_own_too():
    found = strays.of(tables(a="2044-01-03"))
    assert found.newest == LAST
    assert found.strays == {("tickets", "opened_at"), ("tickets", "closed_at")}
    assert {place: each.to_dict() for place, each in found.beyond.items()} == {
        ("tickets", "opened_at"): {dt.date(2044, 1, 1): 1},
        ("tickets", "closed_at"): {dt.date(2044, 1, 3): 1},
    }


def test_a_table_of_more_rows_than_accidents_goes_on_after_the_others():
    days = pd.date_range("2026-01-01", periods=11, freq="7D")
    later = {"customer_id": "a", "event": "visit", "happened_at": days}
    events = shop(as_given=True, events=later).tables["events"]
    found = strays.of(tables(a="2024-01-03") | {"events": events})
    assert found.newest == days[-1].date() and ("events", "happened_at") not in found.beyond


def test_an_end_far_ahead_is_no_stray_for_it_only_says_that_a_row_still_runs():
    starts = pd.date_range("2024-01-01", periods=20)
    ends = [pd.Timestamp("2052-05-05"), *starts[1:10] + pd.Timedelta(days=40), *[None] * 10]
    rows = {"customer_id": range(20), "started_at": starts, "ended_at": ends}
    found = strays.of(shop(as_given=True, subscriptions=rows).tables)
    assert found.newest == dt.date(2024, 2, 19) and found.strays == frozenset()
    assert list(found.beyond) == [("subscriptions", "ended_at")]


def test_tables_without_days_have_no_newest():
    assert strays.of({}) == strays.Days()
