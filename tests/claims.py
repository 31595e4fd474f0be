"""A claim of a page, and how often it is wrong where the truth is known.

A claim is wrong in a draw where it is told although it is not so, or where an interval misses the truth. `calibration`
has all of them; to add one, give the word's `claims_of_<word>` a line: who says it, the truth, the nominal share, and a
function that yields for each of many draws at a size whether it was wrong (NaN: nothing was told, and nothing asked).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

SIZES = (50, 300, 3000)  # customers of the smaller arm, or of each
SURE = 0.999  # level of the bound below which a share found must not lie above the nominal one

Draws = Callable[[int, int, np.random.Generator], np.ndarray]


def each(once: Callable[[int, np.random.Generator], float | None]) -> Draws:
    """Draws of which each is made alone: whether `once` was wrong of so many customers; None where it told nothing."""
    return lambda customers, draws, rng: np.array([once(customers, rng) for _ in range(draws)], dtype=float)


@dataclass(frozen=True)
class Claim:
    """A sentence or decision, the truth that it is tried on, and the share of draws in which it may be wrong."""

    said: str
    by: str  # the module of `analyses` that says it
    truth: str
    nominal: float
    wrong: Draws
    sizes: Sequence[int] = SIZES
    costs: int = 1  # is tried on this part of the draws

    def part(self, draws: int) -> int:
        """How many of so many draws it is tried on."""
        return draws // self.costs


@dataclass(frozen=True)
class Found:
    """How often a claim was wrong at one size, with bounds of level 95 %, and `surely` what it is at least."""

    size: int
    wrong: int
    told: int
    seconds: float

    def bound(self, level: float, upper: bool) -> float:
        """Clopper & Pearson's limit of the share, of one side."""
        hits, rest = (self.wrong + 1, self.told - self.wrong) if upper else (self.wrong, self.told - self.wrong + 1)
        if not (hits and rest):
            return float(upper)
        return float(beta.ppf(level if upper else 1 - level, hits, rest))

    @property
    def surely(self) -> float:
        """The share that the true one is not below, but for one of a thousand."""
        return self.bound(SURE, upper=False) if self.told else 0.0

    def __str__(self) -> str:
        if not self.told:
            return "not told"
        low, high = (100 * self.bound(0.975, upper) for upper in (False, True))
        return f"{100 * self.wrong / self.told:.1f} ({low:.1f} to {high:.1f})"


def tried(claim: Claim, size: int, draws: int) -> Found:
    """A claim tried on so many draws; always the same ones."""
    began = time.process_time()
    wrong = np.asarray(claim.wrong(size, draws, np.random.default_rng([size, len(claim.said)])), dtype=float)
    told = wrong[~np.isnan(wrong)]
    return Found(size, int(told.sum()), len(told), time.process_time() - began)
