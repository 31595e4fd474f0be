"""Whether shares rise or fall along groups that have an order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm


class Trend(NamedTuple):
    """How far shares rise with the order of their groups."""

    z: float  # above 0 where they rise
    p_value: float  # two-sided


def trend_in_shares(count: ArrayLike, n: ArrayLike, scores: ArrayLike | None = None) -> Trend:
    """Cochran–Armitage test that the shares count / n do not rise or fall with the `scores` of their groups.

    `count` of `n` rows a group have the outcome; `scores` are 0, 1, 2 … unless given. z is that of the linear-by-linear
    association with all margins fixed; NaN where nothing can differ: one outcome, or one score. Assumes independent
    rows and some 20 of either outcome. Raises ValueError for a count above its n, and for unequal lengths.
    Source: Cochran (1954); Armitage (1955); with n − 1: Agresti (2002), section 3.4.
    """
    count, n = np.asarray(count, dtype=float), np.asarray(n, dtype=float)
    at = np.arange(len(n), dtype=float) if scores is None else np.asarray(scores, dtype=float)
    if not len(count) == len(n) == len(at):
        raise ValueError(f"count = {len(count)}, n = {len(n)}, scores = {len(at)} groups: give one of each a group.")
    if ((count < 0) | (count > n)).any():
        raise ValueError(
            f"count = {count.tolist()} of n = {n.tolist()}: a count lies between 0 and n. Check the filter."
        )
    rows, share = n.sum(), count.sum() / max(n.sum(), 1)
    centred = at - n @ at / max(rows, 1)
    variance = share * (1 - share) * (n @ centred**2) * rows / max(rows - 1, 1)
    if not variance > 0:
        return Trend(np.nan, np.nan)
    z = float(count @ centred / np.sqrt(variance))
    return Trend(z, float(2 * norm.sf(abs(z))))
