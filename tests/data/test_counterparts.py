"""Who acted on a day and the controls are those of a slow loop, and so is what each bought before and after."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.data import counterparts
from helpers.data.counterparts import drawn, histories, strata
from helpers.data.datasets import Dataset
from shops import shop

FIRST, LENGTH, DAYS = pd.Timestamp("2024-01-01"), 500, 60


def bought(seed: int, customers: int) -> tuple[Dataset, pd.DataFrame, pd.DataFrame]:
    """A shop, its orders and what customers did otherwise (customer, day), days counted from the first."""
    rng = np.random.default_rng(seed)
    orders = pd.DataFrame(
        {"customer": rng.integers(0, customers, 12 * customers), "amount": 10.0 + np.arange(12 * customers) % 7}
    )
    orders["day"] = rng.integers(0, LENGTH, len(orders))
    acts = pd.DataFrame(
        {"customer": rng.integers(0, customers, 2 * customers), "day": rng.integers(0, LENGTH, 2 * customers)}
    )
    rows = pd.DataFrame({
        "order_id": np.arange(len(orders)).astype(str), "customer_id": orders["customer"].astype(str),
        "ordered_at": FIRST + pd.to_timedelta(orders["day"], unit="D"), "amount": orders["amount"],
    })  # fmt: skip
    return shop(as_of=(FIRST + pd.Timedelta(days=LENGTH - 1)).date(), orders=rows), orders, acts.drop_duplicates()


def dated(acts: pd.DataFrame) -> pd.DataFrame:
    day = FIRST + pd.to_timedelta(acts["day"], unit="D")
    return pd.DataFrame({"customer_id": acts["customer"].astype(str), "day": day})


def test_histories_are_those_of_a_slow_loop():
    data, orders, acts = bought(7, customers=30)
    rows = histories(data, drawn(data, dated(acts), DAYS, 45), DAYS)
    first = orders.groupby("customer")["day"].min()
    acted = {who: set(days) for who, days in acts.groupby("customer")["day"]}
    last = LENGTH - 1 - DAYS
    exposed = {
        (who, day) for who, day in zip(acts["customer"], acts["day"], strict=True)
        if first[who] <= day <= last and not any(day - 45 <= other < day for other in acted[who])
    }  # fmt: skip
    controls = {
        (who, day) for _, day in exposed for who in first.index
        if first[who] <= day and not any(day - 45 <= other <= day for other in acted.get(who, ()))
    }  # fmt: skip
    keys = list(zip(rows["customer_id"].astype(int), (rows["day"] - FIRST).dt.days, strict=True))
    assert {key for key, flag in zip(keys, rows["acted"], strict=True) if flag} == exposed
    assert {key for key, flag in zip(keys, rows["acted"], strict=True) if not flag} == controls
    assert len(keys) == len(exposed) + len(controls)
    orders_of = dict(list(orders.groupby("customer")))
    for (who, day), row in zip(keys, rows.itertuples(), strict=True):
        mine = orders_of[who]
        past, later = mine[mine["day"] <= day], mine[(mine["day"] > day) & (mine["day"] <= day + DAYS)]
        assert (row.orders, row.order_days) == (len(past), past["day"].nunique())
        assert row.recent_order_days == past.loc[past["day"] > day - 90, "day"].nunique()
        assert row.spend == pytest.approx(past["amount"].sum())
        assert row.recent_spend == pytest.approx(past.loc[past["day"] > day - 90, "amount"].sum())
        assert (row.tenure_days, row.recency_days) == (day - past["day"].min(), day - past["day"].max())
        assert row.later_spend == pytest.approx(later["amount"].sum())
        assert row.next_days == later["day"].min() - day if len(later) else np.isnan(row.next_days)


def test_of_many_pairs_so_many_are_drawn_the_same_each_time(monkeypatch):
    data, _, acts = bought(8, customers=300)
    monkeypatch.setattr(counterparts, "MOST_PAIRS", 2_000)
    monkeypatch.setattr(counterparts, "MOST_ACTS", 25)
    once, twice = (drawn(data, dated(acts), DAYS, 45) for _ in range(2))
    pd.testing.assert_frame_equal(once, twice)
    assert once["acted"].sum() == 25 and 500 < len(once) <= 2_025


def test_customers_of_one_stratum_had_bought_alike_in_the_same_month():
    day = pd.Timestamp("2025-03-05")
    rows = pd.DataFrame({"day": day, "tenure_days": [40, 80, 100, 40], "recency_days": [4, 14, 4, 4], "order_days": 2,
                         "spend": 10.0, "acted": True})  # fmt: skip
    rows.loc[3, "day"] = pd.Timestamp("2025-04-05")
    first, same, longer, later = strata(rows)
    assert first == same and len({first, longer, later}) == 3
