"""Covariates that a regression can use: finite numbers, varying, and not combinations of one another."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

COLLINEAR = 1e-10  # smallest eigenvalue of the correlations that rounding does not explain
AT_ONCE = 2**16  # rows of which a copy is made


def covariate_columns(covariates: pd.DataFrame | ArrayLike) -> dict[str, np.ndarray]:
    """Name and floats of each covariate, copied only where they are not floats side by side; an array's are called x1,
    x2, …

    Raises ValueError for text, for missing or infinite values (named by column), and for no columns at all.
    """
    if isinstance(covariates, pd.DataFrame):
        names = covariates.columns.tolist()
        if len(set(names)) < len(names):
            raise ValueError(f"covariates = {names}: every column needs its own name. Rename the repeated ones.")
        columns = {name: _floats(column) for name, column in covariates.items()}
    else:
        values = np.asarray(covariates, dtype=float)
        columns = {f"x{j + 1}": np.ascontiguousarray(column) for j, column in enumerate(np.atleast_2d(values.T))}
    if not columns:
        raise ValueError("covariates = 0 columns: at least one is needed. Use survival.kaplan_meier without any.")
    bad = {name: int(np.count_nonzero(~np.isfinite(column))) for name, column in columns.items()}
    if any(bad.values()):
        listed = ", ".join(f"{name!r} ({count} rows)" for name, count in bad.items() if count)
        raise ValueError(f"covariates = missing or infinite in {listed}: finite numbers are needed. Mend those rows.")
    return columns


def _floats(column: pd.Series) -> np.ndarray:
    if not pd.api.types.is_numeric_dtype(column.dtype):
        raise ValueError(
            f"covariates[{column.name!r}] = {column.dtype} column: numbers are needed. "
            "Turn categories into indicators with pandas.get_dummies(…, drop_first=True)."
        )
    return np.ascontiguousarray(column.to_numpy(dtype=float, na_value=np.nan))


def undetermined(columns: pd.DataFrame | np.ndarray, least_left: float) -> np.ndarray:
    """Whether more than `least_left` of each column's variance is left once those kept before it are known.

    `columns` is (rows, k), the answer (k,): a column left out is not held against later ones, and a constant is left
    out. What is left of one is 1 − R²: its place in the products of centred columns, once those kept are swept out.
    """
    left = _products(pd.DataFrame(columns))
    least = least_left * np.diag(left)
    kept = np.zeros(len(left), dtype=bool)
    for place in range(len(left)):
        kept[place] = left[place, place] > least[place]
        if kept[place]:
            left = left - np.outer(left[:, place], left[place]) / left[place, place]
    return kept


def _products(columns: pd.DataFrame) -> np.ndarray:
    """Sums of the products of centred columns, (k, k); some rows at once, so that no copy is made of them all."""
    means = [column.to_numpy(dtype=float).mean() for _, column in columns.items()]
    sums = np.zeros((columns.shape[1], columns.shape[1]))
    for start in range(0, len(columns), AT_ONCE):
        centred = columns.iloc[start : start + AT_ONCE].to_numpy(dtype=float) - means
        sums += centred.T @ centred
    return sums


def same_covariates(covariates: pd.DataFrame | ArrayLike, names: list[str]) -> list[np.ndarray]:
    """One array for each covariate a model was fitted on, found by name in a table, by place in an array."""
    if isinstance(covariates, pd.DataFrame):
        absent = [name for name in names if name not in covariates.columns]
        if absent:
            raise ValueError(f"covariates = without {absent}: the model has {names}. Add the missing columns.")
        return list(covariate_columns(covariates[names]).values())
    columns = list(covariate_columns(covariates).values())
    if len(columns) != len(names):
        raise ValueError(f"covariates = {len(columns)} columns: the model has {names}. Pass those, in that order.")
    return columns


def check_varying(spread: np.ndarray, names: list[str]) -> None:
    """Raise ValueError that names the columns whose spread is 0."""
    constant = [name for name, width in zip(names, spread, strict=True) if width == 0]
    if constant:
        raise ValueError(f"covariates = {constant} constant among the rows compared: nothing to estimate. Drop them.")


def check_independent(information: np.ndarray, names: list[str]) -> None:
    """Raise ValueError that names the columns of which one is a linear combination of the others."""
    scale = np.sqrt(np.diag(information))
    values, vectors = np.linalg.eigh(information / np.outer(scale, scale))
    if values[0] < COLLINEAR:
        weight = np.abs(vectors[:, 0])
        involved = [name for name, share in zip(names, weight, strict=True) if share > 1e-4 * weight.max()]
        raise ValueError(
            f"covariates = {involved} collinear: one is a linear combination of the others. "
            "Drop one, or set penalty > 0."
        )
