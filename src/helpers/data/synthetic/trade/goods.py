"""What the demo sells: products with categories, prices, costs and stock, and how popular each is."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import NEVER, day_number
from helpers.data.synthetic.draws import uniforms

CATEGORIES = {  # category → a typical price in CNY
    "服饰": 129,
    "美妆": 149,
    "食品": 39,
    "家居": 89,
    "母婴": 119,
    "数码": 399,
    "图书": 36,
    "运动": 179,
    "宠物": 69,
    "家电": 599,
}
FAMILIES = {
    "服饰": ("上衣", "裤裙", "鞋包"),
    "美妆": ("护肤", "彩妆", "洗护"),
    "食品": ("零食", "粮油", "饮品"),
    "家居": ("床品", "收纳", "餐具"),
    "母婴": ("童装", "玩具", "洗护用品"),
    "数码": ("手机", "耳机", "智能穿戴"),
    "图书": ("文学", "童书", "教辅"),
    "运动": ("健身", "户外", "球类"),
    "宠物": ("猫粮", "狗粮", "猫砂"),
    "家电": ("厨房电器", "清洁电器", "生活电器"),
}
PRODUCTS, BESTSELLERS = 120, 5
COVER, COVER_FAMILY, COVER_CENTS = 5, "手机壳", 2_990  # an accessory among the devices
DEVICES, ONCE, CONSUMED = "数码", "家电", ("食品", "宠物")  # categories
ENDED = {
    58: "2025-06-30",
    71: "2025-08-31",
    84: "2025-10-15",
    97: "2025-11-30",
}  # product → last day on which it is sold
OUT_OF_STOCK = (15, 27, 36, 44, 52, 63)

POPULARITY = np.concatenate(  # of 12,000 ordinary lines; the first five are bestsellers
    [[840, 820, 800, 780, 760], np.floor(1_690 / (1 + np.arange(115) / 9) ** 0.75 * 0.1416).astype(int)]
)
CATEGORY = np.arange(PRODUCTS) % len(CATEGORIES)  # of each product, its place in CATEGORIES


def within(category: str) -> np.ndarray:
    """Whether each product is of `category`."""
    return CATEGORY == list(CATEGORIES).index(category)


IS_ONCE, IS_CONSUMED = within(ONCE), np.any([within(each) for each in CONSUMED], axis=0)
IS_DEVICE = within(DEVICES) & (np.arange(PRODUCTS) != COVER)
ORDINARY_WEIGHTS = tuple(  # categories by popularity, but for what nobody needs twice: nobody has a taste for that
    int(POPULARITY[within(each) & ~IS_ONCE].sum()) for each in CATEGORIES
)


def products() -> pd.DataFrame:
    """One row per product by number: category, family, price and cost in cents, stock, sold_until (day) and once."""
    rng = uniforms("goods")
    typical = np.array(list(CATEGORIES.values()))[CATEGORY]
    price = 100 * np.floor(typical * (0.5 + rng.random(PRODUCTS))).astype(int) + 90  # cents: ….90
    price[COVER] = COVER_CENTS
    stock = 20 + np.floor(180 * rng.random(PRODUCTS)).astype(int)
    stock[list(OUT_OF_STOCK)] = 0
    stock[list(ENDED)] = 0
    names = list(CATEGORIES)
    family = np.array([FAMILIES[names[each % len(names)]][each // len(names) % 3] for each in range(PRODUCTS)], object)
    family[COVER] = COVER_FAMILY
    return pd.DataFrame(
        {
            "category": np.array(names)[CATEGORY],
            "family": family,
            "price": price,
            "cost": np.floor(price * (0.45 + 0.3 * rng.random(PRODUCTS))).astype(int),
            "stock": stock,
            "sold_until": [day_number(ENDED[each]) if each in ENDED else NEVER for each in range(PRODUCTS)],
            "once": IS_ONCE,
        }
    )
