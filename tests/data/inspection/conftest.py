"""A small shop with flaws, as its folder stands and as it opens."""

from __future__ import annotations

import pytest

from helpers.data import datasets

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


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "corner"
    folder.mkdir()
    for name, text in {"dataset.toml": TOML, "orders.csv": ORDERS, "people.csv": PEOPLE}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def data(folder, tmp_path):
    return datasets.open(folder, prepared=tmp_path / "prepared")
