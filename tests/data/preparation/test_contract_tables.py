"""Contract tables are prepared from files: orders from lines, amounts from items, and nothing is read twice."""

import pytest

import lines_shop
from helpers.data import datasets
from helpers.data.intake import parts
from lines_shop import ITEMS


@pytest.fixture
def shop(tmp_path):
    lines_shop.write(tmp_path / "shop")
    return tmp_path / "shop"


def test_orders_are_made_from_lines_that_carry_customer_and_time(shop, tmp_path):
    data = datasets.open(shop, prepared=tmp_path / "prepared")
    orders = data.tables["orders"].execute().set_index("order_id")["amount"].to_dict()
    assert orders == {"1": 12.5, "2": 4.0}
    assert data.customers.set_index("customer_id")["monetary"].to_dict() == {"a": 12.5, "b": 4.0}


def test_amounts_that_no_order_has_are_summed_from_the_items(shop, tmp_path):
    (shop / "dataset.toml").write_text(
        '[tables.orders]\nfile = "orders.csv"\n[tables.order_items]\nfile = "items.csv"\n'
    )
    (shop / "orders.csv").write_text("order_id,customer_id,ordered_at\n1,a,2024-01-01\n")
    (shop / "items.csv").write_text("order_id,quantity,unit_price\n1,2,5\n1,1,1\n")
    assert datasets.open(shop, prepared=tmp_path / "p").customers["monetary"].tolist() == [11.0]


def test_orders_without_money_anywhere_are_refused(shop, tmp_path):
    (shop / "dataset.toml").write_text('[tables.orders]\nfile = "orders.csv"\n')
    (shop / "orders.csv").write_text("order_id,customer_id,ordered_at\n1,a,2024-01-01\n")
    with pytest.raises(ValueError, match="orders: missing amount, and no order_items"):
        datasets.open(shop, prepared=tmp_path / "p")


def test_an_added_file_reads_only_itself(shop, tmp_path, monkeypatch):
    (shop / "dataset.toml").write_text(ITEMS.replace("lines.csv", "lines*.csv"))
    datasets.open(shop, prepared=tmp_path / "p")
    (shop / "lines_2.csv").write_text("order_id,who,at,quantity,unit_price\n3,c,2024-04-01,1,7\n")
    read, reading = [], parts.files.read
    monkeypatch.setattr(parts.files, "read", lambda *given: read.append(given[1].name) or reading(*given))
    data = datasets.open(shop, prepared=tmp_path / "p")
    assert read == ["lines_2.csv"]
    assert data.customers.set_index("customer_id")["monetary"].to_dict() == {"a": 12.5, "b": 4.0, "c": 7.0}
