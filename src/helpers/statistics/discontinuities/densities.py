"""Whether more lie just above a threshold than just below it: then somebody saw to it, and the two are not alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers.statistics.arrays import finite_numbers
from helpers.statistics.discontinuities.jumps import Jump, jump

BIN = 0.2  # of a histogram's bin, in the score's spread over √rows
FAR = 3  # spreads from the threshold: what lies beyond says nothing of it


def density_jump(score: ArrayLike, threshold: float = 0.0, level: float = 0.95) -> Jump:
    """The jump of the score's density at the threshold, in rows per unit of the score.

    Rows are counted in narrow bins, none across the threshold, and the counts are taken for the outcome of `jump`: bias
    and interval are as robust as there. Assumes independent rows and a score without heaps, such as round prices.
    Source: McCrary (2008), Manipulation of the running variable in the regression discontinuity design.
    """
    x = finite_numbers(score, "score") - threshold
    spread = _spread(x) if len(x) else 0.0
    if not spread > 0:
        return jump([], [])
    width = BIN * spread / np.sqrt(len(x))
    reach = int(FAR * spread / width)
    first, last = (int(np.clip(np.floor(end / width), -reach, reach - 1)) for end in (x.min(), x.max()))
    bins = np.floor(x / width).astype(int) - first
    counts = np.bincount(bins[(bins >= 0) & (bins <= last - first)], minlength=last - first + 1)
    return jump((np.arange(first, last + 1) + 0.5) * width, counts / width, level=level)


def _spread(x: np.ndarray) -> float:
    """Standard deviation, or that of a normal score with such quartiles where it is less."""
    low, high = np.quantile(x, (0.25, 0.75))
    return float(min(x.std(), (high - low) / 1.349) or x.std())
