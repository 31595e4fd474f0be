"""Which good is bought after another, and not just as often before it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import binom

from helpers.statistics.survival import limits


def followed_shares(followed: np.ndarray, lost: np.ndarray, at_risk: ArrayLike, *, level: float = 0.95) -> pd.DataFrame:
    """Share of customers to whom something happens within a window of days, a row each, with limits of `level`.

    `followed` and `lost` are tables rows × days: of `at_risk` customers, to how many it happened on each day of the
    window, and how many were seen no longer than that day. Returns rate, lower and upper. Kaplan & Meier's estimate
    for all rows at once; Greenwood's error, limits on the log-log scale. Assumes independent customers, and that when
    one was seen last tells nothing of what comes.
    """
    gone = followed + lost
    still = np.asarray(at_risk, dtype=float)[:, None] - (gone.cumsum(axis=1) - gone)
    with np.errstate(divide="ignore", invalid="ignore"):
        stays = np.where(followed > 0, 1 - followed / still, 1.0)
        errors = np.where(followed > 0, followed / (still * (still - followed)), 0.0)
    share = stays.prod(axis=1)
    lower, upper = limits(share, share * np.sqrt(errors.sum(axis=1)), "log-log", level)
    return pd.DataFrame({"rate": 1 - share, "lower": 1 - upper, "upper": 1 - lower})


def order_p_values(after: ArrayLike, before: ArrayLike) -> np.ndarray:
    """p-values that as many customers do one thing after another as before it; 1 where nobody does either.

    Exact and of two sides: McNemar's test of the customers who did only one of both. Customers are their own
    controls, so what they like and the season weigh alike on both sides of the day.
    """
    first, second = np.asarray(after), np.asarray(before)
    return np.minimum(2 * binom.cdf(np.minimum(first, second), first + second, 0.5), 1)
