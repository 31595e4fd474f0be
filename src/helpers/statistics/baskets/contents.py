"""What is in baskets: goods by basket, how often two are in one, and the usual measures of rules."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.sparse import csr_array, triu

MOST_COUNTED_AT_ONCE = 4_000  # goods of which all pairs have a place in memory
PAIRS_AT_ONCE = 4_000_000


def incidence(basket: ArrayLike, good: ArrayLike) -> csr_array:
    """Baskets × goods, 1 where a basket has a good, however many lines say so.

    `basket` and `good` are whole numbers from 0, one of each a line. Raises ValueError for lists of unlike length or
    numbers below 0.
    """
    rows, columns = np.asarray(basket), np.asarray(good)
    if len(rows) != len(columns):
        raise ValueError(f"good = {len(columns)} lines: as many as of basket ({len(rows)}). Take both from one table.")
    if len(rows) and min(rows.min(), columns.min()) < 0:
        raise ValueError("basket, good = below 0: codes count from 0. Drop lines without a basket or a good.")
    held = csr_array((np.ones(len(rows), dtype=np.int32), (rows, columns)))
    held.data[:] = 1  # lines of one basket and good were added up
    return held


def pair_counts(baskets: csr_array) -> pd.DataFrame:
    """How many baskets hold each pair of goods: first, second (columns of `baskets`, first < second), together.

    Pairs that no basket holds have no row; the rows are in no order.
    """
    goods = baskets.shape[1]
    if goods > MOST_COUNTED_AT_ONCE:
        found = triu(baskets.T @ baskets, k=1).tocoo()
        first, second, together = found.row, found.col, found.data
    else:  # four times as fast, in goods² numbers
        counts = _pair_table(baskets.sorted_indices())
        cells = np.flatnonzero(counts)
        (first, second), together = np.divmod(cells, goods), counts[cells]
    return pd.DataFrame({"first": first, "second": second, "together": together}).astype("int64")


def _pair_table(baskets: csr_array) -> np.ndarray:
    """The baskets with each pair, at first × goods + second."""
    goods = baskets.shape[1]
    counts = np.zeros(goods**2, dtype=np.int64)
    waiting: list[np.ndarray] = []
    for cells in _pair_cells(baskets):
        waiting.append(cells)
        if sum(map(len, waiting)) >= PAIRS_AT_ONCE:
            counts += np.bincount(np.concatenate(waiting), minlength=goods**2)
            waiting = []
    return counts + np.bincount(np.concatenate(waiting), minlength=goods**2) if waiting else counts


def _pair_cells(baskets: csr_array) -> Iterator[np.ndarray]:
    """Where all pairs of all baskets stand in the table; baskets of one size are taken together, in blocks."""
    sizes = np.diff(baskets.indptr)
    for size in np.unique(sizes[sizes > 1]):
        one, other = np.triu_indices(size, k=1)
        begins = baskets.indptr[:-1][sizes == size]
        block = max(1, PAIRS_AT_ONCE // len(one))
        for start in range(0, len(begins), block):
            held = baskets.indices[begins[start : start + block, None] + np.arange(size)].astype(np.int64)
            yield (held[:, one] * baskets.shape[1] + held[:, other]).ravel()


def rule_measures(together: ArrayLike, first: ArrayLike, second: ArrayLike, baskets: int) -> pd.DataFrame:
    """What is usually said of the rule “who buys the first buys the second”, a row for each.

    `together`, `first` and `second` are the baskets with both, with the first and with the second good, of `baskets` in
    all. Returns support and confidence (shares), lift (1: as if independent), leverage (a difference of shares),
    conviction (infinite where the rule never fails) and zhang (−1 to 1). None of them knows of basket sizes. Sources:
    Agrawal, Imieliński & Swami (1993); Brin et al. (1997); Piatetsky-Shapiro (1991); Zhang (2000).
    """
    both, one, other = (np.asarray(each, dtype=float) / baskets for each in (together, first, second))
    with np.errstate(divide="ignore", invalid="ignore"):
        confidence = both / one
        leverage = both - one * other
        widest = np.maximum(both * (1 - one), one * (other - both))
        return pd.DataFrame(
            {
                "support": both,
                "confidence": confidence,
                "lift": confidence / other,
                "leverage": leverage,
                "conviction": (1 - other) / (1 - confidence),
                "zhang": np.where(widest > 0, leverage / widest, 0.0),
            }
        )
