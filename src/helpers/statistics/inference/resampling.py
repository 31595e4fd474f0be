"""Uncertainty by resampling whole customers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers import progress
from helpers.statistics.arrays import codes

Name = TypeVar("Name", bound=Hashable)
Statistic = Callable[[np.ndarray], Mapping[Name, float]]


def bootstrap(
    statistic: Statistic[Name], cluster: ArrayLike, *, draws: int = 200, seed: int | np.random.Generator = 0
) -> pd.DataFrame:
    """Values of a statistic when customers, each with all its rows, are drawn again with replacement.

    `cluster` names the customer of each row. `statistic(weights)` takes how often each row was drawn (whole numbers, 0
    for many) and returns named numbers. One row a draw, one column a name; a draw of which the statistic cannot be had
    (it raises ValueError, as without any event) is a row of NaN. The statistic is first asked for every row once, so
    that what is wrong with the rows themselves is raised. Raises ValueError for missing or fewer than two customers.
    Assumes that customers, unlike their rows, are independent. Source: Davison & Hinkley (1997), section 3.8; Field &
    Welsh (2007).
    """
    if draws < 1:
        raise ValueError(f"draws = {draws}: at least 1. Write 200 for limits of 95 %.")
    rows = pd.Series(cluster)
    customer, names = codes(rows, "cluster", len(rows))
    if len(names) < 2:
        raise ValueError(f"cluster = {len(names)} customers: at least 2 are needed. Name the customer of each row.")
    rng = np.random.default_rng(seed)
    columns = list(statistic(np.ones(len(customer), dtype=np.int64)))
    values = []
    for _ in progress.bar(range(draws)):
        drawn = np.bincount(rng.integers(len(names), size=len(names)), minlength=len(names))
        try:
            values.append(dict(statistic(drawn[customer])))
        except ValueError:
            values.append({})
    return pd.DataFrame(values, columns=columns, index=pd.RangeIndex(draws, name="draw"), dtype=float)


def numbered_by_values(cluster: ArrayLike, values: pd.DataFrame) -> np.ndarray:
    """A number for the customer of each row that `values` alone decide: no id and no order of rows counts.

    Customers stand in the order of their rows' values, column by column, the least row first; those whose rows are all
    alike come in any order, which makes no difference. As the `cluster` of a `bootstrap` such numbers make its draws
    the same when customers are renamed. `values` has a row each and columns that can be sorted. Raises ValueError for
    missing customers.
    """
    customer, names = codes(pd.Series(cluster).reset_index(drop=True), "cluster", len(values))
    rank = values.groupby([*values], dropna=False).ngroup().to_numpy()
    order = np.lexsort((rank, customer))
    of_row = customer[order]
    place = np.arange(len(order)) - np.searchsorted(of_row, of_row)
    ranks = np.full((len(names), place.max() + 1), -1)
    ranks[of_row, place] = rank[order]
    numbers = np.empty(len(names), dtype=np.int64)
    numbers[np.lexsort(ranks.T[::-1])] = np.arange(len(names))
    return numbers[customer]


def percentile_limits(draws: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Confidence limits of each column of `bootstrap`: the quantiles of its draws.

    Returns statistic, std_error, lower, upper in the statistic's own unit, and draws, the number of known values they
    rest on. Raises ValueError for a level outside (0, 1). Assumes enough draws (some hundreds) and a statistic whose
    bias is small beside its error. Source: Efron (1981); Davison & Hinkley (1997), section 5.3.
    """
    if not 0 < level < 1:
        raise ValueError(f"level = {level!r}: strictly between 0 and 1. Write 0.95 for 95 %.")
    lower, upper = draws.quantile([(1 - level) / 2, (1 + level) / 2]).to_numpy()
    return pd.DataFrame(
        {
            "statistic": draws.columns,
            "std_error": draws.std().to_numpy(),
            "lower": lower,
            "upper": upper,
            "draws": draws.count().to_numpy(),
        }
    )
