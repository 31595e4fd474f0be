"""Attributes as covariates of a Cox model: indicators against the largest group, numbers in round units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.churn.drivers.leakage import unsuspected
from helpers.analyses.churn.drivers.single_attributes import AttributeTests, attribute_tests
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.vocabulary import ATTRIBUTE
from helpers.findings import formats
from helpers.findings.folding import SMALL_GROUPS, folded_words
from helpers.statistics.hazards import undetermined
from helpers.statistics.inference import adjust

EVENTS_PER_COVARIATE = 10  # leavers; with fewer, ratios are too uncertain to act on (Peduzzi et al. 1995)
LEAST_LEAVERS = 5  # of a value, and as many who stay: fewer count with the reference
SKEWED = 2.0
TOO_MANY = "too few leavers for so many attributes"
TOO_ALIKE = 0.1  # share of variance that the covariates before it leave; a variance inflation of 10


@dataclass(frozen=True)
class Covariates:
    """One row a stay, one column a covariate named as readers see it; and what was left out."""

    matrix: pd.DataFrame
    references: dict[str, str]  # covariate → what its hazard ratio is against
    left_out: dict[str, str]  # what was left out → why
    candidates: int = 0  # covariates that there were before attributes were left out for want of leavers

    def adjusted(self, p_values: pd.Series) -> np.ndarray:
        """p-values of the covariates, corrected (Holm) for all candidates: of many the best are best by chance too."""
        left_behind = np.ones(max(0, self.candidates - len(p_values)))
        return adjust(np.append(p_values, left_behind), "holm")[: len(p_values)]


def covariates(stays: Stays, table: pd.DataFrame) -> Covariates:
    """Covariates of the rows of `table` from the attributes that are not suspects.

    Texts come first, so that a number which they determine is the one to go. Missing numbers take the median. Of more
    than one covariate for ten leavers those stay whose attribute has the strongest evidence alone; who tests them must
    allow for all `candidates`.
    """
    names = sorted(unsuspected(stays), key=lambda name: pd.api.types.is_numeric_dtype(table[name]))
    columns: dict[str, dict[str, pd.Series]] = {}  # attribute → its covariates
    references: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for name in names:
        if pd.api.types.is_numeric_dtype(table[name]):
            column, against = _in_units(table[name])
            columns[name], references[column.name] = {column.name: column}, against
        else:
            columns[name], reference, rare = _indicators(table[name], table["left"])
            references |= dict.fromkeys(columns[name], reference)
            left_out |= {covariate: f"too few left or stayed; counted with {reference}" for covariate in rare}
    borne = _borne(stays, {name: len(own) for name, own in columns.items()}, int(table["left"].sum()))
    left_out |= {name: TOO_MANY for name in names if name not in borne}
    own = {each: values for name in names if name in borne for each, values in columns[name].items()}
    matrix = pd.DataFrame(own, index=table.index, dtype=float)
    alone = undetermined(matrix.to_numpy(), TOO_ALIKE)
    left_out |= dict.fromkeys(matrix.columns[~alone], "nearly determined by other covariates")
    references = {name: references[name] for name in matrix.columns[alone]}
    candidates = sum(map(len, columns.values())) - int((~alone).sum())
    return Covariates(matrix.loc[:, alone], references, left_out, candidates)


def _borne(stays: Stays, sizes: dict[str, int], leavers: int) -> set[str]:
    """The attributes, of so many covariates each, that the leavers bear, the strongest evidence first; at least one."""
    if sum(sizes.values()) * EVENTS_PER_COVARIATE <= leavers or not isinstance(
        tests := attribute_tests(stays), AttributeTests
    ):
        return set(sizes)
    strongest = [name for name in tests.table[ATTRIBUTE] if name in sizes]
    used = np.cumsum([sizes[name] for name in strongest])
    return set(strongest[: max(1, int((used * EVENTS_PER_COVARIATE <= leavers).sum()))])


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
