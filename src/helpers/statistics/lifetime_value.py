"""What customers are worth: the margin on their future purchases, up to a horizon, in today's money."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from helpers.statistics.purchase_counts import distinct, histories, one_each
from helpers.statistics.purchase_tracking import PurchaseModel


def discounted_value(
    model: PurchaseModel,
    spend: ArrayLike,
    frequency: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    *,
    periods: int,
    period_length: float,
    discount_rate: float,
    margin: float = 1.0,
) -> np.ndarray:
    """Discounted value of each customer's purchases over the next `periods`, in the money of `spend`.

    margin · spend · Σᵢ (purchases expected in period i) / (1 + discount_rate)ⁱ, where a period lasts `period_length`
    of the unit of time of the model, so that purchases of a period count at its end. `spend` is the mean of a purchase
    (one for all, or one each, as `GammaGamma.expected_spend`), `margin` the part of it that is earned, and
    `discount_rate` is per period: a year's rate d is (1 + d)^(1/12) − 1 a month. The history as of `histories`. Raises
    ValueError for it, missing spends, and numbers out of range. Assumes that spend does not go with how often customers
    buy, nor change. Source: Fader, Hardie & Lee (2005, "RFM and CLV"), with the sum of a finite horizon.
    """
    _check(periods, period_length, discount_rate, margin)
    x, t_x, age = histories(frequency, recency, age)
    spend = one_each(spend, "spend", len(x))
    code, first = distinct(x, t_x, age)
    history = x[first], t_x[first], age[first]
    purchases = np.zeros(len(first))
    upto = (model.expected_purchases(period * period_length, *history) for period in range(periods + 1))
    for period, (before, after) in enumerate(pairwise(upto), start=1):
        purchases += (after - before) / (1 + discount_rate) ** period
    return margin * spend * purchases[code]


def _check(periods: int, period_length: float, discount_rate: float, margin: float) -> None:
    if periods != int(periods) or periods < 1:
        raise ValueError(f"periods = {periods!r}: a whole number, at least 1. Write 12 for a year of months.")
    if not 0 < period_length < np.inf:
        raise ValueError(f"period_length = {period_length!r}: above 0, in the model's unit. Write 30.4 for days.")
    if not -1 < discount_rate < np.inf:
        raise ValueError(f"discount_rate = {discount_rate!r}: above −1, per period. Write 0.01 for 1 % a period.")
    if not 0 <= margin <= 1:
        raise ValueError(f"margin = {margin!r}: a share of the spend, 0 to 1. Write 0.3 for 30 %.")
