"""Answers on two scales at once, such as stars of five and marks of ten in one column: seen by their two heaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

FEWEST = 20  # answers of a heap
BETWEEN = 2  # times as many in each heap as between them


def mixed_scales(scores: ArrayLike, counts: ArrayLike) -> bool:
    """Whether `counts` of `scores` look like two scales: many low, many high, and few in between.

    Of scores up to 10 the heaps are 4 and 5, the good end of a scale of five, and 9 and 10; between them are 6 and 7,
    which on one scale are commoner than 4 and 5 where 9 and 10 are common. Of scores beyond, they are 1 to 10 but for
    tens, and above 40. A heuristic: a scale that nobody uses like this is not found.
    """
    scores, counts = np.asarray(scores, dtype=float), np.asarray(counts, dtype=float)
    top = scores[counts > 0].max(initial=0)

    def heap(low: float, high: float) -> float:
        return float(counts[(scores >= low) & (scores <= high)].sum())

    if top <= 8:
        return False
    low, middle, high = (
        (heap(4, 5), heap(6, 7), heap(9, 10)) if top <= 10 else (heap(1, 9.99), heap(10.01, 40), heap(40.01, top))
    )
    return min(low, high) >= max(FEWEST, BETWEEN * middle)
