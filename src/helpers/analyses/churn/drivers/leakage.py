"""Columns that know too much: written after the fact, or counting up with the stay itself."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.vocabulary import CONCORDANCE, CORRELATION, EXAMINED, SUSPECT
from helpers.findings import Finding, NotApplicable, charts, formats, if_applicable
from helpers.findings.folding import folded_words
from helpers.statistics.survival import concordance

TOO_CONCORDANT = 0.85
TOO_CORRELATED = 0.8


@dataclass(frozen=True)
class Suspects(Finding):
    """How well each column alone tells who leaves first, and how it goes with the length of the stay."""

    table: pd.DataFrame
    columns = (EXAMINED, CONCORDANCE, CORRELATION, SUSPECT)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns to leave out of tests and models."""
        return tuple(self.table.loc[self.table[SUSPECT], EXAMINED])

    def summary(self) -> pd.DataFrame:
        """One row a column, the most telling first."""
        return self.table.assign(examined=self.table[EXAMINED].map(formats.label))

    def plot(self, ax: Axes | None = None) -> Axes:
        """Concordance of each column alone: 0.5 tells nothing, 1 everything."""
        return charts.bars(self.summary(), value=CONCORDANCE, label=EXAMINED, ax=ax)

    def headline(self) -> str:
        """The columns left out, and why."""
        if not self.names:
            return f"No column alone tells too well who leaves first ({len(self.table)} examined)."
        named = ", ".join(map(formats.label, self.names))
        return (
            f"Left out of tests and models as leakage, since it may only repeat how long customers stayed: {named} "
            f"(concordance of at least {TOO_CONCORDANT} alone, or a rank correlation of at least {TOO_CORRELATED} with "
            "the length of the stay)."
        )


@if_applicable
@lru_cache(maxsize=2)  # every other answer about the same stays asks this first
def suspects(stays: Stays) -> Suspects | NotApplicable:
    """Each attribute of `stays`: its concordance alone (texts by the leave rate of their value) and its correlation
    with the length of the stay (numbers, Spearman).
    """
    if not stays.attributes or not stays.table["left"].any():
        return NotApplicable("no column describes these customers, or nobody has left.")
    rows = [(name, *_telling(stays.table, name)) for name in stays.attributes]
    table = pd.DataFrame(rows, columns=[EXAMINED, CONCORDANCE, CORRELATION])
    suspect = (table[CONCORDANCE] >= TOO_CONCORDANT) | (table[CORRELATION].abs() >= TOO_CORRELATED)
    return Suspects(table.assign(suspect=suspect).sort_values(CONCORDANCE, ascending=False, ignore_index=True))


def unsuspected(stays: Stays) -> list[str]:
    """The attributes that tests and models may use, in their order."""
    examined = suspects(stays)
    if isinstance(examined, NotApplicable):
        return []
    return [name for name in stays.attributes if name not in examined.names]


def _telling(table: pd.DataFrame, name: str) -> tuple[float, float]:
    """Concordance in the better direction, and Spearman correlation with the duration (numbers only)."""
    known = table[table[name].notna()]
    if pd.api.types.is_numeric_dtype(known[name]):
        score, varied = known[name], (known[[name, "duration_days"]].nunique() > 1).all()
        correlation = score.corr(known["duration_days"], method="spearman") if varied else np.nan
    else:
        values, exposure = folded_words(known[name]), known["duration_days"] - known["entry_days"]
        leavers, days = (column.groupby(values, observed=True).transform("sum") for column in (known["left"], exposure))
        score, correlation = leavers / (days + 1), np.nan  # no group is without a day
    share = concordance(known["duration_days"], known["left"], score.astype(float), entry=known["entry_days"])
    return max(share, 1 - share), correlation
