"""How few customers bring how much: the Lorenz curve, its Gini coefficient, top shares, and whether 80/20 holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.groups import unfit
from helpers.analyses.segmentation.vocabulary import CUMULATIVE_CUSTOMERS, CUMULATIVE_REVENUE, TOP_SHARE
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.disclosure import DOMINATED, MOST_OF_ONE, MOST_OF_TWO
from helpers.findings.vocabulary import CUSTOMERS, LOWER, REVENUE_SHARE, UPPER
from helpers.statistics.distributions import fewest_holders, gini_limits, lorenz, top_limits

TOPS = (0.01, 0.05, 0.10, 0.20)
PARETO_TOP, PARETO_SHARE = 0.20, 0.80  # what "80/20" says
POINTS = 200  # of the drawn curve, of which each is of as many customers as may be shown by themselves


@dataclass(frozen=True)
class Concentration(Finding):
    """Shares of net revenue by shares of buyers, with their errors, beside the rule that 20% bring 80%."""

    table: pd.DataFrame  # a row a top of enough buyers to be shown
    curve: pd.DataFrame  # cumulative_customer_share, cumulative_revenue_share, the smallest first
    gini: pd.Series  # gini, std_error, lower, upper
    most_from: float  # share of buyers, the largest first, who bring 80% of revenue
    buyers: int  # of net revenue of 0 and above
    without_revenue: int  # of these, with none left
    left_out: int  # buyers whose net revenue is negative
    is_net: bool = False  # whether money given back is taken off
    columns = (TOP_SHARE, CUSTOMERS, REVENUE_SHARE, LOWER, UPPER, DOMINATED)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The Lorenz curve against the diagonal of equal customers."""
        return charts.concentration(self.curve, x=CUMULATIVE_CUSTOMERS, y=CUMULATIVE_REVENUE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How much of the revenue do how few buyers bring?")

    def headline(self) -> Sentence:
        """What the top fifth bring; who brings 80%, the Gini coefficient, and who brings nothing below."""
        gini, low, high = (facts.Name(f"{self.gini[name]:.2f}") for name in ("gini", "lower", "upper"))
        buyers, nothing, out = map(facts.Count, (self.buyers, self.without_revenue, self.left_out))
        return self._pareto().resting_on(
            say("Gini coefficient {gini}, 95% interval {interval}.", gini=gini, interval=facts.Range(low, high)),
            say("Revenue less what was given back.") if self.is_net else None,
            say("{nothing} of the {buyers} buyers brought none.", nothing=nothing, buyers=buyers)
            if nothing.value
            else None,
            say("{out} whose refunds exceed their orders are left out.", out=out) if out.value else None,
        )

    def _most(self) -> Sentence:
        """From whom most of the revenue comes, where they are not too few to be told."""
        if round(self.most_from * self.buyers) < SMALLEST_GROUP:
            return say("80% of revenue comes from {few} buyers.", few=facts.People(1))
        return say("80% of revenue comes from the top {top} of buyers.", top=facts.Share(self.most_from))

    def _pareto(self) -> Sentence:
        top = self.table[self.table[TOP_SHARE] == PARETO_TOP]
        if top.empty:
            return self._most().resting_on(say("The top 20% are too few to show."))
        row = top.iloc[0]
        share = facts.Share(row["revenue_share"])
        if row["lower"] <= PARETO_SHARE <= row["upper"]:
            told = say("The top fifth of buyers bring {share} of revenue: about the 80% of the saying.", share=share)
        elif row["upper"] < PARETO_SHARE:
            told = say(
                "The top fifth of buyers bring {share} of revenue, less than the 80% of the saying.", share=share
            )
        else:
            told = say(
                "The top fifth of buyers bring {share} of revenue, more than the 80% of the saying.", share=share
            )
        limits = facts.Range(facts.Share(row["lower"]), facts.Share(row["upper"]))
        return told.resting_on(
            say("95% interval {interval}.", interval=limits),
            self._most(),
        )


@analysis
def concentration(data: Dataset) -> Concentration | NotApplicable:
    """How net revenue to `as_of` is spread over the customers with an order; those below zero are only counted.

    Limits are of the shares that would be seen in other samples of such customers, from influence functions (see
    `statistics.concentration`); a few very large customers make them too narrow.
    """
    missing = unfit(data)
    if missing:
        return missing
    money = data.customers.loc[data.customers["orders"] > 0, "monetary"]
    kept = money[money >= 0].to_numpy(dtype=float)
    if not kept.any():
        return NotApplicable(say("no order brought any money."))
    shown = [top for top in TOPS if round(top * len(kept)) >= SMALLEST_GROUP]
    tops = top_limits(kept, shown).rename(columns={"total_share": REVENUE_SHARE}).drop(columns="std_error")
    tops.insert(1, CUSTOMERS, [round(top * len(kept)) for top in shown])
    by_one = _by_one(kept)
    tops[DOMINATED] = by_one[tops[CUSTOMERS].astype(int) - 1]
    return Concentration(
        tops,
        _drawn(kept, by_one),
        gini_limits(kept).loc[0],
        fewest_holders(kept, PARETO_SHARE),
        len(kept),
        int((kept == 0).sum()),
        int((money < 0).sum()),
        data.is_net,
    )


def _by_one(money: np.ndarray) -> np.ndarray:
    """Of the largest buyer, the largest two, three …, whether one makes most of their money, or two (`disclosure`)."""
    largest = np.sort(money)[::-1]
    together = np.cumsum(largest)
    return (largest[0] > MOST_OF_ONE * together) | (together[:2][-1] > MOST_OF_TWO * together)


def _drawn(money: np.ndarray, by_one: np.ndarray) -> pd.DataFrame:
    """The curve in steps of enough buyers, up to those of whom one makes most of their money."""
    steps = max(1, min(POINTS, len(money) // SMALLEST_GROUP))
    curve = lorenz(money, steps).set_axis([CUMULATIVE_CUSTOMERS, CUMULATIVE_REVENUE], axis="columns")
    above = np.rint((1 - curve[CUMULATIVE_CUSTOMERS]) * len(money)).astype(int)
    ends = above.isin([0, len(money)])
    return curve[ends | ~by_one[above - 1]].reset_index(drop=True)
