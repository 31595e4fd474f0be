"""Complaints and their controls are those of a slow loop, and so is what each did before and after."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.feedback.complaint import pairs
from helpers.analyses.feedback.complaint.pairs import complaint_days, drawn, histories
from shops import shop

FIRST, LENGTH, DAYS = pd.Timestamp("2024-01-01"), 500, 60


def test_a_customers_complaints_of_one_day_are_one_and_other_requests_are_none():
    tickets = pd.DataFrame({
        "ticket_id": list("abcdef"), "customer_id": ["x", "x", "x", "y", "y", None],
        "opened_at": pd.to_datetime(["2025-01-01 08:00", "2025-01-01 20:00", "2025-01-02 00:00", *["2025-01-03 00:00"] * 3]),
        "complaint": [True, True, True, False, None, True],
    })  # fmt: skip
    days = complaint_days(shop(tickets=tickets).tables["tickets"]).sort_values("day")
    assert days["customer_id"].tolist() == ["x", "x"]
    assert pd.to_datetime(days["day"]).dt.day.tolist() == [1, 2]


def test_histories_are_those_of_a_slow_loop(complaining, simulated):
    orders, complaints, _ = simulated(7, customers=30)
    data = complaining(orders, complaints)
    rows = histories(data, drawn(data, complaint_days(data.tables["tickets"]), DAYS, 45), DAYS)
    first = orders.groupby("customer")["day"].min()
    complained = {who: set(days) for who, days in complaints.groupby("customer")["day"]}
    last = LENGTH - 1 - DAYS
    exposed = {
        (who, day) for who, day in zip(complaints["customer"], complaints["day"], strict=True)
        if day <= last and not any(day - 45 <= other < day for other in complained[who])
    }  # fmt: skip
    controls = {
        (who, day) for _, day in exposed for who in first.index
        if first[who] <= day and not any(day - 45 <= other <= day for other in complained.get(who, ()))
    }  # fmt: skip
    keys = list(zip(rows["customer_id"].astype(int), (rows["day"] - FIRST).dt.days, strict=True))
    assert {key for key, flag in zip(keys, rows["complained"], strict=True) if flag} == exposed
    assert {key for key, flag in zip(keys, rows["complained"], strict=True) if not flag} == controls
    assert len(keys) == len(exposed) + len(controls)
    orders_of = dict(list(orders.groupby("customer")))
    for (who, day), row in zip(keys, rows.itertuples(), strict=True):
        mine = orders_of[who]
        past, later = mine[mine["day"] <= day], mine[(mine["day"] > day) & (mine["day"] <= day + DAYS)]
        assert (row.orders, row.order_days) == (len(past), past["day"].nunique())
        assert row.recent_order_days == past.loc[past["day"] > day - 90, "day"].nunique()
        assert row.spend == pytest.approx(past["amount"].sum())
        assert (row.tenure_days, row.recency_days) == (day - past["day"].min(), day - past["day"].max())
        assert row.later_spend == pytest.approx(later["amount"].sum())
        assert row.next_days == later["day"].min() - day if len(later) else np.isnan(row.next_days)


def test_of_many_pairs_so_many_are_drawn_the_same_each_time(complaining, simulated, monkeypatch):
    orders, complaints, _ = simulated(8, customers=300)
    data = complaining(orders, complaints)
    monkeypatch.setattr(pairs, "MOST_PAIRS", 2_000)
    monkeypatch.setattr(pairs, "MOST_COMPLAINTS", 25)
    once, twice = (drawn(data, complaint_days(data.tables["tickets"]), DAYS, 45) for _ in range(2))
    pd.testing.assert_frame_equal(once, twice)
    assert once["complained"].sum() == 25 and 500 < len(once) <= 2_025
