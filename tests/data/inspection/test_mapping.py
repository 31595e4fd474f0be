"""Which header answers to which column, and which are dropped."""

from __future__ import annotations

from helpers.data import datasets
from helpers.data.inspection.mapping import Header, mapping, undone

LINES = """[tables.order_items]
file = "lines.csv"
join = [{ file = "goods.csv", on = "sku" }]
[tables.order_items.columns]
product_id = "sku"
category = "department"
[[tables.order_items.rules]]
rule = "no test lines"
keep = "kind <> 'test'"
[tables.customers]
file = "lines.csv"
merge = true
"""


TWO_FEEDS = """[[tables.orders]]
file = "shop.csv"
[[tables.orders]]
file = "till.csv"
[tables.orders.columns]
customer_id = "card"
order_id = "receipt"
"""


def opened(folder):
    return datasets.open(folder, prepared=folder.parent / "prepared")


def told(data):
    return {(each.table, each.name): each.column or f"? {each.likely}" for each in mapping(data)}


def test_headers_in_expressions_are_used_and_dropped_ones_have_a_likeliest_column(data):
    found = told(data)
    assert found[("orders", "buyer")] == "customer_id" and found[("orders", "gross")] == "amount"
    assert (
        found[("orders", "order_status")] == "? orders.cancelled" and found[("customers", "town")] == "? customers.city"
    )


def test_a_header_that_another_table_of_the_file_or_a_rule_or_a_join_uses_is_not_dropped(folder):
    (folder / "dataset.toml").write_text(LINES)
    (folder / "lines.csv").write_text(
        "order_id,sku,customer_id,ordered_at,amount,kind,country,colour\n1,s,a,2025-01-02,5,x,DE,red\n"
    )
    (folder / "goods.csv").write_text("sku,department,weight\ns,shoes,1\n")
    found = told(opened(folder))
    assert found[("order_items", "kind")] == "no test lines" and found[("order_items", "department")] == "category"
    assert ("order_items", "country") not in found and found[("customers", "country")] == "country"
    assert ("order_items", "weight") not in found and found[("order_items", "colour")] == "? "


def test_each_feed_of_a_table_has_its_own_headers(folder):
    (folder / "dataset.toml").write_text(TWO_FEEDS)
    (folder / "shop.csv").write_text("order_id,customer_id,ordered_at,amount\n1,a,2025-01-02,5\n")
    (folder / "till.csv").write_text("receipt,card,ordered_at,amount,till_no\nt1,a,2025-01-02,5,7\n")
    assert told(opened(folder)) == {
        ("orders", "order_id"): "order_id",
        ("orders", "customer_id"): "customer_id",
        ("orders", "ordered_at"): "ordered_at",
        ("orders", "amount"): "amount",
        ("orders", "receipt"): "order_id",
        ("orders", "card"): "customer_id",
        ("orders", "till_no"): "? ",
    }


def test_a_header_with_the_sign_of_a_currency_answers_to_the_column_that_is_read_from_it(tmp_path):
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "dataset.toml").write_text('[tables.orders]\nfile = "orders.csv"\n')
    (folder / "orders.csv").write_text("order_id,customer_id,ordered_at,Amount ($)\n1,a,2025-01-02,10.5\n")
    assert told(opened(folder))["orders", "amount_$"] == "amount"


def test_a_flag_of_orders_that_are_none_is_told_where_nothing_reads_it():
    (told,) = undone(Header("orders", "is_cancelled", "", "orders.cancelled"))
    assert told.startswith("orders: is_cancelled is not read, and no order counts as cancelled")
    assert undone(Header("orders", "status", "", "orders.cancelled")) == []  # most say nothing of the kind
