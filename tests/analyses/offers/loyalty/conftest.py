"""Small shops with rules of membership, and a ledger of points whose end is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.data.datasets import Dataset
from shops import shop, words

SILVER = {"name": "Silver", "spend": 500, "benefit_rate": 0.03}
GOLD = {"name": "Gold", "spend": 1500, "benefit_rate": 0.05, "fixed_cost": 20}


@pytest.fixture(scope="session")
def ruled() -> Callable[..., Dataset]:
    """A function of orders (customer_id, days_ago, amount) and what the settings say of loyalty."""

    def make(rows: list[tuple] | pd.DataFrame, **loyalty) -> Dataset:
        orders = pd.DataFrame(rows, columns=["customer_id", "days_ago", "amount"])
        orders = orders.assign(order_id=[f"o{row}" for row in range(len(orders))])
        return shop(orders=orders, settings=words(loyalty=loyalty, currency="CNY"))

    return make


@pytest.fixture(scope="session")
def spending() -> pd.DataFrame:
    """Two years of orders of 900 customers who keep to their own rates; no tier changes anything."""
    rng = np.random.default_rng(7)
    orders = rng.poisson(rng.gamma(1.2, 4 / 1.2, 900) * 2)
    customer = np.repeat(np.arange(900), orders)
    return pd.DataFrame(
        {
            "customer_id": [f"c{number}" for number in customer],
            "days_ago": rng.integers(0, 730, len(customer)),
            "amount": rng.lognormal(5, 0.6, len(customer)).round(2),
        }
    )


@pytest.fixture(scope="session")
def members(ruled, spending) -> Dataset:
    """The shop of `spending` with two tiers in force and a proposal of a lower one."""
    lower = [SILVER, GOLD | {"spend": 1000}]
    return ruled(spending, tiers=[GOLD, SILVER], proposals={"lower gold": lower}, point_value=0.02)


@pytest.fixture(scope="session")
def ledger() -> pd.DataFrame:
    """Points of 400 customers in two years: .55 of them redeemed, after a mean of 120 days; the rest lapses on day 365."""
    rng = np.random.default_rng(2)
    size = 4000
    begun, earned = rng.integers(0, 730, size), rng.integers(10, 200, size).astype(float)
    redeems = rng.random(size) < 0.55
    within = -np.expm1(-365 / 120)
    wait = np.ceil(-120 * np.log1p(-rng.random(size) * within))
    gone = begun + np.where(redeems, wait, 365)
    rows = pd.DataFrame({"customer_id": [f"c{row % 400}" for row in range(size)]})
    first = rows.assign(days_ago=729 - begun, points=earned, reason="earn")
    last = rows.assign(days_ago=729 - gone, points=-earned, reason=np.where(redeems, "redeem", "expire"))
    return pd.concat([first, last[gone < 730]], ignore_index=True)
