"""Key figures in numbers and money: customers, orders, revenue, and what a customer, a buyer and an order bring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.profiling.business.activity import activity_figures
from helpers.analyses.profiling.business.figures import Figure, ratio_interval
from helpers.analyses.profiling.business.movement import quick_ratio_figures
from helpers.analyses.profiling.business.repurchase import second_order_figures
from helpers.analyses.profiling.business.voice import net_promoter_figures
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

COLUMNS = [
    "kpi", "value", "lower", "upper", "previous", "change_rate", "unit", "window", "denominator", "formula",
    "previous_on", "last_run", "since_last_run_rate",
]  # fmt: skip
MONTHLY = "monthly subscription revenue"
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
        """One line a key figure; totals have no interval, and no previous value where the data begin too late.

        `since_last_run_rate` is there where an earlier run's table was given.
        """
        shown = ["kpi", "value", "lower", "upper", "previous", "change_rate", "unit"]
        compared = self.lines["last_run"].notna().any()
        return self.lines[[*shown, "since_last_run_rate"] if compared else shown]

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
            f"{self._money(revenue['value'])} net{self._more(revenue['change_rate'])}."
        )
        mean, who = ("ARPU", "a customer") if "ARPU" in at.index else ("AOV", "an order")
        found = at.loc[mean]
        spread = formats.interval(found["lower"], found["upper"], self._money)
        return f"{said} On average {who} brought {self._money(found['value'])} (95 % interval {spread})."

    def _money(self, value: float) -> str:
        return formats.money(value, self.currency)

    @staticmethod
    def _more(change: float) -> str:
        if pd.isna(change):
            return ""
        word = "more" if change >= 0 else "less"
        return f", {formats.percent(abs(change))} {word} than in the window before"


def kpis(data: Dataset, window_days: int = 90, before: pd.DataFrame | None = None) -> Kpis | NotApplicable:
    """Key figures of the `window_days` days to `as_of`, each with the same of the window before.

    Orders and money; daily, weekly and monthly active customers; the quick ratio; the time to the second purchase; the
    net promoter score: those that the data set has. `before` is the `summary()` of an earlier run, with which values
    are compared. Means of customers and of orders are ratios of sums over customers, with the normal interval of
    `ratio_interval`; each other figure's formula says what its interval rests on. Where orders name no customer only
    orders are counted, and each stands for a customer of its own. Raises ValueError for `before` without kpi and value.
    """
    parameters.between("window_days", window_days, 1, LONGEST_WINDOW_DAYS)
    window = Window(data.as_of, window_days)
    now = _figures(data, window)
    if not now:
        return NotApplicable("the data set has neither customers nor orders.")
    earlier = [figure for figure in _figures(data, window.before) if _reaches(data, figure, window.before)]
    then = {figure.kpi: figure.value for figure in earlier}
    last = last_run(before, "value")
    lines = []
    for figure in now:
        previous, run = then.get(figure.kpi, np.nan), last.get(figure.kpi, np.nan)
        changes = {"change_rate": _change(figure, previous), "since_last_run_rate": _change(figure, run)}
        lines.append(vars(figure) | changes | {"previous": previous, "last_run": run, "previous_on": window.before.end})
    return Kpis(pd.DataFrame(lines)[COLUMNS], window, data.settings.currency)


def last_run(before: pd.DataFrame | None, column: str) -> dict[str, float]:
    """The values of an earlier run by key figure; none without one. Raises ValueError for a table of another kind."""
    if before is None or before.empty:
        return {}
    if not {"kpi", column} <= set(before.columns):
        found = ", ".join(map(str, before.columns))
        raise ValueError(f"before = a table of {found}: it has kpi and {column}. Give the summary of an earlier run.")
    return dict(zip(before["kpi"], before[column].astype(float)))


def _change(figure: Figure, earlier: float) -> float:
    return figure.value / earlier - 1 if figure.relative and earlier > 0 else np.nan


def _figures(data: Dataset, window: Window) -> list[Figure]:
    """The key figures that the data set has."""
    known, currency, trade, figures = known_customers(data, window.end), data.settings.currency, Trade(data), []
    if len(data.customers):
        figures.append(_total("customers", known, "customers", f"on {window.end}"))
    if "orders" in data.tables:
        figures += _order_figures(trade, window, known)
    if "subscriptions" in data.tables and (found := running(data, window.end))["priced"]:
        unit = f"{currency} a month".strip()
        figures.append(_total(MONTHLY, float(found["monthly_revenue"]), unit, f"on {window.end}"))
    figures += activity_figures(data, window.end)
    figures += quick_ratio_figures(trade, window)
    if "orders" in data.tables and trade.names_customers:
        figures += second_order_figures(trade, window.end)
    return figures + net_promoter_figures(data, window)


def _order_figures(trade: Trade, window: Window, known: int) -> list[Figure]:
    found, currency = trade.sums(window), trade.data.settings.currency
    orders, money = int(found["orders"]), found["money"]
    figures = [
        _total("orders", orders, "orders", str(window)),
        _total("revenue", money, currency, str(window)),
    ]
    if trade.names_customers:
        buyers, spent = found["buyers"], (found["money_of_buyers"], found["money_of_buyers_squared"])
        figures += [
            _mean("ARPU", (money, found["money_squared"]), known, (currency, str(window), f"{known:,} customers")),
            _mean("ARPPU", spent, buyers, (currency, str(window), f"{int(buyers):,} buyers")),
        ]
    squares = found["money_squared"], found["orders_money"], found["orders_squared"]
    limits = ratio_interval((money, orders), squares, found["n"])
    value = money / orders if orders else np.nan
    return [*figures, Figure("AOV", value, currency, str(window), f"{orders:,} orders", FORMULAS["AOV"], *limits)]


def _total(kpi: str, value: float, unit: str, window: str) -> Figure:
    return Figure(kpi, value, unit, window, "–", FORMULAS[kpi])


def _mean(kpi: str, sums: tuple[float, float], n: float, words: tuple[str, str, str]) -> Figure:
    """The mean of `n` values from their sum and the sum of their squares; those who gave nothing add to n alone."""
    total, squared = sums
    limits = ratio_interval((total, n), (squared, total, n), n)
    return Figure(kpi, total / n if n else np.nan, *words, FORMULAS[kpi], *limits)


def _reaches(data: Dataset, figure: Figure, before: Window) -> bool:
    """Whether the data reach back far enough for a figure of the window before; figures of other parts see to it."""
    if figure.kpi == "customers":
        tenures = data.customers.get("tenure_days", pd.Series(dtype=float))
        return bool((tenures >= (data.as_of - before.end).days).any())
    if figure.kpi == MONTHLY:
        return subscriptions_have_history(data, before.end)
    return figure.kpi not in FORMULAS or Trade(data).covers(before)
