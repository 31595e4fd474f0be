"""Who buys at a discount only, beyond what chance gives those with few orders, and what is bought after one."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers.analyses.offers.loyalty.vocabulary import BY_LUCK_RATE, ONLY_RATE, ORDER_COUNT
from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.data.intake.rows import purchases
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, SIGNIFICANCE, Z
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.members import Counted
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.statistics.shares import wilson_interval

MANY = 5  # orders; customers with more stand together
LEAST_ORDERS = 100
UNKNOWN = NotApplicable(
    say(
        "no discounts are known. Export with each order, or with each of its lines, the money taken off the list price "
        "(discount)."
    )
)


@dataclass(frozen=True)
class DiscountBuyers(Counted, Finding):
    """Customers all of whose orders were at a discount, by their number of orders, beside what chance alone gives."""

    table: pd.DataFrame  # by number of orders, from 2
    discounted_rate: float  # share of orders at a discount
    depth_rate: float  # of their list price that it takes off
    money_rate: float  # share of revenue that comes from such orders
    again_rate: float  # share at a discount of the orders that follow one at a discount
    p_value: float  # of the test that no more customers than by chance bought at a discount only
    points_more: float  # the same less what it would be if each customer's discounts came in random order
    points_lower: float
    points_upper: float
    columns = (ORDER_COUNT, CUSTOMERS, ONLY_RATE, LOWER, UPPER, BY_LUCK_RATE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share that buys at a discount only, with its interval, by number of orders."""
        return charts.forest(self.table, estimate=ONLY_RATE, label=ORDER_COUNT, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What share of customers bought at a discount only?")

    def headline(self) -> Sentence:
        """How much is bought at a discount, and how many customers buy only so beyond chance."""
        several = self.table[CUSTOMERS].to_numpy(float)
        only, luck = (float(several @ self.table[name] / several.sum()) for name in (ONLY_RATE, BY_LUCK_RATE))
        basis = (
            say(
                "They are {money} of revenue, at {depth} off the list price on average.",
                money=facts.Share(self.money_rate),
                depth=facts.Share(self.depth_rate),
            ),
            say(
                "Of customers with two orders or more {only} bought at a discount only; by chance alone {luck} "
                "would have.",
                only=facts.Share(only),
                luck=facts.Share(luck),
            ),
            self._after(),
            ASSOCIATION,
        )
        known = {"share": facts.Share(self.discounted_rate)}
        if not self.p_value < SIGNIFICANCE:
            return say(
                "{share} of orders are at a discount; no evidence that some customers wait for one.", **known
            ).resting_on(*basis)
        return say(
            "{share} of orders are at a discount, and {only} of customers with several orders buy only so, more "
            "than by chance.",
            only=facts.Share(only),
            **known,
        ).resting_on(*basis)

    def _after(self) -> Sentence | None:
        if np.isnan(self.points_more):
            return None
        return say(
            "Of orders that follow one at a discount {again} are at a discount again: {points} beside a random "
            "order of each "
            "customer's own (95% interval {interval}).",
            again=facts.Share(self.again_rate),
            points=facts.Points(self.points_more),
            interval=facts.Range(facts.Points(self.points_lower), facts.Points(self.points_upper)),
        )


@analysis
def discount_buyers(data: Dataset) -> DiscountBuyers | NotApplicable:
    """How much of what is sold depends on discounts, by orders that are purchases and name a customer.

    An order is at a discount where money was taken off its list price. By chance: what customers with as many orders
    would show if every order were at a discount with the same probability, which is high for few orders. What follows a
    discount is compared with a random order of each customer's own orders. Intervals take customers for independent.
    """
    if "orders" not in data.tables or "discount" not in data.tables["orders"].columns:
        return UNKNOWN
    made = purchases.made(data.tables["orders"], data.settings.policy)
    known = made.filter(made.customer_id.notnull() & made.discount.notnull())
    rows = known.select(
        "customer_id", "order_id", "ordered_at", off=known.discount > 0, taken=known.discount, money=known.amount
    )
    sums = rows.agg(
        orders=rows.count(), off=rows.off.sum(), taken=engine.total(rows.taken), paid=engine.total(rows.money),
        paid_off=engine.total(rows.money, where=rows.off),
    ).execute().iloc[0].fillna(0)  # fmt: skip
    if sums["orders"] < LEAST_ORDERS or not sums["off"]:
        return UNKNOWN
    rate = float(sums["off"] / sums["orders"])
    by_customer = rows.group_by("customer_id").agg(orders=rows.count(), off=rows.off.sum()).execute()
    table = _by_orders(by_customer, rate)
    if table.empty:
        return NotApplicable(say("fewer than {least} customers have two orders.", least=facts.Count(SMALLEST_GROUP)))
    depth = float(sums["taken"] / (sums["taken"] + sums["paid_off"]))
    money = float(sums["paid_off"] / sums["paid"])
    again, *more = _following(rows)
    p_value = waiting(by_customer["orders"], by_customer["off"])
    behind = _several(by_customer).reset_index()[["customer_id", ORDER_COUNT, "at_discount_only"]]
    return DiscountBuyers(table, rate, depth, money, again, p_value, *more, behind=behind)


def waiting(orders: pd.Series, off: pd.Series) -> float:
    """p-value of the test that no more customers with several orders bought at a discount only than by chance.

    Two-sided, normal: every order is at a discount with one probability, which is taken from all of them. `orders` and
    `off` are each customer's orders, and those at a discount.
    """
    several = orders > 1
    luck = (off.sum() / orders.sum()) ** orders[several]
    excess, variance = ((off == orders)[several] - luck).sum(), (luck * (1 - luck)).sum()
    return float(2 * norm.sf(excess / np.sqrt(variance))) if excess > 0 and variance > 0 else 1.0


def _several(customers: pd.DataFrame) -> pd.DataFrame:
    """Customers with several orders: the row of the table to which each belongs, and whether all were at a discount."""
    several = customers[customers["orders"] > 1]
    place = several["orders"].clip(upper=MANY).map(lambda count: f"{count:.0f}{'+' * (count == MANY)}")
    return several.assign(**{ORDER_COUNT: place, "at_discount_only": several["off"] == several["orders"]})


def _by_orders(customers: pd.DataFrame, rate: float) -> pd.DataFrame:
    """The table of `DiscountBuyers`, without numbers of orders that too few customers have."""
    several = _several(customers)
    several = several.assign(luck=rate ** several["orders"])
    sums = several.groupby(ORDER_COUNT).agg(
        customers=("luck", "size"), only=("at_discount_only", "sum"), luck=("luck", "mean")
    )
    sums = sums[sums["customers"] >= SMALLEST_GROUP].reset_index()
    lower, upper = wilson_interval(sums["only"], sums["customers"])
    return pd.DataFrame({
        ORDER_COUNT: sums[ORDER_COUNT],
        CUSTOMERS: sums["customers"],
        ONLY_RATE: sums["only"] / sums["customers"],
        LOWER: lower,
        UPPER: upper,
        BY_LUCK_RATE: sums["luck"],
    })  # fmt: skip


def _following(rows: ir.Table) -> tuple[float, float, float, float]:
    """Share at a discount of the orders after one at a discount, and by how many points that is more than by chance.

    Of a customer with k of m orders at a discount k·(k − 1) / m pairs are expected to follow one another if their order
    is random, so what customers are does not count.
    """
    order = ibis.window(group_by="customer_id", order_by=[rows.ordered_at, rows.order_id])
    paired = rows.mutate(before=rows.off.lag().over(order).fill_null(False))
    sums = paired.group_by("customer_id").agg(
        both=(paired.off & paired.before).sum(), before=paired.before.sum(), off=paired.off.sum(), orders=paired.count()
    )
    counts = sums.filter(sums.orders > 1).execute().drop(columns="customer_id").astype(float)
    after = counts["before"].sum()
    if not after:
        return np.nan, np.nan, np.nan, np.nan
    excess = counts["both"] - counts["off"] * (counts["off"] - 1) / counts["orders"]
    more, size = excess.sum() / after, len(counts)
    error = np.sqrt(size / max(size - 1, 1) * ((excess - more * counts["before"]) ** 2).sum()) / after
    return float(counts["both"].sum() / after), float(more), float(more - Z * error), float(more + Z * error)
