from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.offers.goods.ladders import up_sell
from helpers.findings import NotApplicable
from shops import shop


def shop_of(climbs: float, customers: int = 150, seed: int = 0):
    """Two to five orders each, of one family at prices of three kinds; so many customers take them from cheap to dear."""
    rng = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        prices = rng.choice([10.0, 20.0, 30.0], rng.integers(2, 6), p=[0.42, 0.3, 0.28])
        prices = np.sort(prices) if rng.random() < climbs else prices
        days = np.sort(rng.choice(300, len(prices), replace=False))[::-1]
        rows += [
            (f"c{customer}", f"o{customer}-{day}", int(day), price) for day, price in zip(days, prices, strict=True)
        ]
    frame = pd.DataFrame(rows, columns=["customer_id", "order_id", "days_ago", "unit_price"])
    lines = frame[["order_id", "unit_price"]].assign(category="shoes", product_id=frame["unit_price"].astype(str))
    return shop(orders=frame[["order_id", "customer_id", "days_ago"]], order_items=lines), frame


@pytest.fixture(scope="module")
def climbing():
    data, frame = shop_of(0.7)
    return up_sell(data), frame


def test_customers_who_climb_are_told_with_what_chance_would_give(climbing):
    found, _frame = climbing
    assert words_of(found).startswith("In “shoes” ")
    assert found.table.iloc[0]["adjusted_p_value"] < 0.001


def test_shares_are_those_of_a_loop_over_all_orders_of_purchases(climbing):
    """By chance: of all ordered pairs of a customer's own purchases, those that rise."""
    found, frame = climbing
    rose, chance = [], []
    for _customer, own in frame.groupby("customer_id"):
        prices = own.sort_values("days_ago", ascending=False)["unit_price"].tolist()
        rose.append(prices[-1] > prices[0])
        chance.append(np.mean([a < b for i, a in enumerate(prices) for j, b in enumerate(prices) if i != j]))
    row = found.table.iloc[0]
    assert row[["returning", "risen_rate", "by_chance_rate"]].tolist() == pytest.approx(
        [len(rose), np.mean(rose), np.mean(chance)]
    )


def test_the_list_has_those_below_the_top_with_their_chance(climbing):
    found, frame = climbing
    last = frame.sort_values("days_ago").groupby("customer_id")["unit_price"].first()
    ready = found.customers.table.set_index("customer_id")
    assert set(ready.index) == set(last[last < 30].index)
    assert (ready["step"] == last[ready.index].map({10: "low_middle", 20: "middle_high"})).all()
    assert ((ready["lower"] < ready["chance"]) & (ready["chance"] < ready["upper"])).all()


def test_that_the_dear_are_followed_by_the_cheap_is_no_ladder():
    answer = up_sell(shop_of(0)[0])
    assert words_of(answer).startswith("No evidence that customers who return move on")
    assert answer.customers.table.empty and list(answer.customers.table) == list(answer.customers.columns)


def test_without_lines_or_prices_nothing_is_told(sold):
    assert isinstance(up_sell(shop()), NotApplicable)
    assert isinstance(up_sell(sold([{"a"}, {"b"}])), NotApplicable)
