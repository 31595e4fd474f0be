"""What each customer is offered: the best goods by the rules that won their trial, less what is excluded."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.sparse import csr_array

from helpers import parameters
from helpers.analyses.offers.choice.contest import PLACES, Task
from helpers.analyses.offers.choice.due_and_dearer import due_rows, up_rows
from helpers.analyses.offers.choice.exclusions import excluded
from helpers.analyses.offers.choice.histories import Histories, known
from helpers.analyses.offers.choice.list_rows import cold_rows, list_rows
from helpers.analyses.offers.choice.scorers import BESTSELLERS
from helpers.analyses.offers.choice.time_trial import Trial
from helpers.analyses.offers.choice.vocabulary import (
    BECAUSE_OF,
    BECAUSE_ON,
    CHANCE,
    EXCLUSION,
    EXPECTED_MARGIN,
    FIRST_OFFERS,
    IS_COLD,
    OFFER_SHARE,
    PAIRS_LEFT_OUT,
    RANK,
    REASON,
    SALES_SHARE,
    SCORE,
    SCORER,
    SHARE_OF,
    TASK,
)
from helpers.analyses.offers.goods.levels import purchased
from helpers.analyses.offers.vocabulary import GOOD
from helpers.data import engine
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID, SHARE

LARGEST_SHARE = 0.1  # of customers who are offered one good first


@dataclass(frozen=True)
class Offers(Members, Finding):
    """Up to three goods for each customer and list, with the chance that they are bought and why they are offered."""

    table: pd.DataFrame  # one row a customer, list and good
    goods: pd.DataFrame  # good, first_offers, offer_share, sales_share: of first offers that are new to customers
    exclusions: pd.DataFrame  # in the order in which they are asked
    days: int  # within which the chance is that a good is bought
    most_first: int  # customers who may be offered one good first; 0: bestsellers won, and all get the same
    unserved: int  # customers for whom no good is left
    currency: str = ""
    columns = (
        CUSTOMER_ID, TASK, RANK, GOOD, SCORE, CHANCE, EXPECTED_MARGIN, REASON, BECAUSE_OF, BECAUSE_ON, SCORER, IS_COLD,
    )  # fmt: skip
    shown = (GOOD, FIRST_OFFERS, OFFER_SHARE, SALES_SHARE)

    def summary(self) -> pd.DataFrame:
        """The goods that most customers are offered first, at least five each, beside their share of sales."""
        return self.goods[self.goods[FIRST_OFFERS] >= SMALLEST_GROUP].reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of first offers of the goods offered most beside their share of sales."""
        rows = self.to_show().head(PLACES)
        shares = rows.melt(GOOD, [OFFER_SHARE, SALES_SHARE], SHARE_OF, SHARE)
        shares[SHARE_OF] = shares[SHARE_OF].map(SHARE_OF.write)
        return charts.grouped_bars(shares, value=SHARE, label=GOOD, group=SHARE_OF, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which goods are offered first, and how much of sales are they?")

    def headline(self) -> Sentence:
        """How many customers are offered something, and the good that most are offered first."""
        served, shown = self.table[CUSTOMER_ID].nunique(), self.summary()
        if shown.empty:
            told = say("{customers} customers are offered goods.", customers=facts.Count(served))
        else:
            told = say(
                "{customers} customers are offered goods; first comes most often “{good}”, for {share} of them.",
                customers=facts.Count(served),
                good=facts.Name(shown[GOOD][0]),
                share=facts.Share(shown[OFFER_SHARE][0]),
            )
        return told.resting_on(self._left_out(), self._not_all_alike(), self._cold(), self._chances())

    def _left_out(self) -> Sentence:
        met = self.exclusions[self.exclusions[PAIRS_LEFT_OUT] > 0]
        if met.empty:
            return say("No good is excluded for anybody.")
        reasons = tuple(
            say(
                "{reason} {pairs}", reason=facts.Word(row[EXCLUSION], EXCLUSION), pairs=facts.Count(row[PAIRS_LEFT_OUT])
            )
            for _at, row in met.iterrows()
        )
        return say("Pairs of customer and good left out: {reasons}.", reasons=facts.Listed(reasons))

    def _not_all_alike(self) -> Sentence | None:
        if not self.most_first:
            return say("Bestsellers won the trial, so customers are offered the same goods first.")
        if self.unserved:
            return say(
                "One good comes first for at most {most} customers; for {unserved} no other was left.",
                most=facts.Count(self.most_first),
                unserved=facts.Count(self.unserved),
            )
        return say("One good comes first for at most {most} customers.", most=facts.Count(self.most_first))

    def _cold(self) -> Sentence | None:
        cold = self.table.loc[self.table[IS_COLD], CUSTOMER_ID].nunique()
        if not cold:
            return None
        return say(
            "Of {customers} customers no purchase is known: they are offered bestsellers.", customers=facts.Count(cold)
        )

    def _chances(self) -> Sentence:
        return say("Chances are those of the trial, that a good is bought within {days}.", days=facts.Days(self.days))


@if_applicable
def recommend(
    trial: Trial,
    data: Dataset,
    due: pd.DataFrame | None = None,
    up: pd.DataFrame | None = None,
    *,
    categories: Collection[str] = (),
    margin: float = 1.0,
    largest_share: float = LARGEST_SHARE,
) -> Offers | NotApplicable:
    """Up to three goods to offer each customer again, and three that are new, by the rules that won the `trial`.

    Left out are, in this order, goods that are not sold on the day or out of stock, goods of which nobody needs a
    second that the customer has, what the customer gave back, what `due` (the table of that name) lists, and goods of
    `categories`. Those due stand in a list of their own where they are to be had, and so do the families of `up` (the
    table `up_sell`) in which a dearer good may be next. Of the goods that are new no more than `largest_share` of the
    customers get one first, and never fewer than its even share, unless bestsellers won; goods are offered again only
    to whoever bought them. Customers of whom nothing is known are offered their group's bestsellers. The chance is
    that of the trial's lists at this score (isotonic regression), the expected margin that chance times the mean price
    times `margin`. Assumes that scores mean today what they meant on the trial's day. Raises ValueError for shares
    outside 0 to 1.
    """
    parameters.between("margin", margin, 0, 1)
    parameters.between("largest_share", largest_share, 0, 1)
    histories = known(trial.purchases, data.as_of)
    if not len(histories.goods):
        return NotApplicable(say("no good was bought by enough customers, so none is offered."))
    barred = excluded(histories, data, trial.level, due, categories)
    standing = np.where(barred.goods, -np.inf, histories.standing)
    is_popular = trial.chosen(Task.NEW) in BESTSELLERS
    even = -(-len(histories.customers) // max(int((~barred.goods).sum()), 1))
    most = 0 if is_popular else max(int(largest_share * len(histories.customers)), even)
    parts = [
        list_rows(trial, Task.ANY, histories, barred.pairs, standing, 0),
        list_rows(trial, Task.NEW, histories, csr_array(barred.pairs.maximum(histories.purchases)), standing, most),
        cold_rows(trial, data, histories, standing),
        due_rows(due, histories, barred),
        up_rows(up),
    ]
    unserved = len(histories.customers) - parts[1][CUSTOMER_ID].nunique()
    table = pd.concat([each for each in parts if len(each)], ignore_index=True)
    parts.clear()  # they are as large as the table
    price = _prices(data, trial).reindex(table[GOOD]).to_numpy()
    table[EXPECTED_MARGIN] = table[CHANCE] * price * margin
    table = table[list(Offers.columns)].sort_values([CUSTOMER_ID, TASK, RANK], kind="stable", ignore_index=True)
    goods = _first(table, histories, trial)
    return Offers(table, goods, barred.counts, trial.days, most, unserved, data.settings.currency)


def _prices(data: Dataset, trial: Trial) -> pd.Series:
    """The mean price of each good; missing where no line of it has one."""
    lines = purchased(data)
    priced = lines.group_by(good=lines[trial.level.chosen]).agg(
        price=engine.total(lines.unit_price) / lines.unit_price.count().nullif(0)
    )
    return priced.execute().dropna(subset="good").set_index("good")["price"]


def _first(table: pd.DataFrame, histories: Histories, trial: Trial) -> pd.DataFrame:
    """Of each good how many customers are offered it first of the new ones, and its share of orders."""
    first = table.loc[(table[TASK] == Task.NEW) & (table[RANK] == 1), GOOD].value_counts()
    orders = pd.Series(histories.orders.sum(axis=0), index=histories.goods)
    rows = pd.DataFrame(
        {FIRST_OFFERS: first.reindex(histories.goods, fill_value=0), SALES_SHARE: orders / orders.sum()}
    )
    rows = rows.assign(**{OFFER_SHARE: rows[FIRST_OFFERS] / max(rows[FIRST_OFFERS].sum(), 1)})
    rows = rows.rename_axis(GOOD).reset_index().sort_values(FIRST_OFFERS, ascending=False, kind="stable")
    rows[GOOD] = trial.level.named(rows[GOOD])
    return rows[[GOOD, FIRST_OFFERS, OFFER_SHARE, SALES_SHARE]].reset_index(drop=True)
