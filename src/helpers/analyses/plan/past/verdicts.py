"""What to do with an action: the first rule that fits what is known of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from helpers.analyses.plan.past.estimates import FIRST_LEVEL, LATER_LEVEL
from helpers.statistics.designs import share_to_hold_out, smallest_seen


@dataclass(frozen=True)
class Evidence:
    """What is known of one action when it is judged.

    `effect`, `lower` and `upper` are of the outcome, whose better way is `direction` (1: more); `worthwhile` is the
    change for the better that is worth having, in its unit; `contribution` has the limits of what it earned a customer.
    """

    fault: str  # of the arms; "" where they can be compared
    done_rate: float
    open: bool  # no horizon is over yet
    effect: float
    lower: float
    upper: float
    direction: int
    worthwhile: float
    contribution: tuple[float, float]
    std_dev: float  # of one customer's outcome
    customers: int
    holdout_share: float


def verdict(known: Evidence, least_done: float) -> tuple[str, float]:
    """The verdict as a code, and how many more customers it would take to tell, where that is what it takes."""
    if known.fault:
        return "unreadable", np.nan
    if known.done_rate < least_done:
        return "not_carried_out", np.nan
    worse = known.upper < 0 if known.direction > 0 else known.lower > 0
    low, high = known.contribution
    if high < 0 or worse:
        return "stop", np.nan
    if low > 0:
        return "scale", np.nan
    if known.open or np.isnan(known.effect):
        return "early", np.nan
    best = known.upper if known.direction > 0 else -known.lower
    if best < known.worthwhile:
        return "cannot_pay", np.nan
    return "testing", more_customers(known)


def more_customers(known: Evidence) -> float:
    """How many more customers show the worthwhile effect four times in five, at the share held out; at least 1.

    They come in later plans, whose verdict holds at any of twelve reports: that takes 1.6 times what one look would.
    """
    share = known.holdout_share
    if not (known.worthwhile > 0 and known.std_dev > 0 and 0 < share < 1):
        return np.nan
    # With one customer; it falls with the root of their number.
    alone = smallest_seen(1, share, std_dev=known.std_dev, alpha=LATER_LEVEL)
    return max(1.0, float(np.ceil((alone / known.worthwhile) ** 2)) - known.customers)


def share_held_out(customers: int, worthwhile: float, std_dev: float) -> float:
    """The share to hold out of so many customers to see the worthwhile effect, in hundredths, at most a half.

    Seen is what the verdict on a first plan tells.
    """
    if not (worthwhile > 0 and std_dev > 0):
        return 0.5
    share = share_to_hold_out(customers, worthwhile, std_dev=std_dev, alpha=FIRST_LEVEL)
    return min(0.5, float(np.ceil(100 * share) / 100))
