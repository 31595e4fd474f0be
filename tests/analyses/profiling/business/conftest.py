"""A shop small enough to be counted by hand, and the demo's key figures."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.analyses.profiling.business.key_figures import Kpis, kpis
from helpers.analyses.profiling.business.key_shares import Rates, rates
from helpers.data.datasets import Dataset
from shops import shop, words

ORDERS = pd.DataFrame(
    [
        ("o1", "c1", "2025-01-05", 100.0, 0.0, False, "2025-01-05"),
        ("o2", "c1", "2025-06-20", 50.0, 10.0, False, "2025-06-20"),
        ("o3", "c2", "2025-06-21", 200.0, 0.0, False, "2025-06-21"),
        ("o4", "c2", "2025-06-22", 80.0, 0.0, True, None),
        ("o5", "c3", "2025-04-10", 60.0, 0.0, False, "2025-04-10"),
        ("o6", "ghost", "2025-06-25", 40.0, 0.0, False, None),
    ],
    columns=["order_id", "customer_id", "ordered_at", "amount", "refund", "cancelled", "paid_at"],
).astype({"ordered_at": "datetime64[us]", "paid_at": "datetime64[us]"})
JOINED = {f"c{day}": f"2025-01-{day:02d}" for day in range(1, 11)}


@pytest.fixture(scope="session")
def corner_shop() -> Dataset:
    """Six orders of four customers, one of them unknown to the customer table, which names ten; the last day is 30 June."""
    customers = pd.DataFrame({"customer_id": list(JOINED), "joined_at": pd.to_datetime(list(JOINED.values()))})
    return shop(settings=words(currency="EUR"), customers=customers, orders=ORDERS)


@pytest.fixture(scope="session")
def quarter(corner_shop: Dataset) -> Kpis:
    """Its key figures of the 90 days to 30 June."""
    return kpis(corner_shop, window_days=90)


@pytest.fixture(scope="session")
def quarter_shares(corner_shop: Dataset) -> Rates:
    """Its shares of the same days."""
    return rates(corner_shop, 90, [30, 90])


@pytest.fixture(scope="session")
def figures(demo: Dataset) -> Kpis:
    """The demo's key figures."""
    return kpis(demo)


@pytest.fixture(scope="session")
def shares(demo: Dataset) -> Rates:
    """The demo's shares."""
    return rates(demo)
