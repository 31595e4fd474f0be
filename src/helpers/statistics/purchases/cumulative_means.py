"""What customers bring by month since they came, where many came too lately to be followed to the last month."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.statistics.effects import skewed_interval


def cumulative_mean(amounts: ArrayLike, months: ArrayLike, alpha: float = 0.05) -> pd.DataFrame:
    """The mean that a customer has brought by the end of each month, of customers followed for different times.

    `amounts` has a row a customer and a column a month since the customer came, `months` how many whole months each was
    followed; what stands beyond is not read. Returns month (1, 2 …), at_risk, mean, lower, upper as long as two
    customers were followed. The mean adds up those of each month over the customers that were followed through it, so
    that young customers count as far as they were seen (Nelson's mean cumulative function); its variance is between
    customers (Lawless & Nadeau 1995), the interval of 1 - `alpha` skew-corrected. Assumes that how long ago a customer
    came tells nothing of what the customer brings.
    """
    money, followed = np.asarray(amounts, dtype=float), np.asarray(months, dtype=int)
    last = min(int(np.sort(followed)[-2]) if len(followed) > 1 else 0, money.shape[1])
    money, seen = money[:, :last], followed[:, None] > np.arange(last)
    at_risk = seen.sum(axis=0)
    each = np.where(seen, money, 0.0).sum(axis=0) / at_risk
    influence = np.cumsum(np.where(seen, money - each, 0.0) / at_risk, axis=1)
    squares, cubes = (influence**2).sum(axis=0), (influence**3).sum(axis=0)
    mean = np.cumsum(each)
    ends = [
        skewed_interval(value, np.sqrt(square * n / (n - 1)), cube / square**1.5 if square else 0.0, n, alpha)
        for value, square, cube, n in zip(mean, squares, cubes, at_risk, strict=True)
    ]
    lower, upper = np.array(ends, dtype=float).reshape(-1, 2).T
    month = np.arange(1, last + 1)
    return pd.DataFrame({"month": month, "at_risk": at_risk, "mean": mean, "lower": lower, "upper": upper})
