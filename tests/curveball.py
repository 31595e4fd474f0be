"""Baskets shuffled with all sizes and frequencies kept: nothing goes together in them, whatever went before."""

from __future__ import annotations

import numpy as np


def shuffled(baskets: list[set[int]], trades: int, rng: np.random.Generator) -> list[set[int]]:
    """The baskets after so many trades: two of them put together what only one has, and deal it out again.

    Source: Strona, Nappo, Boccacci, Fattorini & San-Miguel-Ayanz (2014), the curveball algorithm.
    """
    held = [set(each) for each in baskets]
    for one, other in rng.integers(len(held), size=(trades, 2)).tolist():
        mine, theirs = held[one] - held[other], held[other] - held[one]
        if mine and theirs:
            dealt = rng.permutation([*mine, *theirs]).tolist()
            both = held[one] & held[other]
            held[one], held[other] = both | {*dealt[: len(mine)]}, both | {*dealt[len(mine) :]}
    return held


def lines(baskets: list[set[int]]) -> tuple[np.ndarray, np.ndarray]:
    """The basket and the good of each line."""
    sizes = [len(each) for each in baskets]
    return np.repeat(np.arange(len(baskets)), sizes), np.array([good for each in baskets for good in each])
