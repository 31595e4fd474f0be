"""What the tests of records share: a shop read from its exports, clean tables, and random ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from helpers.analyses.profiling.records.suspicions import Pattern
from helpers.analyses.profiling.records.unusual_values import Patterns, patterns
from helpers.data import datasets
from helpers.data.datasets import Dataset
from shops import Rows, shop

YEAR_END = dt.date(2025, 12, 31)
CUSTOMERS = "customer_id,joined_at,gender,birth_year,channel\n" + "".join(
    f"c{n},2025-01-{n:02d},{'F' if n <= 6 else 'M'},{1990 if n <= 9 else ''},{'rare' if n == 1 else 'shop'}\n"
    for n in range(1, 11)
)
ORDERS = """order_id,customer_id,ordered_at,amount,refund,cancelled,paid_at
o1,c1,2025-01-05,100,0,no,2025-01-05
o2,c1,2025-06-20,50,10,no,2025-06-20
o3,c2,2025-06-21,200,0,no,2025-06-21
o4,c2,2025-06-22,80,0,yes,
o5,c3,2025-04-10,60,0,no,2025-04-10
o6,ghost,2025-06-25,40,0,no,
o7,c4,not a day,10,0,no,
o8,,2025-06-26,10,0,no,
o3,c2,2025-06-21,200,0,no,2025-06-21
"""


@pytest.fixture(scope="session")
def exported(tmp_path_factory) -> Dataset:
    """Six good orders of four customers, one of them unknown; three bad rows. The last day is 2025-06-30."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "customers.csv").write_text(CUSTOMERS)
    (folder / "orders.csv").write_text(ORDERS)
    (folder / "dataset.toml").write_text(
        'currency = "EUR"\n[tables.customers]\nfile = "customers.csv"\n[tables.orders]\nfile = "orders.csv"\n'
    )
    return datasets.open(folder, "2025-06-30", prepared=folder / "prepared")


@pytest.fixture
def clean_orders() -> pd.DataFrame:
    """1,200 orders of two years, with amounts that no two orders share."""
    rng = np.random.default_rng(7)
    n = 1200
    return pd.DataFrame({
        "order_id": [f"o{place}" for place in range(n)], "customer_id": [f"c{place % 300}" for place in range(n)],
        "ordered_at": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 730, n), unit="D"),
        "amount": np.round(20 + rng.gamma(2.0, 30.0, n), 2), "channel": rng.choice(["app", "web", "shop"], n),
    })  # fmt: skip


@pytest.fixture
def clean_customers() -> pd.DataFrame:
    """1,000 customers of all ages."""
    rng = np.random.default_rng(8)
    return pd.DataFrame({
        "customer_id": [f"c{place}" for place in range(1000)],
        "birth_year": pd.array(rng.integers(1950, 2005, 1000), dtype="Int64"),
        "city": rng.choice(["Paris", "Lyon", "Lille"], 1000),
    })  # fmt: skip


@pytest.fixture(scope="session")
def looked_through() -> Callable[..., Patterns]:
    """A function of tables as they are given, all rows of which are used, that yields what looks wrong in them."""

    def suspicions(left_out: int = 0, **tables: Rows) -> Patterns:
        books = [(name, "used", "", len(rows) + left_out, len(rows)) for name, rows in tables.items()]
        return patterns(shop(as_of=YEAR_END, accounting=books, as_given=True, **tables))

    return suspicions


@pytest.fixture(scope="session")
def suspicious(looked_through) -> Callable[..., dict[tuple[str, str, str], int]]:
    """The same as rows by table, column and pattern, columns of one value left out."""

    def suspicions(**given) -> dict[tuple[str, str, str], int]:
        lines = looked_through(**given).table
        lines = lines[lines["pattern"] != Pattern.CONSTANT]
        return {(line.table, line.column, line.pattern): line.rows_concerned for line in lines.itertuples()}

    return suspicions


@pytest.fixture(scope="session")
def random_orders() -> Callable[..., pd.DataFrame]:
    """A function of a generator and a number of orders: ties, gaps, negative zeros, empty columns."""

    def orders(rng: np.random.Generator, n: int) -> pd.DataFrame:
        amount = rng.choice([0.0, -0.0, 1.5, 2.25, 9.99, 1e6, -7.0], n)
        day = pd.Timestamp("2025-01-01") + pd.to_timedelta(rng.integers(0, 40 * 24, n), unit="h")
        few, many = rng.choice(["app", "web", "小程序"], n, p=[0.9, 0.09, 0.01]), rng.integers(0, 60, n)
        return pd.DataFrame({
            "order_id": [f"o{place}" for place in range(n)],
            "customer_id": pd.Series([f"c{who}" for who in rng.integers(0, n // 2 + 1, n)]).mask(rng.random(n) < 0.1),
            "ordered_at": day, "paid_at": pd.Series(day).mask(rng.random(n) < 0.3),
            "amount": pd.Series(amount).mask(rng.random(n) < 0.2), "refund": rng.normal(size=n).round(3),
            "visits": rng.integers(-3, 4, n), "odd": pd.Series([np.nan] * (n - 1) + [4.0]),
            "cancelled": rng.random(n) < 0.2, "channel": pd.Series(few).mask(rng.random(n) < 0.1),
            "page": [f"page {place}" for place in many], "empty_number": np.full(n, np.nan), "empty_text": None,
        })  # fmt: skip

    return orders


@pytest.fixture(scope="session")
def plain_orders() -> Callable[..., pd.DataFrame]:
    """A function of a number of orders: an hour apart, of fifty customers, with amounts from 1 on."""

    def orders(n: int = 200) -> pd.DataFrame:
        return pd.DataFrame({
            "order_id": [f"o{place}" for place in range(n)], "customer_id": [f"c{place % 50}" for place in range(n)],
            "ordered_at": pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(n), unit="h"),
            "amount": np.arange(1.0, n + 1), "channel": ["app" if place % 4 else "web" for place in range(n)],
        })  # fmt: skip

    return orders


@pytest.fixture(scope="session")
def plain_people() -> Callable[..., pd.DataFrame]:
    """A function of a number of customers, born in fifty years on end."""

    def people(n: int) -> pd.DataFrame:
        return pd.DataFrame({
            "customer_id": [f"c{place}" for place in range(n)], "birth_year": 1950 + np.arange(n) % 50,
            "joined_at": pd.Timestamp("2025-01-01"), "city": "Paris",
        })  # fmt: skip

    return people


@pytest.fixture(scope="session")
def ninety_days() -> Callable[..., pd.DataFrame]:
    """A function of a seed and a number of orders: 90 days to 30 June, of 800 customers."""

    def orders(seed: int, n: int = 3000) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        return pd.DataFrame({
            "order_id": [f"o{place}" for place in range(n)],
            "customer_id": [f"c{place}" for place in rng.integers(0, 800, n)],
            "ordered_at": pd.Timestamp("2025-06-30 12:00") - pd.to_timedelta(rng.integers(0, 90, n), unit="D"),
            "amount": np.round(rng.gamma(2.0, 30.0, n), 2),
            "channel": rng.choice(["app", "web", "shop"], n, p=[0.5, 0.3, 0.2]), "cancelled": rng.random(n) < 0.05,
        })  # fmt: skip

    return orders
