"""How much of a catalogue lists show, and how popular what they show is."""

from __future__ import annotations

import numpy as np


def catalogue_share(listed: np.ndarray, goods: int) -> float:
    """The share of `goods` that stand on at least one of the lists (rows, places); negative places are empty.

    Source: Herlocker et al. (2004), section 4.2.1; Ge, Delgado-Battenfeld & Jannach (2010).
    """
    return len(np.unique(listed[listed >= 0])) / goods


def mean_rank(listed: np.ndarray, counts: np.ndarray) -> float:
    """The mean rank, by `counts` of each good and 1 for the most frequent, of all that the lists show; NaN of none.

    Goods with one count share the mean of their ranks.
    """
    from scipy.stats import rankdata

    shown = listed[listed >= 0]
    return float(rankdata(-np.asarray(counts))[shown].mean()) if len(shown) else float("nan")
