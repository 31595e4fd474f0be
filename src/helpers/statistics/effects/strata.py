"""Levels of a metric as if both arms had the same share of each stratum: post-stratification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from helpers.statistics.effects.levels import Kind, Level, value_and_gradient
from helpers.statistics.effects.moments import Moments, total

Strata = Mapping[Any, Moments]  # by whatever names the strata: a mapping of text is none of Hashable
SMALLEST_STRATUM = 2  # rows in each arm; below it a stratum has no variance


def stratified_levels(control: Strata, treatment: Strata, kind: Kind) -> tuple[Level, Level]:
    """The levels of two arms with the same strata, each stratum weighted by its share of the rows of both.

    Miratrix, Sekhon & Yu (2013), given the shares; Satterthwaite's degrees of freedom.
    """
    rows = np.array([control[name].n + treatment[name].n for name in control])
    weights = rows / rows.sum()
    return (
        _stratified([control[name] for name in control], weights, kind),
        _stratified([treatment[name] for name in control], weights, kind),
    )


def _stratified(cells: list[Moments], weights: np.ndarray, kind: Kind) -> Level:
    value, gradient = value_and_gradient(weights @ np.array([cell.means for cell in cells]), kind)
    rows = np.array([cell.n for cell in cells], dtype=float)
    parts = weights**2 * np.array([gradient @ cell.covariances @ gradient for cell in cells]) / rows
    return Level.unadjusted(value, parts.sum(), parts.sum() ** 2 / (parts**2 / (rows - 1)).sum())


def with_enough_rows(control: Strata, treatment: Strata) -> tuple[Strata, Strata]:
    """The same rows, with the strata that are too small in either arm added to the largest one."""
    names = list(dict.fromkeys([*control, *treatment]))
    nobody = Moments.of({column: [] for column in next(iter({**control, **treatment}.values())).columns})
    pairs = {name: (control.get(name, nobody), treatment.get(name, nobody)) for name in names}
    smaller = {name: min(arm.n for arm in pair) for name, pair in pairs.items()}
    largest = max(names, key=smaller.__getitem__)
    small = [name for name in names if name != largest and smaller[name] < SMALLEST_STRATUM]
    merged = [pairs[largest], *(pairs.pop(name) for name in small)]
    pairs[largest] = total(pair[0] for pair in merged), total(pair[1] for pair in merged)
    return {name: pair[0] for name, pair in pairs.items()}, {name: pair[1] for name, pair in pairs.items()}
