"""Key figures that are shares: active, buying again, refunded, cancelled, subscribed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.profiling_kpis import Kpis
from helpers.analyses.profiling_windows import (
    LONGEST_WINDOW_DAYS,
    Trade,
    Window,
    known_customers,
    running,
    subscriptions_have_history,
)  # fmt: skip
from helpers.data.datasets import Dataset
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable
from helpers.statistics.proportions import wilson_interval


@dataclass(frozen=True)
class Share:
    """One share: `count` of the `of` that its denominator names, and both again one window earlier."""

    kpi: str
    count: float
    of: float
    window: str
    denominator: str
    formula: str
    before: tuple[float, float] = (np.nan, np.nan)


@dataclass(frozen=True)
class Rates:
    """Shares of customers and of orders, with their 95 % Wilson intervals and the window before."""

    lines: pd.DataFrame  # kpi, rate, lower, upper, previous_rate, count, of, window, denominator, formula

    def summary(self) -> pd.DataFrame:
        """One line a share."""
        return self.lines.drop(columns=["window", "denominator", "formula"])

    def plot(self, ax: Axes | None = None) -> Axes:
        """The shares with their intervals."""
        return charts.forest(self.lines, estimate="rate", label="kpi", ax=ax)

    def headline(self) -> str:
        """Each share, and where its interval stands."""
        told = self.lines.dropna(subset="rate")
        if told.empty:
            return "There is nothing yet to take a share of."
        said = [f"{line.kpi} {formats.percent(line.rate)}" for line in told.itertuples()]
        return f"Shares, with 95 % intervals in the figure: {'; '.join(said)}."


def rates(data: Dataset, window_days: int = 90, active_days: Sequence[int] = (30, 90)) -> Rates | NotApplicable:
    """Shares as of `as_of`: active within each of `active_days`, repurchase, refunds and cancellations, subscribed.

    Refunds and cancellations are those of the `window_days` days to `as_of`. Intervals are Wilson's at 95 %.
    """
    for name, days in (("window_days", window_days), *(("active_days", days) for days in active_days)):
        parameters.between(name, days, 1, LONGEST_WINDOW_DAYS)
    shares: list[Share] = []
    if "orders" in data.tables:
        trade = Trade(data)
        if trade.names_customers:
            shares += [_active(trade, Window(data.as_of, days)) for days in dict.fromkeys(active_days)]
            shares.append(_repurchase(trade, Window(data.as_of, window_days)))
        shares += _returned(trade, Window(data.as_of, window_days))
    if "subscriptions" in data.tables and len(data.customers):
        shares.append(_subscribed(data, Window(data.as_of, window_days).before.end))
    if not shares:
        return NotApplicable("the data set has neither orders nor subscriptions.")
    return Rates(_lines(shares))


def definitions(*found: Kpis | Rates | NotApplicable) -> pd.DataFrame:
    """kpi, formula, window and denominator of every key figure and share that was found."""
    names = ["kpi", "formula", "window", "denominator"]
    lines = [finding.lines[names] for finding in found if not isinstance(finding, NotApplicable)]
    return pd.concat(lines, ignore_index=True) if lines else pd.DataFrame(columns=names)


def _lines(shares: list[Share]) -> pd.DataFrame:
    count, of = np.array([[share.count, share.of] for share in shares], dtype=float).T
    before = np.array([share.before for share in shares], dtype=float)
    lower, upper = wilson_interval(count, of)
    table = pd.DataFrame({
        "kpi": [share.kpi for share in shares],
        "rate": count / np.where(of > 0, of, np.nan), "lower": lower, "upper": upper,
        "previous_rate": before[:, 0] / np.where(before[:, 1] > 0, before[:, 1], np.nan),
        "count": count.astype("int64"), "of": of.astype("int64"),
    })  # fmt: skip
    words = ("window", "denominator", "formula")
    return table.assign(**{name: [getattr(share, name) for share in shares] for name in words})


def _active(trade: Trade, window: Window) -> Share:
    counts = [(trade.sums(w)["buyers"], known_customers(trade.data, w.end)) for w in (window, window.before)]
    before = counts[1] if trade.covers(window.before) else (np.nan, np.nan)
    formula = "customers with an order in the window ÷ customers"
    known = f"customers known on {window.end}"
    return Share(f"active in {window.days} days", *counts[0], str(window), known, formula, before)


def _repurchase(trade: Trade, window: Window) -> Share:
    now, then = trade.repeat_sums(window.end), trade.repeat_sums(window.before.end)
    return Share(
        "repurchase", now["repeaters"], now["buyers"], f"all orders to {window.end}", "customers with an order",
        "customers with orders on two days or more ÷ customers with an order", (then["repeaters"], then["buyers"]),
    )


def _returned(trade: Trade, window: Window) -> list[Share]:
    """Refunded and cancelled orders, as far as the data set marks any."""
    now, then = trade.orders_in(window), trade.orders_in(window.before)
    before = then if trade.covers(window.before) else then * np.nan
    paid = "paid orders" if trade.dates_payment else "orders placed"
    shares = {
        "refunded": Share("refund", now["refunded"], now["paid"], str(window), paid,
                          f"orders with a refund ÷ {paid}", (before["refunded"], before["paid"])),
        "cancelled": Share("cancellation", now["cancelled"], now["placed"], str(window), "orders placed",
                           "cancelled orders ÷ orders placed", (before["cancelled"], before["placed"])),
    }  # fmt: skip
    marked = trade.orders_in(Window.up_to(window.end))
    return [share for name, share in shares.items() if marked[name] > 0]


def _subscribed(data: Dataset, earlier: dt.date) -> Share:
    now, known = running(data, data.as_of)["customers"], known_customers(data, data.as_of)
    before = (np.nan, np.nan)
    if subscriptions_have_history(data, earlier):
        before = (running(data, earlier)["customers"], known_customers(data, earlier))
    formula = "customers with a running subscription ÷ customers"
    return Share("subscribed", now, known, f"on {data.as_of}", f"customers known on {data.as_of}", formula, before)
