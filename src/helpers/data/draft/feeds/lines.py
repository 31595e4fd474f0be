"""Lines of orders: whether what a header calls a price is that of one unit, or of all units of the line."""

from __future__ import annotations

from helpers.data.draft.feeds.guesses import Guess

AMAZON = ("amazon_order_id", "item_price")  # in its reports the price is that of all units
FEWEST = 3  # goods sold in several quantities that tell
MOST = 0.8  # of them


def is_of_all_units(guess: Guess, price: str) -> bool:
    """Whether a price is that of all units of a line: most goods then have one price a unit, and several otherwise."""
    product, units = guess.columns.get("product_id"), guess.columns.get("quantity")
    if AMAZON[0] in guess.holding.names and price == AMAZON[1]:
        return True
    if not isinstance(product, str) or not isinstance(units, str):
        return False
    rows = guess.holding.table
    priced = rows.select(
        product=rows[product], price=rows[price].try_cast("float64"), n=rows[units].try_cast("float64")
    )
    sold = priced.filter((priced.price > 0) & (priced.n >= 1))
    goods = sold.group_by("product").agg(
        quantities=sold.n.nunique(), prices=sold.price.nunique(), each=(sold.price / sold.n).round(2).nunique()
    )
    known = goods.filter(goods.quantities > 1)
    told = known.agg(goods=known.count(), fixed=(known["each"] == 1).sum(), alike=(known.prices == 1).sum()).execute()
    of, fixed, alike = (int(number or 0) for number in told.iloc[0])
    return of >= FEWEST and fixed >= MOST * of and alike <= (1 - MOST) * of
