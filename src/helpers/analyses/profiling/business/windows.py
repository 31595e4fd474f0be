"""Windows of days: what was ordered, by how many, and who was a customer by their end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import combinations_with_replacement

import ibis
import ibis.expr.types as ir
import pandas as pd

from helpers.data import engine, snapshot
from helpers.data.datasets import Dataset
from helpers.data.days import morning, night
from helpers.data.intake.rows import purchases


class Per(StrEnum):
    """What money is a mean by."""

    CUSTOMER = "customers"
    BUYER = "buyers"
    ORDER = "orders"


@dataclass(frozen=True)
class Window:
    """The `days` days that end with the day `end`."""

    end: dt.date
    days: int

    @classmethod
    def up_to(cls, end: dt.date) -> Window:
        """All days that a date can name, up to `end`."""
        return cls(end, (end - dt.date.min).days)

    @property
    def start(self) -> dt.date:
        """Its first day."""
        return self.end - dt.timedelta(days=self.days - 1)

    @property
    def before(self) -> Window:
        """The window of the same length that ends on the day before this one starts."""
        return Window(self.start - dt.timedelta(days=1), self.days)

    @property
    def year_before(self) -> Window:
        """The window of the same length that ends on the same day of the year before; on the 28th for 29 February."""
        leap_day = (self.end.month, self.end.day) == (2, 29)
        return Window(self.end.replace(year=self.end.year - 1, day=28 if leap_day else self.end.day), self.days)

    def __str__(self) -> str:
        return f"{self.start} to {self.end}"


@dataclass(frozen=True)
class Trade:
    """The orders of a data set, summed up in the engine for any window under the data set's policies."""

    data: Dataset

    @cached_property
    def names_customers(self) -> bool:
        """Whether any order says whose it is."""
        return bool(self._orders.customer_id.notnull().any().execute())

    @cached_property
    def first_day(self) -> dt.date | None:
        """The day of the first order; None when there is none."""
        first = self._orders.ordered_at.min().execute()
        return None if pd.isna(first) else first.date()

    def covers(self, window: Window) -> bool:
        """Whether the orders reach back to the window's first day."""
        return self.first_day is not None and self.first_day <= window.start

    def sums(self, window: Window) -> pd.Series:
        """Sums over the buyers of the window: orders and net money, their squares and product, for ratios of them.

        Where no order names a customer, each order stands for one.
        """
        return _sums(self._by_customer(window))

    def cubes(self, window: Window, lines: Mapping[Per, tuple[float, float]]) -> dict[Per, float]:
        """Sums of cubes over the customers with an order row in the window, for the skewness of means.

        `lines` are a mean and a scale of each: of ((money − mean · denominator) ÷ scale)³.
        """
        units = self._by_customer(window)
        bought, money = units.orders > 0, units.monetary.fill_null(0.0)
        sides = {
            Per.CUSTOMER: (money, ibis.literal(1.0)),
            Per.BUYER: (bought.ifelse(money, 0.0), bought.ifelse(1.0, 0.0)),
            Per.ORDER: (money, units.orders.cast("float64")),
        }
        rests = {per: (sides[per][0] - mean * sides[per][1]) / scale for per, (mean, scale) in lines.items()}
        if not rests:
            return {}
        sums = units.agg(**{per: engine.total(rest * rest * rest) for per, rest in rests.items()}).execute().iloc[0]
        return {per: float(sums[per]) for per in rests}

    def paired(self, window: Window) -> tuple[pd.Series, pd.DataFrame, int]:
        """What each customer brought in the window and the one before: sums, sums of products, and the customers.

        Of those with an order row in either: money, orders, buyers (1 of who bought) and money_of_buyers, each with
        `_now` and `_before`. Where no order names a customer, each order stands for one.
        """
        orders = self._within(Window(window.end, window.days + window.before.days))
        orders = orders if self.names_customers else orders.mutate(customer_id=orders.order_id)
        days = snapshot.order_days(orders, self.data.settings.policy)
        now = days.day >= ibis.date(window.start)
        units = days.group_by("customer_id").agg(**{
            f"{name}_{when}": sides.fill_null(0.0)
            for when, there in (("now", now), ("before", ~now))
            for name, sides in (("money", engine.total(days.net, where=there)),
                                ("orders", days.orders.sum(where=there).cast("float64")))
        })  # fmt: skip
        for when in ("now", "before"):
            bought = units[f"orders_{when}"] > 0
            units = units.mutate(**{
                f"buyers_{when}": bought.ifelse(1.0, 0.0),
                f"money_of_buyers_{when}": bought.ifelse(units[f"money_{when}"], 0.0),
            })  # fmt: skip
        names = [name for name in units.columns if name != "customer_id"]
        pairs = list(combinations_with_replacement(names, 2))
        sums = {name: engine.total(units[name]).fill_null(0.0) for name in names}
        squares = {f"{a} {b}": engine.total(units[a] * units[b]).fill_null(0.0) for a, b in pairs}
        told = units.agg(n=units.count(), **sums, **squares).execute().iloc[0]
        products = pd.DataFrame({a: {b: told[" ".join(sorted((a, b), key=names.index))] for b in names} for a in names})
        return told[names], products, int(told["n"])

    def orders_in(self, window: Window) -> pd.Series:
        """Orders placed, paid, refunded and cancelled in the window; `paid` counts all where payment is never dated.

        `refunded_squares` and `cancelled_squares` are sums over the `customers` of the square of what each adds beyond
        the share of all (of those paid, and placed), for `independent_rows`; an order without a customer is its own.
        """
        orders = self._within(window)
        orders = orders.filter(~purchases.below_zero(orders, self.data.settings.policy))
        paid = orders.paid_at.notnull() if self.dates_payment else ibis.literal(True)
        each = orders.group_by(customer=ibis.coalesce(orders.customer_id, "order " + orders.order_id)).agg(
            placed=orders.count(),
            paid=orders.count(where=paid),
            refunded=orders.count(where=paid & (orders.refund > 0)),
            cancelled=orders.count(where=orders.cancelled),
        )
        sums = {name: each[name].sum().fill_null(0) for name in ("placed", "paid", "refunded", "cancelled")}
        for part, whole in (("refunded", "paid"), ("cancelled", "placed")):
            x, m = each[part], each[whole]
            share = x.sum() / m.sum()
            sums[f"{part}_squares"] = (x * x).sum() - 2 * share * (x * m).sum() + share * share * (m * m).sum()
        return each.agg(customers=each.count(), **sums).execute().iloc[0]

    @cached_property
    def dates_payment(self) -> bool:
        """Whether any order says when it was paid."""
        return bool(self._orders.paid_at.notnull().any().execute())

    @property
    def _orders(self) -> ir.Table:
        return self.data.tables["orders"]

    @property
    def by_buyer(self) -> ir.Table:
        """The orders, each with whoever placed it: where none names a customer, each stands for one."""
        return self._orders if self.names_customers else self._orders.mutate(customer_id=self._orders.order_id)

    def _within(self, window: Window) -> ir.Table:
        placed = self._orders.ordered_at
        return self._orders.filter((placed >= morning(window.start)) & (placed < night(window.end)))

    def _by_customer(self, window: Window) -> ir.Table:
        orders = self._within(window)
        orders = orders if self.names_customers else orders.mutate(customer_id=orders.order_id)
        return snapshot.order_summary(orders, window.end, self.data.settings.policy)


def _sums(units: ir.Table) -> pd.Series:
    """n rows and the sums of one row a customer; `money_of_buyers` leaves out who only got money back."""
    bought, orders, money = units.orders > 0, units.orders.cast("float64"), units.monetary.fill_null(0.0)
    sums = (
        units.agg(
            n=units.count(),
            buyers=units.count(where=bought),
            repeaters=units.count(where=units.orders > 1),
            orders=orders.sum(),
            money=engine.total(money),
            orders_squared=(orders * orders).sum(),
            money_squared=engine.total(money * money),
            orders_money=engine.total(orders * money),
            money_of_buyers=engine.total(money, where=bought),
            money_of_buyers_squared=engine.total(money * money, where=bought),
        )
        .execute()
        .iloc[0]
    )
    return sums.fillna(0.0)


def known_customers(data: Dataset, day: dt.date) -> int:
    """Customers who had joined, or were first seen, by the end of `day`; those without any date count as known."""
    if "tenure_days" not in data.customers:
        return len(data.customers)
    tenure = data.customers["tenure_days"]
    return int((tenure.isna() | (tenure >= (data.as_of - day).days)).sum())


def running(data: Dataset, day: dt.date) -> pd.Series:
    """Customers with a subscription that runs at the end of `day`, and the money that these bring in a month."""
    subscriptions = data.tables["subscriptions"]
    ended = subscriptions.ended_at
    now = subscriptions.filter((subscriptions.started_at < night(day)) & (ended.isnull() | (ended >= night(day))))
    sums = {"monthly_revenue": engine.total(now.price).fill_null(0.0), "priced": now.price.count()}
    return now.agg(customers=now.customer_id.nunique(), **sums).execute().iloc[0]


def subscriptions_have_history(data: Dataset, day: dt.date) -> bool:
    """Whether one can look back to `day`: not where endings are all of one day, as in a list made on that day."""
    subscriptions = data.tables["subscriptions"]
    endings, first = subscriptions.ended_at.date().nunique(), subscriptions.started_at.min()
    ever = subscriptions.agg(endings=endings, first=first).execute().iloc[0]
    return bool(ever["endings"] > 1 and not pd.isna(ever["first"]) and ever["first"].date() <= day)
