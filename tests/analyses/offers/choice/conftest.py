"""Shops whose customers have a taste, or none."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.offers.choice.histories import Bought
from helpers.analyses.offers.choice.time_trial import tried
from helpers.analyses.offers.goods.levels import level
from helpers.data.datasets import Dataset
from shops import AS_OF, shop

GOODS, TASTES, ORDERS, DAYS = 30, 3, 8, 300


def purchases(taste_share: float, customers: int = 200, seed: int = 1) -> pd.DataFrame:
    """Orders of one good each: customer, good, days_ago. Goods sell as 1, 1/2, 1/3 … of all three tastes alike.

    Customer c likes every third good, from c on; such a share of the orders is for a good that is liked.
    """
    rng = np.random.default_rng(seed)
    customer = np.repeat(np.arange(customers), ORDERS)
    sold = 1 / (1 + np.arange(GOODS) // TASTES)
    any_good = rng.choice(GOODS, len(customer), p=sold / sold.sum())
    liked = any_good // TASTES * TASTES + customer % TASTES
    good = np.where(rng.random(len(customer)) < taste_share, liked, any_good)
    return pd.DataFrame({"customer": customer, "good": good, "days_ago": rng.integers(0, DAYS, len(customer))})


def bought(rows: pd.DataFrame) -> Bought:
    """The purchases of these rows, as they come out of the engine."""
    day = pd.Timestamp(AS_OF) - pd.to_timedelta(rows["days_ago"], unit="D")
    counted = rows.assign(day=day).groupby(["customer", "good", "day"]).size().rename("orders").reset_index()
    counted["orders"] = counted["orders"].astype(float)
    customers, goods = (
        pd.Index([f"{letter}{number:03}" for number in range(rows[name].max() + 1)])
        for letter, name in (("c", "customer"), ("g", "good"))
    )
    return Bought(counted, customers, goods)


def sold(rows: pd.DataFrame, **tables) -> Dataset:
    """The data set of these rows."""
    named = {
        "order_id": [f"o{row}" for row in range(len(rows))],
        "customer_id": [f"c{each:03}" for each in rows["customer"]],
    }
    orders = pd.DataFrame(named | {"days_ago": rows["days_ago"]})
    items = pd.DataFrame(
        {"order_id": named["order_id"], "product_id": [f"g{each:03}" for each in rows["good"]], "unit_price": 2.0}
    )
    return shop(orders=orders, order_items=items, **tables)


@pytest.fixture(scope="session")
def liking() -> Dataset:
    """Customers with a taste: nine orders in ten are for a third of the goods."""
    return sold(purchases(0.9))


@pytest.fixture(scope="session")
def trial_of_liking(liking):
    return tried(level(liking), liking, holdout_days=100)


@pytest.fixture(scope="session")
def split_on() -> dt.date:
    return AS_OF - dt.timedelta(days=100)
