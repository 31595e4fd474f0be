"""Who is ready for more: customers who move on to dearer goods of a family, more than chance would have it."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers.analyses.offers.goods.levels import purchased
from helpers.analyses.offers.goods.vocabulary import BY_CHANCE_RATE, DIFFERENCE_RATE, RETURNING, RISEN_RATE, STEP
from helpers.analyses.offers.vocabulary import FAMILY, STEP_CHANCE
from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.findings import DeclaredTable, Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, LEAST_AT_RISK, SIGNIFICANCE, Z
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMER_ID, LOWER, P_VALUE, UPPER
from helpers.statistics.inference import adjust
from helpers.statistics.shares import wilson_interval

STEPS = ("low_middle", "middle_high")
YEAR = 365


@dataclass(frozen=True)
class ReadyCustomers(Members, DeclaredTable):
    """Customers who may take a dearer good next, of families in which customers rise beyond chance."""

    table: pd.DataFrame
    columns = (CUSTOMER_ID, FAMILY, STEP, STEP_CHANCE, LOWER, UPPER)


RISE = DIFFERENCE_RATE.but(tells=[RISEN_RATE])


@dataclass(frozen=True)
class UpSell(Finding):
    """Of each family the customers whose last purchase is dearer than their first, beside any order of the same."""

    table: pd.DataFrame  # the family that rises most first
    customers: ReadyCustomers
    columns = (FAMILY, RETURNING, RISEN_RATE, BY_CHANCE_RATE, RISE, LOWER, UPPER, P_VALUE, ADJUSTED_P_VALUE)
    shown = (FAMILY, RETURNING, RISEN_RATE, BY_CHANCE_RATE, RISE, LOWER, UPPER, ADJUSTED_P_VALUE)

    def summary(self) -> pd.DataFrame:
        """Without the p-values that are not corrected."""
        return self.table.drop(columns=P_VALUE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """How much larger the share that rose is than by chance."""
        return charts.forest(self.table, estimate=DIFFERENCE_RATE, label=FAMILY, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("By how much do more customers rise to dearer goods than chance would have it?")

    def headline(self) -> Sentence:
        """The family in which customers rise most surely; none is the usual answer."""
        tested = say(
            "Families compared: {families}. Prices of a family are cut into thirds; chance is any order of a "
            "customer's own purchases.",
            families=facts.Count(len(self.table)),
        )
        sure = self.table[rises(self.table)]
        if sure.empty:
            none = say("No evidence that customers who return move on to dearer goods: offer them what they like.")
            return none.resting_on(tested)
        row = sure.iloc[0]
        return say(
            "In “{family}” {rate} of the customers who return rise to dearer goods; by chance {chance} would.",
            family=facts.Name(row[FAMILY]),
            rate=facts.Share(row[RISEN_RATE]),
            chance=facts.Share(row[BY_CHANCE_RATE]),
        ).resting_on(
            say("95% interval of the difference {interval}.", interval=facts.limits(row, facts.Points)),
            tested,
            ASSOCIATION,
        )


def rises(table: pd.DataFrame) -> pd.Series:
    """The families in which more customers rise than chance would have it."""
    return (table[ADJUSTED_P_VALUE] < SIGNIFICANCE) & (table[DIFFERENCE_RATE] > 0)


@analysis
def up_sell(data: Dataset) -> UpSell | NotApplicable:
    """Whether customers of `data` move on to dearer goods of a family, and who would be next.

    The prices of a family (a category where no family is known) are cut at their thirds; an order is of the third
    of its dearest line. A customer has risen whose last order is of a higher third than the first; beside it stands
    the chance of that if the same orders came in any order, which cancels that the dear are followed by the cheaper.
    Corrected over families (Holm). Customers are taken for independent.
    """
    if "order_items" not in data.tables or "orders" not in data.tables:
        return NotApplicable(say("this data set has no lines of orders: export them to see what was bought."))
    orders = _in_thirds(purchased(data)).cache()
    counts = _paths(orders)
    counts = counts[counts["family"].map(counts.groupby("family")["n"].sum()) >= LEAST_AT_RISK]
    if counts.empty:
        return NotApplicable(
            say(
                "of no product family {least} customers bought twice at known prices that differ.",
                least=facts.Count(LEAST_AT_RISK),
            )
        )
    table = tested(counts)
    return UpSell(table, ReadyCustomers(_ready(orders, table[rises(table)][FAMILY].tolist(), data)))


def _in_thirds(lines: ir.Table) -> ir.Table:
    """One row a customer's order in a family: the third of its dearest line (0 to 2), its place, and the next third."""
    priced = lines.mutate(family=ibis.coalesce(lines.family, lines.category)).filter(
        lines.customer_id.notnull(), lines.unit_price > 0
    )
    priced = priced.filter(priced.family.notnull())
    cuts = priced.group_by("family").agg(low=priced.unit_price.quantile(1 / 3), high=priced.unit_price.quantile(2 / 3))
    met = priced.inner_join(cuts, "family")
    third = sum(engine.up_to(met.unit_price, cut).ifelse(0, 1) for cut in (met.low, met.high))
    orders = (
        met.mutate(third=third)
        .group_by("customer_id", "family", "order_id", "ordered_at")
        .agg(third=ibis._.third.max())
    )
    own = {"group_by": ["customer_id", "family"], "order_by": [orders.ordered_at, orders.order_id]}
    return orders.mutate(
        place=ibis.row_number().over(**own),
        next=orders.third.lead().over(**own),
        orders=orders.count().over(group_by=["customer_id", "family"]),
    )


def _paths(orders: ir.Table) -> pd.DataFrame:
    """Customers by family, orders in each third, and the thirds of their first and last order."""
    rows = orders.filter(orders.orders > 1)
    own = rows.group_by("customer_id", "family").agg(
        **{f"in_{third}": (rows.third == third).sum() for third in range(3)},
        first=rows.third.max(where=rows.place == 0),
        last=rows.third.max(where=rows.place == rows.orders - 1),
    )
    names = [name for name in own.columns if name != "customer_id"]
    return own.group_by(names).agg(n=own.count()).order_by(names).execute()


def tested(counts: pd.DataFrame) -> pd.DataFrame:
    """One row a family: the share that rose, by chance, the difference and whether it is beyond chance."""
    low, middle, high = (counts[f"in_{third}"].to_numpy(dtype=float) for third in range(3))
    size = low + middle + high
    chance = (low * middle + low * high + middle * high) / (size * (size - 1))
    rose = (counts["last"] > counts["first"]).to_numpy(dtype=float)
    n = counts["n"].to_numpy(dtype=float)
    sums = pd.DataFrame({
        "family": counts["family"], "n": n, "rose": n * rose, "chance": n * chance, "squares": n * (rose - chance) ** 2
    }).groupby("family").sum()  # fmt: skip
    difference = (sums["rose"] - sums["chance"]) / sums["n"]
    error = np.sqrt(sums["squares"]) / sums["n"]
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = np.where(error > 0, 2 * norm.sf((difference / error).abs()), 1.0)
    table = pd.DataFrame({
        FAMILY: sums.index,
        RETURNING: sums["n"].astype(int).to_numpy(),
        RISEN_RATE: (sums["rose"] / sums["n"]).to_numpy(),
        BY_CHANCE_RATE: (sums["chance"] / sums["n"]).to_numpy(),
        DIFFERENCE_RATE: difference.to_numpy(),
        LOWER: (difference - Z * error).to_numpy(),
        UPPER: (difference + Z * error).to_numpy(),
        P_VALUE: p_value,
        ADJUSTED_P_VALUE: adjust(p_value, "holm"),
    })  # fmt: skip
    return table.sort_values(LOWER, ascending=False, ignore_index=True)


def _ready(orders: ir.Table, families: list[str], data: Dataset) -> pd.DataFrame:
    """Customers of these families who bought within a year, below the dearest third, with the chance of a step up."""
    if not families:
        return pd.DataFrame({column: [] for column in ReadyCustomers.columns})
    rows = orders.filter(orders.family.isin(families), orders.third < 2)
    moves = rows.filter(rows.next.notnull()).group_by("family", "third")
    chances = moves.agg(n=ibis._.count(), ups=(ibis._.next > ibis._.third).sum()).execute()
    since = night(data.as_of) - ibis.interval(days=YEAR)
    last = rows.filter(rows.next.isnull(), rows.ordered_at >= since).select("customer_id", "family", "third")
    met = last.order_by("customer_id", "family").execute().merge(chances, on=["family", "third"])
    lower, upper = wilson_interval(met["ups"], met["n"])
    return pd.DataFrame({
        CUSTOMER_ID: met["customer_id"], FAMILY: met["family"], STEP: met["third"].map(dict(enumerate(STEPS))),
        STEP_CHANCE: met["ups"] / met["n"], LOWER: lower, UPPER: upper,
    })  # fmt: skip
