"""What is in the baskets."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.synthetic.trade import goods
from helpers.data.synthetic.truth import TRUTH


@pytest.fixture(scope="module")
def together(shop) -> tuple[np.ndarray, np.ndarray]:
    """Baskets with each two products, and how many there would be by frequencies and sizes alone."""
    held = np.zeros((len(shop.bought.placed), goods.PRODUCTS))
    held[shop.items["order"], shop.items["product"]] = 1
    size = held.sum(axis=1)
    return held.T @ held, np.outer(held.sum(axis=0), held.sum(axis=0)) * (size * (size - 1)).sum() / size.sum() ** 2


def test_no_good_is_twice_in_a_basket(shop):
    assert not shop.bought.lines.duplicated(["order", "product"]).any()


def test_the_six_pairs_are_together_four_times_as_often_as_chance_has_it_and_no_others(together):
    found, expected = together
    planted = np.zeros_like(found, dtype=bool)
    for pair in TRUTH.pairs:
        planted[pair] = True
        assert found[pair] / expected[pair] == pytest.approx(TRUTH.pair_lift, rel=0.15)
    others = np.triu(~planted, 1) & (expected >= 5)
    z = (found - expected)[others] / np.sqrt(expected[others])
    assert others.sum() > 900 and z.max() < 4.5 and abs(np.median(found[others] / expected[others]) - 1) < 0.05


def test_sizes_have_a_long_tail(shop):
    size = shop.items.groupby("order").size()
    assert size.max() >= 12 and (size == 1).mean() > 0.6


def test_customers_keep_to_their_tastes(shop):
    buyer = shop.people.iloc[shop.bought.placed["customer"].iloc[shop.items["order"]]]
    category = goods.CATEGORY[shop.items["product"]]
    liked = (buyer["first_taste"] == category) | (buyer["second_taste"] == category)
    assert abs(liked.mean() - TRUTH.taste_share) < 0.03


def test_nobody_buys_again_what_is_needed_once_nor_what_has_ended(shop):
    buyer = shop.bought.placed.iloc[shop.items["order"]].reset_index(drop=True)
    bought = pd.DataFrame({"customer": buyer["customer"], "product": shop.items["product"], "minute": buyer["minute"]})
    assert not bought[goods.IS_ONCE[bought["product"]]].duplicated(["customer", "product"]).any()
    last = bought.groupby("product")["minute"].max() // 1_440
    ends = goods.products()["sold_until"]
    assert all(last[each] <= ends[each] for each in goods.ENDED)
