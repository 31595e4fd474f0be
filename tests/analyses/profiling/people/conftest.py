"""A tea shop whose customers can be counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.data.datasets import Dataset
from shops import shop

CUSTOMERS = 60


@pytest.fixture(scope="session")
def tea() -> Dataset:
    """Half the customers order tea by app in the morning, twice; the others coffee by web at night, once."""
    people, orders, items, tickets = [], [], [], []
    for n in range(CUSTOMERS):
        early = n < CUSTOMERS // 2
        gender = ("F" if early else "M") if n % 10 else "unknown"
        people.append((f"c{n}", gender, "shop" if early else None, 1980 if n % 2 else None))
        for again in range(1 + early):
            at = pd.Timestamp(f"2025-0{1 + again}-05 {'09:30' if early else '02:15'}")
            orders.append((f"o{n}-{again}", f"c{n}", at, 100.0 if early else 10.0, "app" if early else "web"))
            items.append((f"o{n}-{again}", "tea" if early else "coffee", 10.0))
        if n < 12:
            opened = pd.Timestamp("2025-02-01")
            tickets.append((f"t{n}", f"c{n}", opened, "delivery" if n < 9 else f"rare {n}", n < 3))
    return shop(
        customers=pd.DataFrame(people, columns=["customer_id", "gender", "channel", "birth_year"]),
        orders=pd.DataFrame(orders, columns=["order_id", "customer_id", "ordered_at", "amount", "channel"]),
        order_items=pd.DataFrame(items, columns=["order_id", "category", "amount"]),
        tickets=pd.DataFrame(tickets, columns=["ticket_id", "customer_id", "opened_at", "category", "complaint"]),
    )
