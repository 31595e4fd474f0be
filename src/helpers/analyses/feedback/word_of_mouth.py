"""KOC 关键意见消费者: customers whose word carries, by whom they brought and how much they do – by pseudonym only."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.feedback.vocabulary import ACTIVITY, DEPTH, PSEUDONYM, REACH, REFERRALS, SCORE
from helpers.data import privacy
from helpers.data.datasets import Dataset
from helpers.data.days import night
from helpers.data.intake.rows import purchases
from helpers.findings import Column, Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID

SHOWN = 10
SHORTEST_ACTIVITY_DAYS = 30  # over which activity and depth are counted


@dataclass(frozen=True)
class Advocates(Members, Finding):
    """Customers ranked by referrals, reach, activity and depth, as far as the data have them."""

    table: pd.DataFrame  # the highest score first
    measures: tuple[Column, ...]
    days: int
    brought_share: float  # of all customers, those whom another one brought; NaN without referrals

    columns = (CUSTOMER_ID, PSEUDONYM, SCORE, REFERRALS, REACH, ACTIVITY, DEPTH)

    def summary(self) -> pd.DataFrame:
        """The ten highest, by pseudonym."""
        return self.table.head(SHOWN).drop(columns=CUSTOMER_ID)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The scores of the ten highest."""
        return charts.bars(self.table.head(SHOWN), value=SCORE, label=PSEUDONYM, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if REFERRALS in self.measures:
            return say("Who brings most customers, and does most?")
        return say("Who does most?")

    def headline(self) -> Sentence:
        """How much of the customers the few brought; what the ranking rests on below."""
        ranked = say(
            "Ranked by the mean of their ranks in {measures}.",
            measures=facts.Listed(tuple(map(facts.Attribute, self.measures))),
        )
        if REFERRALS not in self.measures:
            busy = say("No record says who brought a customer: this tells who is busy, not who is listened to.")
            return busy.resting_on(ranked)
        few = self.table[REFERRALS].sort_values(ascending=False)
        return say(
            "{share} of customers were brought by another; {few} customers brought {part} of these.",
            share=facts.Share(self.brought_share),
            few=facts.Count(SHOWN),
            part=facts.Share(few.head(SHOWN).sum() / few.sum()),
        ).resting_on(ranked)


@analysis
def advocates(data: Dataset, days: int = 365) -> Advocates | NotApplicable:
    """Customers with the mean of their rank (0 to 100) by each measure that the data have, from the highest.

    Referrals and reach are of all time, activity and depth of the last `days`. Customers who asked not to be contacted
    are left out. Page and summary name them by pseudonym (`privacy.pseudonyms`); customer_id is for the saved table.
    Not applicable where the data have neither referrals, events nor order lines. Raises ValueError unless `days` is
    from 30 to 3660.
    """
    parameters.between("days", days, SHORTEST_ACTIVITY_DAYS, parameters.LONGEST_WINDOW_DAYS)
    counts = {**_referred(data), **_busy(data, data.as_of - dt.timedelta(days=days))}
    if not counts:
        return NotApplicable(say("neither referrals, events nor orders say whose word could carry."))
    told = [name for name in ("opted_out", "referred_by") if name in data.customers]
    everyone = data.customers[[CUSTOMER_ID, *told]].set_index(CUSTOMER_ID).sort_index()  # of equals the first by id
    if "opted_out" in everyone:
        everyone = everyone[~everyone["opted_out"].fillna(False).astype(bool)]
    table = pd.DataFrame({measure: number.reindex(everyone.index).fillna(0) for measure, number in counts.items()})
    if (table.gt(0).any(axis="columns")).sum() < SMALLEST_GROUP:
        few = say("fewer than {least} customers brought others or did anything.", least=facts.Count(SMALLEST_GROUP))
        return NotApplicable(few)
    ranks = table.rank(pct=True).where(table > 0, 0.0)
    table = table.astype(int).assign(score=100 * ranks.mean(axis="columns"))
    table = table.sort_values([SCORE, *counts], ascending=False, kind="stable").reset_index()
    table.insert(1, PSEUDONYM, privacy.pseudonyms(table[CUSTOMER_ID]))
    share = everyone["referred_by"].notna().mean() if REFERRALS in counts else float("nan")
    return Advocates(table[[CUSTOMER_ID, PSEUDONYM, SCORE, *counts]], tuple(counts), days, float(share))


def _referred(data: Dataset) -> dict[Column, pd.Series]:
    """customer_id → customers brought, and brought by those in turn."""
    if "referred_by" not in data.customers:
        return {}
    pairs = data.customers[["customer_id", "referred_by"]].dropna()
    brought = pairs["referred_by"].value_counts()
    if brought.empty:
        return {}
    in_turn = pairs["customer_id"].map(brought).fillna(0).groupby(pairs["referred_by"]).sum()
    return {REFERRALS: brought, REACH: in_turn}


def _busy(data: Dataset, after: dt.date) -> dict[Column, pd.Series]:
    """customer_id → days with something done, and different things it was done on."""
    days, things = [], []
    for name, time, what in (("events", "happened_at", "content"), ("orders", "ordered_at", "")):
        if name in data.tables:
            rows = data.tables[name] if name == "events" else purchases.made(data.tables[name], data.settings.policy)
            rows = rows.filter((rows[time] >= night(after)) & rows.customer_id.notnull())
            days.append(rows.select("customer_id", at=rows[time].date()))
            things += [rows.select("customer_id", at=rows[what])] if what else []
    if "orders" in data.tables and "order_items" in data.tables:
        orders, items = (purchases.made(data.tables[name], data.settings.policy) for name in ("orders", "order_items"))
        recent = orders.filter(orders.ordered_at >= night(after)).select("order_id", "customer_id")
        bought = items.select("order_id", at="category").join(recent, "order_id")
        things.append(bought.filter(bought.customer_id.notnull()).select("customer_id", "at"))
    counts = {ACTIVITY: _distinct(days), DEPTH: _distinct(things)}
    return {measure: number for measure, number in counts.items() if number is not None and len(number)}


def _distinct(parts: list[ir.Table]) -> pd.Series | None:
    """customer_id → different values among the parts."""
    if not parts:
        return None
    pairs = (ibis.union(*parts) if len(parts) > 1 else parts[0]).distinct()
    counts = pairs.group_by("customer_id").agg(number=pairs["at"].count()).execute()
    return counts.set_index("customer_id")["number"]
