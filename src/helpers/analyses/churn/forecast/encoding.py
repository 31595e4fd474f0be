"""Features as covariates: what is learned from the rows that a model is trained on holds for all rows after."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from helpers.analyses.churn.drivers.covariates import TOO_ALIKE
from helpers.findings import formats
from helpers.findings.folding import SMALL_GROUPS, UNKNOWN, folded_words
from helpers.statistics.hazards import undetermined

LEAST_ROWS = 10
NONE_SHARE = 0.05


@dataclass(frozen=True)
class Covariate:
    """One column of the model's matrix."""

    feature: str
    value: str = ""  # of a text: the column is 1 where the feature has it
    none: bool = False  # of a number: the column is 1 where it is 0, for none at all is more than a little less
    least: float = 0.0  # of a number that is never negative: its smallest above 0, so that no unit of money counts
    fill: float = 0.0  # of a number: what stands for a missing one, the mean of the rows learned from
    seen: tuple[float, float] = (-np.inf, np.inf)  # of a number: the range learned from; beyond it, its nearest end

    @property
    def name(self) -> str:
        """The column's name."""
        return f"{self.feature}: {self.value or 'none'}" if self.value or self.none else self.feature

    def number(self, values: pd.Series) -> pd.Series:
        """Numbers in the covariate's unit: those never negative as log2(1 + number / least), a doubling each."""
        numbers = values.astype(float)
        if self.none:
            return (numbers == 0).astype(float).where(numbers.notna())
        return np.log2(1 + numbers.clip(lower=0) / self.least) if self.least else numbers


def matrix(covariates: list[Covariate], table: pd.DataFrame) -> pd.DataFrame:
    """One row a row of `table`, one column a covariate, all finite."""
    texts = {each.feature: _named(table[each.feature]) for each in covariates if each.value}
    columns = {
        each.name: (texts[each.feature] == each.value).astype(float)
        if each.value
        else each.number(table[each.feature]).clip(*each.seen).fillna(each.fill)
        for each in covariates
    }
    return pd.DataFrame(columns, index=table.index, copy=False)  # each a block of its own: no copy of them all


def learned(table: pd.DataFrame, events: pd.Series) -> tuple[list[Covariate], pd.DataFrame]:
    """Covariates of the features in `table`, as its rows and their events allow, and their matrix.

    Texts are set against their largest value. Numbers that are never negative count per doubling, which tames large
    ones, and where many are 0 that counts for itself; beyond the range learned from nothing is known, so later values
    count as its nearest end. Left out: what hardly varies among rows with the event or without
    (fewer than ten rows), and what the covariates before it nearly determine; texts come first, so that of a plan and
    its price the price goes.
    """
    names = sorted(table.columns, key=lambda name: pd.api.types.is_numeric_dtype(table[name]))
    candidates: list[Covariate] = []
    for name in names:
        of = _of_numbers if pd.api.types.is_numeric_dtype(table[name]) else _of_texts
        candidates += of(name, table[name], events)
    columns = matrix(candidates, table)
    kept = [each for each, alone in zip(candidates, undetermined(columns, TOO_ALIKE), strict=True) if alone]
    return kept, pd.DataFrame({each.name: columns[each.name] for each in kept}, index=table.index, copy=False)


def _of_numbers(name: str, values: pd.Series, events: pd.Series) -> list[Covariate]:
    least = float(values[values > 0].min()) if values.min() >= 0 and values.max() > 0 else 0.0
    doubled = Covariate(name, least=least)
    either = [doubled, Covariate(name, none=True)] if (values == 0).mean() >= NONE_SHARE else [doubled]
    return [
        replace(each, fill=float(numbers.mean()), seen=(float(numbers.min()), float(numbers.max())))
        for each in either
        if _varies(numbers := each.number(values), events)
    ]


def _varies(numbers: pd.Series, events: pd.Series) -> bool:
    """Whether enough rows, with the event and without, differ from the middle one."""
    known = numbers.dropna()  # pandas warns of a median of nothing but missing values
    ended = events[known.index[known != known.median()]]
    return min(ended.sum(), (~ended).sum()) >= LEAST_ROWS


def _of_texts(name: str, values: pd.Series, events: pd.Series) -> list[Covariate]:
    named = _named(values)
    counts = [named[some].value_counts() for some in (events, ~events)]
    others = [value for value in folded_words(values).cat.categories[1:] if value != SMALL_GROUPS]
    return [Covariate(name, value) for value in others if min(n.get(value, 0) for n in counts) >= LEAST_ROWS]


def _named(values: pd.Series) -> pd.Series:
    """Values as `folded_words` writes them, each distinct one written once."""
    place, distinct = pd.factorize(values)
    names = np.array([*map(formats.held, distinct), UNKNOWN], dtype=object)
    return pd.Series(names[place], index=values.index)
