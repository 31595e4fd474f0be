"""What the demo's shop sold, as its exports have it: orders with their faults, lines, products, contracts, points."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle, islice

import numpy as np
import pandas as pd

from helpers.data.synthetic.customers import people, programme
from helpers.data.synthetic.draws import label, uniforms
from helpers.data.synthetic.files import cells
from helpers.data.synthetic.files.cells import Row
from helpers.data.synthetic.shop import Shop
from helpers.data.synthetic.trade import goods, purchases
from helpers.data.synthetic.trade.goods import CATEGORIES
from helpers.data.synthetic.truth import TRUTH

MONTHLY_PRICES = {"月付": "25.00", "季付": "22.00", "年付": "15.00"}


def orders(shop: Shop) -> list[Row]:
    """One row an order that is sound."""
    placed = shop.bought.placed
    discount = shop.items["discount"].groupby(shop.items["order"]).sum()
    channel = label(uniforms("order channels").random(len(placed)), {"小程序": 40, "App": 35, "天猫": 15, "抖音": 10})
    return list(
        zip(
            cells.order_ids(placed.index),
            cells.customer_ids(placed["customer"]),
            cells.minutes(placed["minute"]),
            cells.money(shop.cents),
            cells.money(purchases.refunds(placed, shop.cents)),
            placed["cancelled"].map({True: "1", False: "0"}),
            channel,
            cells.money(discount),
            strict=True,
        )
    )


def with_faults(sound: list[Row]) -> list[Row]:
    """The orders with broken copies among them; but for the repeated, these have numbers of their own and no items."""
    faults = {fault: rows for (table, fault), rows in TRUTH.faults.items() if table == "orders"}
    models = iter([sound[place] for place in cells.spread(len(sound), sum(faults.values()))])
    unreadable = cycle(("2025-02-30 10:15", "2025-13-01 08:00", "0000-00-00 00:00", "待确认"))

    def copies(fault: str) -> Iterable[Row]:
        return (("X" + number[1:], *rest) for number, *rest in islice(models, faults[fault]))

    return cells.among(
        sound,
        [
            *((number, "", *rest) for number, _, *rest in copies("no customer")),
            *(
                (number, customer, next(unreadable), *rest)
                for number, customer, _, *rest in copies("date cannot be read")
            ),
            *((*order[:4], "-" + order[3], *order[5:]) for order in copies("negative refund")),
            *islice(models, faults["order_id repeated"]),
        ],
    )


def order_file(rows: Iterable[Row]) -> bytes:
    """Rows of orders as a file, whose header of the time ends with a space."""
    header = ("订单编号", "客户编号", "下单时间 ", "订单金额", "退款金额", "已取消", "下单渠道", "优惠金额")
    return cells.text(header, rows).encode()


def order_items(lines: pd.DataFrame) -> str:
    """One row a line, with what was paid for it."""
    categories = list(CATEGORIES)
    return cells.text(
        ("订单编号", "商品编号", "类目", "数量", "单价", "金额"),
        zip(
            cells.order_ids(lines["order"]),
            _product_ids(lines["product"]),
            (categories[product % len(categories)] for product in lines["product"]),
            lines["quantity"].astype(str),
            cells.money(lines["price"]),
            cells.money(lines["quantity"] * lines["price"] - lines["discount"]),
            strict=True,
        ),
        ";",
    )


def products() -> str:
    """One row a product."""
    sold = goods.products()
    return cells.text(
        ("商品编号", "商品名称", "类目", "系列", "标价", "成本", "库存", "停售日期", "一次性购买"),
        zip(
            _product_ids(sold.index),
            sold["name"],
            sold["category"],
            sold["family"],
            cells.money(sold["price"]),
            cells.money(sold["cost"]),
            sold["stock"].astype(str),
            cells.days(sold["sold_until"]),
            np.where(sold["once"], "是", "否"),
            strict=True,
        ),
    )


def points(shop: Shop) -> str:
    """One row a movement of points."""
    moved = programme.points(shop.bought.placed, shop.cents)
    return cells.text(
        ("客户编号", "变动时间", "积分", "原因"),
        zip(
            cells.customer_ids(moved["customer"]),
            cells.minutes(moved["minute"]),
            moved["points"].astype(str),
            moved["reason"],
            strict=True,
        ),
    )


def _product_ids(numbers: Iterable[int]) -> list[str]:
    return [f"{number:03d}" for number in numbers]


def subscriptions(members: pd.DataFrame) -> str:
    """One row a membership, with some that end before they start."""
    rows = list(
        zip(
            cells.customer_ids(members["customer"]),
            cells.days(members["started"]),
            cells.days(members["ended"]),
            members["reason"],
            members["plan"],
            members["plan"].map(MONTHLY_PRICES),
            strict=True,
        )
    )
    outsiders = np.setdiff1d(np.arange(people.CUSTOMERS), members["customer"])
    faulty = [
        (customer, "2025-06-15", "2025-05-15", "价格", "月付", MONTHLY_PRICES["月付"])
        for customer in cells.customer_ids(
            outsiders[cells.spread(len(outsiders), TRUTH.faults["subscriptions", "ends before it starts"])]
        )
    ]
    return cells.text(("客户编号", "开通日期", "退会日期", "退会原因", "套餐", "月费"), cells.among(rows, faulty))
