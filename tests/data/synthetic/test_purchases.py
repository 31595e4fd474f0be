"""What the demo's customers buy."""

import numpy as np

from helpers.data.synthetic import purchases
from helpers.data.synthetic.clock import DAY, DAYS

END = DAYS * DAY


def test_orders_come_in_order_after_joining_and_before_buyers_are_lost(people, placed):
    buyer = people.loc[placed["customer"]].reset_index(drop=True)
    assert placed["minute"].is_monotonic_increasing and placed["minute"].max() < END
    assert (placed["minute"] > buyer["joined"]).all() and buyer["buys"].all()
    repeated = placed.duplicated("customer")
    assert (placed["minute"][repeated] // DAY <= buyer["lost_day"][repeated] + 1).all()


def test_refunds_are_of_orders_that_stand_and_never_more_than_these(placed):
    cents = np.full(len(placed), 1_001)
    given = purchases.refunds(placed, cents)
    assert set(given) == {0, 500, 1_001} and not given[placed["cancelled"]].any()
    assert abs((given > 0).mean() - 0.06 * 0.97) < 0.01


def test_every_order_has_items_and_a_product_has_one_price(placed):
    items = purchases.order_items(placed.head(2_000))
    assert items["order"].nunique() == 2_000 and items["quantity"].between(1, 3).all()
    assert (items.groupby("product")["price"].nunique() == 1).all() and (items["price"] % 100 == 90).all()
