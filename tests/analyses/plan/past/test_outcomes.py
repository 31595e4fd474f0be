"""What customers did in the days after a plan and before it, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import shops
from helpers.analyses.plan.past.outcomes import outcomes

ROWS = pd.DataFrame(
    {"customer_id": ["a", "b", "c"], "plan_on": pd.to_datetime(["2025-04-01"] * 3).astype("datetime64[us]")}
)


def ordered(**more):
    times = ["2025-03-31 10:00", "2025-04-01 09:00", "2025-06-29 23:00", "2025-06-30 01:00"]
    return {"customer_id": ["a", "a", "b", "c"], "order_id": list("1234"), "amount": [5.0, 10.0, 20.0, 40.0],
            "ordered_at": pd.to_datetime(times)} | more  # fmt: skip


def test_the_plans_day_counts_and_the_ninetieth_is_the_last():
    found = outcomes(shops.shop(orders=ordered()), ROWS, 90).set_index("customer_id")
    assert found["ordered"].tolist() == [1, 1, 0]
    assert found["spend"].tolist() == [10, 20, 0]
    assert found["spend_before"].tolist() == [5, 0, 0]
    assert found["left"].tolist() == [0, 0, 1]  # without contracts: who is silent


def test_a_horizon_that_is_open_says_nothing_yet():
    found = outcomes(shops.shop(orders=ordered()), ROWS, 92)
    assert found[["ordered", "spend", "left"]].isna().all(axis=None)
    assert found["spend_before"].tolist() == [5, 0, 0]


def test_contracts_leave_when_they_end_and_bring_their_price_by_the_day():
    contracts = {
        "customer_id": ["a", "b", "d"],
        "started_at": pd.to_datetime(["2025-01-01", "2025-04-20", "2025-01-01"]),
        "ended_at": pd.to_datetime(["2025-05-01", None, None]),
        "price": [30.4375, 30.4375, 10.0],
    }
    rows = pd.concat([ROWS, ROWS.head(1).assign(customer_id="d")], ignore_index=True)
    found = outcomes(shops.shop(subscriptions=contracts), rows, 60).set_index("customer_id")
    assert found.loc["a", "left"] == 1 and found.loc["d", "left"] == 0
    assert np.isnan(found.loc["b", "left"]) and np.isnan(found.loc["c", "left"])  # no contract on the plan's day
    assert found["spend"].tolist() == pytest.approx([30, 41, 0, 10 * 60 / 30.4375])
    assert found.loc["a", "spend_before"] == pytest.approx(60)


def test_later_facts_change_nothing():
    early = shops.shop(orders=ordered())
    late = ordered()
    late = {name: [*values, new] for (name, values), new in zip(late.items(), ["c", "5", 99.0, pd.Timestamp("2025-07-02")], strict=True)}  # fmt: skip
    pd.testing.assert_frame_equal(outcomes(early, ROWS, 90), outcomes(shops.shop(orders=late), ROWS, 90))
