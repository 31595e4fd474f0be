"""A shop whose new customers stop coming while the existing ones buy more, with members who come and go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.data.datasets import Dataset
from shops import shop, words

AS_OF = dt.date(2025, 6, 30)


def made(new_now: int, new_then: int, old_now: float, old_then: float, *, history: bool = True) -> Dataset:
    """Sixty old customers with an order of so much in either window, and so many new ones with an order of 100 each.

    The windows are the ten days to 30 June 2025 and of 2024; the old customers first ordered in May 2024, or, without
    `history`, in the very first days of the data, which hold no earlier customer's joining.
    """
    rows = []
    for place in range(60):
        rows.append((f"old{place}", "2024-05-01", 10.0))
        rows.append((f"old{place}", "2024-06-25", old_then + place % 7))
        rows.append((f"old{place}", "2025-06-25", old_now + place % 7))
    rows += [(f"then{place}", "2024-06-24", 100.0) for place in range(new_then)]
    rows += [(f"now{place}", "2025-06-24", 100.0) for place in range(new_now)]
    orders = pd.DataFrame(rows, columns=["customer_id", "ordered_at", "amount"])
    orders = orders.assign(order_id=[f"o{row}" for row in range(len(orders))], refund=0.0, cancelled=False)
    orders["ordered_at"] = pd.to_datetime(orders["ordered_at"])
    names = orders["customer_id"].unique()
    channel = np.where(np.arange(len(names)) % 2, "web", "shop")
    joined = orders.groupby("customer_id")["ordered_at"].min().reindex(names).to_numpy()
    customers = pd.DataFrame({"customer_id": names, "channel": channel, "joined_at": joined})
    customers = customers if history else customers.drop(columns="joined_at")
    return shop(as_of=AS_OF, settings=words(currency="EUR"), customers=customers, orders=orders)


@pytest.fixture(scope="session")
def shop_of() -> Callable[..., Dataset]:
    """The shop with other numbers."""
    return made


@pytest.fixture(scope="session")
def fading() -> Dataset:
    """New customers fell from 50 to 5; the old ones spend twice as much."""
    return made(new_now=5, new_then=50, old_now=40, old_then=20)
