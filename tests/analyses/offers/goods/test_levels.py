from __future__ import annotations

import ibis
import pandas as pd
import pytest

from answers import words_of
from helpers.analyses.offers.goods.levels import Kept, level, purchased
from helpers.findings import NotApplicable
from shops import shop


def baskets(product_buyers: int, products: int = 3):
    """Orders of one product each, so many of each product, two of the products in one category."""
    return [{f"{'ab'[product % 2]}{product}"} for product in range(products) for _buyer in range(product_buyers)]


def test_a_good_is_the_finest_level_of_which_half_the_goods_have_twenty_buyers(sold):
    assert level(sold(baskets(20))).chosen == Kept.PRODUCT
    coarse = level(sold(baskets(19)))
    assert coarse.chosen == Kept.CATEGORY
    assert coarse.table["median_buyers"].tolist() == [19, 28.5]
    assert words_of(coarse).startswith("Goods are categories here: 2, of which half have at least 28.5 buyers.")
    assert words_of(level(sold(baskets(5)))).startswith("Few of the 2 goods")


def test_a_preferred_level_goes_before_finer_ones_where_it_has_enough_buyers(sold):
    assert level(sold(baskets(20)), Kept.CATEGORY).chosen == Kept.CATEGORY
    assert level(sold(baskets(20)), Kept.FAMILY).chosen == Kept.PRODUCT  # these lines know no family
    assert level(sold(baskets(5)), Kept.PRODUCT).chosen == Kept.CATEGORY


def test_a_customer_buys_a_good_once_and_a_guest_once_an_order(sold):
    orders = [{"a"}, {"a"}, {"a"}, {"b"}]
    counted = level(sold(orders, ["x", "x", None, None])).table.set_index("level")
    assert counted.loc["product_id", "median_buyers"] == 1.5  # a: x and a guest, b: a guest


def test_families_come_from_the_products():
    rows = [{"o": f"o{n}", "p": f"p{n % 30}"} for n in range(60)]
    lines = ibis.memtable(
        pd.DataFrame([{"order_id": r["o"], "product_id": r["p"], "quantity": 2.0, "amount": 8.0} for r in rows])
    )
    lines = lines.mutate(
        product_name=ibis.null("string"),
        category=ibis.null("string"),
        family=ibis.null("string"),
        unit_price=ibis.null("float64"),
        cancelled=ibis.null("boolean"),
    )
    orders = ibis.memtable(
        pd.DataFrame(
            {
                "order_id": [r["o"] for r in rows],
                "customer_id": [r["o"] for r in rows],
                "amount": 1.0,
                "cancelled": False,
            }
        ).assign(ordered_at=pd.Timestamp("2025-06-01"))
    )
    products = pd.DataFrame(
        {"product_id": [f"p{n}" for n in range(30)], "category": "all", "family": ["x", "y", "z"] * 10}
    )
    products["product_name"] = None
    products["once"] = (products["family"] == "x") | (products["product_id"] == "p1")
    data = shop(as_given=True, orders=orders, order_items=lines, products=ibis.memtable(products))
    found = level(data)
    assert found.chosen == Kept.FAMILY and found.once == {"x"}  # of y one product is needed once, others are not
    bought = purchased(data).execute()
    assert set(bought["unit_price"]) == {4.0} and set(bought["category"]) == {"all"}


def test_products_are_named_with_their_category(sold):
    named = level(sold(baskets(20))).named(pd.Series(["a0", "b1"]))
    assert named.tolist() == ["a0 · kind a", "b1 · kind b"]
    assert level(sold(baskets(19))).named(pd.Series(["kind a"])).tolist() == ["kind a"]


def test_products_are_called_by_a_name_that_five_buyers_have():
    names = {"p": "Tea", "q": "Tea", "r": "A very long name of a very good thing", "s": "of Ms Li"}
    goods = ["p", "q", "r"] * 20 + ["s"] * 4
    orders = pd.DataFrame({"order_id": [f"o{row}" for row in range(len(goods))], "days_ago": 10})
    lines = orders[["order_id"]].assign(product_id=goods, product_name=[names[good] for good in goods], category="kind")
    lines.loc[0, "product_name"] = "a name that one buyer wrote"
    found = level(shop(orders=orders.assign(customer_id=orders["order_id"]), order_items=lines))
    assert found.named(pd.Series(["p", "q", "r", "s", "new"])).tolist() == [
        "Tea · p", "Tea · q", "A very long name of a very …", "s · kind", "new"
    ]  # fmt: skip


@pytest.mark.parametrize("tables", [{}, {"orders": {"order_id": ["o"], "customer_id": ["c"], "days_ago": [1]}}])
def test_without_lines_nothing_is_told(tables):
    answer = level(shop(**tables))
    assert isinstance(answer, NotApplicable) and "no lines of orders" in words_of(answer)


def test_of_one_good_nothing_is_told(sold):
    assert isinstance(level(sold([{"a"}, {"a"}])), NotApplicable)


def test_what_is_cancelled_was_not_bought(sold):
    data = sold(baskets(20))
    cancelled = data.tables["orders"].mutate(cancelled=True)
    data.tables["orders"] = cancelled
    assert isinstance(level(data), NotApplicable)


def test_a_product_is_named_with_the_category_of_most_of_its_lines():
    """One line of twenty-one says another, which would come first by the alphabet."""
    orders = pd.DataFrame({"order_id": [f"o{row}" for row in range(42)], "days_ago": 10})
    orders = orders.assign(customer_id=orders["order_id"])
    lines = orders[["order_id"]].assign(product_id=["p", "q"] * 21, category=["a typo", *["kind"] * 41])
    found = level(shop(orders=orders, order_items=lines))
    assert found.kinds.to_dict() == {"p": "kind", "q": "kind"}
