"""What moved between two windows: customers who stayed or left, money gained and lost."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np

from helpers.analyses.profiling.business.figures import UNKNOWN, Definition, Figure, Share, ratio_interval
from helpers.analyses.profiling.business.windows import Trade, Window, subscriptions_have_history
from helpers.data import engine, snapshot
from helpers.data.days import morning, night

RETENTION = "retention"


@dataclass(frozen=True)
class Movement:
    """Customers and their money before and now, with the sums that an interval of the quick ratio needs."""

    customers: int
    at_start: int
    remaining: int  # of those at the start
    new: float
    expansion: float
    contraction: float
    churned: float
    gained_squared: float
    lost_squared: float

    @property
    def quick_ratio(self) -> float:
        """Money gained from new and growing customers over money lost from leaving and shrinking ones."""
        lost = self.contraction + self.churned
        return (self.new + self.expansion) / lost if lost > 0 else np.nan

    def quick_ratio_interval(self) -> tuple[float, float]:
        """Its normal interval over customers, none of whom both gains and loses."""
        sums = self.new + self.expansion, self.contraction + self.churned
        lower, upper = ratio_interval(sums, (self.gained_squared, 0.0, self.lost_squared), self.customers)
        return max(0.0, lower) if lower == lower else lower, upper


def movement(units: ir.Table) -> Movement:
    """The movement of `units`: one row a customer with `there_before`, `there_now` (flags), `before` and `now` (money).

    Who was not there before is new whatever the money; money given back may be below zero.
    """
    gained, lost = ibis.greatest(units.now - units.before, 0.0), ibis.greatest(units.before - units.now, 0.0)
    then, now = units.there_before, units.there_now
    sums = units.agg(
        customers=units.count(), at_start=units.count(where=then), remaining=units.count(where=then & now),
        new=engine.total(gained, where=~then), expansion=engine.total(gained, where=then),
        contraction=engine.total(lost, where=now), churned=engine.total(lost, where=~now),
        gained_squared=engine.total(gained * gained), lost_squared=engine.total(lost * lost),
    ).execute().iloc[0].fillna(0.0)  # fmt: skip
    customers, at_start, remaining = (int(sums[name]) for name in ("customers", "at_start", "remaining"))
    new, expansion, contraction, churned = (float(sums[n]) for n in ("new", "expansion", "contraction", "churned"))
    squares = float(sums["gained_squared"]), float(sums["lost_squared"])
    return Movement(customers, at_start, remaining, new, expansion, contraction, churned, *squares)


def movement_of_orders(trade: Trade, window: Window) -> Movement | None:
    """From the window before to this one, by orders and their net money; None where the data begin in between."""
    if not (trade.names_customers and trade.covers(window.before)):
        return None
    orders = trade.data.tables["orders"]
    placed = orders.ordered_at
    rows = orders.filter((placed >= morning(window.before.start)) & (placed < night(window.end)))
    days = snapshot.order_days(rows, trade.data.settings.policy)
    now, bought = days.day >= ibis.date(window.start), days.orders > 0
    people = days.group_by("customer_id").agg(
        there_before=(bought & ~now).any(), there_now=(bought & now).any(),
        before=engine.total(days.net, where=~now).fill_null(0.0), now=engine.total(days.net, where=now).fill_null(0.0),
    )  # fmt: skip
    return movement(people)


def movement_of_subscriptions(trade: Trade, window: Window) -> Movement | None:
    """From the day before the window to its end, by subscriptions and their price; None where none can look back."""
    data = trade.data
    if "subscriptions" not in data.tables or not subscriptions_have_history(data, window.before.end):
        return None
    rows = data.tables["subscriptions"].filter(data.tables["subscriptions"].customer_id.notnull())
    runs = {
        name: (rows.started_at < night(day)) & (rows.ended_at.isnull() | (rows.ended_at >= night(day)))
        for name, day in (("before", window.before.end), ("now", window.end))
    }
    price = rows.price.fill_null(0.0)
    people = rows.group_by("customer_id").agg(
        **{f"there_{name}": runs[name].any() for name in runs},
        **{name: engine.total(price, where=runs[name]).fill_null(0.0) for name in runs},
    )
    return movement(people)


def moved(trade: Trade, window: Window) -> tuple[Movement, str] | None:
    """The movement of subscriptions where the business is one of contracts, else of orders; and by which table."""
    if moves := _of_contracts(trade, window):
        return moves, "subscriptions"
    if "orders" in trade.data.tables and (moves := movement_of_orders(trade, window)):
        return moves, "orders"
    return None


def quick_ratio_figures(trade: Trade, window: Window) -> list[Figure]:
    """The quick ratio of a window against the one before; none where nothing was lost."""
    measured = moved(trade, window)
    if measured is None or np.isnan(measured[0].quick_ratio):
        return []
    moves, table = measured
    money = {"orders": trade.data.revenue, "subscriptions": "monthly price"}[table]
    words = Definition(
        f"{money} gained (new + grown customers) ÷ lost (shrunk + left), against the window before",
        str(window),
        f"{moves.contraction + moves.churned:,.0f} of {money} lost",
    )
    return [Figure("quick ratio", moves.quick_ratio, "ratio", words, moves.quick_ratio_interval())]


def retention_shares(trade: Trade, window: Window) -> list[Share]:
    """Buyers of the window before who bought again; none where there were none."""
    if "orders" not in trade.data.tables:
        return []
    now = movement_of_orders(trade, window)
    if now is None or not now.at_start:
        return []
    then = movement_of_orders(trade, window.before)
    before = (then.remaining, then.at_start) if then else UNKNOWN
    start = _customers_at_start("orders", window)
    words = Definition(f"of {start}, those with one in the window", str(window), start)
    return [Share(RETENTION, (now.remaining, now.at_start), before, words, tells_most=True)]


def churn_shares(trade: Trade, window: Window) -> list[Share]:
    """Customers whose contracts ended; none without contracts, where it would be the buyers whom retention leaves."""
    now = _of_contracts(trade, window)
    if now is None or not now.at_start:
        return []
    then = _of_contracts(trade, window.before)
    before = (then.at_start - then.remaining, then.at_start) if then else UNKNOWN
    start = _customers_at_start("subscriptions", window)
    words = Definition(f"of {start}, those without one on {window.end}", str(window), start)
    return [Share("churn", (now.at_start - now.remaining, now.at_start), before, words, tells_most=True)]


def _of_contracts(trade: Trade, window: Window) -> Movement | None:
    """The movement of subscriptions; None where the business is not one of contracts, or none can look back."""
    return movement_of_subscriptions(trade, window) if trade.data.settings.contractual else None


def _customers_at_start(table: str, window: Window) -> str:
    return {
        "subscriptions": f"customers with a running subscription on {window.before.end}",
        "orders": f"customers with an order in the {window.days} days before",
    }[table]
