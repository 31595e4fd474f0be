"""What counts as one good: a product, its family or its category, whichever is finest and still has enough buyers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

import ibis
import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.offers.goods.vocabulary import IS_CHOSEN, LEVEL, MEDIAN_BUYERS
from helpers.analyses.offers.vocabulary import GOODS
from helpers.data.datasets import Dataset
from helpers.data.intake.rows import purchases
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP

ENOUGH_BUYERS = 20  # of the median good
OF_PRODUCTS = ("product_name", "category", "family")
LONGEST_NAME = 28  # letters, as several names stand beside each other in a figure


class Kept(StrEnum):
    """The columns that may name a good, the finest first."""

    PRODUCT = "product_id"
    FAMILY = "family"
    CATEGORY = "category"


@dataclass(frozen=True)
class Level(Finding):
    """What counts as one good here, beside what else could, with the buyers that the median good has."""

    table: pd.DataFrame  # the finest level first
    chosen: Kept
    lines: ir.Table  # one line of a purchase: order_id, customer_id (null for guests), ordered_at, good
    kinds: pd.Series  # category by product, where goods are products
    names: pd.Series  # what pages call a product
    once: frozenset[str]  # goods of which nobody needs a second one, as the table of products says
    as_of: dt.date
    columns = (LEVEL, GOODS, MEDIAN_BUYERS, IS_CHOSEN)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The buyers of the median good by level."""
        named = self.table.assign(**{LEVEL: self.table[LEVEL].map(LEVEL.write)})
        return charts.bars(named, value=MEDIAN_BUYERS, label=LEVEL, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many buyers has the median good?")

    def headline(self) -> Sentence:
        """Which level is used, with how many goods."""
        row = self.table[self.table[IS_CHOSEN]].iloc[0]
        known = {"goods": facts.Count(row[GOODS]), "buyers": facts.Number(row[MEDIAN_BUYERS])}
        if row[MEDIAN_BUYERS] < ENOUGH_BUYERS:
            few = say("Few of the {goods} goods have buyers enough to tell much: half have {buyers} or fewer.", **known)
            return few.resting_on(self._rule())
        if self.chosen == Kept.PRODUCT:
            told = say("Goods are products here: {goods}, of which half have at least {buyers} buyers.", **known)
        elif self.chosen == Kept.FAMILY:
            told = say(
                "Goods are product families here: {goods}, of which half have at least {buyers} buyers.", **known
            )
        else:
            told = say("Goods are categories here: {goods}, of which half have at least {buyers} buyers.", **known)
        return told.resting_on(self._rule())

    def named(self, goods: pd.Series) -> pd.Series:
        """Goods as a page names them: products, which data often number, by their name, else with their category."""
        return goods.map(self.names).fillna(goods)

    def _rule(self) -> Sentence:
        return say(
            "The finest level of which half the goods have {enough} buyers is used.", enough=facts.Count(ENOUGH_BUYERS)
        )


@analysis
def level(data: Dataset, preferred: Kept = Kept.PRODUCT) -> Level | NotApplicable:
    """What counts as one good in the lines of `data`: the finest of product, family and category with enough buyers.

    Of half of its goods there are at least 20 buyers; where no level has so many, the coarsest is used. A `preferred`
    level with enough buyers goes before finer ones. Guests count as one buyer an order. Family and category come from
    the table of products where there is one.
    """
    if "order_items" not in data.tables or "orders" not in data.tables:
        return NotApplicable(say("this data set has no lines of orders: export them to see what was bought."))
    rows = purchased(data).cache()
    counted = {each: _buyers(rows, each) for each in Kept}
    counted = {each: buyers for each, buyers in counted.items() if len(buyers) > 1}
    if not counted:
        return NotApplicable(say("the lines of orders name neither two products nor two categories."))
    medians = {each: float(buyers.median()) for each, buyers in counted.items()}
    enough = [each for each, median in medians.items() if median >= ENOUGH_BUYERS]
    chosen = preferred if preferred in enough else next(iter(enough), list(counted)[-1])
    table = pd.DataFrame({
        LEVEL: [str(each) for each in counted],
        GOODS: [len(buyers) for buyers in counted.values()],
        MEDIAN_BUYERS: list(medians.values()),
        IS_CHOSEN: [each == chosen for each in counted],
    })  # fmt: skip
    lines = rows.select("order_id", "customer_id", "ordered_at", good=rows[chosen]).filter(ibis._.good.notnull())
    kinds = _most(rows, "category") if chosen == Kept.PRODUCT else pd.Series(dtype=object)
    names = _names(rows, kinds, counted[chosen]) if chosen == Kept.PRODUCT else pd.Series(dtype=object)
    return Level(table, chosen, lines.cache(), kinds, names, _once(data, chosen), data.as_of)


def purchased(data: Dataset) -> ir.Table:
    """The lines that are purchases, with customer and time of their order: no line of an order that is none.

    Columns: order_id, customer_id (null for guests), ordered_at, product_id, unit_price and those of
    `OF_PRODUCTS`: what the table of products says of these goes before what a line says.
    """
    policy = data.settings.policy
    lines = purchases.made(data.tables["order_items"], policy)
    orders = purchases.made(data.tables["orders"], policy).select("order_id", "customer_id", "ordered_at")
    priced = lines.select("order_id", "product_id", *OF_PRODUCTS, unit_price=_unit_price(lines))
    rows = priced.inner_join(orders, "order_id")
    products = data.tables.get("products")
    if products is None:
        return rows
    known = products.select("product_id", **{f"known_{name}": products[name] for name in OF_PRODUCTS})
    met = rows.left_join(known, "product_id")
    best = {name: ibis.coalesce(met[f"known_{name}"], met[name]) for name in OF_PRODUCTS}
    return met.select(*(met[name] for name in rows.columns if name not in OF_PRODUCTS), **best)


def _unit_price(lines: ir.Table) -> ir.FloatingValue:
    """What one unit cost; null where the line does not say."""
    by_amount = lines.amount / lines.quantity.nullif(0)
    return ibis.coalesce(lines.unit_price, by_amount).cast("float64")


def _buyers(rows: ir.Table, name: str) -> pd.Series:
    """The buyers of each good."""
    buyer = ibis.coalesce(rows.customer_id.cast("string"), rows.order_id.cast("string"))
    pairs = rows.select(good=rows[name], buyer=buyer).filter(rows[name].notnull()).distinct()
    return pairs.group_by("good").agg(buyers=pairs.count()).execute().set_index("good")["buyers"]


def _names(rows: ir.Table, kinds: pd.Series, buyers: pd.Series) -> pd.Series:
    """What a page calls each product: its name, with the number where several have it; else number and category.

    A name is that of most lines, and counts where five buyers have the product: nobody is named by what one wrote.
    """
    known = _most(rows, "product_name")
    known = known[known.index.isin(buyers.index[buyers >= SMALLEST_GROUP])]
    short = known.where(known.str.len() <= LONGEST_NAME, known.str[: LONGEST_NAME - 1] + "…")
    names = short.where(~short.duplicated(keep=False), short + " · " + short.index)
    return names.combine_first(kinds.index.to_series() + " · " + kinds)


def _most(rows: ir.Table, name: str) -> pd.Series:
    """Of each product the value that most of its lines have."""
    known = rows.filter(rows[name].notnull()).group_by("product_id", name).agg(lines=lambda each: each.count())
    counts = known.execute().sort_values(["lines", name], ascending=[False, True])
    return counts.drop_duplicates("product_id").set_index("product_id")[name]


def _once(data: Dataset, chosen: Kept) -> frozenset[str]:
    """The goods of which all products are needed once."""
    products = data.tables.get("products")
    if products is None:
        return frozenset()
    known = products.filter(products[chosen].notnull()).group_by(good=products[chosen])
    goods = known.agg(once=products.once.fill_null(False).ifelse(1, 0).min())
    return frozenset(goods.filter(goods.once == 1).good.execute())
