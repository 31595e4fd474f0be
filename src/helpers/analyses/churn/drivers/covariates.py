"""Attributes as covariates of a Cox model: indicators against the largest group, numbers in round units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.churn.drivers.leakage import unsuspected
from helpers.analyses.churn.leaving.definition import Stays
from helpers.findings import formats
from helpers.findings.folding import SMALL_GROUPS, folded_words
from helpers.statistics.hazards import undetermined

LEAST_LEAVERS = 5  # of a value, and as many who stay: fewer count with the reference
SKEWED = 2.0
TOO_ALIKE = 0.1  # share of variance that the covariates before it leave; a variance inflation of 10


@dataclass(frozen=True)
class Covariates:
    """One row a stay, one column a covariate named as readers see it; and what was left out."""

    matrix: pd.DataFrame
    references: dict[str, str]  # covariate → what its hazard ratio is against
    left_out: dict[str, str]  # what was left out → why


def covariates(stays: Stays, table: pd.DataFrame) -> Covariates:
    """Covariates of the rows of `table` from the attributes that are not suspects.

    Texts come first, so that a number which they determine is the one to go. Missing numbers take the median.
    """
    names = sorted(unsuspected(stays), key=lambda name: pd.api.types.is_numeric_dtype(table[name]))
    columns: dict[str, pd.Series] = {}
    references: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for name in names:
        if pd.api.types.is_numeric_dtype(table[name]):
            column, against = _in_units(table[name])
            columns[column.name], references[column.name] = column, against
        else:
            indicators, reference, rare = _indicators(table[name], table["left"])
            columns |= indicators
            references |= dict.fromkeys(indicators, reference)
            left_out |= {covariate: f"too few left or stayed; counted with {reference}" for covariate in rare}
    matrix = pd.DataFrame(columns, index=table.index, dtype=float)
    alone = undetermined(matrix.to_numpy(), TOO_ALIKE)
    left_out |= dict.fromkeys(matrix.columns[~alone], "nearly determined by other covariates")
    return Covariates(matrix.loc[:, alone], {name: references[name] for name in matrix.columns[alone]}, left_out)


def _in_units(values: pd.Series) -> tuple[pd.Series, str]:
    """The numbers in standard deviations rounded to one digit, or in doublings where a few are very large."""
    name, filled = formats.label(values.name), values.fillna(values.median()).astype(float)
    if filled.min() >= 0 and filled.skew() > SKEWED:
        return np.log2(filled.clip(lower=filled[filled > 0].min())).rename(f"{name}, twice as much"), "half of it"
    spread = filled.std()
    unit = float(f"{spread:.0e}") if spread > 0 else 1.0
    return (filled / unit).rename(f"{name}, {formats.number(unit)} more"), f"{formats.number(unit)} less"


def _indicators(values: pd.Series, left: pd.Series) -> tuple[dict[str, pd.Series], str, list[str]]:
    """Indicators of each value but the largest, the largest, and the values too rare among leavers or stayers."""
    groups = folded_words(values)
    reference, *others = sorted(groups.cat.categories, key=lambda name: name == SMALL_GROUPS)  # the fold comes last
    named = {f"{formats.label(values.name)}: {other}": (groups == other) for other in others}
    rare = [
        name for name, inside in named.items() if min((inside & left).sum(), (inside & ~left).sum()) < LEAST_LEAVERS
    ]
    return {name: inside.astype(float) for name, inside in named.items() if name not in rare}, str(reference), rare
