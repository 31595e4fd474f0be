"""Tests with a planned number of looks: how far the statistic must be out at each of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import ndtr, roots_legendre
from scipy.stats import norm

Spending = Literal["pocock", "obrien-fleming", "lan-demets-pocock", "lan-demets-obrien-fleming"]
SMALLEST_STEP = 0.001  # of the planned information, between two looks
ROOT_OF_TAU = np.sqrt(2 * np.pi)
WIDEST = 8.0  # standard deviations; no test ends beyond it, for 1e-15 of them would


def boundaries(looks: int | Sequence[float], spending: Spending, *, alpha: float = 0.05) -> pd.DataFrame:
    """The |z| at which a two-sided test stops at each look, so that all looks together err with probability `alpha`.

    `looks` is a number of equally spaced looks, or the information fraction of each: customers so far over customers
    planned, rising to 1 (the last look is 1, also when more came than planned). Returns look, information, z,
    nominal_p (the two-sided p-value to be below at this look) and alpha_spent (both sides, up to this look).
    effect ± z × std_error are repeated confidence intervals.

    `pocock` keeps z constant (Pocock 1977), `obrien-fleming` keeps z √information constant (O'Brien & Fleming 1979):
    the fractions must be those planned and end at 1. `lan-demets-…` spends alpha as information comes, alpha/2 on
    either side, by α ln(1 + (e − 1) t) or 2 − 2 Φ(z_{α/2} / √t) (Lan & DeMets 1983): the fractions may be those of
    the looks so far, and later ones do not change them. z is infinite where next to nothing is to be spent.
    Assumes independent increments, as of cumulative means. Numerical integration of the density between the
    boundaries from look to look (Armitage, McPherson & Rowe 1969; Jennison & Turnbull 2000, ch. 19).
    """
    fractions = _fractions(looks)
    _check_alpha(alpha)
    if spending in SHAPES:
        if fractions[-1] != 1:
            raise ValueError(f"looks = {looks}: {spending} has all planned looks, up to 1. Use lan-demets-{spending}.")
        z = _scaled(SHAPES[spending](fractions), fractions, alpha)
    elif spending in SPENDING:
        z = _spent(np.diff(2 * SPENDING[spending](fractions, alpha / 2), prepend=0), fractions)
    else:
        raise ValueError(f"spending = {spending!r}: {', '.join(get_args(Spending))}. Choose one of them.")
    return pd.DataFrame(
        {
            "look": np.arange(1, len(z) + 1),
            "information": fractions,
            "z": z,
            "nominal_p": 2 * norm.sf(z),
            "alpha_spent": _crossed(z, fractions).cumsum(),
        }
    )


def naive_error(looks: int | Sequence[float], alpha: float = 0.05) -> float:
    """Probability that at least one of the `looks` shows p < `alpha` where there is no effect.

    What peeking does to a test made for one look. `looks` as in `boundaries`.
    """
    fractions = _fractions(looks)
    _check_alpha(alpha)
    return float(_crossed(np.full_like(fractions, norm.isf(alpha / 2)), fractions).sum())


def _pocock_spending(fractions: np.ndarray, alpha: float) -> np.ndarray:
    return alpha * np.log1p(np.expm1(1) * fractions)


def _obrien_fleming_spending(fractions: np.ndarray, alpha: float) -> np.ndarray:
    return 2 * norm.sf(norm.isf(alpha / 2) / np.sqrt(fractions))


SHAPES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "pocock": np.ones_like,
    "obrien-fleming": lambda fractions: 1 / np.sqrt(fractions),
}
SPENDING: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "lan-demets-pocock": _pocock_spending,
    "lan-demets-obrien-fleming": _obrien_fleming_spending,
}


def _fractions(looks: int | Sequence[float]) -> np.ndarray:
    fractions = np.asarray(looks, dtype=float)
    if fractions.ndim == 0:
        number = float(fractions)
        if not (number >= 1 and number.is_integer() and number * SMALLEST_STEP <= 1):
            most = f"{1 / SMALLEST_STEP:g}"
            raise ValueError(f"looks = {looks}: a whole number from 1 to {most}. Count the planned looks.")
        return np.arange(1, number + 1) / number
    steps = np.diff(fractions, prepend=0)
    if not (fractions.size and (steps > 0.999 * SMALLEST_STEP).all() and fractions[-1] <= 1):
        raise ValueError(
            f"looks = {fractions.tolist()}: information fractions rise by {SMALLEST_STEP} or more, up to 1. "
            "Divide customers so far by customers planned."
        )
    return fractions


def _check_alpha(alpha: float) -> None:
    if not 0 < alpha < 1:
        raise ValueError(f"alpha = {alpha}: lies between 0 and 1. Write 0.05 for a level of 95 %.")


def _scaled(shape: np.ndarray, fractions: np.ndarray, alpha: float) -> np.ndarray:
    """The multiple of `shape` that is crossed with probability alpha; Bonferroni's is wider."""
    widest = norm.isf(alpha / 2 / (len(shape) + 1))
    return shape * brentq(lambda c: _crossed(c * shape, fractions).sum() - alpha, 0, widest, xtol=1e-10)


def _spent(increments: np.ndarray, fractions: np.ndarray) -> np.ndarray:
    """The boundaries that are crossed for the first time with the probabilities `increments`."""
    walk, z = _Walk.start(fractions), []
    for fraction, increment in zip(fractions, increments, strict=True):
        z.append(walk.boundary(fraction, increment))
        walk = walk.continued(fraction, z[-1])
    return np.array(z)


def _crossed(z: np.ndarray, fractions: np.ndarray) -> np.ndarray:
    """Probability, look by look, that |z| passes its boundary there for the first time, without an effect."""
    walk, crossed = _Walk.start(fractions), []
    for fraction, bound in zip(fractions, z, strict=True):
        crossed.append(walk.crossing(fraction, bound))
        walk = walk.continued(fraction, bound)
    return np.array(crossed)


@dataclass(frozen=True)
class _Walk:
    """Where tests that go on stand: z √information, a Brownian motion, as quadrature nodes with their probability."""

    nodes: np.ndarray
    mass: np.ndarray
    fraction: float
    finest: float  # standard deviation of the shortest step to come: what the nodes must resolve

    @classmethod
    def start(cls, fractions: np.ndarray) -> _Walk:
        return cls(np.zeros(1), np.ones(1), 0.0, np.sqrt(np.diff(fractions, prepend=0).min()))

    def crossing(self, fraction: float, z: float) -> float:
        """Probability to stand beyond ± z √fraction at the next look."""
        reach, spread = z * np.sqrt(fraction), np.sqrt(fraction - self.fraction)
        return float(self.mass @ (ndtr((self.nodes - reach) / spread) + ndtr((-self.nodes - reach) / spread)))

    def boundary(self, fraction: float, probability: float) -> float:
        """The z that is crossed at the next look with this probability."""
        if self.crossing(fraction, WIDEST) >= probability:
            return np.inf
        return float(brentq(lambda z: self.crossing(fraction, z) - probability, 0, WIDEST, xtol=1e-10))

    def continued(self, fraction: float, z: float) -> _Walk:
        """The walk at the next look, within its boundaries."""
        reach, spread = min(z, WIDEST) * np.sqrt(fraction), np.sqrt(fraction - self.fraction)
        roots, weights = _quadrature(1 + int((4 * reach / self.finest + 64) // 64))
        nodes = reach * roots
        density = np.exp(-(((nodes[:, None] - self.nodes) / spread) ** 2) / 2) @ self.mass / (spread * ROOT_OF_TAU)
        return _Walk(nodes, reach * weights * density, fraction, self.finest)


@functools.cache
def _quadrature(blocks: int) -> tuple[np.ndarray, np.ndarray]:
    """Gauss–Legendre nodes and weights on (−1, 1), 64 a block: few sizes, so that each is made once."""
    return roots_legendre(64 * blocks)
