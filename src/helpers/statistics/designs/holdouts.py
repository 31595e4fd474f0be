"""Who is held out of an action, and how many must be for its effect to be seen."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

import numpy as np
from scipy.stats import norm

LARGEST_SHARE = 0.5  # beyond it a larger holdout sees less
BYTES = 8  # of a digest, which make the draw


def held_out(key: bytes, season: str, family: str, customers: Iterable[str], share: float) -> np.ndarray:
    """Whether each customer is held out: the same answer each time, which nobody without `key` can foresee or steer.

    The draw is the first 8 bytes of HMAC-SHA256(key, season | family | customer) over 2⁶⁴, uniform from 0 to 1, and a
    customer is held out where it lies below `share`: whoever is at a small share is at any larger one. Draws of
    different families and seasons are independent.
    """
    if not 0 <= share < 1:
        raise ValueError(f"share = {share}: lies from 0 to below 1. Write 0.1 for a tenth.")
    start = hmac.new(key, f"{season}|{family}|".encode(), hashlib.sha256)

    def draw(customer: str) -> float:
        keyed = start.copy()
        keyed.update(str(customer).encode())
        return int.from_bytes(keyed.digest()[:BYTES]) / 2 ** (8 * BYTES)

    return np.array([draw(customer) < share for customer in customers], dtype=bool)


def smallest_seen(customers: float, share: float, *, std_dev: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Smallest difference of means that is seen with probability `power` when a `share` of `customers` is held out.

    `std_dev` is that of one customer, √(p(1 − p)) of a share p, taken to be the same in both arms; normal
    approximation, two-sided at `alpha` (Lachin 1981). Infinite without customers in an arm.
    """
    inverse = share * (1 - share) * customers
    return float(_reach(alpha, power) * std_dev / np.sqrt(inverse)) if inverse > 0 else float("inf")


def share_to_hold_out(
    customers: float, effect: float, *, std_dev: float, alpha: float = 0.05, power: float = 0.8
) -> float:
    """The smallest share of `customers` to hold out for `effect` to be seen with probability `power`, at most ½.

    ½ also where no share sees it: nothing sees more. The other arguments are those of `smallest_seen`.
    """
    if not effect:
        raise ValueError("effect = 0: no holdout shows it. Give the smallest effect worth seeing.")
    needed = (_reach(alpha, power) * std_dev / effect) ** 2  # of share · (1 − share) · customers
    if customers <= 4 * needed:
        return LARGEST_SHARE
    return float((1 - np.sqrt(1 - 4 * needed / customers)) / 2)


def _reach(alpha: float, power: float) -> float:
    """How many standard errors an effect must be to be seen."""
    return float(norm.isf(alpha / 2) + norm.ppf(power))
