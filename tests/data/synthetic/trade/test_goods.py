"""What the demo sells."""

from helpers.data.synthetic.trade import goods
from helpers.data.synthetic.truth import TRUTH


def test_five_bestsellers_have_their_share_of_ordinary_lines():
    popular = goods.POPULARITY
    assert (popular[: goods.BESTSELLERS] > popular[goods.BESTSELLERS :].max()).all()
    assert abs(popular[: goods.BESTSELLERS].sum() / popular.sum() - TRUTH.bestseller_share) < 0.01


def test_products_have_costs_below_prices_and_some_cannot_be_sold():
    sold = goods.products()
    assert (sold["cost"] < sold["price"]).all() and (sold["price"] % 100 == 90).all()
    ended = sold["sold_until"] >= 0
    assert ended.sum() == 4 and ((sold["stock"] == 0) & ~ended).sum() == 6
    assert set(sold["category"][sold["once"]]) == {goods.ONCE}
    assert sold["family"][goods.COVER] == goods.COVER_FAMILY and sold["category"][goods.COVER] == goods.DEVICES
