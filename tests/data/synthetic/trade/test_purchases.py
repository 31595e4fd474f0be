"""What the demo's customers buy."""

import numpy as np
import pandas as pd
import pytest

from helpers.data.synthetic.clock import DAY, DAYS
from helpers.data.synthetic.trade import goods, purchases
from helpers.data.synthetic.truth import TRUTH

END = DAYS * DAY


@pytest.fixture(scope="module")
def bought(shop) -> pd.DataFrame:
    """One row a line by time: customer, product, day."""
    buyer = shop.bought.placed.iloc[shop.items["order"]].reset_index(drop=True)
    return pd.DataFrame(
        {"customer": buyer["customer"], "product": shop.items["product"], "day": buyer["minute"] // DAY}
    )


def test_ordinary_orders_come_in_order_after_joining_and_before_buyers_are_lost(people):
    placed = purchases.orders(people)
    buyer = people.loc[placed["customer"]].reset_index(drop=True)
    assert placed["minute"].is_monotonic_increasing and placed["minute"].max() < END
    assert (placed["minute"] > buyer["joined"]).all() and buyer["buys"].all()
    repeated = placed.duplicated("customer")
    assert (placed["minute"][repeated] // DAY <= buyer["lost_day"][repeated] + 1).all()


def test_further_orders_are_numbered_by_time_with_their_lines():
    placed = pd.DataFrame({"customer": [1, 2], "minute": [10, 30], "cancelled": [True, False]})
    held = purchases.Bought(placed, pd.DataFrame({"order": [0, 1, 1], "product": [5, 6, 7], "first": True}))
    more = held.with_more(np.array([3]), np.array([20]), pd.DataFrame({"order": [0], "product": [8], "first": True}))
    assert more.placed["customer"].tolist() == [1, 3, 2] and more.placed["cancelled"].tolist() == [True, False, False]
    assert list(zip(more.lines["order"], more.lines["product"], strict=True)) == [(0, 5), (1, 8), (2, 6), (2, 7)]


def test_consumables_are_bought_again_when_they_run_out(bought):
    used = bought[goods.IS_CONSUMED[bought["product"]]].sort_values(["customer", "product", "day"])
    gaps = used.groupby(["customer", "product"])["day"].diff().dropna()
    assert abs(gaps[gaps <= 90].median() - TRUTH.repeat_days) < 3  # others are bought again by chance
    assert used.groupby(["customer", "product"]).size().gt(1).mean() > 0.2


def test_a_cover_follows_a_device_and_not_the_other_way_round(bought):
    devices = bought[goods.IS_DEVICE[bought["product"]]].sort_values("day").drop_duplicates("customer")
    first = bought["customer"].map(devices.set_index("customer")["day"])
    gap = (bought["day"] - first).where(bought["product"] == goods.COVER)
    after, before = (bought["customer"][window].nunique() for window in (gap.between(1, 30), gap.between(-30, -1)))
    followed, usual = TRUTH.follow_on
    n = (devices["day"] < DAYS - 30).sum()
    assert abs(after / n - followed) < 3 * np.sqrt(followed * (1 - followed) / n)
    assert before / n < usual + 3 * np.sqrt(usual * (1 - usual) / n)


def test_discounts_are_shares_of_the_price_and_more_frequent_in_sales(shop):
    share = shop.items["discount"] / (shop.items["quantity"] * shop.items["price"])
    assert share.max() < 0.201 and 0.2 < (shop.items.groupby("order")["discount"].sum() > 0).mean() < 0.4
    hunters = shop.people["hunts_bargains"].to_numpy()[shop.bought.placed["customer"].iloc[shop.items["order"]]]
    assert (shop.items["discount"][hunters] > 0).all()


def test_refunds_are_of_orders_that_stand_and_never_more_than_these(placed):
    cents = np.full(len(placed), 1_001)
    given = purchases.refunds(placed, cents)
    assert set(given) == {0, 500, 1_001} and not given[placed["cancelled"]].any()
    assert abs((given > 0).mean() - 0.06 * 0.97) < 0.01
