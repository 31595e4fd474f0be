"""Sums of sales over customers, now and earlier: through new customers and existing ones, and by factors."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd

from helpers.analyses.profiling.business.windows import Trade, Window
from helpers.analyses.profiling.vocabulary import (
    AGAINST,
    BUYERS,
    CHANGE_AMOUNT,
    CHANGE_AMOUNT_LOWER,
    CHANGE_AMOUNT_UPPER,
    EARLIER_BUYERS,
    EARLIER_SALES,
    PART,
    SALES,
)
from helpers.data import engine, snapshot
from helpers.findings.evidence import LEAST_AT_RISK, Z
from helpers.findings.privacy.disclosure import DOMINATED, dominated

NOW = "now"  # the window, beside those that it is compared with


class Against(StrEnum):
    """What the window is compared with: the same days a year before, or the days just before."""

    LAST_YEAR = "last_year"
    BEFORE = "before"


class Part(StrEnum):
    """Through what sales changed: people first, then the factors of all sales."""

    ALL = "all"
    NEW = "new"
    EXISTING = "existing"
    BUYERS = "buyers"
    ORDERS_EACH = "orders_each"
    BASKET = "basket"


def lookback_days(trade: Trade, earlier: Sequence[Window]) -> float:
    """Over how many days before a window an order makes a customer no new one: all, as far as all reach, or NaN.

    All, where nobody had joined before the first order, so that the data hold the shop's beginning.
    """
    data, first = trade.data, trade.first_day
    assert first is not None, "a covered window has orders"
    joined = data.customers.get("joined_on", pd.Series(dtype="datetime64[us]")).min()
    reach = min((window.start - first).days for window in earlier)
    if not trade.names_customers or reach < min(window.days for window in earlier):
        return math.nan
    if not pd.isna(joined) and joined.date() >= first:
        return math.inf
    return float(reach)


def sums_by_channel(units: ir.Table, earlier: Iterable[Against]) -> pd.DataFrame:
    """Sums over customers by channel: buyers, orders and money of new and existing ones, and squares of differences.

    `units` are the customers (see `sales_of_customers`).
    """
    sums: dict[str, ir.Value] = {}
    for when in (NOW, *earlier):
        for who in ("new", "old"):
            sums[f"{who}_money_{when}"] = engine.total(units[f"{who}_money_{when}"])
            sums[f"{who}_buyers_{when}"] = units[f"{who}_buyers_{when}"].sum()
        sums[f"orders_{when}"] = units[f"orders_{when}"].sum()
    for against in earlier:
        gains = {who: units[f"{who}_money_now"] - units[f"{who}_money_{against}"] for who in ("new", "old")}
        gains["all"] = gains["new"] + gains["old"]
        for who, gain in gains.items():
            sums[f"{who}_squares_{against}"] = engine.total(gain * gain)
    found = units.group_by("channel").agg(**sums).execute().fillna({name: 0.0 for name in sums})
    return found.sort_values("channel", ignore_index=True)  # what is summed up next is so in one order


def parted_by_one(units: ir.Table, earlier: Iterable[Against]) -> frozenset[Against]:
    """With what the money of new and existing customers is compared where one customer, or two, make most of either.

    Both are then left out, now and earlier: sales of all are known, from which the other would tell it.
    """
    made = {when: {f"{who}_money_{when}" for who in ("new", "old")} for when in (NOW, *earlier)}
    money = units.select(*set().union(*made.values())).execute()
    by_one = {name for name in money if dominated(money[name], pd.Series(name, money.index)).any()}
    return frozenset(against for against in earlier if by_one & (made[NOW] | made[against]))


def sales_of_customers(trade: Trade, window: Window, earlier: Mapping[Against, Window], lookback: float) -> ir.Table:
    """One row a customer: money, orders and whether it bought in each window, as new and as existing; and channel."""
    windows = {NOW: window} | {str(against): days for against, days in earlier.items()}
    days = snapshot.order_days(trade.by_buyer, trade.data.settings.policy)
    bought = days.orders > 0
    columns: dict[str, ir.Value] = {}
    for when, window in windows.items():
        within = (days.day >= ibis.date(window.start)) & (days.day <= ibis.date(window.end))
        before = bought & (days.day < ibis.date(window.start))
        if not math.isinf(lookback) and not math.isnan(lookback):
            before = before & (days.day >= ibis.date(window.start - dt.timedelta(days=int(lookback))))
        columns |= {
            f"money_{when}": engine.total(days.net, where=within).fill_null(0.0),
            f"orders_{when}": days.orders.sum(where=within).fill_null(0),
            f"known_{when}": before.any().fill_null(False),
        }
    people = days.group_by("customer_id").agg(**columns)
    made: dict[str, ir.Value] = {}
    for when in windows:
        buys = people[f"orders_{when}"] > 0
        new = buys & ~people[f"known_{when}"]
        made |= {
            f"new_money_{when}": new.ifelse(people[f"money_{when}"], 0.0),
            f"old_money_{when}": new.ifelse(0.0, people[f"money_{when}"]),
            f"new_buyers_{when}": new.ifelse(1, 0), f"old_buyers_{when}": (buys & ~new).ifelse(1, 0),
        }  # fmt: skip
    people = people.mutate(**made)
    known = trade.data.tables.get("customers")
    if known is None or "channel" not in known.columns:
        return people.mutate(channel=ibis.literal(""))
    channels = known.select("customer_id", channel=known.channel.fill_null(""))
    joined = people.left_join(channels, "customer_id")
    return joined.mutate(channel=joined.channel.fill_null(""))


def comparison(sums: pd.DataFrame, against: Against, splits: bool, by_one: bool) -> Iterator[dict[str, object]]:
    """The lines of one comparison: all sales, new and existing customers, then the factors.

    `by_one` says that one customer, or two, make most of what either part brought.
    """
    total = sums.drop(columns="channel").sum()
    now, then = (
        {name: total[f"new_{name}_{when}"] + total[f"old_{name}_{when}"] for name in ("money", "buyers")}
        for when in ("now", against)
    )
    yield _line(against, Part.ALL, (now["money"], then["money"]), (now["buyers"], then["buyers"]),
                total[f"all_squares_{against}"])  # fmt: skip
    for part, who in ((Part.NEW, "new"), (Part.EXISTING, "old")) if splits else ():
        money, buyers = ((total[f"{who}_{name}_now"], total[f"{who}_{name}_{against}"]) for name in ("money", "buyers"))
        yield _line(against, part, money, buyers, total[f"{who}_squares_{against}"]) | {DOMINATED: by_one}
    orders = total["orders_now"], total[f"orders_{against}"]
    for part, change in _factors((now["money"], then["money"]), (now["buyers"], then["buyers"]), orders).items():
        yield {AGAINST: str(against), PART: str(part), CHANGE_AMOUNT: change, DOMINATED: False}


def _line(
    against: Against, part: Part, money: tuple[float, float], buyers: tuple[float, float], squares: float
) -> dict[str, object]:
    change, half = money[0] - money[1], Z * math.sqrt(max(squares, 0.0))
    enough = sum(buyers) >= LEAST_AT_RISK
    return {
        AGAINST: str(against), PART: str(part), SALES: money[0], EARLIER_SALES: money[1], CHANGE_AMOUNT: change,
        CHANGE_AMOUNT_LOWER: change - half if enough else np.nan,
        CHANGE_AMOUNT_UPPER: change + half if enough else np.nan,
        BUYERS: int(buyers[0]), EARLIER_BUYERS: int(buyers[1]), DOMINATED: False,
    }  # fmt: skip


def _factors(money: tuple[float, float], buyers: tuple[float, float], orders: tuple[float, float]) -> dict[Part, float]:
    """What buyers, orders each and the mean order added to the change of money; they add up to it exactly.

    By logarithmic means: L · ln(factor now ÷ then), L = change ÷ ln(money now ÷ then). Empty unless all are above 0.
    """
    if min(*money, *buyers, *orders) <= 0:
        return {}
    mean = (money[0] - money[1]) / math.log(money[0] / money[1]) if money[0] != money[1] else money[0]
    each, basket = (orders[0] / buyers[0], orders[1] / buyers[1]), (money[0] / orders[0], money[1] / orders[1])
    pairs = {Part.BUYERS: buyers, Part.ORDERS_EACH: each, Part.BASKET: basket}
    return {part: mean * math.log(now / then) for part, (now, then) in pairs.items()}


def new_by_channel(sums: pd.DataFrame, against: Against) -> pd.DataFrame:
    """New customers of each channel that the data name, and what they brought, now and earlier."""
    named = sums[sums["channel"] != ""]
    return pd.DataFrame({
        AGAINST: str(against), "channel": named["channel"], BUYERS: named["new_buyers_now"],
        EARLIER_BUYERS: named[f"new_buyers_{against}"], SALES: named["new_money_now"],
        EARLIER_SALES: named[f"new_money_{against}"],
    })  # fmt: skip
