"""What files of this word share: simulated shops whose customers complain, with a known effect of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.data.datasets import Dataset
from shops import shop, words

FIRST, LENGTH, DAYS = pd.Timestamp("2024-01-01"), 500, 60
AS_OF = (FIRST + pd.Timedelta(days=LENGTH - 1)).date()

Simulated = tuple[pd.DataFrame, pd.DataFrame, float]  # orders, complaints, and the effect of a complaint


@pytest.fixture(scope="session")
def complaining() -> Callable[[pd.DataFrame, pd.DataFrame], Dataset]:
    """A function of orders (customer, day, amount) and complaints (customer, day), days counted from the first."""
    return _complaining


@pytest.fixture(scope="session")
def simulated() -> Callable[..., Simulated]:
    """A function of a seed, which simulates a shop (see `_simulated`)."""
    return _simulated


def _complaining(orders: pd.DataFrame, complaints: pd.DataFrame) -> Dataset:
    bought = pd.DataFrame({
        "order_id": np.arange(len(orders)).astype(str), "customer_id": orders["customer"].astype(str).to_numpy(),
        "ordered_at": FIRST + pd.to_timedelta(orders["day"].to_numpy(), unit="D"), "amount": orders["amount"].to_numpy(),
    })  # fmt: skip
    tickets = pd.DataFrame({
        "ticket_id": np.arange(len(complaints)).astype(str),
        "customer_id": complaints["customer"].astype(str).to_numpy(),
        "opened_at": FIRST + pd.to_timedelta(complaints["day"].to_numpy(), unit="D"), "complaint": True,
    })  # fmt: skip
    first = bought.groupby("customer_id")["ordered_at"].min().rename("first_order_on").reset_index()
    return shop(as_of=AS_OF, settings=words(currency="CNY"), known=first, orders=bought, tickets=tickets)


def _simulated(seed: int, lost: float = 0.0, customers: int = 1_200) -> Simulated:
    """Orders and complaints of customers who differ in how often they buy, and drop out; the effect of a complaint.

    A third of them split what they buy into three orders of one day. One order in ten is followed by a complaint two
    days later, after which days with orders do not come for 60 days, with chance `lost` each. The effect is that on
    the share that orders again, by what the complainers would have done otherwise, as the shop itself knows.
    """
    rng = np.random.default_rng(seed)
    joined, orders_each = rng.integers(0, LENGTH - 100, customers), np.where(rng.random(customers) < 1 / 3, 3, 1)
    rate, leave = rng.gamma(1.5, 0.02, customers), joined + rng.exponential(300, customers)
    gaps = rng.exponential(1, (customers, 100)) / rate[:, None]
    at = np.floor(np.column_stack([joined, joined[:, None] + np.cumsum(gaps, axis=1)])).astype(int)
    at[:, 1:][at[:, 1:] > np.minimum(leave, LENGTH - 1)[:, None]] = -1
    who, place = np.nonzero(at >= 0)
    visits = pd.DataFrame({"customer": who, "day": at[who, place]})
    complains, drops = rng.random(len(visits)) < 1 - 0.9 ** orders_each[who], rng.random(len(visits)) < lost
    kept, complaints, until = np.ones(len(visits), bool), [], {}
    for row, (customer, day) in enumerate(zip(who, visits["day"], strict=True)):
        kept[row] = not (day <= until.get(customer, -1) and drops[row])
        if kept[row] and complains[row] and day + 2 < LENGTH:
            complaints.append((customer, day + 2))
            until[customer] = day + 2 + 60
    complaints = pd.DataFrame(complaints, columns=["customer", "day"])
    followed = complaints[complaints["day"] < LENGTH - DAYS]
    effect = _share_again(visits[kept], followed) - _share_again(visits, followed)
    orders = visits[kept].loc[lambda rows: rows.index.repeat(orders_each[rows["customer"]])].reset_index(drop=True)
    return orders.assign(amount=np.round(rng.gamma(2, 50, len(orders)), 2)), complaints, effect


def _share_again(visits: pd.DataFrame, complaints: pd.DataFrame) -> float:
    """Of complaints, those that a visit of the customer follows within `DAYS` days."""
    pairs = complaints.reset_index().merge(visits, on="customer", suffixes=("", "_after"))
    after = pairs["day_after"] - pairs["day"]
    return pairs.loc[(after > 0) & (after <= DAYS), "index"].nunique() / len(complaints)
