"""The checks of arguments that all estimators share: numbers, flags, codes of groups, lengths. Errors name them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike


def finite_numbers(values: ArrayLike, name: str) -> np.ndarray:
    """Values as a vector of finite floats, or a ValueError that names them."""
    try:
        numbers = np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{name} = {values!r:.60}: numbers are needed. Convert the column first.") from None
    if numbers.ndim != 1:
        raise ValueError(f"{name} = array of shape {numbers.shape}: one number a row is needed. Pass one column.")
    bad = int(np.count_nonzero(~np.isfinite(numbers)))
    if bad:
        raise ValueError(
            f"{name} = missing or infinite in {bad} of {len(numbers)} rows: finite numbers are needed. Mend those rows."
        )
    return numbers


def event_flags(events: ArrayLike) -> np.ndarray:
    """Events as 0 (censored) or 1 (happened), from booleans or the numbers 0 and 1."""
    flags = finite_numbers(events, "events")
    odd = (flags != 0) & (flags != 1)
    if odd.any():
        raise ValueError(f"events = {flags[odd][0]:g}: write 1 for an event and 0 for censored. Compare the column.")
    return flags.astype(np.int64)


def codes(values: ArrayLike | None, name: str, size: int) -> tuple[np.ndarray, pd.Index]:
    """Code of each row and the sorted labels; categories keep their order, and None is one block called 'all'."""
    if values is None:
        return np.zeros(size, dtype=np.int64), pd.Index(["all"])
    column = pd.Series(values)
    same_length(column, name, size)
    missing = int(column.isna().sum())
    if missing:
        raise ValueError(f"{name} = missing in {missing} of {size} rows: every row needs one. Name or drop those rows.")
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.cat.remove_unused_categories()
        return column.cat.codes.to_numpy(np.int64), pd.Index(column.cat.categories)
    code, labels = pd.factorize(column, sort=True)
    return code.astype(np.int64), pd.Index(labels)


def same_length(values: np.ndarray | pd.Series, name: str, size: int) -> np.ndarray | pd.Series:
    """The values, when there is one for each duration."""
    if len(values) != size:
        raise ValueError(f"{name} = {len(values)} rows: as many as durations ({size}). Take both from one table.")
    return values
