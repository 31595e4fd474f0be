"""Before a test: how many customers, how many days, how small an effect, how likely to see it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal, TypedDict

import numpy as np
from scipy.optimize import brentq
from scipy.special import ncfdtr
from scipy.stats import f, norm

from helpers.statistics.effects.cuped import Regression
from helpers.statistics.effects.levels import COLUMNS, Kind, value_and_gradient
from helpers.statistics.effects.moments import Moments

Convention = Literal["unpooled", "pooled", "arcsine", "t"]
SMALLEST_ARM = 2  # rows; below it an arm has no variance


class Noise(TypedDict, total=False):
    """What describes a metric: a proportion's rate or the standard deviation of one row; nothing where unknown."""

    rate: float
    std_dev: float


def power(
    effect: float,
    n: float,
    *,
    rate: float | None = None,
    std_dev: float | None = None,
    alpha: float = 0.05,
    ratio: float = 1.0,
    convention: Convention | None = None,
) -> float:
    """Probability that a two-sided test at `alpha` sees a true absolute `effect` with `n` customers in control.

    Of a relative one where the `std_dev` is: see `relative_spread`.

    The treatment arm has `ratio` × n. A proportion is described by the control's `rate`, a mean by the
    `std_dev` of one customer, the same in both arms: give one of them. Conventions for a rate: `unpooled`
    (default; each arm's own variance), `pooled` (the null variance from both arms: Fleiss, Levin & Paik
    2003, without continuity correction), `arcsine` (Cohen 1988); for a mean only `t`
    (noncentral t, equal variances). Both tails count, so an effect of 0 is seen with probability alpha.
    """
    curve = _power_curve(rate, std_dev, alpha, ratio, convention)
    _check_arms(n, ratio)
    return float(curve(effect, n))


def sample_size(
    effect: float,
    *,
    rate: float | None = None,
    std_dev: float | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    ratio: float = 1.0,
    convention: Convention | None = None,
) -> float:
    """Customers in control, not rounded, for which the test sees `effect` with probability `power`; at least 2.

    Treatment needs `ratio` times as many; round both up. The other arguments are those of `power`.
    """
    curve = _power_curve(rate, std_dev, alpha, ratio, convention)
    _check_target(power, alpha)
    if effect == 0:
        raise ValueError("effect = 0: no number of customers shows it. Give the smallest effect worth seeing.")
    smallest = SMALLEST_ARM / min(1.0, ratio)
    return _crossing(lambda n: curve(effect, n) - power, smallest, np.inf)


def minimum_effect(
    n: float,
    *,
    rate: float | None = None,
    std_dev: float | None = None,
    alpha: float = 0.05,
    power: float = 0.8,
    ratio: float = 1.0,
    convention: Convention | None = None,
) -> float:
    """Smallest absolute increase that the test sees with probability `power`, with `n` customers in control.

    NaN where even a rise to 100 % would be seen less often. The other arguments are those of `power`.
    """
    curve = _power_curve(rate, std_dev, alpha, ratio, convention)
    _check_target(power, alpha)
    _check_arms(n, ratio)
    # A hundredth of the standard error of the difference: below every detectable effect.
    spread = std_dev if rate is None else np.sqrt(rate * (1 - rate))
    smallest = spread * np.sqrt((1 + 1 / ratio) / n) / 100
    largest = np.inf if rate is None else 1 - rate
    return _crossing(lambda effect: curve(effect, n) - power, smallest, largest)


def spread(history: Moments, kind: Kind, covariates: Sequence[str] = ()) -> Noise:
    """What `power` needs to know of a metric, from the moments of customers as they are now: rate or std_dev.

    A proportion has a rate. A mean or count has the standard deviation of one customer, a ratio that of its
    linearised rows (delta method), and a metric adjusted for `covariates`, the columns after the metric's own, what
    they leave of it (CUPED). Empty where nothing varies or there are too few customers.
    """
    chosen = history.select(*history.columns[: COLUMNS[kind]], *covariates)
    if kind == "proportion" and not covariates:
        rate = chosen.means[0]
        return {"rate": float(rate)} if 0 < rate < 1 else {}
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = Regression(chosen, kind).residual_variance
    return {"std_dev": float(np.sqrt(variance))} if variance > 0 else {}


def relative_spread(history: Moments, kind: Kind, covariates: Sequence[str] = ()) -> Noise:
    """The `std_dev` that `power` needs where effects are relative: 0.05 for 5 % more, of a mean, count, rate or ratio.

    That of one customer (see `spread`) as a share of the level in `history`. It holds for the test of the relative
    effect as well: its interval (Fieller) leaves 0 out exactly where that of the difference does. Empty where the level
    is 0, nothing varies or there are too few customers.
    """
    chosen = history.select(*history.columns[: COLUMNS[kind]], *covariates)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviation = np.sqrt(Regression(chosen, kind).residual_variance)
        relative = deviation / abs(value_and_gradient(chosen.means[: COLUMNS[kind]], kind)[0])
    return {"std_dev": float(relative)} if 0 < relative < np.inf else {}


def days_to_run(customers: float, customers_a_day: float) -> int:
    """Days until `customers` of all arms have come, if as many new ones come each day; in whole weeks.

    Whole weeks, because weekdays differ. Customers who come back are counted once, so take the day's new ones.
    """
    for name, value in (("customers", customers), ("customers_a_day", customers_a_day)):
        if not 0 < value < np.inf:
            raise ValueError(f"{name} = {value}: a number above 0. Check the plan's numbers.")
    return 7 * math.ceil(round(customers / customers_a_day / 7, 9))


def _crossing(excess: Callable[[float], float], low: float, largest: float) -> float:
    """Where an increasing function passes 0: `low` if it is already positive there, NaN if not up to `largest`."""
    if excess(low) >= 0:
        return low
    high = min(2 * low, largest)
    while excess(high) < 0:
        if high >= largest:
            return float("nan")
        low, high = high, min(2 * high, largest)
    return float(brentq(excess, low, high, xtol=1e-12 * high, rtol=1e-12))


def _power_curve(
    rate: float | None, std_dev: float | None, alpha: float, ratio: float, convention: Convention | None
) -> Callable[[float, float], float]:
    """Power as a function of effect and n."""
    for name, value, largest in (
        ("rate", rate, 1), ("std_dev", std_dev, np.inf), ("alpha", alpha, 1), ("ratio", ratio, np.inf)
    ):  # fmt: skip
        if value is not None and not 0 < value < largest:
            raise ValueError(f"{name} = {value}: lies between 0 and {largest}. Check the plan's numbers.")
    if rate is not None and std_dev is None:
        chosen = _chosen(convention, ("unpooled", "pooled", "arcsine"))
        return lambda effect, n: _proportion_power(rate, effect, (n, ratio * n), alpha, chosen)
    if std_dev is not None and rate is None:
        _chosen(convention, ("t",))
        return lambda effect, n: _mean_power(effect / std_dev, (n, ratio * n), alpha)
    raise ValueError(f"rate = {rate}, std_dev = {std_dev}: one of both describes the metric. Give exactly one.")


def _chosen(convention: Convention | None, known: tuple[Convention, ...]) -> Convention:
    """The convention, or the first of those known for a metric."""
    if convention is not None and convention not in known:
        raise ValueError(f"convention = {convention!r}: {', '.join(known)} for this metric. Choose one of these.")
    return convention or known[0]


def _check_arms(n: float, ratio: float) -> None:
    if not n * min(1.0, ratio) >= SMALLEST_ARM:
        raise ValueError(f"n = {n}, ratio = {ratio}: each arm needs {SMALLEST_ARM} customers. Plan a larger test.")


def _check_target(target: float, alpha: float) -> None:
    if not alpha < target < 1:
        raise ValueError(f"power = {target}: lies between alpha ({alpha}) and 1. Write 0.8 for 80 %.")


def _mean_power(standardised: float, arms: tuple[float, float], alpha: float) -> float:
    """Two-sided t test with equal variances, as the F test of its square: both tails, stable far out."""
    sizes = np.array(arms)
    df = sizes.sum() - 2
    return 1 - ncfdtr(1, df, standardised**2 / (1 / sizes).sum(), f.isf(alpha, 1, df))


def _proportion_power(
    control: float, effect: float, arms: tuple[float, float], alpha: float, convention: Convention
) -> float:
    """Normal approximation, with one standard error under the null hypothesis and one under the alternative."""
    treatment = control + effect
    if not 0 <= treatment <= 1:
        raise ValueError(f"rate + effect = {treatment}: lies between 0 and 1. Give the effect as a difference.")
    sizes = np.array(arms)
    rates = np.array([control, treatment])
    if convention == "arcsine":
        shift = 2 * (np.arcsin(np.sqrt(treatment)) - np.arcsin(np.sqrt(control)))
        null_error = error = np.sqrt((1 / sizes).sum())
    else:
        shift = treatment - control
        null_error = error = np.sqrt((rates * (1 - rates) / sizes).sum())
        if convention == "pooled":
            mean_rate = (rates * sizes).sum() / sizes.sum()
            null_error = np.sqrt(mean_rate * (1 - mean_rate) * (1 / sizes).sum())
    threshold = norm.isf(alpha / 2) * null_error
    return norm.sf((threshold - shift) / error) + norm.sf((threshold + shift) / error)
