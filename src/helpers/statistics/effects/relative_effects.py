"""Relative effects whose interval stays right when the control's level is negative, or not clear of 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import stdtrit

Reach = Literal["bounded", "unbounded above", "unbounded below", "unbounded", "unknown"]
CONVENTION = "difference over |control|; interval: Fieller's"


@dataclass(frozen=True)
class RelativeEffect:
    """A difference over the size of the control's level, with the interval of all values that the data allow.

    `reach` says how far the interval goes: `bounded`; to infinity on one side, when the control's level may be 0 but
    the treatment's is not; `unbounded`, when both may be 0 and nothing can be said relatively; `unknown`, with bounds
    of NaN, when an error is missing.
    """

    effect: float
    lower: float
    upper: float
    reach: Reach
    alpha: float
    convention: str = CONVENTION


def relative_effect(
    difference: tuple[float, float],
    base: tuple[float, float],
    *,
    covariance: float | None = None,
    df: float = np.inf,
    alpha: float = 0.05,
) -> RelativeEffect:
    """`difference` (treatment − control) over the size of `base` (control), with its interval of level 1 - alpha.

    Both are an estimate and its standard error; `covariance` is that between them, when left out that of independent
    arms, −(the base's error)². `df` are the degrees of freedom of the difference. From −10 to −5 is +0.5; a base of
    exactly 0 has the effect NaN, yet an interval.

    Fieller (1954), for half-lines: a relative effect is allowed when the half-line of all pairs (base, difference)
    that have it meets the ellipse of pairs within `alpha`. The delta method takes the interval for symmetric; this one
    leaves 0 out exactly when the difference is significant. With known errors coverage is 1 - alpha; it is more where
    the base is near 0, for one effect then has two half-lines, and less (.90 at worst for .95) where both arms' true
    levels are within a standard error of 0, where no relative effect makes sense.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha = {alpha}: lies between 0 and 1. Write 0.05 for an interval of 95 %.")
    (change, change_error), (level, level_error) = difference, base
    effect = float(change / abs(level)) if level else np.nan
    if covariance is None:
        covariance = -(level_error**2)
    slope = covariance / level_error**2 if level_error else np.nan
    rest_variance = change_error**2 - (slope * level_error) ** 2  # of the difference, the base being given
    if not (level_error > 0 and rest_variance > 0 and np.isfinite(level) and np.isfinite(change)):
        return RelativeEffect(effect, np.nan, np.nan, "unknown", alpha)
    # In axes that make the ellipse a circle, the origin sees it at `middle` ± `half_width`.
    rest_error = np.sqrt(rest_variance)
    x, y = level / level_error, (change - slope * level) / rest_error
    radius, distance = -stdtrit(df, alpha / 2), np.hypot(x, y)
    if distance <= radius:
        return RelativeEffect(effect, -np.inf, np.inf, "unbounded", alpha)
    middle, half_width = np.arctan2(y, x), np.arcsin(radius / distance)
    edges = middle + np.array([-half_width, half_width])
    values = (slope * np.cos(edges) + rest_error / level_error * np.sin(edges)) / np.abs(np.cos(edges))
    if np.cos(edges).prod() > 0:
        return RelativeEffect(effect, float(values.min()), float(values.max()), "bounded", alpha)
    # The circle lies on both sides of a base of 0, towards which the effect goes to +∞ above and to −∞ below.
    if y > 0:
        return RelativeEffect(effect, float(values.min()), np.inf, "unbounded above", alpha)
    return RelativeEffect(effect, -np.inf, float(values.max()), "unbounded below", alpha)
