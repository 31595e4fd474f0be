"""Who orders again: within a window, within a fixed time of the first order, and how long the second one takes."""

from __future__ import annotations

import datetime as dt

import ibis
import numpy as np
import pandas as pd

from helpers.analyses.profiling.business.figures import UNKNOWN, Definition, Figure, Share
from helpers.analyses.profiling.business.windows import Trade, Window
from helpers.data import snapshot
from helpers.data.days import night
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.statistics import survival


def second_orders(trade: Trade, until: dt.date) -> pd.DataFrame:
    """followed_days, wait_days and customers: how many have been known so long, and waited so long for the second.

    A second order is one on a later day than the first; wait_days is NaN where none was placed by `until`. Orders are
    those that the policies count.
    """
    orders = trade.data.tables["orders"]
    days = snapshot.order_days(orders.filter(orders.ordered_at < night(until)), trade.data.settings.policy)
    days = days.filter(days.orders > 0).select("customer_id", "day")
    days = days.mutate(first=days.day.min().over(group_by="customer_id"))
    later = days.day > days["first"]
    people = days.group_by("customer_id").agg(first=days["first"].min(), second=days.day.min(where=later))
    waits = people.select(
        followed_days=ibis.date(until).delta(people["first"], unit="day"),
        wait_days=people.second.delta(people["first"], unit="day"),
    )
    counts = waits.group_by("followed_days", "wait_days").agg(customers=waits.count()).execute()
    return counts.astype({"followed_days": "int64", "wait_days": "float64"}).sort_values(
        ["followed_days", "wait_days"], ignore_index=True
    )


def repurchased_within(waits: pd.DataFrame, days: int) -> tuple[int, int]:
    """Customers with a second order within `days` of the first, and all who have been followed for so long."""
    followed = waits[waits["followed_days"] >= days]
    again = followed.loc[followed["wait_days"] <= days, "customers"]
    return int(again.sum()), int(followed["customers"].sum())


def median_wait(waits: pd.DataFrame) -> tuple[float, float, float]:
    """Median days to the second order and its 95% limits; NaN where fewer than half place one while 20 are watched.

    Kaplan–Meier: who has not ordered again yet is censored, so that recent customers do not count as lost.
    """
    again = waits["wait_days"].notna()
    durations = waits["wait_days"].fillna(waits["followed_days"])
    seen = durations > 0  # who came on the last day has not been watched
    if not (again & seen).any():
        return np.nan, np.nan, np.nan
    watched = {"weights": waits.loc[seen, "customers"], "at_least": LEAST_AT_RISK}
    curve = survival.kaplan_meier(durations[seen], again[seen], **watched)
    median = survival.quantiles(curve, 0.5).iloc[0]
    return float(median["time"]), float(median["lower"]), float(median["upper"])


def second_order_figures(trade: Trade, until: dt.date) -> list[Figure]:
    """Median days from the first to the second order, where half of the customers are seen to place one."""
    waits = second_orders(trade, until)
    if waits.empty:
        return []
    median, lower, upper = median_wait(waits)
    words = Definition(
        "days from the first to the second order day by which half have it (Kaplan–Meier); none if fewer do",
        f"all orders to {until}",
        f"{waits['customers'].sum():,} customers with an order",
    )
    return [Figure("time to second purchase", median, "days", words, (lower, upper))]


def repeat_shares(trade: Trade, window: Window) -> list[Share]:
    """Buyers with two orders or more in the window, of its buyers; none without any."""
    now, then = (trade.sums(each)[["repeaters", "buyers"]] for each in (window, window.before))
    if not now["buyers"]:
        return []
    before = tuple(then) if trade.covers(window.before) else UNKNOWN
    words = Definition(
        "customers with two orders or more in the window ÷ customers with an order in it",
        str(window),
        "customers with an order in the window",
    )
    return [Share(f"bought twice in {window.days} days", tuple(now), before, words)]


def repurchase_shares(trade: Trade, window: Window) -> list[Share]:
    """Customers with a second order within the window's length, of those followed for so long; none without any."""
    now, then = (repurchased_within(second_orders(trade, w.end), window.days) for w in (window, window.before))
    if not now[1]:
        return []
    followed = f"customers with a first order at least {window.days} days before the last day"
    words = Definition(
        f"of {followed}, those with a second order day within {window.days} days of the first",
        f"first orders to {window.end - dt.timedelta(window.days)}",
        followed,
    )
    return [Share(f"repurchase in {window.days} days", now, then, words, tells_most=True)]
