"""Customers with visits and orders, for scores over any table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.data.datasets import Dataset
from shops import shop


@pytest.fixture(scope="session")
def visits() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    rows = [(f"c{n:02}", day) for n in range(60) for day in rng.integers(0, 200, rng.integers(1, 9))]
    return pd.DataFrame(rows, columns=["customer_id", "days_ago"]).assign(event="visit", content="page")


@pytest.fixture(scope="session")
def data(visits) -> Dataset:
    """60 customers with visits, 5 of them without a word about them elsewhere, 40 with orders, 3 more who only
    registered."""
    orders = pd.DataFrame({"customer_id": [f"c{n:02}" for n in range(40)], "days_ago": range(40)})
    orders = orders.assign(
        order_id=[f"o{n}" for n in range(40)],
        amount=np.arange(40) * 10.0,
        refund=1.0,
        cancelled=np.arange(40) % 10 == 0,
    )
    items = pd.DataFrame({"order_id": [f"o{n}" for n in range(40) for _ in range(1 + n % 3)]}).assign(amount=5.0)
    members = pd.DataFrame({"customer_id": [*(f"c{n:02}" for n in range(55)), "r1", "r2", "r3"]})
    return shop(events=visits, orders=orders, order_items=items, customers=members)
