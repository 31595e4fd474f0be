"""The chain ladder: what cohorts of every age will have come to in the end, judged by how older ones went on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student


@dataclass(frozen=True)
class ChainLadder:
    """What each cohort, the oldest first, will come to, in the unit of the triangle."""

    factors: np.ndarray  # growth from each age to the next, one fewer than ages
    latest: np.ndarray  # what each cohort has come to so far
    ultimate: np.ndarray  # what it comes to in the end
    std_errors: np.ndarray  # of `ultimate`, estimation and chance to come together; 0 for the complete cohort
    total_std_error: float  # of the sum of `ultimate`: cohorts share the factors

    @property
    def reserve(self) -> float:
        """What is still to come of all cohorts together."""
        return float((self.ultimate - self.latest).sum())

    def total_limits(self, level: float = 0.95) -> tuple[float, float]:
        """Limits of what all cohorts come to together: no less than they have, t with two cohorts fewer than there are.

        Normal limits hold it less often than they say: the error rests on as few numbers as there are cohorts.
        """
        reach = student.ppf((1 + level) / 2, max(len(self.latest) - 2, 1)) * self.total_std_error
        total = self.ultimate.sum()
        return float(max(total - reach, self.latest.sum())), float(total + reach)


def chain_ladder(triangle: ArrayLike) -> ChainLadder:
    """Ultimate amounts of cohorts, each with its standard error, from what they have come to by age.

    `triangle` (cohorts, ages) holds cumulative amounts, the oldest cohort first, NaN where an age is not reached: row i
    ends i columns before the first row does, and the first is complete. Ages at which the sum of all cohorts is 0 have
    no factor, and a growth of 1 from there. Assumes that the growth from one age to the next depends on nothing but the
    amount reached, and that cohorts are independent. Nothing comes after the last age. ValueError for another shape.
    Source: Mack (1993), Distribution-free calculation of the standard error of chain ladder reserve estimates.
    """
    amounts = np.asarray(triangle, dtype=float)
    size = len(amounts)
    known = np.arange(size)[:, None] + np.arange(size) < size
    if amounts.shape != (size, size) or size < 2 or (np.isfinite(amounts) != known).any():
        raise ValueError(
            f"triangle = array of shape {amounts.shape}: as many ages as cohorts, at least 2, and one age fewer known "
            "with each cohort. Fill the ages that are reached, and leave NaN in the others."
        )
    factors, variances, bases = _steps(amounts)
    latest = amounts[np.arange(size), size - 1 - np.arange(size)]
    filled = amounts.copy()
    for age in range(size - 1):
        filled[size - 1 - age :, age + 1] = filled[size - 1 - age :, age] * factors[age]
    return ChainLadder(factors, latest, filled[:, -1], *_errors(filled, factors, variances, bases))


def _steps(amounts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Factor and variance of each step, and the sum of amounts it was seen on (Mack, equations 3, 4 and 9)."""
    size = len(amounts)
    factors, variances, bases = np.ones(size - 1), np.zeros(size - 1), np.zeros(size - 1)
    for age in range(size - 1):
        before, after = amounts[: size - 1 - age, age], amounts[: size - 1 - age, age + 1]
        bases[age] = before.sum()
        if bases[age] > 0:
            factors[age] = after.sum() / bases[age]
        if len(before) > 1:
            growth = np.divide(after, before, out=np.full(len(before), factors[age]), where=before > 0)
            variances[age] = before @ (growth - factors[age]) ** 2 / (len(before) - 1)
    if size > 3 and variances[-3] > 0:
        variances[-1] = min(variances[-2] ** 2 / variances[-3], variances[-3], variances[-2])
    return factors, variances, bases


def _errors(
    filled: np.ndarray, factors: np.ndarray, variances: np.ndarray, bases: np.ndarray
) -> tuple[np.ndarray, float]:
    """Standard error of each cohort's ultimate amount, and that of their sum (Mack, theorem 3 and its corollary)."""
    size = len(filled)
    relative = np.divide(variances, factors**2, out=np.zeros(size - 1), where=factors > 0)
    shared = np.divide(relative, bases, out=np.zeros(size - 1), where=bases > 0)
    squares, total = np.zeros(size), 0.0
    for row in range(1, size):
        ages = np.arange(size - 1 - row, size - 1)
        own = np.divide(relative[ages], filled[row, ages], out=np.zeros(row), where=filled[row, ages] > 0)
        squares[row] = filled[row, -1] ** 2 * (own + shared[ages]).sum()
        total += squares[row] + 2 * filled[row, -1] * filled[row + 1 :, -1].sum() * shared[ages].sum()
    return np.sqrt(squares), float(np.sqrt(total))
