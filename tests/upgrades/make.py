"""The shop of the sample: 320 customers in Chinese exports, from a seed. `python tests/upgrades/make.py` writes it.

`shop/` is what it wrote. `reports/shop/2025-06-30/tables`, its `manifest.json` and `pseudonym.key` are what the version
of commit 74cad9d then made of that shop, `kehu report --dataset …/shop --as-of 2025-06-30`; its pages, notebooks and
CSV copies of tables, which no later run reads, were left out, and so was where they were made. Never renew these with a later version: they are kept to
be old.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

SHOP = Path(__file__).resolve().parent / "shop"
CUSTOMERS = 320
FIRST, LAST = pd.Timestamp("2023-01-01"), pd.Timestamp("2025-07-31")  # a month beyond the old report
CITIES, CHANNELS = ["上海", "杭州", "成都", "北京"], ["小程序", "天猫", "门店"]
CATEGORIES = ["茶叶", "茶具", "点心"]
COMPLAINTS = ["物流太慢", "包装破损", "退款还没到", "客服态度很好", "发货太慢 包装破损"]


def customers(draws: np.random.Generator) -> pd.DataFrame:
    """One row a customer; every fifth was brought by another."""
    ids = [f"客{number:04d}" for number in range(1, CUSTOMERS + 1)]
    joined = np.sort(draws.integers(0, (LAST - FIRST).days - 5, CUSTOMERS))
    brought = np.where(draws.random(CUSTOMERS) < 0.2, draws.choice(ids[:25], CUSTOMERS), "")
    return pd.DataFrame(
        {
            "客户编号": ids,
            "注册时间": FIRST + pd.to_timedelta(joined, "D"),
            "城市": draws.choice(CITIES, CUSTOMERS),
            "来源渠道": draws.choice(CHANNELS, CUSTOMERS),
            "推荐人": np.where(brought == ids, "", brought),
            "行业": draws.choice(["餐饮", "零售", "个人"], CUSTOMERS),
            "家庭人数": draws.integers(1, 6, CUSTOMERS),
        }
    )


def orders(people: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    """Orders at a rate of each customer's own, until it leaves."""
    rows = []
    for person in people.itertuples(index=False):
        day, gap = person.注册时间, draws.gamma(2.0, 35.0) + 5
        spend, leaves = draws.lognormal(4.5, 0.6), person.注册时间 + pd.Timedelta(days=draws.exponential(600))
        while day <= min(LAST, leaves):
            at = day.normalize() + pd.Timedelta(hours=int(draws.integers(8, 22)))
            rows.append((person.客户编号, at, round(spend * draws.lognormal(0, 0.3), 2)))
            day += pd.Timedelta(days=1 + draws.exponential(gap))
    table = pd.DataFrame(rows, columns=["客户编号", "下单时间", "金额分"]).sort_values("下单时间", ignore_index=True)
    table.insert(0, "订单编号", [f"O{number:05d}" for number in range(len(table))])
    refunded = draws.random(len(table)) < 0.05
    state = np.where(draws.random(len(table)) < 0.03, "测试", "正常")
    return table.assign(
        退款=np.where(refunded, table["金额分"], 0.0), 金额分=(table["金额分"] * 100).round(), 状态=state
    )


def items(placed: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    """One line an order."""
    product = draws.integers(0, len(CATEGORIES), len(placed))
    return pd.DataFrame(
        {
            "订单编号": placed["订单编号"],
            "商品编号": [f"P{number}" for number in product],
            "数量": 1,
            "单价": placed["金额分"] / 100,
        }
    )


def products() -> pd.DataFrame:
    """The category of each product, which the settings join to the lines."""
    return pd.DataFrame({"商品编号": [f"P{number}" for number in range(len(CATEGORIES))], "类目": CATEGORIES})


def after_orders(placed: pd.DataFrame, part: float, draws: np.random.Generator) -> pd.DataFrame:
    """A `part` of the orders, each with a time some days later."""
    chosen = placed[draws.random(len(placed)) < part].reset_index(drop=True)
    later = chosen["下单时间"] + pd.to_timedelta(draws.integers(1, 96, len(chosen)), "h")
    return chosen.assign(later=later)[lambda rows: rows["later"] <= LAST].reset_index(drop=True)


def tickets(placed: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    """A ticket after every seventh order; the settings read its day-first times."""
    about = after_orders(placed, 0.15, draws)
    hours = draws.integers(1, 90, len(about))
    closed = about["later"] + pd.to_timedelta(hours, "h")
    return pd.DataFrame(
        {
            "工单编号": [f"T{number:04d}" for number in range(len(about))],
            "客户编号": about["客户编号"],
            "创建时间": about["later"].dt.strftime("%d/%m/%Y %H:%M"),
            "关闭时间": closed.dt.strftime("%d/%m/%Y %H:%M").where(closed <= LAST, ""),
            "问题类型": draws.choice(["物流", "质量"], len(about)),
            "是否投诉": draws.choice(["是", "否"], len(about)),
            "问题描述": draws.choice(COMPLAINTS, len(about)),
        }
    )


def surveys(placed: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    """An answer after every fourth order, under the contract's own headers."""
    about = after_orders(placed, 0.25, draws)
    answers = {"customer_id": about["客户编号"], "answered_at": about["later"], "question": "nps"}
    return pd.DataFrame(
        answers | {"score": draws.choice(range(11), len(about), p=[0.03] * 6 + [0.05, 0.1, 0.2, 0.25, 0.22])}
    )


def touches(people: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    """Two messages to half of the customers."""
    asked = people.sample(len(people) // 2, random_state=1).sort_index()
    sent = [asked.assign(活动=name, 时间=day) for name, day in [("春茶", "2025-04-02"), ("夏茶", "2025-06-03")]]
    table = pd.concat(sent)[["客户编号", "活动", "时间"]]
    return table.assign(打开=np.where(draws.random(len(table)) < 0.4, table["时间"], ""))


def experiment(people: pd.DataFrame, draws: np.random.Generator) -> pd.DataFrame:
    """An A/B test over the customers of its day."""
    there = people[people["注册时间"] < "2025-05-01"]
    treated = draws.random(len(there)) < 0.5
    bought = draws.random(len(there)) < np.where(treated, 0.45, 0.3)
    count = np.where(bought, draws.integers(1, 4, len(there)), 0)
    return pd.DataFrame(
        {
            "experiment": "spring_mail",
            "customer_id": there["客户编号"],
            "variant": np.where(treated, "mail", "no mail"),
            "assigned_at": "2025-05-01",
            "Converted": bought.astype(int),
            "Orders": count,
            "Spend": (count * draws.lognormal(4.5, 0.5, len(there))).round(2),
            "Visits before": draws.poisson(3, len(there)),
        }
    )


def main() -> None:
    """Writes the exports."""
    draws = np.random.default_rng(74)
    people = customers(draws)
    placed = orders(people, draws)
    write = {"index": False, "date_format": "%Y-%m-%d %H:%M:%S"}
    people.to_csv(SHOP / "customers.csv", **write)
    for year, rows in placed.groupby(placed["下单时间"].dt.year):
        rows.to_csv(SHOP / f"orders_{year}.csv", **write)
    items(placed, draws).to_csv(SHOP / "items.csv", sep=";", **write)
    products().to_csv(SHOP / "products.csv", sep=";", **write)
    tickets(placed, draws).to_csv(SHOP / "tickets.csv", encoding="gb18030", **write)
    surveys(placed, draws).to_csv(SHOP / "surveys.csv", **write)
    touches(people, draws).to_csv(SHOP / "touches.csv", **write)
    experiment(people, draws).to_csv(SHOP / "experiments.csv", **write)


if __name__ == "__main__":
    main()
