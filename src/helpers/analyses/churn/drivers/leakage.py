"""Columns that know too much: written after the fact, or counting up with the stay itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import fisher_exact

from helpers.analyses.churn.drivers.vocabulary import (
    CONCORDANCE,
    CORRELATION,
    EXAMINED,
    FILLED_LEAVERS_SHARE,
    FILLED_OTHERS_SHARE,
    SUSPECT,
    SUSPICION,
)
from helpers.analyses.churn.leaving.definition import Stays
from helpers.findings import Finding, NotApplicable, Sentence, facts, formats, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.folding import UNKNOWN, compared_groups, folded_words
from helpers.statistics.survival import concordance

TOO_CONCORDANT = 0.85
TOO_CORRELATED = 0.8
TOO_APART = 20  # times the odds of having left
ONLY_LEAVERS = 0.95  # of those with a value, or more
MOST = 0.5
MOST_NAMED = 4  # in words
BY_CHANCE = 0.001  # each of hundreds of columns is looked at
FILLED = (FILLED_LEAVERS_SHARE, FILLED_OTHERS_SHARE)


@dataclass(frozen=True)
class Suspects(Finding):
    """How well each column alone tells who leaves first, how it goes with the length of the stay, and who has it."""

    table: pd.DataFrame
    columns = (
        EXAMINED, CONCORDANCE, CORRELATION, FILLED_LEAVERS_SHARE, FILLED_OTHERS_SHARE, SUSPECT, SUSPICION,
    )  # fmt: skip

    @property
    def names(self) -> tuple[str, ...]:
        """The columns to leave out of tests and models."""
        return tuple(self.table.loc[self.table[SUSPECT], EXAMINED])

    def summary(self) -> pd.DataFrame:
        """One row a column, the most telling first."""
        return self.table.assign(examined=self.table[EXAMINED].map(formats.label))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Concordance of each column alone: 0.5 tells nothing, 1 everything."""
        return charts.bars(self.to_show(), value=CONCORDANCE, label=EXAMINED, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How well does each column alone tell who leaves first?")

    def headline(self) -> Sentence:
        """The columns left out; why below."""
        examined = say("Columns examined: {columns}.", columns=facts.Count(len(self.table)))
        if not self.names:
            return say("No column alone tells too well who leaves first.").resting_on(examined)
        first, more = facts.Attribute(self.names[0]), len(self.names) - 1
        if more:
            told = say(
                "Left out, since they tell too well who leaves: {first}, and {more} more.",
                first=first,
                more=facts.Count(more),
            )
        else:
            told = say("Left out, since it tells too well who leaves: {first}.", first=first)
        suspected = self.table[self.table[SUSPECT]].head(MOST_NAMED)
        reasons = [
            say("{column}: {why}.", column=facts.Attribute(row[EXAMINED]), why=facts.Word(row[SUSPICION], SUSPICION))
            for _, row in suspected.iterrows()
        ]
        after = say("Such a column may have been written after the customer left; no test or model uses it.")
        return told.resting_on(after, *reasons, examined)


@if_applicable
@lru_cache(maxsize=2)  # every other answer about the same stays asks this first
def suspects(stays: Stays) -> Suspects | NotApplicable:
    """Each attribute of `stays`: its concordance alone (texts by the leave rate of their value), its correlation with
    the length of the stay, and whether being filled, or a value of it, tells who left.

    Suspect is a concordance of at least 0.85; a rank correlation of at least 0.8 (Spearman's of numbers, the
    correlation ratio of texts, the rank-biserial one of being filled); odds of having left that are 20 times apart
    where it is filled and where it is empty; a value that at least 95 % leavers have. The last two beyond chance
    (Fisher's exact test).
    """
    if not stays.attributes or not stays.table["left"].any():
        return NotApplicable(say("no column describes these customers, or nobody has left."))
    rows = [(name, *_telling(stays.table, stays.table[name])) for name in stays.attributes]
    table = pd.DataFrame(rows, columns=[EXAMINED, CONCORDANCE, CORRELATION, *FILLED, SUSPICION])
    table = table.assign(suspect=table[SUSPICION] != "none")[list(Suspects.columns)]
    return Suspects(table.sort_values(CONCORDANCE, ascending=False, ignore_index=True))


def unsuspected(stays: Stays) -> list[str]:
    """The attributes that tests and models may use, in their order."""
    examined = suspects(stays)
    if isinstance(examined, NotApplicable):
        return []
    return [name for name in stays.attributes if name not in examined.names]


def _telling(table: pd.DataFrame, values: pd.Series) -> tuple[float, float, float, float, str]:
    """Concordance in the better direction, the strongest correlation, the shares filled, and the suspicion."""
    left, filled = table["left"], values.notna()
    ranks, correlation = _concordance(table[filled], values[filled]), _correlation(values, table["duration_days"])
    if ranks >= TOO_CONCORDANT:
        suspicion = "order"
    elif abs(correlation) >= TOO_CORRELATED:
        suspicion = "length"
    elif _apart(filled, left):
        suspicion = "filled"
    else:
        groups = _groups(values)
        only = [group for group, here in left.groupby(groups, observed=True) if here.mean() >= ONLY_LEAVERS]
        known = (group for group in only if group != UNKNOWN)
        suspicion = "leavers" if any(_apart(groups == group, left) for group in known) else "none"
    return ranks, correlation, filled[left].mean(), filled[~left].mean(), suspicion


def _groups(values: pd.Series) -> pd.Series:
    """Groups to compare; a number that is one value for most is that value or any other, such as an amount or 0."""
    usual = values == values.mode().iloc[0]
    most = pd.api.types.is_numeric_dtype(values) and usual.mean() > MOST
    return usual.where(values.notna()) if most else compared_groups(values)


def _concordance(known: pd.DataFrame, values: pd.Series) -> float:
    if known.empty:
        return np.nan
    if pd.api.types.is_numeric_dtype(values):
        score = values
    else:
        groups, exposure = folded_words(values), known["duration_days"] - known["entry_days"]
        leavers, days = (column.groupby(groups, observed=True).transform("sum") for column in (known["left"], exposure))
        score = leavers / (days + 1)  # no group is without a day
    share = concordance(known["duration_days"], known["left"], score.astype(float), entry=known["entry_days"])
    return max(share, 1 - share)


def _correlation(values: pd.Series, durations: pd.Series) -> float:
    """The stronger of two: of the known values with the length of the stay, and of being filled; NaN of too few."""
    place, filled = durations.rank(), values.notna()
    found = [np.nan]
    known = place[filled]
    if filled.sum() >= LEAST_AT_RISK and min(values[filled].nunique(), known.nunique()) > 1:
        if pd.api.types.is_numeric_dtype(values):
            found.append(values[filled].astype(float).corr(known, method="spearman"))
        else:
            means = known.groupby(folded_words(values[filled]), observed=True).transform("mean")
            found.append(float(np.sqrt(means.var() / known.var())))
    if min(filled.sum(), (~filled).sum()) >= LEAST_AT_RISK:
        found.append(2 * (place[filled].mean() - place[~filled].mean()) / len(place))
    return max(found, key=lambda each: abs(np.nan_to_num(each)))


def _apart(inside: pd.Series, left: pd.Series) -> bool:
    """Whether the odds of having left are far apart inside and outside, beyond chance."""
    counts = np.array([[(a & b).sum() for b in (left, ~left)] for a in (inside, ~inside)])
    (a, b), (c, d) = counts + 0.5
    return max(a * d / (b * c), b * c / (a * d)) >= TOO_APART and fisher_exact(counts).pvalue < BY_CHANCE
