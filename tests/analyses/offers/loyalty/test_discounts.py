"""Who buys at a discount only: chance beside customers who wait for one, and what follows a discount."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.offers.loyalty.discounts import discount_buyers
from helpers.findings import NotApplicable
from shops import shop


def orders(waiting: float = 0.0, sticky: float = 0.5) -> pd.DataFrame:
    """Two to six orders each of 300 customers, half of them at a tenth off; a share of customers buys only so.

    An order is as the customer's last one with the chance `sticky`, where .5 is none.
    """
    rng = np.random.default_rng(5)
    rows = []
    for customer in range(300):
        waits, off = rng.random() < waiting, rng.random() < 0.5
        for place in range(rng.integers(2, 7)):
            off = waits or (off if rng.random() < sticky else not off)
            rows.append([f"c{customer}", 300 - 40 * place, 90.0 if off else 100.0, 10.0 if off else 0.0])
    table = pd.DataFrame(rows, columns=["customer_id", "days_ago", "amount", "discount"])
    return table.assign(order_id=[f"o{row}" for row in range(len(table))])


def test_by_chance_alone_nobody_waits():
    """Yet a quarter of those with two orders bought at a discount only."""
    told = discount_buyers(shop(orders=orders()))
    assert told.table.iloc[0]["only_rate"] > 0.15
    assert "no evidence that some customers wait for one" in words_of(told)
    assert told.points_lower < 0 < told.points_upper


def test_customers_who_wait_are_told():
    told = discount_buyers(shop(orders=orders(waiting=0.3)))
    last = told.table.iloc[-1]
    assert last["order_count"] == "5+" and last["lower"] > last["by_luck_rate"]
    assert "buy only so, more than by chance." in words_of(told)
    assert told.points_lower < 0 < told.points_upper  # who waits always does, which the order of orders does not tell


def test_a_discount_that_calls_for_the_next_is_told():
    told = discount_buyers(shop(orders=orders(sticky=0.9)))
    assert told.points_lower > 0


def test_shares_are_those_of_a_loop():
    table = orders()
    told = discount_buyers(shop(orders=table))
    off = table["discount"] > 0
    assert told.discounted_rate == pytest.approx(off.mean())
    assert told.depth_rate == pytest.approx(0.1)
    assert told.money_rate == pytest.approx(table.loc[off, "amount"].sum() / table["amount"].sum())
    by = table.assign(off=off).groupby("customer_id")["off"]
    after = table.assign(off=off, before=by.shift(1))
    assert told.again_rate == pytest.approx(after.loc[after["before"] == True, "off"].mean())  # noqa: E712


def test_what_is_not_known_is_said():
    full = orders().assign(discount=0.0)
    once = orders().drop_duplicates("customer_id")
    for table in (full, full.drop(columns="discount"), once):
        assert isinstance(discount_buyers(shop(orders=table)), NotApplicable)
    assert isinstance(discount_buyers(shop(tickets=[])), NotApplicable)


def test_it_draws_the_shares():
    assert discount_buyers(shop(orders=orders())).plot().get_yticklabels()
