"""Customers of two kinds with planted tastes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.segmentation.groups import Groups, group
from helpers.data.datasets import Dataset
from shops import shop

SIZE = 100  # of each of two groups


@pytest.fixture(scope="session")
def tables() -> dict[str, pd.DataFrame]:
    """Even customers (the group "even") buy books in the morning, odd ones toys in the evening, one in five the other
    way round; gender is drawn apart from both. Even ones complain more and score lower."""
    rng = np.random.default_rng(9)
    ids = np.array([f"c{n:03}" for n in range(2 * SIZE)])
    odd = np.arange(2 * SIZE) % 2
    taste = np.where(rng.random(2 * SIZE) < 0.2, 1 - odd, odd)
    orders = pd.DataFrame(
        {
            "order_id": ids,
            "customer_id": ids,
            "amount": 10.0 + 90 * odd,
            "ordered_at": pd.Timestamp("2025-06-02") + pd.to_timedelta(np.where(taste, 20, 8), unit="h"),
        }
    )
    return {
        "customers": pd.DataFrame(
            {
                "customer_id": ids,
                "gender": rng.choice(["女", "男"], 2 * SIZE),
                "birth_year": rng.choice([1980, 2000], 2 * SIZE),
            }
        ),
        "orders": orders,
        "order_items": pd.DataFrame({"order_id": ids, "category": np.where(taste, "toys", "books"), "amount": 1.0}),
        "tickets": pd.DataFrame({"ticket_id": ids[::4], "customer_id": ids[::4], "days_ago": 3, "complaint": True}),
        "surveys": pd.DataFrame(
            {
                "customer_id": [*ids, *ids],
                "question": ["NPS"] * (4 * SIZE),
                "days_ago": [9] * (2 * SIZE) + [2] * (2 * SIZE),
                "score": [10] * (2 * SIZE) + (6 + 2 * odd + rng.integers(-1, 2, 2 * SIZE)).tolist(),
            }
        ),
    }


@pytest.fixture(scope="session")
def data(tables) -> Dataset:
    return shop(**tables)


@pytest.fixture(scope="session")
def sides(data) -> Groups:
    ids = pd.Index(data.customers["customer_id"], name="customer_id")
    sides = pd.Series(["odd" if int(name[1:]) % 2 else "even" for name in ids], ids, name="side")
    return group(data, sides, {"even": "even numbers", "odd": "odd numbers"})
