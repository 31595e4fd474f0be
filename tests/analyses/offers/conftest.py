"""Small shops whose baskets are asked about."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.offers.goods.levels import Level, level
from helpers.data.datasets import Dataset
from shops import shop

Baskets = list[set[str]]


@pytest.fixture(scope="session")
def sold() -> Callable[..., Dataset]:
    """A function of baskets, and of their customers and days ago; each is one order, its goods the categories of a kind."""

    def make(baskets: Baskets, customers: list | None = None, days_ago: list[int] | None = None, **tables) -> Dataset:
        orders = pd.DataFrame(
            {
                "order_id": [f"o{row}" for row in range(len(baskets))],
                "customer_id": customers or [f"c{row}" for row in range(len(baskets))],
                "days_ago": days_ago or [10] * len(baskets),
            }
        )
        lines = [(f"o{row}", good, f"kind {good[0]}") for row, goods in enumerate(baskets) for good in sorted(goods)]
        return shop(
            orders=orders, order_items=pd.DataFrame(lines, columns=["order_id", "product_id", "category"]), **tables
        )

    return make


@pytest.fixture(scope="session")
def random_baskets() -> Baskets:
    """Six hundred baskets of twelve goods, of which b and c are in fifty more together than chance would have it."""
    rng = np.random.default_rng(3)
    goods = np.array(list("abcdefghijkl"))
    share = 1 / np.arange(1, 13) ** 0.5
    drawn = [set(rng.choice(goods, rng.integers(1, 5), replace=False, p=share / share.sum())) for _basket in range(600)]
    for basket in drawn[:50]:
        basket |= {"f", "i"}
    return drawn


@pytest.fixture(scope="session")
def refills() -> list[tuple[int, int, str]]:
    """Customer, days ago and good: 120 buy food again and again after some 35 days, and a television once."""
    rng = np.random.default_rng(2)
    rows = []
    for customer in range(120):
        own = 35 * rng.lognormal(0, 0.2)
        day = 300 - float(rng.integers(0, 60))
        rows.append((customer, int(rng.integers(1, 300)), "tv"))
        while day > 0:
            rows.append((customer, int(day), "food"))
            day -= own * rng.lognormal(0, 0.25)
    return rows


@pytest.fixture(scope="session")
def refilled(sold: Callable[..., Dataset], refills: list[tuple[int, int, str]]) -> Level:
    """The goods of `refills`."""
    return level(
        sold([{good} for _c, _d, good in refills], [f"c{c:03}" for c, _d, _g in refills], [d for _c, d, _g in refills])
    )
