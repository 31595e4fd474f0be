"""Recency, frequency and monetary scores by cuts on the values, and the named segments that the scores make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.groups import Groups, group
from helpers.analyses.segmentation.scoring.rules import OTHERS, SEGMENTS, SEGMENTS_WITHOUT_MONEY, Rule
from helpers.analyses.segmentation.scoring.source import VALUES, RfmSource, values
from helpers.analyses.segmentation.vocabulary import (
    AT_LEAST,
    BELOW,
    DIMENSION,
    F_SCORE,
    FREQUENCY_SCORE,
    M_SCORE,
    R_SCORE,
    RECENCY_SCORE,
    SCORE,
    SCORED_SHARE,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, say
from helpers.findings.drawing import charts
from helpers.findings.privacy.disclosure import disclosed
from helpers.findings.vocabulary import CUSTOMERS
from helpers.statistics.distributions import scoring

COLUMNS = {"recency": R_SCORE, "frequency": F_SCORE, "monetary": M_SCORE}


@dataclass(frozen=True)
class RfmCuts:
    """Where each score begins, in days, orders and money; an empty dimension takes its quantiles from the data."""

    recency: Sequence[float] = ()
    frequency: Sequence[float] = ()
    monetary: Sequence[float] = ()


@dataclass(frozen=True)
class RfmScores(Finding):
    """Scores of every customer of the source, the cuts that gave them, and how many customers got which."""

    table: pd.DataFrame  # a row a score, by dimension
    customers: pd.DataFrame  # index customer_id; r_score, f_score[, m_score] from 1 to len(cuts) + 1
    cuts: RfmCuts
    source: RfmSource = RfmSource()
    columns = (DIMENSION, SCORE, AT_LEAST, BELOW, CUSTOMERS.but(adds_up=[[DIMENSION]]), SCORED_SHARE)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """recency, frequency and, where the source has money, monetary."""
        return tuple(dimension for dimension, column in COLUMNS.items() if column in self.customers)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by recency and frequency score."""
        wide = pd.crosstab(self.customers["r_score"], self.customers["f_score"])
        wide = wide.reindex(
            index=range(len(self.cuts.recency) + 1, 0, -1), columns=range(1, len(self.cuts.frequency) + 2), fill_value=0
        )
        wide = wide.rename_axis(index=RECENCY_SCORE, columns=FREQUENCY_SCORE)
        cells = wide.stack().rename(CUSTOMERS).reset_index()
        known_sums = CUSTOMERS.but(adds_up=[[RECENCY_SCORE], [FREQUENCY_SCORE]])
        cells = disclosed(cells, (RECENCY_SCORE, FREQUENCY_SCORE, known_sums))
        return charts.heat_map(cells, row=RECENCY_SCORE, column=FREQUENCY_SCORE, value=CUSTOMERS, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many customers have which scores?")

    def headline(self) -> Sentence:
        """Whether all scores are in use; else how many are left in each dimension, and where ties took the others."""
        left = self.effective_bins()
        asked = {dimension: len(getattr(self.cuts, dimension)) + 1 for dimension in self.dimensions}
        counts = facts.Listed(
            tuple(
                say(
                    "{dimension} {left} of {asked}",
                    dimension=facts.Word(dimension, DIMENSION),
                    left=facts.Count(left[dimension]),
                    asked=facts.Count(asked[dimension]),
                )
                for dimension in self.dimensions
            )
        )
        used = say("Scores in use: {counts}.", counts=counts)
        if left == asked:
            return say("All scores are in use: none is lost to equal values.").resting_on(used)
        fullest = self.table.loc[self.table[SCORED_SHARE].idxmax()]
        return say(
            "Equal values stay together: {share} of the customers share {dimension} score {score}.",
            share=facts.Share(fullest[SCORED_SHARE]),
            dimension=facts.Word(fullest[DIMENSION], DIMENSION),
            score=facts.Count(fullest[SCORE]),
        ).resting_on(used)

    def effective_bins(self) -> dict[str, int]:
        """How many different scores each dimension has."""
        return {dimension: scoring.effective_bins(self.customers[COLUMNS[dimension]]) for dimension in self.dimensions}


def scores(
    data: Dataset, bins: int = 5, cuts: RfmCuts = RfmCuts(), over: RfmSource = RfmSource()
) -> RfmScores | NotApplicable:
    """Scores 1 … `bins` of every customer of a source, 5 for the most recent, most frequent, highest spending.

    `over` is orders, or any table with a customer and a time. Cuts that are given are used as they are, so that scores
    of two days compare; the others lie just above quantiles of these customers, whatever the unit of money. Equal
    values get equal scores. Raises ValueError for a source whose columns do not fit.
    """
    known = values(data, over)
    if isinstance(known, NotApplicable):
        return known
    used = fitted_cuts(known, bins, cuts)
    given = scored(known, used)
    return RfmScores(_bands(given, used), given, used, over)


def fitted_cuts(known: pd.DataFrame, bins: int, cuts: RfmCuts) -> RfmCuts:
    """`cuts`, completed by quantiles of the customers `known`; none of a value that they do not have."""
    return RfmCuts(
        **{
            dimension: tuple(getattr(cuts, dimension)) or scoring.quantile_cuts(known[value], bins)
            for dimension, value in VALUES.items()
            if value in known
        }
    )


def scored(known: pd.DataFrame, cuts: RfmCuts) -> pd.DataFrame:
    """The scores of the customers `known`, indexed as they are."""
    return pd.DataFrame(
        {
            COLUMNS[dimension]: scoring.scores(
                known[value], getattr(cuts, dimension), descending=dimension == "recency"
            )
            for dimension, value in VALUES.items()
            if value in known
        },
        index=known.index,
    )


def segments(
    data: Dataset, rfm: RfmScores | NotApplicable, rules: Mapping[str, Rule] | None = None
) -> Groups | NotApplicable:
    """The named segment of every customer: the first of `rules` that its scores fit, or Others.

    `rfm` are the scores of these customers. The usual rules are `SEGMENTS`, or `SEGMENTS_WITHOUT_MONEY` for a source
    without money; of rules of one's own, what they ask of money is then left out.
    """
    if isinstance(rfm, NotApplicable):
        return rfm
    rules = rules or (SEGMENTS if "monetary" in rfm.dimensions else SEGMENTS_WITHOUT_MONEY)
    lines: dict[str, object] = {name: rule.words(rfm.dimensions) for name, rule in rules.items()} | {
        OTHERS: say("no rule fits")
    }
    return group(data, named(rfm.customers, rfm.cuts, rules), lines, *rfm.source.nobody)


def named(customers: pd.DataFrame, cuts: RfmCuts, rules: Mapping[str, Rule] = SEGMENTS) -> pd.Series:
    """The segment that each row of scores makes; scales of other lengths are stretched to the rules' five.

    The cells of the scale are named, not the customers: there are few of these and may be millions of those.
    """
    dimensions = [dimension for dimension, column in COLUMNS.items() if column in customers]
    bins = [len(getattr(cuts, dimension)) + 1 for dimension in dimensions]
    cells = np.indices(bins).reshape(len(bins), -1) + 1
    fits = [
        np.logical_and.reduce(
            [
                _within(cell, count, getattr(rule, dimension))
                for cell, count, dimension in zip(cells, bins, dimensions, strict=True)
            ]
        )
        for rule in rules.values()
    ]
    of_cell = np.select(fits, np.arange(len(rules)), len(rules))
    given = [customers[COLUMNS[dimension]].to_numpy() - 1 for dimension in dimensions]
    codes = of_cell[np.ravel_multi_index(given, bins)]
    names = pd.Categorical.from_codes(codes, [*rules, OTHERS])
    return pd.Series(names, index=customers.index, name="segment")


def _within(score: np.ndarray, bins: int, span: tuple[int, int]) -> np.ndarray:
    on_five = np.round(1 + (score - 1) * 4 / max(bins - 1, 1))
    return (span[0] <= on_five) & (on_five <= span[1])


def _bands(given: pd.DataFrame, cuts: RfmCuts) -> pd.DataFrame:
    parts = [
        _band(dimension, given[column], getattr(cuts, dimension))
        for dimension, column in COLUMNS.items()
        if column in given
    ]
    return pd.concat(parts, ignore_index=True)


def _band(dimension: str, given: pd.Series, cuts: Sequence[float]) -> pd.DataFrame:
    from_top = range(len(cuts) + 1, 0, -1)
    lows, highs = (np.nan, *cuts), (*cuts, np.nan)
    best_first = slice(None) if dimension == "recency" else slice(None, None, -1)
    customers = given.value_counts().reindex(from_top, fill_value=0).to_numpy()
    return pd.DataFrame(
        {
            DIMENSION: dimension,
            SCORE: from_top,
            AT_LEAST: lows[best_first],
            BELOW: highs[best_first],
            CUSTOMERS: customers,
            SCORED_SHARE: customers / len(given),
        }
    )
