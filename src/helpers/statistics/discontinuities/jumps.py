"""The jump of an outcome at a threshold: what it is just above, less what it is just below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from helpers.statistics.arrays import finite_numbers, same_length
from helpers.statistics.discontinuities.bandwidths import bandwidth
from helpers.statistics.discontinuities.local_polynomials import Side

LEAST_VALUES = 20  # of the score on each side: of fewer no jump is told
PARAMETERS = 6  # of two parabolas


@dataclass(frozen=True)
class Jump:
    """A jump with its robust interval, in the unit of the outcome; NaN where it cannot be told."""

    estimate: float  # by local lines
    corrected: float  # less its bias: the middle of the interval
    lower: float
    upper: float
    p_value: float
    below: float  # the outcome at the threshold, coming from below
    bandwidth: float  # in the unit of the score
    rows_below: int  # within the bandwidth
    rows_above: int

    @property
    def known(self) -> bool:
        """Whether it can be told."""
        return bool(np.isfinite(self.p_value))


def jump(score: ArrayLike, outcome: ArrayLike, threshold: float = 0.0, level: float = 0.95) -> Jump:
    """How much the outcome jumps where the score reaches the threshold, with a robust, bias-corrected interval.

    `score` and `outcome` have one number a row; rows at the threshold are above it. Local lines with a triangular
    kernel on each side, as far as their mean squared error is least; their bias is told from parabolas within the same
    bandwidth, and the limits allow for its error (t, variances by HC3): those by Calonico, Cattaneo & Titiunik's wider
    bandwidth for the bias missed a steep curve in one of ten. Fewer than 20 values of the score on one side tell
    nothing. Assumes that all else that moves the outcome is continuous at the threshold (`density_jump` asks it of the
    rows themselves), and independent rows. No method tells a jump from a curve that rises within less than the
    bandwidth.
    Source: Hahn, Todd & van der Klaauw (2001); Calonico, Cattaneo & Titiunik (2014), Robust nonparametric confidence
    intervals for regression-discontinuity designs, with ρ = 1.
    """
    x = finite_numbers(score, "score") - threshold
    y = same_length(finite_numbers(outcome, "outcome"), "outcome", len(x))
    order = np.argsort(x, kind="stable")
    x, y = x[order], np.asarray(y)[order]
    start = int(np.searchsorted(x, 0))
    sides = Side(x[:start], y[:start]), Side(x[start:], y[start:])
    if min(len(side.distances) for side in sides) < LEAST_VALUES:
        return _unknown(sides)
    width = bandwidth(*sides)
    return _within(sides, width, level) if width > 0 else _unknown(sides)


def _within(sides: tuple[Side, Side], width: float, level: float) -> Jump:
    """The jump by a given bandwidth."""
    close = [side.within(width) for side in sides]
    lines = [float(side.weights(width, 1)[0] @ side.y) for side in close]
    parabolas = [side.weights(width, 2)[0] for side in close]
    middles = [float(each @ side.y) for each, side in zip(parabolas, close, strict=True)]
    variance = sum(each**2 @ side.residuals(width, 2) ** 2 for each, side in zip(parabolas, close, strict=True))
    counts = [len(side.x) for side in close]
    middle, error, freedom = middles[1] - middles[0], float(np.sqrt(variance)), max(sum(counts) - PARAMETERS, 1)
    reach = float(student.ppf((1 + level) / 2, freedom)) * error
    p_value = float(2 * student.sf(abs(middle) / error, freedom)) if error > 0 else np.nan
    return Jump(lines[1] - lines[0], middle, middle - reach, middle + reach, p_value, lines[0], width, *counts)


def _unknown(sides: tuple[Side, Side]) -> Jump:
    nan, (below, above) = np.nan, sides
    return Jump(nan, nan, nan, nan, nan, nan, nan, len(below.x), len(above.x))
