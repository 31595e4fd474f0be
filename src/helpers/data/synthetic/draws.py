"""Seeded random draws that are the same on every platform and with every numpy.

All come from uniform numbers of the PCG64 generator by inverse distribution functions; numpy's own distributions are
not used, because their algorithms may change between its versions (NEP 19).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

SEED = 20240114


def uniforms(table: str) -> np.random.Generator:
    """A source of uniform numbers of its own for each table, so that a change to one leaves the others."""
    return np.random.Generator(np.random.PCG64([SEED, *table.encode()]))


def pick(u: np.ndarray, weights: Sequence[int]) -> np.ndarray:
    """Positions drawn in proportion to whole-number `weights`."""
    total = np.cumsum(weights)
    return np.searchsorted(total, u * total[-1], side="right")


def label(u: np.ndarray, weights: Mapping[str, int]) -> np.ndarray:
    """Keys of `weights` drawn in proportion to its values."""
    return np.array(list(weights))[pick(u, list(weights.values()))]


def exponential(u: np.ndarray) -> np.ndarray:
    """Exponential numbers with mean 1."""
    return -np.log1p(-u)
