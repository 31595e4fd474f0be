"""Whether keys find their match, and what stands on those that do not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from helpers.data import datasets
from helpers.data.intake.readings.ids import NearMiss
from helpers.data.preparation import joins
from helpers.data.preparation.joins import Meeting, of_tables
from shops import shop

TOML = """[tables.order_items]
file = "lines_*.csv"
anonymous = false
[[tables.order_items.join]]
file = "goods.csv"
on = "product"
[[tables.order_items.join]]
file = "shops.csv"
on = ["shop", "country"]
[tables.order_items.columns]
customer_id = "who"
ordered_at = "at"
category = "kind"
product_id = "product"
"""
LINES = {
    "lines_1.csv": """order_id,who,at,product,shop,country,amount
1,a,2025-01-01,GTXPro,S1,DE,50
2,a,2025-01-02,Tent,S1,DE,10
3,b,2025-01-03,TENT,S2,DE,7
4,b,2025-01-03,,S1,FR,1
""",
    "lines_2.csv": """order_id,who,at,product,shop,country,amount
5,b,2025-01-04,GTXPro,S1,DE,25
6,c,2025-01-04,0017,S1,DE,4
7,c,2025-01-05,Boat,S1,DE,3
8,c,soon,Boat,S1,DE,1000
""",
}
GOODS = """product,kind
GTX Pro,shoes
Tent,camp
Tent,sale
17,spare
Rope,camp
Lamp,camp,torn
"""


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Lines of two files, whose products and shops are looked up."""
    folder = tmp_path_factory.mktemp("joined") / "shop"
    folder.mkdir()
    texts = {"dataset.toml": TOML, **LINES, "goods.csv": GOODS, "shops.csv": "shop,country\nS1,DE\nS1,FR\n"}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return datasets.open(folder, prepared=folder.parent / "prepared")


@pytest.fixture(scope="module")
def goods(opened):
    return next(each for each in opened.joins if each.other == "goods.csv")


def test_rows_and_money_that_find_nothing_in_a_file_are_counted_over_all_files(goods):
    assert (goods.table, goods.key, goods.looked_up) == ("order_items", "product", True)
    assert (goods.keys, goods.missing, goods.unused) == (5, 4, 3)
    assert (goods.rows, goods.rows_missing) == (7, 5)  # the row of no time is not used, that of no product not missing
    assert (goods.money, goods.money_missing) == (100.0, 89.0)
    assert goods.share == 0.89


def test_near_misses_of_goods_are_named_and_a_file_looked_into_tells_its_faults(goods):
    assert goods.near == (
        NearMiss("leading zeros", 1, ("0017", "17")),
        NearMiss("case", 1, ("TENT", "Tent")),
        NearMiss("blanks", 1, ("GTXPro", "GTX Pro")),
    )
    assert (goods.repeated, goods.torn) == (1, 1)


def test_a_key_of_several_columns_is_met_as_one(opened):
    shops = next(each for each in opened.joins if each.other == "shops.csv")
    assert (shops.key, shops.keys, shops.missing, shops.rows_missing) == ("shop + country", 3, 1, 1)
    items = opened.tables["order_items"].order_by("order_id").execute()
    assert items["category"].fillna("").tolist() == ["", "camp", "", "", "", "", ""]  # the first of two counts


def test_customers_and_orders_are_compared_both_ways():
    data = shop(
        as_given=True,
        customers={"customer_id": ["a", "b", "c"]},
        orders={"order_id": ["1", "2", "3", "4"], "customer_id": ["a", "x", "x", None], "amount": [6.0, 3.0, 1.0, 9.0]},
    )
    orders, customers = of_tables(data.tables)
    assert orders == Meeting("orders", "customers", "customer_id", 2, 1, (), 3, 2, 10.0, 4.0, 2)
    assert (customers.other, customers.keys, customers.missing, customers.money) == ("orders", 3, 2, None)
    assert orders.is_reference and not customers.is_reference


def test_lines_without_an_order_are_counted_before_the_day_cuts_them_off(tmp_path):
    folder = tmp_path / "lines"
    folder.mkdir()
    files = {
        "dataset.toml": '[tables.orders]\nfile = "orders.csv"\n[tables.order_items]\nfile = "items.csv"\n',
        "orders.csv": "order_id,customer_id,ordered_at,amount\n1,a,2025-01-01,5\n2,a,2025-01-02,5\n",
        "items.csv": "order_id,quantity,amount\n1,1,5\n9,1,20\n9,2,5\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text)
    data = datasets.open(folder, prepared=tmp_path / "prepared")
    met = {(each.table, each.other): each for each in joins.meetings(data.tables, data.joins)}
    lines = met["order_items", "orders"]
    assert (lines.keys, lines.missing, lines.rows_missing, lines.money_missing) == (2, 1, 2, 25.0)
    assert met["orders", "order_items"].missing == 1 and len(met) == 2


def test_ids_that_would_meet_but_for_their_spelling_are_counted_by_shape():
    customers = {"customer_id": ["0017", "0018", "B1"]}
    orders = {"order_id": ["1", "2", "3", "4"], "customer_id": ["17", "18", "b1", "zz"]}
    met, _ = of_tables(shop(as_given=True, customers=customers, orders=orders).tables)
    assert [(each.kind, each.ids) for each in met.near] == [("leading zeros", 2), ("case", 1)]
    assert met.near[0].example == ("99", "0099")


def test_what_was_written_down_is_read_back(tmp_path):
    met = Meeting("orders", "goods.csv", "product", 2, 1, (NearMiss("case", 1, ("A", "a")),), 3, 2, None, None)
    joins.write([met, replace(met, key="b")], tmp_path / "joins.json")
    assert joins.read(tmp_path / "joins.json") == (met, replace(met, key="b"))


def test_lines_meet_the_list_of_products_and_results_what_was_planned():
    lines, goods = {"order_id": ["1", "2"], "product_id": ["p", "q"]}, {"product_id": ["p", "r"]}
    plans, results = {"action_key": ["k"]}, {"action_key": ["k", "l", "l"]}
    met = of_tables(shop(order_items=lines, products=goods, planned_actions=plans, action_results=results).tables)
    found = {(each.table, each.other): (each.missing, each.rows_missing, each.is_reference) for each in met}
    assert found == {("order_items", "products"): (1, 1, True), ("action_results", "planned_actions"): (1, 2, True)}
