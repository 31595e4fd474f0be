"""How well lists agree with what came: hits, precision, recall, NDCG and average precision of each."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import csr_array


def hits(listed: np.ndarray, relevant: csr_array) -> np.ndarray:
    """Whether each place of each list (rows, places) holds a column that the row of `relevant` has.

    Places with a negative number are empty and hit nothing.
    """
    width = relevant.shape[1]
    row = np.repeat(np.arange(relevant.shape[0]), np.diff(relevant.indptr))
    asked = np.where(listed < 0, -1, listed + np.arange(len(listed))[:, None] * width)
    return np.isin(asked, row * width + relevant.indices)


def list_accuracy(hit: np.ndarray, relevant: np.ndarray) -> pd.DataFrame:
    """Accuracy of each list from its hits: hit, precision, recall, ndcg, average_precision, all from 0 to 1.

    `hit` (rows, places) says which places were right, best place first; `relevant` how many things would have been
    right, at least 1 each. Precision is over all places, filled or not. NDCG has gains of 0 and 1, discounts by
    log₂(place + 1), and is 1 where the first min(places, relevant) places are right; so is average precision. Raises
    ValueError for a row to which nothing is relevant.
    Source: Järvelin & Kekäläinen (2002); as in github.com/recommenders-team/recommenders.
    """
    total = np.asarray(relevant)
    if (total < 1).any():
        raise ValueError(f"relevant = {total.min()}: at least 1 in each row. Leave out rows to which nothing came.")
    places = hit.shape[1]
    possible = np.minimum(total, places)
    found = hit.cumsum(axis=1)
    ideal = np.cumsum(_discounts(places))[possible - 1]
    return pd.DataFrame(
        {
            "hit": hit.any(axis=1).astype(float),
            "precision": hit.mean(axis=1),
            "recall": hit.sum(axis=1) / total,
            "ndcg": discounted_gain(hit) / ideal,
            "average_precision": (hit * found / np.arange(1, places + 1)).sum(axis=1) / possible,
        }
    )


def discounted_gain(gains: np.ndarray) -> np.ndarray:
    """Discounted cumulative gain of each row (rows, places): Σ gain / log₂(place + 1), the first place being 1."""
    return np.asarray(gains) @ _discounts(np.shape(gains)[-1])


def _discounts(places: int) -> np.ndarray:
    return 1 / np.log2(np.arange(2, places + 2))
