"""What the demo's customers buy: orders, their lines, and money given back."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, DAYS, day_weights, minute_of_day
from helpers.data.synthetic.draws import exponential, pick, uniforms

MAX_REPEATS = 120
CATEGORIES = {  # category → a typical price in CNY
    "服饰": 129,
    "美妆": 149,
    "食品": 39,
    "家居": 89,
    "母婴": 119,
    "数码": 699,
    "图书": 36,
    "运动": 179,
    "宠物": 69,
    "家电": 899,
}
PRODUCTS = 120


def orders(people: pd.DataFrame) -> pd.DataFrame:
    """One row per order by time: customer, minute, cancelled; the first one comes minutes after joining."""
    rng = uniforms("orders")
    busy = np.cumsum(day_weights())
    gaps = exponential(rng.random((len(people), MAX_REPEATS))) * 100 / people["daily_rate"].to_numpy()[:, None]
    at_busy = people["joined_busy"].to_numpy()[:, None] + np.cumsum(gaps, axis=1)
    last_busy = np.minimum(people["lost_busy"].to_numpy(), busy[-1])[:, None]
    customer, repeat = np.nonzero((at_busy < last_busy) & people["buys"].to_numpy()[:, None])
    minute = np.searchsorted(busy, at_busy[customer, repeat], side="right") * DAY + minute_of_day(rng, len(customer))
    buyers = np.flatnonzero(people["buys"])
    first = people["joined"].to_numpy() + 1 + np.floor(rng.random(len(people)) * 20).astype(int)
    customer = np.concatenate([buyers, customer])
    minute = np.concatenate([first[buyers], np.maximum(minute, first[customer[len(buyers) :]] + 1)])
    order = np.lexsort((customer, minute))
    placed = pd.DataFrame({"customer": customer[order], "minute": minute[order]})
    placed = placed[placed["minute"] < DAYS * DAY].reset_index(drop=True)
    return placed.assign(cancelled=rng.random(len(placed)) < 0.03)


def order_items(placed: pd.DataFrame) -> pd.DataFrame:
    """One row per line: order (position), product, quantity, price in cents."""
    rng = uniforms("order_items")
    typical = np.array(list(CATEGORIES.values()))[np.arange(PRODUCTS) % len(CATEGORIES)]
    price = 100 * np.floor(typical * (0.4 + 0.6 * exponential(rng.random(PRODUCTS)))).astype(int) + 90  # cents: ….90
    order = np.repeat(np.arange(len(placed)), 1 + pick(rng.random(len(placed)), (66, 22, 9, 3)))
    product = np.floor(PRODUCTS * rng.random(len(order)) ** 1.7).astype(int)
    quantity = 1 + pick(rng.random(len(order)), (80, 14, 6))
    return pd.DataFrame({"order": order, "product": product, "quantity": quantity, "price": price[product]})


def refunds(placed: pd.DataFrame, cents: np.ndarray) -> np.ndarray:
    """Cents given back per order: 6 % of the orders that stand, three in five of them in full, others by half."""
    rng = uniforms("refunds")
    given = (rng.random(len(placed)) < 0.06) & ~placed["cancelled"].to_numpy()
    return np.where(given, np.where(rng.random(len(placed)) < 0.6, cents, cents // 2), 0)
