"""Files of what was sold."""

from helpers.data.synthetic.files import trade_files
from helpers.data.synthetic.truth import TRUTH


def test_faults_are_added_to_sound_orders(shop):
    sound = trade_files.orders(shop)[:400]
    rows = trade_files.with_faults(sound)
    planted = sum(count for (table, _fault), count in TRUTH.faults.items() if table == "orders")
    assert len(rows) == len(sound) + planted and [row for row in rows if row in set(sound)][0] == sound[0]
    assert trade_files.order_file(rows).decode().startswith("订单编号,客户编号,下单时间 ,")


def test_products_and_points_have_a_line_each(shop):
    products, points = trade_files.products().splitlines(), trade_files.points(shop).splitlines()
    assert len(products) == 121 and products[1].startswith("000,纯棉T恤,服饰,上衣,")
    assert {line.split(",")[3] for line in points[1:]} == {"earn", "redeem", "expire"}
    assert all(int(line.split(",")[2]) > 0 for line in points[1:500] if line.endswith("earn"))


def test_contracts_of_strangers_end_before_they_start(shop):
    lines = trade_files.subscriptions(shop.members).splitlines()
    assert len(lines) == 1 + len(shop.members) + TRUTH.faults["subscriptions", "ends before it starts"]
