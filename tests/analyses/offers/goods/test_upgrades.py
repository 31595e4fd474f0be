"""Moves to a dearer plan, beside customers who kept theirs: on contracts whose truth is known."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from dearer_plans import shop_of
from helpers.analyses.offers.goods.upgrades import moved_up, watched
from helpers.findings import NotApplicable
from shops import shop


@pytest.mark.parametrize("renews", [False, True])
def test_customers_who_leave_as_others_alike_are_not_told_although_they_leave_less_than_all(renews):
    """The naive number: whoever moves has been there for a year, and few leave after a year."""
    found = moved_up(shop_of(1500, renews=renews))
    assert found.at_renewal == renews
    assert words_of(found).startswith("No evidence that customers who move to a dearer plan leave more, or less")
    if not renews:
        assert found.unlike < -0.02, "beside everybody they would seem to stay for their plan"
    assert found.every.difference[1] < 0 < found.every.difference[2]


@pytest.mark.parametrize("renews", [False, True])
def test_that_they_leave_three_times_as_fast_is_told_with_what_they_pay(renews):
    found = moved_up(shop_of(1500, ratio=3.0, renews=renews))
    assert words_of(found).startswith("More leave after moving to a dearer plan")
    row = found.table.iloc[0]
    assert row["move"] == "basic → gold" and row["price_rise"] == 20 and row["adjusted_p_value"] < 0.001
    assert row["moved"] == found.every.moved and row["moved_left_rate"] == found.every.left[0]
    assert 0 < found.every.paid[1] < found.every.paid[0] < 20 * 180 / 30


def test_rows_are_those_of_a_loop_over_contracts():
    """By hand: a1 moved and left in time, a2 moved and stayed, b kept, c moved down, d rose at the same plan."""
    rows = [
        ("a1", "2024-01-10", "2024-06-10", "basic", 10), ("a1", "2024-06-10", "2024-09-08", "gold", 30),
        ("a2", "2024-01-10", "2024-06-20", "basic", 10), ("a2", "2024-06-21", None, "gold", 30),
        ("b", "2023-01-10", "2024-12-31", "basic", 10),
        ("c", "2024-01-10", "2024-06-10", "gold", 30), ("c", "2024-06-10", None, "basic", 10),
        ("d", "2024-01-10", "2024-06-10", "basic", 10), ("d", "2024-06-10", None, "basic", 12),
        ("late", "2024-01-10", "2025-03-01", "basic", 10), ("late", "2025-03-01", None, "gold", 30),
        ("paused", "2024-01-10", "2024-06-10", "basic", 10), ("paused", "2024-07-10", None, "gold", 30),
        ("both", "2024-01-10", None, "basic", 10), ("both", "2024-06-10", None, "gold", 30),
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["customer_id", "started_at", "ended_at", "plan", "price"])
    frame = frame.assign(**{name: pd.to_datetime(frame[name]) for name in ("started_at", "ended_at")})
    seen, at_renewal = watched(shop(subscriptions=frame, as_of=dt.date(2025, 6, 30)))
    moved = seen[seen["moved"]].set_index("customer_id")
    assert not at_renewal and sorted(moved.index) == ["a1", "a2"]
    assert moved.loc["a1", ["left", "tenure_days"]].tolist() == [1, 152]
    assert moved.loc["a1", "paid"] == pytest.approx(30 * 90 / 30.4375, rel=1e-3)
    assert moved.loc["a2", ["left", "tenure_days"]].tolist() == [0, 163]
    others = seen[~seen["moved"]]
    assert sorted(others.loc[others["plan"] == "basic", "customer_id"]) == [
        "a1",
        "a2",
        "b",
        "both",
        "d",
        "late",
        "paused",
    ]
    assert (others["day"] == pd.Timestamp("2024-06-01")).all()


def test_moves_of_few_are_one_group_and_names_do_not_matter():
    rng = np.random.default_rng(3)
    base = shop_of(1500, ratio=3.0).tables["subscriptions"].execute()
    rare = rng.choice(base.index[base["plan"] == "gold"], 12, replace=False)
    base.loc[rare, "plan"] = "pro"
    found = moved_up(shop(subscriptions=base))
    assert not found.table["move"].str.contains("pro").any()
    renamed = base.assign(customer_id="x" + base["customer_id"].str[::-1])
    pd.testing.assert_frame_equal(moved_up(shop(subscriptions=renamed)).table, found.table)


def test_without_plans_or_movers_it_is_said_what_to_export():
    assert isinstance(moved_up(shop()), NotApplicable)
    one = pd.DataFrame(
        {"customer_id": ["a"], "started_at": pd.Timestamp("2024-01-01"), "plan": "a", "price": [float("nan")]}
    )
    assert "plan and price" in words_of(moved_up(shop(subscriptions=one)))
