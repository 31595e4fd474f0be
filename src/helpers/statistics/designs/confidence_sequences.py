"""Effects that may be read at any time: asymptotic confidence sequence, e-value and always-valid p-value."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm


def confidence_sequence(
    effect: ArrayLike, std_error: ArrayLike, n: ArrayLike, *, alpha: float = 0.05, tuning: float = 5000
) -> pd.DataFrame:
    """Interval, e-value and p-value of every look, valid together however often and for whatever reason one looks.

    `effect`, `std_error` (of a difference, a lift, any estimate that is asymptotically normal) and `n` (customers in
    both arms) have one entry a look, cumulative, in order; a std_error of NaN is a look that could not be tested.
    `tuning` is the n at which the interval is to be narrow, about the n planned; declare it before the first look.
    Returns n, effect, std_error, lower, upper, e_value, p_value. Bounds and e-value are those of the look: the
    interval leaves 0 out when the e-value passes 1 / alpha. The p-value is the smallest so far: once below alpha it
    stays there.

    Assumes a constant effect and n large enough for a normal mean; under both, the chance that any interval ever
    misses the effect is at most alpha. Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2021), the Gaussian
    mixture with ρ² = (−2 ln α + ln(1 − 2 ln α)) / tuning; the e-value is the normal-mixture sequential probability
    ratio with τ² = ρ²σ², σ² = n std_error² (Robbins 1970; Johari, Pekelis & Walsh 2015).
    """
    looks = (np.atleast_1d(np.asarray(values, dtype=float)) for values in (effect, std_error, n))
    effect, std_error, n = np.broadcast_arrays(*looks)
    _check(std_error, n, alpha, tuning)
    reach = std_error * band_reach(n, alpha=alpha, tuning=tuning)
    e_value = _e_value(effect / std_error, _information(n, alpha, tuning))
    return pd.DataFrame(
        {
            "n": n,
            "effect": effect,
            "std_error": std_error,
            "lower": effect - reach,
            "upper": effect + reach,
            "e_value": e_value,
            "p_value": np.fmin.accumulate(1 / np.maximum(e_value, 1)),
        }
    )


def band_reach(n: ArrayLike, *, alpha: float = 0.05, tuning: float = 5000) -> np.ndarray:
    """Half the width of the interval of a look at `n` customers, in standard errors; see `confidence_sequence`."""
    information = _information(np.asarray(n, dtype=float), alpha, tuning)
    return np.sqrt((1 + 1 / information) * (np.log1p(information) - 2 * np.log(alpha)))


def always_valid_p_value(p_value: ArrayLike, n: ArrayLike, *, alpha: float = 0.05, tuning: float = 5000) -> np.ndarray:
    """Two-sided p-values of single looks at `n` customers, as p-values that hold at any look.

    For estimates whose own p-value allows for more than a normal mean does: the p-value stands for the z that has it.
    That of the look, not the smallest so far. See `confidence_sequence`, whose `alpha` and `tuning` these are.
    """
    z = norm.isf(np.asarray(p_value, dtype=float) / 2)
    return 1 / np.maximum(_e_value(z, _information(np.asarray(n, dtype=float), alpha, tuning)), 1)


def _information(n: np.ndarray, alpha: float, tuning: float) -> np.ndarray:
    """nρ² of the Gaussian mixture that is narrowest at n = `tuning`."""
    return n * (-2 * np.log(alpha) + np.log1p(-2 * np.log(alpha))) / tuning


def _e_value(z: np.ndarray, information: np.ndarray) -> np.ndarray:
    """The normal-mixture sequential probability ratio."""
    with np.errstate(over="ignore"):  # beyond 1e308 the evidence is infinite
        return np.exp(z**2 / 2 * information / (1 + information)) / np.sqrt(1 + information)


def _check(std_error: np.ndarray, n: np.ndarray, alpha: float, tuning: float) -> None:
    if not 0 < alpha < 1:
        raise ValueError(f"alpha = {alpha}: lies between 0 and 1. Write 0.05 for a level of 95 %.")
    if not 0 < tuning < np.inf:
        raise ValueError(f"tuning = {tuning}: a number of customers above 0. Give about the number planned.")
    if n.ndim != 1 or not (n > 0).all() or (np.diff(n) < 0).any():
        raise ValueError(f"n = {n.tolist()}: customers so far never fall from look to look. Give cumulative counts.")
    if (std_error <= 0).any():
        raise ValueError(f"std_error = {std_error.tolist()}: above 0, or NaN. Leave out looks where nothing varies.")
