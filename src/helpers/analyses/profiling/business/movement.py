"""What moved between two windows: customers who stayed or left, money gained and lost."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np

from helpers.analyses.profiling.business.figures import Figure, ratio_interval
from helpers.analyses.profiling.business.windows import Trade, Window, subscriptions_have_history
from helpers.data import snapshot
from helpers.data.days import morning, night


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
    found = units.agg(
        customers=units.count(), at_start=units.count(where=then), remaining=units.count(where=then & now),
        new=gained.sum(where=~then), expansion=gained.sum(where=then),
        contraction=lost.sum(where=now), churned=lost.sum(where=~now),
        gained_squared=(gained * gained).sum(), lost_squared=(lost * lost).sum(),
    ).execute().iloc[0].fillna(0.0)  # fmt: skip
    counts = {name: int(found[name]) for name in ("customers", "at_start", "remaining")}
    return Movement(**counts, **{name: float(found[name]) for name in found.index.difference(list(counts))})


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
        before=days.net.sum(where=~now).fill_null(0.0), now=days.net.sum(where=now).fill_null(0.0),
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
        **{name: price.sum(where=runs[name]).fill_null(0.0) for name in runs},
    )
    return movement(people)


def moved(trade: Trade, window: Window) -> tuple[Movement, str] | None:
    """The movement of subscriptions where the business is one of contracts, else of orders; and which it is."""
    if trade.data.settings.contractual and (found := movement_of_subscriptions(trade, window)):
        return found, "subscriptions"
    if "orders" in trade.data.tables and (found := movement_of_orders(trade, window)):
        return found, "orders"
    return None


def quick_ratio_figures(trade: Trade, window: Window) -> list[Figure]:
    """The quick ratio of a window against the one before; none where nothing was lost."""
    found = moved(trade, window)
    if found is None or np.isnan(found[0].quick_ratio):
        return []
    told, what = found
    money = "net revenue" if what == "orders" else "monthly price"
    lost = f"{told.contraction + told.churned:,.0f} of {money} lost"
    formula = f"{money} gained (new + grown customers) ÷ lost (shrunk + left), against the window before"
    limits = told.quick_ratio_interval()
    return [Figure("quick ratio", told.quick_ratio, "ratio", str(window), lost, formula, *limits)]
