"""What the demo's customers buy: orders by chance, those that goods call for, and money given back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.data.synthetic.clock import DAY, DAYS, day_weights, minute_of_day
from helpers.data.synthetic.draws import exponential, pick, uniforms
from helpers.data.synthetic.trade import baskets
from helpers.data.synthetic.trade.goods import COVER, ENDED, IS_CONSUMED, IS_DEVICE, products
from helpers.data.synthetic.truth import TRUTH

MAX_REPEATS = 120
MAX_REFILLS = 20
STEADY = 6  # shape of the gaps between two purchases of a consumable
BUSY_DAYS = 130  # a day's weight from which on it is a sale


@dataclass(frozen=True)
class Bought:
    """Orders by time (customer, minute, cancelled), and their lines (order, product)."""

    placed: pd.DataFrame
    lines: pd.DataFrame

    def with_more(self, customer: np.ndarray, minute: np.ndarray, goods: pd.DataFrame) -> Bought:
        """With further orders that stand, whose lines are `goods`; all are numbered by time again."""
        more = pd.DataFrame({"customer": customer, "minute": minute, "cancelled": False})
        placed = pd.concat([self.placed, more], ignore_index=True)
        lines = pd.concat([self.lines, goods.assign(order=goods["order"] + len(self.placed))], ignore_index=True)
        by_time = np.lexsort((placed["customer"], placed["minute"]))
        number = np.argsort(by_time, kind="stable")
        lines = lines.assign(order=number[lines["order"]]).sort_values("order", kind="stable", ignore_index=True)
        return Bought(placed.iloc[by_time].reset_index(drop=True), lines)

    def firsts(self, wanted: np.ndarray) -> pd.DataFrame:
        """The first purchase of each customer and product among the `wanted` ones: customer, product, minute."""
        lines = self.lines[wanted[self.lines["product"]]]
        known = self.placed[["customer", "minute"]].iloc[lines["order"]].reset_index(drop=True)
        known["product"] = lines["product"].to_numpy()
        return known.drop_duplicates(["customer", "product"]).reset_index(drop=True)


def bought(people: pd.DataFrame) -> Bought:
    """All that is bought but for what the earlier plans bring about."""
    placed = orders(people)
    chance = Bought(placed, baskets.ordinary(people, placed))
    called_for = zip(_refills(people, chance), _covers(chance), strict=True)
    customer, minute, product = (np.concatenate(both) for both in called_for)
    everything = chance.with_more(customer, minute, baskets.around(product, uniforms("baskets around")))
    return Bought(everything.placed, baskets.paired(baskets.sound(everything.lines, everything.placed)))


def orders(people: pd.DataFrame) -> pd.DataFrame:
    """One row per ordinary order by time: customer, minute, cancelled; the first comes minutes after joining."""
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


def _refills(people: pd.DataFrame, ordinary: Bought) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customer, minute and product of the purchases of consumables that the one before called for.

    Gaps are gamma with shape 6 and the median `TRUTH.repeat_days`; they go on while the customer stays.
    """
    rng = uniforms("refills")
    sold = np.ones(len(IS_CONSUMED), bool)
    sold[list(ENDED)] = False
    began = ordinary.firsts(IS_CONSUMED & sold)
    n = len(began)
    gaps = exponential(rng.random((n, MAX_REFILLS, STEADY))).sum(axis=2) * TRUTH.repeat_days / (STEADY - 1 / 3)
    goes_on = np.cumprod(rng.random((n, MAX_REFILLS)) < TRUTH.repeat_share, axis=1)
    day = began["minute"].to_numpy()[:, None] // DAY + np.cumsum(np.round(gaps), axis=1).astype(int)
    last = np.minimum(people["lost_day"].to_numpy()[began["customer"]], DAYS)[:, None]
    row, repeat = np.nonzero(goes_on.astype(bool) & (day < last))
    minute = day[row, repeat] * DAY + minute_of_day(rng, len(row))
    return began["customer"].to_numpy()[row], minute, began["product"].to_numpy()[row]


def _covers(ordinary: Bought) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Customer, minute and product of covers that a customer's first device called for within 30 days."""
    rng = uniforms("covers")
    devices = ordinary.firsts(IS_DEVICE).drop_duplicates("customer")
    after, else_ = TRUTH.follow_on
    follows = rng.random(len(devices)) < 1 - (1 - after) / (1 - else_)
    day = devices["minute"].to_numpy() // DAY + 1 + np.floor(29 * rng.random(len(devices)) ** 2).astype(int)
    minute = day * DAY + minute_of_day(rng, len(devices))
    follows &= day < DAYS
    return devices["customer"].to_numpy()[follows], minute[follows], np.full(follows.sum(), COVER)


def order_items(people: pd.DataFrame, everything: Bought) -> pd.DataFrame:
    """One row per line: order (position), product, quantity, price, and discount of the line in cents."""
    rng = uniforms("order_items")
    lines, placed = everything.lines[["order", "product"]], everything.placed
    price = products()["price"].to_numpy()[lines["product"]]
    quantity = 1 + pick(rng.random(len(lines)), (80, 14, 6))
    sale = day_weights()[placed["minute"] // DAY] > BUSY_DAYS
    cheaper = uniforms("discounts").random(len(placed)) < np.where(sale, 0.6, 0.15)
    cheaper |= people["hunts_bargains"].to_numpy()[placed["customer"]]
    off = np.where(cheaper, 10 + 5 * pick(uniforms("percents").random(len(placed)), (50, 30, 20)), 0)  # percent
    discount = quantity * price * off[lines["order"]] // 100
    return lines.assign(quantity=quantity, price=price, discount=discount)


def refunds(placed: pd.DataFrame, cents: np.ndarray) -> np.ndarray:
    """Cents given back per order: 6 % of the orders that stand, three in five of them in full, others by half."""
    rng = uniforms("refunds")
    given = (rng.random(len(placed)) < 0.06) & ~placed["cancelled"].to_numpy()
    return np.where(given, np.where(rng.random(len(placed)) < 0.6, cents, cents // 2), 0)
