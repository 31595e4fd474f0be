"""When somebody buys again: log-normal gaps between purchases, those of one customer drawn towards those of all."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import ndtr

LEAST_FREEDOM = 10  # gaps of customers beyond their first, for a spread of a good's own


def gap_spreads(count: ArrayLike, mean: ArrayLike, squares: ArrayLike, good: ArrayLike) -> pd.DataFrame:
    """How the logarithms of gaps are spread, a row a good (the index): center, within and between (variances).

    A row of the input is one customer and good with at least one gap: how many gaps (`count`), the mean of their
    logarithms, and the sum of their squared differences from it. By the method of moments of a random effect of the
    customer: `within` from the differences inside customers, `between` from what their means differ beyond that, no
    less than 0. A good whose customers have too few gaps takes the `within` of all goods together. Assumes that
    customers are independent. Source: Searle, Casella & McCulloch (1992), section 3.6.
    """
    rows = pd.DataFrame({"good": np.asarray(good), "n": np.asarray(count, dtype=float), "mean": mean, "ss": squares})
    rows = rows.assign(sum=rows["n"] * rows["mean"], square=rows["n"] ** 2, free=rows["n"] - 1)
    sums = rows.groupby("good", sort=True)[["n", "sum", "square", "free", "ss"]].sum()
    customers = rows.groupby("good", sort=True).size()
    center = sums["sum"] / sums["n"]
    own = sums["ss"] / sums["free"]
    total = sums["free"].sum()
    pooled = sums["ss"].sum() / total if total else 0.0
    within = own.where(sums["free"] >= LEAST_FREEDOM, pooled)
    apart = (rows["n"] * (rows["mean"] - center[rows["good"]].to_numpy()) ** 2).groupby(rows["good"]).sum()
    size = sums["n"] - sums["square"] / sums["n"]
    between = ((apart - (customers - 1) * within) / size.where(size > 0)).clip(lower=0).fillna(0)
    return pd.DataFrame({"center": center, "within": within, "between": between})


def expected_gaps(
    count: ArrayLike, mean: ArrayLike, center: ArrayLike, within: ArrayLike, between: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of the logarithm of a customer's next gap.

    `count` gaps so far of the `mean` logarithm (ignored for 0), and `center`, `within` and `between` of the good (see
    `gap_spreads`). The customer's own mean is drawn towards the good's the more, the fewer gaps there are; the spread
    counts that it is not known. Source: Efron & Morris (1975), empirical Bayes.
    """
    n, own, good, inside, among = (np.asarray(each, dtype=float) for each in (count, mean, center, within, between))
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(n * among > 0, n * among / (n * among + inside), 0.0)
    location = good + weight * np.where(n > 0, np.nan_to_num(own) - good, 0)
    return location, np.sqrt(inside + among * (1 - weight))


def chance_to_return(
    silent: ArrayLike, ahead: float, location: ArrayLike, scale: ArrayLike, ever: ArrayLike
) -> np.ndarray:
    """Chance to buy again within `ahead` days, of somebody who has not for `silent` days.

    Of all purchases the share `ever` is followed by another one, after a log-normal gap (`location`, `scale` of the
    logarithm): P = ever (F(silent + ahead) − F(silent)) / (1 − ever F(silent)). The longer the silence, the surer it
    is that nothing comes. A mixture cure model: Boag (1949); Farewell (1982).
    """
    since, middle, spread, share = (np.asarray(each, dtype=float) for each in (silent, location, scale, ever))
    with np.errstate(divide="ignore", invalid="ignore"):
        by_now, by_then = (ndtr((np.log(since + days) - middle) / spread) for days in (0, ahead))
        return share * (by_then - by_now) / (1 - share * by_now)
