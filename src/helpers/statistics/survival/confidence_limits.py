"""Confidence limits of a probability that is estimated over time."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

KINDS = ("log-log", "log", "plain")


def limits(share: np.ndarray, std_error: np.ndarray, kind: str, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limits of `share` within [0, 1].

    `kind` is the scale on which the estimate is taken for normal: "log-log" (Kalbfleisch & Prentice 1980, eq. 1.13),
    "log" or "plain". A share without error (nobody has left yet) is its own limits; a share of exactly 0 has limits
    on the plain scale only.
    """
    if kind not in KINDS:
        raise ValueError(f"confidence = {kind!r}: one of {', '.join(map(repr, KINDS))}. Leave it out for 'log-log'.")
    if not 0 < level < 1:
        raise ValueError(f"level = {level!r}: strictly between 0 and 1. Write 0.95 for 95 %.")
    z = norm.ppf((1 + level) / 2)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if kind == "plain":
            lower, upper = share - z * std_error, share + z * std_error
        elif kind == "log":
            spread = np.exp(z * std_error / share)
            lower, upper = share / spread, share * spread
        else:
            spread = np.exp(z * std_error / (share * np.abs(np.log(share))))
            lower, upper = np.sort([share**spread, share ** (1 / spread)], axis=0)
    exact = std_error == 0
    return np.where(exact, share, np.clip(lower, 0, 1)), np.where(exact, share, np.clip(upper, 0, 1))
