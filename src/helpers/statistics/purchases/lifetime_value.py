"""What customers are worth: the margin on their future purchases, up to a horizon, in today's money."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers.statistics.purchases.counts import distinct, histories, one_each
from helpers.statistics.purchases.tracking import PurchaseModel

AT_ONCE = 1_000_000  # histories times periods, which bounds the memory: some hundred bytes each


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
    period = np.arange(1, int(periods) + 1)
    discounts = (1 + discount_rate) ** -period.astype(float)
    purchases = np.empty(len(first))
    rows_at_once = max(AT_ONCE // len(period), 1)
    for start in range(0, len(first), rows_at_once):
        rows = first[start : start + rows_at_once]
        upto = _purchases_upto(model, period * period_length, x[rows], t_x[rows], age[rows])
        purchases[start : start + rows_at_once] = discounts @ np.diff(upto, axis=0, prepend=0)
    return margin * spend * purchases[code]


def _purchases_upto(model: PurchaseModel, horizons: np.ndarray, *history: np.ndarray) -> np.ndarray:
    """Purchases expected over each horizon (rows) of each history (columns).

    All in one call: what a model works out for a history it works out once, not again for every horizon.
    """
    rows = (np.tile(column, len(horizons)) for column in history)
    each = np.repeat(horizons, len(history[0]))
    return model.expected_purchases(each, *rows).reshape(len(horizons), -1)


def _check(periods: int, period_length: float, discount_rate: float, margin: float) -> None:
    if periods != int(periods) or periods < 1:
        raise ValueError(f"periods = {periods!r}: a whole number, at least 1. Write 12 for a year of months.")
    if not 0 < period_length < np.inf:
        raise ValueError(f"period_length = {period_length!r}: above 0, in the model's unit. Write 30.4 for days.")
    if not -1 < discount_rate < np.inf:
        raise ValueError(f"discount_rate = {discount_rate!r}: above −1, per period. Write 0.01 for 1 % a period.")
    if not 0 <= margin <= 1:
        raise ValueError(f"margin = {margin!r}: a share of the spend, 0 to 1. Write 0.3 for 30 %.")
