"""What each customer had bought by a day, as matrices with a row a customer and a column a good."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from helpers.analyses.offers.goods.levels import Level
from helpers.statistics.recommenders import bought_together

FEWEST_BUYERS = 5  # of a good that is offered
MOST_GOODS = 5_000  # the best sold; matrices of goods by goods of more would not fit into memory
RECENT_DAYS = 90
HALF_LIFE_DAYS = 90


@dataclass(frozen=True, eq=False)
class Bought:
    """Every purchase of a known customer: one row a customer, good and day, with how many orders had it."""

    rows: pd.DataFrame  # customer and good by number, day, orders
    customers: pd.Index  # ids by number
    goods: pd.Index  # names by number

    @property
    def days(self) -> int:
        """How many days lie between the first purchase and the last."""
        return int((self.rows["day"].max() - self.rows["day"].min()).days)


@dataclass(frozen=True, eq=False)
class Histories:
    """What was known at the end of a day: customers who had bought by then, and goods with five buyers or more.

    Goods stand by popularity: buyers in the last 90 days, then of all time, then name.
    """

    until: dt.date
    customers: pd.Index  # ids, sorted
    goods: pd.Index  # names, the most popular first
    orders: csr_array  # how many orders of the customer had the good
    fading: csr_array  # the same, each halved with every 90 days since
    recent: csr_array  # 1 for each good that the customer bought in the last 90 days
    last_day: csr_array  # the number of the day (since 1970) on which the customer last bought the good
    left_out: int  # goods beyond those that are kept, though bought by enough

    @cached_property
    def purchases(self) -> csr_array:
        """1 for each good that the customer bought."""
        return self.orders.sign()

    @cached_property
    def recent_buyers(self) -> np.ndarray:
        """Of each good, in the last 90 days."""
        return np.bincount(self.recent.indices, minlength=len(self.goods)).astype(float)

    @cached_property
    def buyers(self) -> np.ndarray:
        """Of each good, all time."""
        return np.bincount(self.orders.indices, minlength=len(self.goods)).astype(float)

    @cached_property
    def together(self) -> np.ndarray:
        """How many customers bought both of two goods."""
        return bought_together(self.purchases)

    @property
    def standing(self) -> np.ndarray:
        """From above 0 to 1 by popularity, all different."""
        return 1 - np.arange(len(self.goods)) / max(len(self.goods), 1)

    def last_on(self, rows: np.ndarray, goods: np.ndarray) -> np.ndarray:
        """The day on which each of some customers last bought a good."""
        days = self.last_day[rows, goods] if len(rows) else np.empty(0)  # of no cells scipy makes a matrix
        return days.astype("datetime64[D]").astype("datetime64[us]")


def bought(level: Level) -> Bought:
    """The purchases of known customers among the lines of a level, counted in the engine by numbers, not by names."""
    lines = level.lines.filter(level.lines.customer_id.notnull())
    customers, goods = (pd.Index(np.sort(_distinct(lines, name))) for name in ("customer_id", "good"))
    numbered = _numbered(_numbered(lines, "customer_id", customers, "customer"), "good", goods, "number")
    day = numbered.ordered_at.date().cast("timestamp")
    counted = numbered.group_by("customer", good=numbered.number, day=day).agg(orders=numbered.order_id.nunique())
    counted = counted.cast(dict.fromkeys(("customer", "good", "orders"), "int32"))
    rows = counted.order_by("customer", "good", "day").execute()  # so that sums are the same in every run
    return Bought(rows.astype({"day": "datetime64[s]"}), customers, goods)


def _distinct(lines: ir.Table, name: str) -> np.ndarray:
    return lines.select(name).distinct().execute()[name].to_numpy(dtype=object)


def _numbered(lines: ir.Table, name: str, values: pd.Index, number: str) -> ir.Table:
    """The lines with the place of a column's value among `values`, all that it has."""
    return lines.inner_join(ibis.memtable(pd.DataFrame({name: values, number: range(len(values))})), name)


def known(purchases: Bought, until: dt.date) -> Histories:
    """What was known at the end of the day `until`."""
    rows = purchases.rows[purchases.rows["day"] <= pd.Timestamp(until)]
    age_days = (pd.Timestamp(until) - rows["day"]).dt.days.to_numpy()
    buyers = _buyers(rows, len(purchases.goods))
    recent = _buyers(rows[age_days < RECENT_DAYS], len(purchases.goods))
    ranked = np.lexsort((np.arange(len(buyers)), -buyers, -recent))
    enough = ranked[buyers[ranked] >= FEWEST_BUYERS]
    kept = enough[:MOST_GOODS]
    column = np.full(len(buyers), -1)
    column[kept] = np.arange(len(kept))
    good = column[rows["good"]]
    rows, good, age_days = rows[good >= 0], good[good >= 0], age_days[good >= 0]
    has_bought = np.bincount(rows["customer"], minlength=len(purchases.customers)) > 0
    row = (np.cumsum(has_bought, dtype=np.int32) - 1)[rows["customer"]]
    shape = (int(has_bought.sum()), len(kept))
    orders = rows["orders"].to_numpy(float)

    def matrix(values: np.ndarray) -> csr_array:
        made = csr_array((values, (row, good)), shape=shape)
        made.eliminate_zeros()
        return made

    return Histories(
        until,
        purchases.customers[has_bought],
        purchases.goods[kept],
        matrix(orders),
        matrix(orders * 0.5 ** (age_days / HALF_LIFE_DAYS)),
        matrix(orders * (age_days < RECENT_DAYS)).sign(),
        _last(rows["day"].to_numpy("datetime64[D]").astype(float), row, good, shape),
        len(enough) - len(kept),
    )


def came(purchases: Bought, histories: Histories, days: int) -> csr_array:
    """1 for each good that a customer of `histories` bought in the so many days after."""
    start = pd.Timestamp(histories.until)
    day = purchases.rows["day"]
    rows = purchases.rows[(day > start) & (day <= start + pd.Timedelta(days=days))]
    row = histories.customers.get_indexer(purchases.customers[rows["customer"]])
    good = histories.goods.get_indexer(purchases.goods[rows["good"]])
    both = (row >= 0) & (good >= 0)
    shape = (len(histories.customers), len(histories.goods))
    return csr_array((np.ones(both.sum()), (row[both], good[both])), shape=shape).sign()


def _buyers(rows: pd.DataFrame, goods: int) -> np.ndarray:
    pairs = rows[["customer", "good"]].drop_duplicates()
    return np.bincount(pairs["good"], minlength=goods).astype(float)


def _last(day: np.ndarray, row: np.ndarray, good: np.ndarray, shape: tuple[int, int]) -> csr_array:
    """The latest day of each pair of customer and good."""
    order = np.lexsort((-day, good, row))
    first = np.unique(row[order].astype(int) * shape[1] + good[order], return_index=True)[1]
    kept = order[first]
    return csr_array((day[kept], (row[kept], good[kept])), shape=shape)
