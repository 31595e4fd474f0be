"""How unequally a total is spread over its holders: the Lorenz curve, the Gini coefficient, the share of the top."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import expit, logit
from scipy.stats import norm


def lorenz(values: ArrayLike, points: int = 0) -> pd.DataFrame:
    """Cumulative shares (Lorenz 1905), the smallest value first: holders_share and total_share, from 0 to 1.

    One row a value and one for the start; with `points`, that many equal steps of holders_share instead, read between
    holders. Raises ValueError for values below 0, for which there is no curve, and where all are 0.
    """
    shares = _total_shares(np.sort(_holdings(values)))
    places = np.linspace(0, 1, len(shares))
    if points:
        steps = np.linspace(0, 1, points + 1)
        places, shares = steps, np.interp(steps, places, shares)
    return pd.DataFrame({"holders_share": places, "total_share": shares})


def gini(values: ArrayLike) -> float:
    """Gini coefficient: twice the area between curve and diagonal; 0 when all are equal, (n − 1) / n if one has all."""
    curve = lorenz(values)
    return float(1 - 2 * np.trapezoid(curve["total_share"], curve["holders_share"]))


def top_share(values: ArrayLike, share: float) -> float:
    """Part of the total that the largest `share` of the values hold, read off the Lorenz curve between holders.

    Equal values at the border hold equal parts, so it does not matter which of them are taken for the top.
    """
    curve = lorenz(values)
    return float(1 - np.interp(1 - share, curve["holders_share"], curve["total_share"]))


def fewest_holders(values: ArrayLike, share: float) -> float:
    """The smallest part of the holders that has `share` of the total, read off the Lorenz curve between holders."""
    ordered = np.sort(_holdings(values))[::-1]
    return float(np.interp(share, _total_shares(ordered), np.linspace(0, 1, len(ordered) + 1)))


def gini_limits(values: ArrayLike, level: float = 0.95) -> pd.DataFrame:
    """One row: gini, std_error, lower, upper.

    Normal limits on the logit scale, from the influence function (E|x − Y| − G·(x + μ)) / μ. Assumes independent
    holders and values of finite variance; with very heavy tails the limits are too narrow. Raises ValueError as
    `lorenz` does. Source: Davidson (2009), J. Econometrics 150.
    """
    ordered = np.sort(_holdings(values))
    size, mean, coefficient = len(ordered), ordered.mean(), gini(ordered)
    below = np.concatenate([[0.0], np.cumsum(ordered)[:-1]])
    rank = np.arange(size)
    distances = (ordered * rank - below + (ordered.sum() - below - ordered) - ordered * (size - rank - 1)) / size
    influence = (distances - coefficient * (ordered + mean)) / mean
    return _limits("gini", np.array([coefficient]), np.array([_std_error(influence)]), level)


def top_limits(values: ArrayLike, shares: ArrayLike, level: float = 0.95) -> pd.DataFrame:
    """`top_share` of each of `shares` with its error: top_share, total_share, std_error, lower, upper.

    Normal limits on the logit scale, from the influence function of the Lorenz curve at 1 − share. Assumes
    independent holders and values of finite variance; with very heavy tails, or a top of very few holders, the limits
    are too narrow. Raises ValueError as `lorenz` does. Source: Beach & Davidson (1983), Rev. Econ. Studies 50.
    """
    ordered, shares = np.sort(_holdings(values)), np.atleast_1d(np.asarray(shares, dtype=float))
    mean, errors, held = ordered.mean(), [], []
    for share in shares:
        low, border = 1 - top_share(ordered, share), np.quantile(ordered, 1 - share)
        influence = (np.minimum(ordered - border, 0) + (1 - share) * border - low * ordered) / mean
        held.append(1 - low)
        errors.append(_std_error(influence))
    found = _limits("total_share", np.array(held), np.array(errors), level)
    return found.assign(top_share=shares)[["top_share", *found.columns]]


def _holdings(values: ArrayLike) -> np.ndarray:
    held = np.asarray(values, dtype=float)
    if not len(held) or not (held >= 0).all() or not held.any():
        raise ValueError("values: a Lorenz curve takes values of 0 and above, one of them positive. Leave others out.")
    return held


def _total_shares(ordered: np.ndarray) -> np.ndarray:
    sums = np.concatenate([[0.0], np.cumsum(ordered)])
    return sums / sums[-1]


def _std_error(influence: np.ndarray) -> float:
    return float(influence.std() / np.sqrt(len(influence)))


def _limits(name: str, estimate: np.ndarray, std_error: np.ndarray, level: float) -> pd.DataFrame:
    """Estimates between 0 and 1 with limits that stay there; one at an end, or without error, is its own limits."""
    z = norm.ppf((1 + level) / 2)
    open_ended = (estimate > 0) & (estimate < 1) & (std_error > 0)
    inside = np.where(open_ended, estimate, 0.5)
    reach = z * std_error / (inside * (1 - inside))
    lower, upper = (np.where(open_ended, expit(logit(inside) + side * reach), estimate) for side in (-1, 1))
    return pd.DataFrame({name: estimate, "std_error": std_error, "lower": lower, "upper": upper})
