"""Recency, frequency and monetary scores by cuts on the values, and the named segments that the scores make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation_groups import (
    Groups,
    buyers,
    group,
    unfit,
)
from helpers.data.datasets import Dataset
from helpers.data.privacy import SMALLEST_GROUP
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable
from helpers.statistics import scoring

VALUES = {"recency": "recency_days", "frequency": "orders", "monetary": "monetary"}
COLUMNS = {"recency": "r_score", "frequency": "f_score", "monetary": "m_score"}
OTHERS = "Others 其他客户"


@dataclass(frozen=True)
class RfmCuts:
    """Where each score begins, in days, orders and money; an empty dimension takes its quantiles from the data."""

    recency: Sequence[float] = ()
    frequency: Sequence[float] = ()
    monetary: Sequence[float] = ()


@dataclass(frozen=True)
class Rule:
    """Scores, from and to on a scale of five, that make a segment."""

    recency: tuple[int, int]
    frequency: tuple[int, int]
    monetary: tuple[int, int]

    def __str__(self) -> str:
        return " ".join(f"{letter}{low}" if low == high else f"{letter}{low}–{high}" for letter, (low, high) in
                        zip("RFM", (self.recency, self.frequency, self.monetary), strict=True))


# The first rule that fits names the customer. Together they cover every cell; Others is for rules of one's own.
SEGMENTS: Mapping[str, Rule] = {
    "Champions 重要价值客户": Rule((4, 5), (4, 5), (4, 5)),
    "Loyal 忠诚客户": Rule((3, 5), (3, 5), (3, 5)),
    "Big spenders, few orders 重要发展客户": Rule((3, 5), (1, 2), (4, 5)),
    "Frequent, small baskets 一般价值客户": Rule((3, 5), (3, 5), (1, 2)),
    "Promising 一般发展客户": Rule((3, 5), (1, 2), (1, 3)),
    "Cannot lose 重要保持客户": Rule((1, 2), (4, 5), (4, 5)),
    "Lapsed big spenders 重要挽留客户": Rule((1, 2), (1, 3), (4, 5)),
    "Fading regulars 一般保持客户": Rule((1, 2), (3, 5), (1, 3)),
    "Hibernating 一般挽留客户": Rule((1, 2), (1, 2), (1, 3)),
}


@dataclass(frozen=True)
class RfmScores:
    """Scores of every buyer, and the cuts that gave them."""

    customers: pd.DataFrame  # index customer_id; r_score, f_score, m_score from 1 to len(cuts) + 1
    cuts: RfmCuts
    bands: pd.DataFrame  # dimension, score, at_least, below, customers, customer_share (of buyers)

    def summary(self) -> pd.DataFrame:
        """What each score means, and how many customers got it."""
        return self.bands

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by recency and frequency score; cells under five customers are empty."""
        wide = pd.crosstab(self.customers["r_score"], self.customers["f_score"])
        wide = wide.reindex(index=range(len(self.cuts.recency) + 1, 0, -1),
                            columns=range(1, len(self.cuts.frequency) + 2), fill_value=0)
        wide = wide.rename_axis(index="recency_score", columns="frequency_score")
        tidy = wide.stack().rename("customers").reset_index()
        tidy["customers"] = tidy["customers"].astype(float).mask(tidy["customers"] < SMALLEST_GROUP)
        return charts.heat_map(tidy, row="recency_score", column="frequency_score", value="customers", ax=ax)

    def headline(self) -> str:
        """How many different scores are left in each dimension, and where ties took the others."""
        left = self.effective_bins()
        asked = {dimension: len(getattr(self.cuts, dimension)) + 1 for dimension in VALUES}
        counts = ", ".join(f"{dimension} {left[dimension]} of {asked[dimension]}" for dimension in VALUES)
        fullest = self.bands.loc[self.bands["customer_share"].idxmax()]
        said = f"Scores in use: {counts}."
        if left != asked:
            said += f" Equal values stay together: {formats.percent(fullest['customer_share'])} of the buyers share " \
                f"{fullest['dimension']} score {fullest['score']}."
        return said

    def effective_bins(self) -> dict[str, int]:
        """How many different scores each dimension has."""
        return {dimension: scoring.effective_bins(self.customers[column]) for dimension, column in COLUMNS.items()}


def scores(data: Dataset, bins: int = 5, cuts: RfmCuts = RfmCuts()) -> RfmScores | NotApplicable:
    """Scores 1 … `bins` of every customer with an order, 5 for the most recent, most frequent, highest spending.

    Cuts that are given are used as they are, so that scores of two days compare; the others are quantiles of the
    buyers plus one day, order or unit of money, as R's rfm package has it. Equal values get equal scores.
    """
    missing = unfit(data)
    if missing:
        return missing
    known = buyers(data)
    used = fitted_cuts(known, bins, cuts)
    return RfmScores(scored(known, used), used, _bands(known, used))


def fitted_cuts(known: pd.DataFrame, bins: int, cuts: RfmCuts) -> RfmCuts:
    """`cuts`, completed by quantiles of the buyers `known`."""
    return RfmCuts(**{
        dimension: tuple(getattr(cuts, dimension)) or scoring.quantile_cuts(known[value], bins)
        for dimension, value in VALUES.items()
    })


def scored(known: pd.DataFrame, cuts: RfmCuts) -> pd.DataFrame:
    """The three scores of the buyers `known`, indexed as they are."""
    columns = {column: _scored(known, dimension, getattr(cuts, dimension)) for dimension, column in COLUMNS.items()}
    return pd.DataFrame(columns, index=known.index)


def _scored(known: pd.DataFrame, dimension: str, cuts: Sequence[float]) -> np.ndarray:
    return scoring.scores(known[VALUES[dimension]], cuts, descending=dimension == "recency")


def segments(
    data: Dataset, rfm: RfmScores | NotApplicable, rules: Mapping[str, Rule] = SEGMENTS
) -> Groups | NotApplicable:
    """The named segment of every customer: the first of `rules` that its scores fit, or Others."""
    if isinstance(rfm, NotApplicable):
        return rfm
    said = {name: str(rule) for name, rule in rules.items()} | {OTHERS: "no rule fits"}
    return group(data, named(rfm.customers, rfm.cuts, rules), said)


def named(customers: pd.DataFrame, cuts: RfmCuts, rules: Mapping[str, Rule] = SEGMENTS) -> pd.Series:
    """The segment that each row of scores makes; scales of other lengths are stretched to the rules' five."""
    fives = {
        dimension: _on_five(customers[column], len(getattr(cuts, dimension)) + 1)
        for dimension, column in COLUMNS.items()
    }
    fits = [
        np.logical_and.reduce([fives[dimension].between(*getattr(rule, dimension)) for dimension in VALUES])
        for rule in rules.values()
    ]
    return pd.Series(np.select(fits, list(rules), OTHERS), index=customers.index, name="segment", dtype=object)


def _on_five(score: pd.Series, bins: int) -> pd.Series:
    return (1 + (score - 1) * 4 / (bins - 1)).round()


def _bands(known: pd.DataFrame, cuts: RfmCuts) -> pd.DataFrame:
    parts = [_band(known, dimension, getattr(cuts, dimension)) for dimension in VALUES]
    return pd.concat(parts, ignore_index=True)


def _band(known: pd.DataFrame, dimension: str, cuts: Sequence[float]) -> pd.DataFrame:
    from_top = range(len(cuts) + 1, 0, -1)
    lows, highs = (np.nan, *cuts), (*cuts, np.nan)
    best_first = slice(None) if dimension == "recency" else slice(None, None, -1)
    given = pd.Series(_scored(known, dimension, cuts))
    customers = given.value_counts().reindex(from_top, fill_value=0).to_numpy()
    return pd.DataFrame({
        "dimension": dimension, "score": from_top, "at_least": lows[best_first], "below": highs[best_first],
        "customers": customers, "customer_share": customers / len(known),
    })
