"""Key figures that are shares: of customers who stay, come back, complain; of orders refunded or cancelled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.profiling.business.activity import MONTH_DAYS, activity_on
from helpers.analyses.profiling.business.key_figures import Kpis, last_run
from helpers.analyses.profiling.business.movement import moved, movement_of_orders
from helpers.analyses.profiling.business.repurchase import repurchased_within, second_orders
from helpers.analyses.profiling.business.voice import answers, complainers, opened_by, satisfied
from helpers.analyses.profiling.business.windows import (
    Trade,
    Window,
    known_customers,
    running,
    subscriptions_have_history,
)
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.parameters import LONGEST_WINDOW_DAYS
from helpers.statistics.shares import wilson_interval

UNKNOWN = (np.nan, np.nan)
TELLING = ("retention", "churn", "repurchase", "CSAT", "complaint")
SHARES_SAID = 4  # in the headline


@dataclass(frozen=True)
class Share:
    """One share: `count` of the `of` that its denominator names, and both again one window earlier."""

    kpi: str
    count: float
    of: float
    window: str
    denominator: str
    formula: str
    before: tuple[float, float] = UNKNOWN
    limits: tuple[float, float] | None = None  # where the count is not of independent cases; else Wilson's
    previous_on: dt.date | None = None  # the last day of the window before


@dataclass(frozen=True)
class Rates:
    """Shares of customers and of orders, with their 95 % intervals and the window before."""

    # kpi, rate, lower, upper, previous_rate, count, of, window, denominator, formula, previous_on, last_run_rate
    lines: pd.DataFrame

    def summary(self) -> pd.DataFrame:
        """One line a share; `last_run_rate` is there where an earlier run's table was given."""
        shown = ["kpi", "rate", "lower", "upper", "previous_rate", "count", "of"]
        return self.lines[[*shown, "last_run_rate"] if self.lines["last_run_rate"].notna().any() else shown]

    def plot(self, ax: Axes | None = None) -> Axes:
        """The shares with their intervals."""
        return charts.forest(self.lines, estimate="rate", label="kpi", ax=ax)

    def headline(self) -> str:
        """The shares that say most about customers staying, with their intervals."""
        told = self.lines.dropna(subset="rate")
        if told.empty:
            return "There is nothing yet to take a share of."
        first = told[told["kpi"].str.startswith(TELLING)]
        said = [
            f"{line.kpi} {formats.percent(line.rate)} ({formats.interval(line.lower, line.upper, formats.percent)})"
            for line in (first if len(first) else told).head(SHARES_SAID).itertuples()
        ]
        return f"Shares with their 95 % intervals: {'; '.join(said)}."


def rates(
    data: Dataset,
    window_days: int = 90,
    active_days: Sequence[int] = (30, 90),
    before: pd.DataFrame | None = None,
) -> Rates | NotApplicable:
    """Shares as of `as_of`, those that the data set has.

    Active within each of `active_days`; stickiness (DAU ÷ MAU); retention and churn against the window before;
    repurchase within `window_days` of the first order, among customers followed for so long; refunds, cancellations;
    subscribed; satisfied (CSAT); complaining: in the `window_days` days to `as_of`. Intervals are Wilson's at 95 %;
    that of stickiness is of a mean over customers. `before` is the `summary()` of an earlier run.
    """
    for name, days in (("window_days", window_days), *(("active_days", days) for days in active_days)):
        parameters.between(name, days, 1, LONGEST_WINDOW_DAYS)
    window, trade = Window(data.as_of, window_days), Trade(data)
    shares: list[Share] = []
    if "orders" in data.tables and trade.names_customers:
        shares += [_active(trade, Window(data.as_of, days)) for days in dict.fromkeys(active_days)]
    shares += _stickiness(data)
    shares += _stayed(trade, window)
    if "orders" in data.tables:
        shares += _repurchase(trade, window) if trade.names_customers else []
        shares += _returned(trade, window)
    if "subscriptions" in data.tables and len(data.customers):
        shares.append(_subscribed(data, window.before.end))
    shares += [*_satisfied(data, window), *_complaining(data, window)]
    if not shares:
        return NotApplicable("the data set has no orders, subscriptions, events, answers or complaints.")
    last = last_run(before, "rate")
    lines = _lines(shares, window.before.end)
    return Rates(lines.assign(last_run_rate=lines["kpi"].map(last).astype(float)))


def definitions(*found: Kpis | Rates | NotApplicable) -> pd.DataFrame:
    """kpi, formula, window and denominator of every key figure and share that was found."""
    names = ["kpi", "formula", "window", "denominator"]
    lines = [finding.lines[names] for finding in found if not isinstance(finding, NotApplicable)]
    return pd.concat(lines, ignore_index=True) if lines else pd.DataFrame(columns=names)


def _lines(shares: list[Share], earlier: dt.date) -> pd.DataFrame:
    count, of = np.array([[share.count, share.of] for share in shares], dtype=float).T
    before = np.array([share.before for share in shares], dtype=float)
    own = np.array([share.limits or UNKNOWN for share in shares])
    lower, upper = (
        np.where(np.isnan(own[:, end]), limit, own[:, end]) for end, limit in enumerate(wilson_interval(count, of))
    )
    table = pd.DataFrame({
        "kpi": [share.kpi for share in shares],
        "rate": count / np.where(of > 0, of, np.nan), "lower": lower, "upper": upper,
        "previous_rate": before[:, 0] / np.where(before[:, 1] > 0, before[:, 1], np.nan),
        "count": count.astype("int64"), "of": of.astype("int64"),
    })  # fmt: skip
    words = {name: [getattr(share, name) for share in shares] for name in ("window", "denominator", "formula")}
    return table.assign(**words, previous_on=[share.previous_on or earlier for share in shares])


def _active(trade: Trade, window: Window) -> Share:
    counts = [(trade.sums(w)["buyers"], known_customers(trade.data, w.end)) for w in (window, window.before)]
    before = counts[1] if trade.covers(window.before) else UNKNOWN
    formula = "customers with an order in the window ÷ customers"
    known, name = f"customers known on {window.end}", f"active in {window.days} days"
    return Share(name, *counts[0], str(window), known, formula, before, previous_on=window.before.end)


def _stickiness(data: Dataset) -> list[Share]:
    """Days on which the month's active customers came, of all days on which they could have."""
    found = activity_on(data, data.as_of)
    if found is None or not found[0].monthly:
        return []
    told, table = found
    earlier = activity_on(data, told.window.before.end)
    before = (earlier[0].days, earlier[0].monthly * MONTH_DAYS) if earlier else UNKNOWN
    possible = f"{MONTH_DAYS} days × customers active in them, by {table}"
    formula = "mean daily active customers (DAU) ÷ monthly active customers (MAU)"
    return [Share("stickiness", told.days, told.monthly * MONTH_DAYS, str(told.window), possible, formula, before,
                  told.stickiness_interval(), told.window.before.end)]  # fmt: skip


def _stayed(trade: Trade, window: Window) -> list[Share]:
    """Retention of buyers, and churn: of contracts where the business has them, else what retention leaves."""
    shares, orders = [], "orders" in trade.data.tables
    if orders and (now := movement_of_orders(trade, window)) and now.at_start:
        then = movement_of_orders(trade, window.before)
        before = (then.remaining, then.at_start) if then else UNKNOWN
        start = f"customers with an order in the {window.days} days before"
        shares.append(
            Share(
                "retention",
                now.remaining,
                now.at_start,
                str(window),
                start,
                f"of {start}, those with one in the window",
                before,
            )
        )
    if (found := moved(trade, window)) and found[0].at_start:
        now, what = found
        earlier = moved(trade, window.before)
        then = earlier[0] if earlier and earlier[1] == what else None
        before = (then.at_start - then.remaining, then.at_start) if then else UNKNOWN
        start = {
            "subscriptions": f"customers with a running subscription on {window.before.end}",
            "orders": f"customers with an order in the {window.days} days before",
        }[what]
        gone = {"subscriptions": f"those without one on {window.end}", "orders": "those without one in the window"}
        shares.append(
            Share(
                "churn",
                now.at_start - now.remaining,
                now.at_start,
                str(window),
                start,
                f"of {start}, {gone[what]}",
                before,
            )
        )
    return shares


def _repurchase(trade: Trade, window: Window) -> list[Share]:
    now, then = (repurchased_within(second_orders(trade, w.end), window.days) for w in (window, window.before))
    if not now[1]:
        return []
    followed = f"customers with a first order at least {window.days} days before the last day"
    formula = f"of {followed}, those with a second order day within {window.days} days of the first"
    firsts = f"first orders to {window.end - dt.timedelta(window.days)}"
    return [Share(f"repurchase in {window.days} days", *now, firsts, followed, formula, then)]


def _satisfied(data: Dataset, window: Window) -> list[Share]:
    if "surveys" not in data.tables:
        return []
    now, then = (satisfied(answers(data, "csat", w)) for w in (window, window.before))
    if now is None:
        return []
    people, formula = "customers with an answer", "customers whose latest answer is 4 or 5 of 5 ÷ customers with one"
    return [Share("CSAT", *now, str(window), people, formula, then or UNKNOWN)]


def _complaining(data: Dataset, window: Window) -> list[Share]:
    if "tickets" not in data.tables or not opened_by(data, window):
        return []
    counts = [(complainers(data, w), known_customers(data, w.end)) for w in (window, window.before)]
    before = counts[1] if opened_by(data, window.before) else UNKNOWN
    known, formula = f"customers known on {window.end}", "customers with a complaint in the window ÷ customers"
    return [Share("complaint", *counts[0], str(window), known, formula, before)] if counts[0][1] else []


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
    before = UNKNOWN
    if subscriptions_have_history(data, earlier):
        before = (running(data, earlier)["customers"], known_customers(data, earlier))
    formula = "customers with a running subscription ÷ customers"
    return Share("subscribed", now, known, f"on {data.as_of}", f"customers known on {data.as_of}", formula, before)
