"""Whether customers hurry as a reward comes near, beside how they come near to thresholds that there are not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

FAR, NEAR = 0.5, 0.8  # of the threshold: from where on periods count, and from where on it is near
PLACEBOS = (0.6, 0.7, 0.8, 1.25, 1.4, 1.6)  # thresholds that there are not, as parts of the one that there is


@dataclass(frozen=True)
class Approach:
    """How much more often the same customers act close to a threshold than farther below it."""

    customers: int  # seen both close to it and farther from it
    level: float  # share of their periods farther from it in which they act
    change: float  # of that share close to it: the naive answer
    placebo: float  # the same at thresholds that there are not, in the mean
    estimate: float  # the one less the other
    lower: float
    upper: float
    p_value: float


def approach(spent: np.ndarray, acted: np.ndarray, threshold: float, level: float = 0.95) -> Approach:
    """The change of the chance to act as `spent` comes near to `threshold`, less that at placebo thresholds.

    `spent` (customers, periods) is what counts towards it at the beginning of each period, `acted` whether the customer
    acted in it. A period is near from .8 of the threshold on, and compared with those of the same customer from .5 on
    (least squares with an effect of each customer), so that it does not count who the customers are. Whoever acts
    leaves the range at its upper end, at any threshold: so the same at six thresholds that there are not is taken off.
    The variance is that of leaving out each customer in turn, for customers that are independent. Assumes that habits
    differ no more between these thresholds than among them. Source: Kivetz, Urminsky & Zheng (2006), the goal gradient;
    Bell & McCaffrey (2002) for the variance. NaN where nobody is seen on both sides of a threshold.
    """
    return approach_of(periods_near(spent, acted, threshold), level)


def periods_near(spent: np.ndarray, acted: np.ndarray, threshold: float) -> np.ndarray:
    """What `approach_of` needs of each customer: (customers, 7 thresholds, 4), that there is first, then the placebos.

    The four are the customer's periods in the range of the threshold, those of them near to it, and in how many of
    either the customer acted. Of many customers they are counted a block at a time and joined.
    """
    counts = np.zeros((len(spent), 1 + len(PLACEBOS), 4), dtype=np.int16)
    for place, each in enumerate((threshold, *(part * threshold for part in PLACEBOS))):
        is_counted = (spent >= FAR * each) & (spent < each)
        near = is_counted & (spent >= NEAR * each)
        for column, periods in enumerate((is_counted, near, acted & is_counted, acted & near)):
            counts[:, place, column] = periods.sum(axis=1)
    return counts


def approach_of(counts: np.ndarray, level: float = 0.95) -> Approach:
    """What `approach` tells, from the counts of `periods_near`."""
    change, influence, there, far = _within(counts[:, 0])
    placebos = [_within(counts[:, place]) for place in range(1, counts.shape[1])]
    placebo = float(np.mean([each[0] for each in placebos]))
    apart = influence - np.mean([each[1] for each in placebos], axis=0)
    error, estimate = float(np.sqrt((apart**2).sum())), change - placebo
    if not error > 0 or np.isnan(estimate):
        return Approach(there, far, change, placebo, estimate, np.nan, np.nan, np.nan)
    reach = norm.ppf((1 + level) / 2) * error
    p_value = float(2 * norm.sf(abs(estimate) / error))
    return Approach(there, far, change, placebo, estimate, estimate - reach, estimate + reach, p_value)


def _within(counts: np.ndarray) -> tuple[float, np.ndarray, int, float]:
    """The change close to a threshold, each customer's influence on it, customers on both sides, and the level far."""
    periods, close, all_acts, close_acts = counts.astype(int).T
    both = (close > 0) & (close < periods)
    periods, close = np.where(both, periods, 1), np.where(both, close, 0)
    spread = close * (1 - close / periods)  # Σ (near − its mean)² of a customer
    joint = np.where(both, close_acts - close * all_acts / periods, 0.0)  # Σ (near − its mean) · acted
    if not spread.sum() > 0:
        return np.nan, np.zeros(len(counts)), 0, np.nan
    change = joint.sum() / spread.sum()
    far = (all_acts - close_acts)[both].sum() / (periods - close)[both].sum()
    influence = (joint - change * spread) / np.maximum(spread.sum() - spread, spread)  # as if it had been left out
    return float(change), influence, int(both.sum()), float(far)
