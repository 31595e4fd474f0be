"""A small shop with flaws, as its folder stands and as it opens."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.data import datasets
from helpers.data.datasets import Dataset

TOML = """title = "Corner shop"
[tables.orders]
file = "orders.csv"
[tables.orders.columns]
customer_id = "buyer"
amount = { sql = "number(gross) - number(tax)" }
[tables.customers]
file = "people.csv"
[tables.customers.columns]
customer_id = "id"
"""
ORDERS = """order_id,buyer,ordered_at,gross,tax,order_status,phone
1,a,2025-01-02,11,1,paid,139
2,b,2025-03-04,22,2,paid,139
3,x,2025-03-05,30,0,paid,139
3,x,2025-03-05,30,0,paid,139
4,a,soon,5,0,open,139
5,,2025-03-05,5,0,paid,139
"""
PEOPLE = "id,town,city_of_birth,joined_at\na,Bonn,Ulm,2024-01-01\nb,Köln,Ulm,2024-01-01\nc,Bonn,Ulm,2024-06-01\n"


def written(home: Path) -> Path:
    """The shop's folder, in `home`."""
    folder = home / "corner"
    folder.mkdir()
    for name, text in {"dataset.toml": TOML, "orders.csv": ORDERS, "people.csv": PEOPLE}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that the test may change."""
    return written(tmp_path)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The shop, opened once for all."""
    home = tmp_path_factory.mktemp("corner")
    return datasets.open(written(home), prepared=home / "prepared")
