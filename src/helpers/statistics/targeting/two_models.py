"""What each customer would do in each arm: a regression for every arm, learnt from other customers of that arm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from statsmodels.genmod.families import Binomial, Gaussian
from statsmodels.genmod.generalized_linear_model import GLM

from helpers.statistics.hazards import undetermined

LEVELS_LEARNED = 10  # most common values of a column in words
LEAST_CUSTOMERS = 10  # of a value, in every arm of the half learned from
DETERMINED = 1e-6  # share of a column's variance that rounding leaves
UNKNOWN = "(not known)"  # the value of words that are missing
FAMILIES = {"proportion": Binomial, "mean": Gaussian, "count": Gaussian}  # kinds with one number a customer


def expected_outcomes(
    known: pd.DataFrame, arm: pd.Series, outcome: pd.Series, learning: np.ndarray, kind: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """What the rows not in `learning` are expected to do in each arm, and the columns of `known` that told it.

    `known` has a row a customer and numbers or words. Regressions, one an arm, see the rows of `learning` alone, and
    so do the means, scales and values that turn `known` into their covariates. Nothing usable: no columns. Assumes arms
    drawn at random. Source: the two-model approach (Radcliffe & Surry 2011), or T-learner (Künzel et al. 2019).
    """
    matrix, features = _matrix(known, arm, outcome, learning)
    taught = matrix[learning]
    scaled = (matrix - taught.mean(axis=0)) / taught.std(axis=0)
    design = np.column_stack([np.ones(len(scaled)), scaled])
    expected = {}
    for name in pd.unique(arm):
        rows = learning & (arm == name).to_numpy()
        model = GLM(outcome.to_numpy()[rows], design[rows], family=FAMILIES[kind]()).fit()
        expected[name] = model.predict(design[~learning])
    return pd.DataFrame(expected), tuple(dict.fromkeys(features))


def _matrix(
    known: pd.DataFrame, arm: pd.Series, outcome: pd.Series, learning: np.ndarray
) -> tuple[np.ndarray, list[str]]:
    """Covariates as numbers, a column each, and the feature that each comes from.

    Words are told against their most common value; a missing number is the mean of the others and a column of its
    own. Left out is what an arm of the learning half has too little of (values with fewer than ten customers, or with
    one outcome alone), and columns that those before them determine.
    """
    taught = outcome.to_numpy()[learning]
    arms = [arm.to_numpy()[learning] == name for name in pd.unique(arm)]
    usable = [
        (name, column)
        for name in known
        for column in _columns(known[name], learning)
        if _told_in_every_arm(column[learning], arms, taught)
    ]
    matrix = np.column_stack([column for _, column in usable]) if usable else np.empty((len(known), 0))
    alone = undetermined(matrix[learning], DETERMINED)
    return matrix[:, alone], [name for (name, _), own in zip(usable, alone, strict=True) if own]


def _columns(values: pd.Series, learning: np.ndarray) -> list[np.ndarray]:
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        numbers, missing = values.to_numpy(dtype=float, na_value=np.nan), values.isna().to_numpy()
        mean = numbers[learning & ~missing].mean() if (learning & ~missing).any() else 0.0
        return [np.where(missing, mean, numbers), missing.astype(float)]
    named = values.astype(object).where(values.notna(), UNKNOWN)
    common = named[learning].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return [named.eq(level).to_numpy(dtype=float) for level in common.index[1 : LEVELS_LEARNED + 1]]


def _told_in_every_arm(column: np.ndarray, arms: Sequence[np.ndarray], outcome: np.ndarray) -> bool:
    """Whether a column varies in each of the arms, which are given by their rows, and outcomes do for each value."""
    values = np.unique(column)
    if len(values) > 2:
        return all(np.ptp(column[rows]) > 0 for rows in arms)
    cells = [outcome[rows & (column == value)] for rows in arms for value in values]
    return len(values) == 2 and all(len(cell) >= LEAST_CUSTOMERS and np.ptp(cell) > 0 for cell in cells)
