"""Key figures in numbers and money: customers, orders, revenue, and what a customer, a buyer and an order bring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers import parameters
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

COLUMNS = ["kpi", "value", "lower", "upper", "previous", "change_rate", "unit", "window", "denominator", "formula"]
MONTHLY = "monthly subscription revenue"
ORDER_KPIS = ("orders", "revenue", "ARPU", "ARPPU", "AOV")
FORMULAS = {
    "customers": "customers who had joined, or were first seen, by the last day",
    "orders": "orders placed, without cancelled ones unless the policy keeps them",
    "revenue": "money of orders placed in the window, net of cancellations and refunds as the policies say",
    "ARPU": "revenue ÷ customers (average revenue per user)",
    "ARPPU": "revenue of buyers ÷ buyers (average revenue per paying user)",
    "AOV": "revenue ÷ orders (average order value)",
    MONTHLY: "sum of the monthly prices of running subscriptions",
}


@dataclass(frozen=True)
class Kpis:
    """Key figures of a window beside those of the window before it, with formula, denominator and 95 % interval."""

    lines: pd.DataFrame  # COLUMNS
    window: Window
    currency: str

    def summary(self) -> pd.DataFrame:
        """One line a key figure; totals have no interval, and no previous value where the data begin too late."""
        return self.lines.drop(columns=["unit", "window", "denominator", "formula"])

    def plot(self, ax: Axes | None = None) -> Axes:
        """The change of each key figure against the window before; its value where none can be compared."""
        compared = self.lines.dropna(subset="change_rate")
        if compared.empty:
            return charts.bars(self.lines, value="value", label="kpi", ax=ax)
        return charts.bars(compared, value="change_rate", label="kpi", ax=ax)

    def headline(self) -> str:
        """Orders and revenue of the window, their change, and what a customer brings."""
        at = self.lines.set_index("kpi")
        if "orders" not in at.index:
            said = f"{formats.number(at.loc['customers', 'value'])} customers are known on {self.window.end}"
            if MONTHLY in at.index:
                monthly = at.loc[MONTHLY, "value"]
                return f"{said}; running subscriptions bring {self._money(monthly)} a month."
            return f"{said}; the data have no orders, so there is no revenue to report."
        if not at.loc["orders", "value"]:
            return f"No order was placed in the {self.window.days} days to {self.window.end}."
        orders, revenue = formats.number(at.loc["orders", "value"]), at.loc["revenue"]
        said = (
            f"In the {self.window.days} days to {self.window.end}, {orders} orders brought "
            f"{self._money(revenue['value'])} net{self._change(revenue['change_rate'])}."
        )
        mean, who = ("ARPU", "a customer") if "ARPU" in at.index else ("AOV", "an order")
        found = at.loc[mean]
        spread = formats.interval(found["lower"], found["upper"], self._money)
        return f"{said} On average {who} brought {self._money(found['value'])} (95 % interval {spread})."

    def _money(self, value: float) -> str:
        return formats.money(value, self.currency)

    @staticmethod
    def _change(change: float) -> str:
        if pd.isna(change):
            return ""
        word = "more" if change >= 0 else "less"
        return f", {formats.percent(abs(change))} {word} than in the window before"


def kpis(data: Dataset, window_days: int = 90) -> Kpis | NotApplicable:
    """Key figures of the `window_days` days to `as_of`, each with the same of the window before.

    Means of customers and of orders are ratios of sums over customers, with the normal interval of `ratio_interval`.
    Where orders name no customer only orders are counted, and each stands for a customer of its own.
    """
    parameters.between("window_days", window_days, 1, LONGEST_WINDOW_DAYS)
    window = Window(data.as_of, window_days)
    now = _figures(data, window)
    if not now:
        return NotApplicable("the data set has neither customers nor orders.")
    before = _figures(data, window.before)
    comparable = _comparable(data, window.before)
    lines = []
    for name, (value, lower, upper, unit, denominator) in now.items():
        previous = before[name][0] if name in before and name in comparable else np.nan
        change = value / previous - 1 if previous > 0 else np.nan
        span = str(window) if name in ORDER_KPIS else f"on {window.end}"
        lines.append((name, value, lower, upper, previous, change, unit, span, denominator, FORMULAS[name]))
    return Kpis(pd.DataFrame(lines, columns=COLUMNS), window, data.settings.currency)


def ratio_interval(
    sums: tuple[float, float], squares: tuple[float, float, float], n: float, level: float = 0.95
) -> tuple[float, float]:
    """Normal interval of the ratio Σy ÷ Σx over `n` independent units; NaN for fewer than two units.

    `sums` are Σy and Σx, `squares` are Σy², Σxy and Σx². With x = 1 it is the usual interval of a mean. The variance
    is that of the residuals y − r·x, n/(n−1) · Σ(y − r·x)² ÷ (Σx)² (Cochran 1977, Sampling Techniques, eq. 6.9,
    without the finite population correction). Assumes that units are independent and many.
    """
    (y, x), (yy, xy, xx) = sums, squares
    if n < 2 or x <= 0:
        return np.nan, np.nan
    ratio = y / x
    scatter = max(0.0, yy - 2 * ratio * xy + ratio**2 * xx)  # rounding may leave a hair below zero
    half = norm.ppf((1 + level) / 2) * np.sqrt(n / (n - 1) * scatter) / x
    return ratio - half, ratio + half


def _figures(data: Dataset, window: Window) -> dict[str, tuple[float, float, float, str, str]]:
    """Value, lower, upper, unit and denominator of each key figure that the data set has."""
    known, figures = known_customers(data, window.end), {}
    if len(data.customers):
        figures["customers"] = (known, np.nan, np.nan, "customers", "–")
    if "orders" in data.tables:
        figures |= _order_figures(Trade(data), window, known)
    if "subscriptions" in data.tables and (found := running(data, window.end))["priced"]:
        money = (float(found["monthly_revenue"]), np.nan, np.nan, f"{data.settings.currency} a month".strip(), "–")
        figures[MONTHLY] = money
    return figures


def _order_figures(trade: Trade, window: Window, known: int) -> dict[str, tuple[float, float, float, str, str]]:
    found, currency = trade.sums(window), trade.data.settings.currency
    orders, money = int(found["orders"]), found["money"]
    squares = found["money_squared"], found["orders_money"], found["orders_squared"]
    figures = {
        "orders": (orders, np.nan, np.nan, "orders", "–"),
        "revenue": (money, np.nan, np.nan, currency, "–"),
    }
    if trade.names_customers:
        buyers, spent = found["buyers"], (found["money_of_buyers"], found["money_of_buyers_squared"])
        figures["ARPU"] = _mean((money, found["money_squared"]), known, currency, f"{known:,} customers")
        figures["ARPPU"] = _mean(spent, buyers, currency, f"{int(buyers):,} buyers")
    limits = ratio_interval((money, orders), squares, found["n"])
    figures["AOV"] = (money / orders if orders else np.nan, *limits, currency, f"{orders:,} orders")
    return figures


def _mean(sums: tuple[float, float], n: float, unit: str, denominator: str) -> tuple[float, float, float, str, str]:
    """The mean of `n` values from their sum and the sum of their squares; those who gave nothing add to n alone."""
    total, squared = sums
    return (total / n if n else np.nan, *ratio_interval((total, n), (squared, total, n), n), unit, denominator)


def _comparable(data: Dataset, before: Window) -> set[str]:
    """The key figures for which the data reach back far enough."""
    names = set()
    if "tenure_days" in data.customers and (data.customers["tenure_days"] >= (data.as_of - before.end).days).any():
        names.add("customers")
    if "orders" in data.tables and Trade(data).covers(before):
        names.update(ORDER_KPIS)
    if "subscriptions" in data.tables and subscriptions_have_history(data, before.end):
        names.add(MONTHLY)
    return names
