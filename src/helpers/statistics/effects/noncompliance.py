"""What a treatment changed for those whom it reached, where not all who were assigned to it were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from helpers.statistics.effects.moments import Moments

FEWEST = 2  # rows of an arm; below it nothing is known of its spread


@dataclass(frozen=True, eq=False)
class Differences:
    """Differences of two arms, treatment less control: of the outcome, of the share who were reached, and errors.

    `covariance` is the 2 × 2 matrix of the errors of both differences.
    """

    outcome: float
    reached: float
    covariance: np.ndarray


@dataclass(frozen=True)
class EffectOnReached:
    """The effect on those whom the assignment reached, with its limits.

    A limit is infinite where the data bound the effect on that side by nothing; both are where too few were reached.
    """

    effect: float
    lower: float
    upper: float


def differences(control: Moments, treatment: Moments) -> Differences:
    """Differences of the arms' means of two columns: the outcome, then a flag of whether the customer was reached.

    Everybody counts as assigned. NaN where an arm has fewer than two rows.
    """
    shift = treatment.means - control.means
    errors = [arm.covariances / arm.n if arm.n >= FEWEST else np.full((2, 2), np.nan) for arm in (control, treatment)]
    return Differences(float(shift[0]), float(shift[1]), errors[0] + errors[1])


def anderson_rubin(found: Differences, *, alpha: float = 0.05) -> EffectOnReached:
    """Effect on those reached, with the limits of the Anderson–Rubin test: right also where few were reached.

    The effect is the difference of the outcome over that of the share reached (Bloom 1984; Imbens & Angrist 1994);
    within the limits lie the effects β for which outcome − β · reached does not differ between the arms at `alpha`
    (Anderson & Rubin 1949). Assumes that being assigned changes nothing for those it does not reach, and that nobody
    is reached because of being held out.
    """
    square = norm.isf(alpha / 2) ** 2
    spread, both, reached = found.covariance[0, 0], found.covariance[0, 1], found.covariance[1, 1]
    # (outcome − β·reached)² ≤ square · (spread − 2β·both + β²·reached's variance), ordered by powers of β
    a = found.reached**2 - square * reached
    b = -2 * (found.outcome * found.reached - square * both)
    c = found.outcome**2 - square * spread
    effect = found.outcome / found.reached if found.reached else np.nan
    root = b**2 - 4 * a * c
    if np.isnan(root):
        return EffectOnReached(effect, np.nan, np.nan)
    if a <= 0 or root < 0:
        return EffectOnReached(effect, -np.inf, np.inf)
    lower, upper = (-b - np.sqrt(root)) / (2 * a), (-b + np.sqrt(root)) / (2 * a)
    return EffectOnReached(effect, float(lower), float(upper))


def wald(found: Differences, *, alpha: float = 0.05) -> EffectOnReached:
    """Effect on those reached with the delta method's limits, for arms both of which were reached in part.

    Too narrow or too wide where few more are reached in one arm than in the other: see `anderson_rubin`.
    """
    if not found.reached:
        return EffectOnReached(np.nan, np.nan, np.nan)
    effect = found.outcome / found.reached
    slope = np.array([1, -effect]) / found.reached
    reach = norm.isf(alpha / 2) * np.sqrt(slope @ found.covariance @ slope)
    return EffectOnReached(float(effect), float(effect - reach), float(effect + reach))
