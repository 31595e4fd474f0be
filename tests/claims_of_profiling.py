"""The claims of 01_profiling, on customers of whom the truth is known."""

from __future__ import annotations

import numpy as np

from claims import Claim
from helpers.statistics.effects import paired_change

ALIKE = "customers buy as before; some always spend more"


def moved(customers: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Whether revenue is told to have moved: a third of the customers buys in a window, log-normal money."""
    level = rng.lognormal(0, 0.7, (draws, customers))
    windows = [np.where(rng.random(level.shape) < 1 / 3, level * rng.lognormal(0, 0.7, level.shape), 0) for _ in "ab"]
    each = np.stack(windows, axis=1)
    limits = np.array([paired_change(pair.sum(axis=1), pair @ pair.T, customers) for pair in each])
    lower, upper = limits.T
    return np.where(np.isnan(lower), np.nan, (lower > 0) | (upper < 0))


CLAIMS = (Claim("revenue moved beyond chance", "profiling/business/key_figures", ALIKE, 0.05, moved, costs=2),)
