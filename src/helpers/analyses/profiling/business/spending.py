"""Orders and money of a window, and what a customer, a buyer and an order bring."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.profiling.business.figures import (
    UNKNOWN,
    Definition,
    Figure,
    ratio_interval,
    residual_squares,
)
from helpers.analyses.profiling.business.windows import Per, Trade, Window, known_customers
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.statistics.effects import paired_change

ORDERS, REVENUE, ARPU, ARPPU, AOV = "orders", "revenue", "ARPU", "ARPPU", "AOV"
KPIS = {Per.CUSTOMER: ARPU, Per.BUYER: ARPPU, Per.ORDER: AOV}
FORMULAS = {
    Per.CUSTOMER: "revenue ÷ customers (average revenue per user)",
    Per.BUYER: "revenue of buyers ÷ buyers (average revenue per paying user)",
    Per.ORDER: "revenue ÷ orders (average order value)",
}

Ratio = tuple[
    tuple[float, float], tuple[float, float, float], float
]  # sums, squares, n: as `ratio_interval` takes them


def spending_figures(trade: Trade, window: Window) -> list[Figure]:
    """Orders and revenue of the window, and its means by customer and buyer, where orders name them, and by order.

    Means have the interval of skewed values over customers, and none where fewer than 20 bought.
    """
    if "orders" not in trade.data.tables:
        return []
    currency, sums = trade.data.settings.currency, trade.sums(window)
    ratios = _ratios(trade, window, sums)
    money, count = ratios[Per.ORDER][0]
    placed = "orders placed, without cancelled ones unless the policy keeps them"
    off = ", net of cancellations and refunds as the policies say" if trade.data.is_net else ""
    net = f"money of orders placed in the window{off}"
    limits, figures = _limits(trade, window, sums, ratios), []
    for per, ((y, x), *_) in ratios.items():
        words = Definition(FORMULAS[per], str(window), f"{int(x):,} {per}")
        figures.append(Figure(KPIS[per], y / x if x else np.nan, currency, words, limits.get(per, UNKNOWN)))
    return [
        Figure(ORDERS, int(count), "orders", Definition(placed, str(window))),
        Figure(REVENUE, money, currency, Definition(net, str(window))),
        *figures,
    ]


def _ratios(trade: Trade, window: Window, sums: pd.Series) -> dict[Per, Ratio]:
    """Money by customer, by buyer and by order; only by order where orders name no customers."""
    money, squared, orders = sums["money"], sums["money_squared"], sums["orders"]
    by_order = (money, orders), (squared, sums["orders_money"], sums["orders_squared"]), sums["n"]
    if not trade.names_customers:
        return {Per.ORDER: by_order}
    known, buyers, paid = known_customers(trade.data, window.end), sums["buyers"], sums["money_of_buyers"]
    return {
        Per.CUSTOMER: ((money, known), (squared, money, known), known),
        Per.BUYER: ((paid, buyers), (sums["money_of_buyers_squared"], paid, buyers), buyers),
        Per.ORDER: by_order,
    }


def _limits(trade: Trade, window: Window, sums: pd.Series, ratios: dict[Per, Ratio]) -> dict[Per, tuple[float, float]]:
    """The interval of each ratio; none where fewer than 20 bought."""
    if sums["buyers"] < LEAST_AT_RISK:
        return {}
    scatter = {per: residual_squares(*ratio[:2]) for per, ratio in ratios.items()}
    lines = {per: (y / x, (scatter[per] / n) ** 0.5) for per, ((y, x), _, n) in ratios.items() if scatter[per]}
    cubes = trade.cubes(window, lines)
    if Per.CUSTOMER in lines:  # who did not order in the window
        mean, scale = lines[Per.CUSTOMER]
        cubes[Per.CUSTOMER] -= (ratios[Per.CUSTOMER][2] - sums["n"]) * (mean / scale) ** 3
    return {per: ratio_interval(*ratios[per], skewness=cubes[per] / ratios[per][2] ** 1.5) for per in lines}


def spending_changes(trade: Trade, window: Window) -> dict[str, tuple[float, float]]:
    """The interval of each figure's change against the window before, over customers with their two windows as pairs.

    NaN where fewer than 20 customers ordered in either. The change of customers known is taken as it is.
    """
    if "orders" not in trade.data.tables or not trade.covers(window.before):
        return {}
    sums, products, n = trade.paired(window)
    if n < LEAST_AT_RISK:
        return {}

    def change(*names: str) -> tuple[float, float]:
        sides = [f"{name}_{when}" for name in names for when in ("now", "before")]
        return paired_change(sums[sides], products.loc[sides, sides], n, denominators=len(names) == 2)

    revenue = change("money")
    changes = {ORDERS: change("orders"), REVENUE: revenue, AOV: change("money", "orders")}
    if trade.names_customers:
        grown = known_customers(trade.data, window.end) / max(known_customers(trade.data, window.before.end), 1)
        changes[ARPU] = (1 + revenue[0]) / grown - 1, (1 + revenue[1]) / grown - 1
        changes[ARPPU] = change("money_of_buyers", "buyers")
    return changes
