"""The demo's customers as an export has them, what they allow, and what winning them cost."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, DAYS, NEVER
from helpers.data.synthetic.customers import acquisition, birthdays, leads, people, programme
from helpers.data.synthetic.draws import label, pick, uniforms
from helpers.data.synthetic.files import cells
from helpers.data.synthetic.shop import Shop
from helpers.data.synthetic.truth import TRUTH

CITIES = {
    ("上海", "上海"): 14,
    ("北京", "北京"): 13,
    ("广东", "广州"): 11,
    ("广东", "深圳"): 12,
    ("浙江", "杭州"): 11,
    ("四川", "成都"): 9,
    ("江苏", "南京"): 7,
    ("湖北", "武汉"): 7,
    ("陕西", "西安"): 6,
    ("重庆", "重庆"): 6,
    ("湖南", "长沙"): 4,
}
LEVELS, LEVEL_SPEND = ("普通", "银卡", "金卡", "钻石"), (500, 2_000, 5_000)  # CNY paid in the last 365 days


def customers(shop: Shop) -> str:
    """One row a customer."""
    everyone = shop.people
    rng = uniforms("traits")
    n = len(everyone)
    places = np.array(list(CITIES))[pick(rng.random(n), list(CITIES.values()))]
    city = places[:, 1].astype(object)
    wide = cells.spread(n, TRUTH.full_width["customers", "city"])
    city[wide] += "\u3000"  # an ideographic space, as typed by hand
    born = 1960 + np.floor(24 * (rng.random(n) + rng.random(n))).astype(int)
    known = rng.random(n) < 0.8
    born_on, lunar = birthdays.drawn(np.where(known, born, NEVER))
    household = 1 + pick(rng.random(n), (22, 30, 30, 13, 5))
    number = np.arange(1, n + 1)
    header = (
        "客户编号",
        "注册时间",
        "出生年份",
        "性别",
        "省份",
        "城市",
        "来源渠道",
        "会员等级",
        "Email Opt Out",
        "手机号",
        "Email",
        "设备",
        "家庭人数",
        "推荐人编号",
        "生日",
        "农历生日",
        "客户经理",
    )
    return cells.text(
        header,
        zip(
            cells.customer_ids(everyone.index),
            cells.minutes(everyone["joined"]),
            cells.known(born, known),
            label(rng.random(n), {"女": 52, "男": 36, "": 12}),
            places[:, 0],
            city,
            everyone["channel"],
            level(shop),
            np.where(everyone["opted_out"], "true", "false"),
            (f"000-0000-{each:04d}" for each in number),
            (f"c{each}@example.com" for each in number),
            everyone["device"],
            cells.known(household, rng.random(n) < 0.7),
            ("" if each == NEVER else cells.customer_id(each) for each in people.referrals(everyone)),
            born_on,
            lunar,
            everyone["owner"],
            strict=True,
        ),
    )


def level(shop: Shop) -> np.ndarray:
    """Each customer's tier on the log's last day, by what was paid in a year. It changes nothing that anybody does."""
    placed = shop.bought.placed
    counts = ~placed["cancelled"] & (placed["minute"] >= (DAYS - 365) * DAY)
    paid = np.bincount(placed["customer"][counts], shop.cents[counts] / 100, minlength=len(shop.people))
    return np.array(LEVELS)[np.searchsorted(LEVEL_SPEND, paid, side="right")]


def consents(everyone: pd.DataFrame) -> str:
    """One row an answer to the question whether a channel may be used."""
    answers = programme.consents(everyone)
    return cells.text(
        ("customer_id", "channel", "asked_at", "given"),
        zip(
            cells.customer_ids(answers["customer"]),
            answers["channel"],
            cells.minutes(answers["minute"]),
            np.where(answers["given"], "1", "0"),
            strict=True,
        ),
    )


def spending(everyone: pd.DataFrame) -> str:
    """One row a channel and month: what was spent on winning customers."""
    spent = acquisition.spending(everyone)
    return cells.text(
        ("渠道", "月份", "投放费用"), zip(spent["channel"], spent["month"], spent["cost"].astype(str), strict=True)
    )


def lead_file(everyone: pd.DataFrame) -> str:
    """One row a lead."""
    asked = leads.drawn(everyone)
    return cells.text(
        ("线索编号", "创建时间", "线索来源", "负责人", "转化时间", "客户编号"),
        zip(
            (f"L{position + 1:04d}" for position in asked.index),
            cells.minutes(asked["created"]),
            asked["source"],
            asked["owner"],
            cells.minutes(asked["converted"]),
            ("" if each == NEVER else cells.customer_id(each) for each in asked["customer"]),
            strict=True,
        ),
    )
