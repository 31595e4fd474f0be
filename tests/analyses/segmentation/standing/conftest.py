"""Customers who come back at different paces."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.data.datasets import Dataset
from shops import shop

Days = dict[str, list[int]]  # customer → days before AS_OF of each order


@pytest.fixture(scope="session")
def orders_of() -> Callable[[Days], pd.DataFrame]:
    """A function of each customer's order days, which yields the table of orders."""

    def rows(days: Days) -> pd.DataFrame:
        pairs = [(customer, day) for customer, given in days.items() for day in given]
        frame = pd.DataFrame(pairs, columns=["customer_id", "days_ago"])
        return frame.assign(order_id=[f"o{place}" for place in range(len(frame))], amount=10.0)

    return rows


@pytest.fixture(scope="session")
def comers() -> tuple[Days, pd.DataFrame]:
    """Customers of 天猫 come back within weeks, of 抖音 within months; eight of 微信 hardly ever; four of nowhere."""
    rng, days, channel = np.random.default_rng(6), {}, {}
    for name, size, mean in (("天猫", 60, 20), ("抖音", 60, 90), ("微信", 8, 60), ("京东", 3, 60), (None, 5, 60)):
        for n in range(size):
            customer = f"{name}{n:02}"
            turns = rng.geometric(0.25 if size > 10 else 0.7)
            days[customer] = np.cumsum(rng.exponential(mean, turns).astype(int) + 1).tolist()
            channel[customer] = name
    days["天猫00"] += days["天猫00"]  # two orders on each of these days
    members = pd.DataFrame({"customer_id": list(channel), "channel": list(channel.values())})
    return days, members


@pytest.fixture(scope="session")
def data(orders_of, comers) -> Dataset:
    return shop(orders=orders_of(comers[0]), customers=comers[1])
