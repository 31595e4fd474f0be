"""What several files of this word need: customers of known models, their trial, and values known exactly."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.value.future.lifetime import LifetimeValues
from helpers.analyses.value.future.purchases import Histories, Model
from helpers.analyses.value.future.terms import Terms
from helpers.analyses.value.future.trial_of_models import Holdout, holdout
from helpers.data.datasets import Dataset
from helpers.statistics.purchases import FittedValues
from shops import AS_OF, shop

LAST = pd.Timestamp(AS_OF)


def _valued(values, slopes=None, influences=None) -> LifetimeValues:
    values = np.asarray(values, dtype=float)
    nothing = np.zeros((len(values), 1))
    table = pd.DataFrame({
        "customer_id": [f"c{place:04d}" for place in range(len(values))],
        "p_alive": np.linspace(0.1, 0.9, len(values)), "expected_orders": values / 20, "expected_spend": 20.0,
        "lifetime_value": values,
    })  # fmt: skip
    sums = FittedValues(values, nothing if slopes is None else slopes, nothing if influences is None else influences)
    return LifetimeValues(table, Model.BG_NBD, Terms(), sums, pd.DataFrame(), currency="CNY")


@pytest.fixture(scope="session")
def valued() -> Callable[..., LifetimeValues]:
    """A function of values: lifetime values of customers c0000, c0001, …, as if their model were known exactly."""
    return _valued


@pytest.fixture(scope="session")
def values() -> LifetimeValues:
    """Lifetime values of 600 customers."""
    return _valued(np.random.default_rng(3).gamma(0.7, 100, 600))


@pytest.fixture(scope="session")
def labelled() -> Callable[..., pd.Series]:
    """A function of lifetime values and a label for each of their customers: customer_id → label."""
    return lambda values, labels: pd.Series(labels, index=values.table["customer_id"], dtype=object)


def _spends(rng, frequency) -> np.ndarray:
    rates = rng.gamma(4.0, 1 / 60, len(frequency))
    total = rng.gamma(np.maximum(3.0 * frequency, 1e-9)) / rates
    return np.where(frequency > 0, total / np.maximum(frequency, 1), np.nan)


@pytest.fixture(scope="session")
def gamma_gamma_spends() -> Callable[..., np.ndarray]:
    """A function of a generator and frequencies: the mean spend of so many orders; missing without orders."""
    return _spends


def _simulated(rng, customers=1_200) -> pd.DataFrame:
    """Customers who buy by chance, may leave after each repeat order, and spend whatever their frequency."""
    rates, leaving = rng.gamma(0.8, 1 / 30, customers), rng.beta(1.0, 4.0, customers)
    ages = rng.integers(60, 500, customers)
    rows = []
    for rate, leaves, age in zip(rates, leaving, ages, strict=True):
        frequency, last = 0, 0.0
        while (at := last + rng.exponential(1 / rate)) < age:
            frequency, last = frequency + 1, at
            if rng.random() < leaves:
                break
        rows.append((frequency, np.floor(last), age))
    known = pd.DataFrame(rows, columns=["frequency", "t_x_days", "age_days"]).astype(float)
    known["mean_repeat_spend"] = _spends(rng, known["frequency"].to_numpy())
    return known.set_axis([f"c{place:04d}" for place in range(customers)]).rename_axis("customer_id")


@pytest.fixture(scope="session")
def known() -> Histories:
    """Histories of 1,200 customers of BG/NBD and Gamma-Gamma, but the repeat orders of ten of them brought nothing."""
    customers = _simulated(np.random.default_rng(8))
    bought = customers.index[customers["frequency"] > 0][:10]
    spend = customers["mean_repeat_spend"].mask(customers.index.isin(bought), 0.0)
    return Histories(AS_OF, customers.assign(mean_repeat_spend=spend), "CNY")


def _pareto_orders(rng, customers=1_500, span=500) -> pd.DataFrame:
    """Customers who join over 300 of the last `span` days, buy by chance at a rate of their own, and leave unseen."""
    rates, lives = rng.gamma(0.8, 1 / 25, customers), rng.exponential(1 / rng.gamma(1.5, 1 / 200, customers))
    joined = rng.integers(0, 300, customers)
    ids, days = [], []
    for place in range(customers):
        until = min(lives[place], span - joined[place])
        repeats = rng.uniform(0, until, rng.poisson(rates[place] * until))
        days.extend([joined[place], *np.floor(joined[place] + repeats)])
        ids.extend([f"c{place:04d}"] * (1 + len(repeats)))
    return _orders_of(ids, LAST - pd.to_timedelta(span - np.array(days, dtype=float), unit="D"))


def _orders_of(customers, times) -> pd.DataFrame:
    return pd.DataFrame({
        "order_id": [f"o{place}" for place in range(len(times))], "customer_id": customers,
        "ordered_at": pd.to_datetime(times).astype("datetime64[us]"), "amount": 10.0,
    })  # fmt: skip


@pytest.fixture(scope="session")
def orders_of() -> Callable[..., pd.DataFrame]:
    """A function of customers and times: an order of 10 each."""
    return _orders_of


@pytest.fixture(scope="session")
def pareto_orders() -> pd.DataFrame:
    """Orders of 1,500 customers of Pareto/NBD up to the report's day."""
    rows = _pareto_orders(np.random.default_rng(11))
    return rows[rows["ordered_at"] <= LAST]


@pytest.fixture(scope="session")
def pareto_shop(pareto_orders) -> Dataset:
    """A shop of these orders."""
    return shop(orders=pareto_orders)


@pytest.fixture(scope="session")
def tried(pareto_shop) -> Holdout:
    """All models, tried on the last 120 days of this shop."""
    return holdout(pareto_shop, 120)
