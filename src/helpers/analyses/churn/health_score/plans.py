"""How scores are made: the weighings that are tried, and the simplest of those that tell who leaves as well as any."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from helpers.analyses.churn.health_score.scales import Scale, bands, scored
from helpers.analyses.churn.leaving.definition import Stays
from helpers.statistics.shares import proved_weights

FULL = 100.0  # points of whoever stands above everybody


class Weighting(StrEnum):
    """How measures are weighed, the simplest first, and the rules of thumb beside them."""

    EQUAL = "equal"
    GIVEN = "given"
    LEARNT = "learnt"
    RECENCY = "recency"
    CHURN_RISK = "churn_risk"


WEIGHINGS = (Weighting.EQUAL, Weighting.GIVEN, Weighting.LEARNT)


@dataclass(frozen=True)
class Plan:
    """How scores are made under one meaning of leaving."""

    stays: Stays
    scale: Scale
    weighting: str
    weights: Mapping[str, float]  # by measure
    edges: tuple[float, float]  # of the bands

    @property
    def basis(self) -> str:
        """What leaving is: contract or silence."""
        return self.stays.definition

    def scores_of(self, points: pd.DataFrame) -> pd.Series:
        """The score of each row of points; missing where none that weighs is known."""
        return scored(points, self.weights)

    def bands(self, scores: pd.Series) -> pd.Series:
        """The colour of each score."""
        return bands(scores, self.edges)


def weighings(
    points: pd.DataFrame, given: Mapping[str, float], past: pd.DataFrame, stayed: pd.Series, customers: pd.Series
) -> dict[str, dict[str, float]]:
    """The weights of each weighing: of all measures alike, as they are `given`, and learnt from the `past`.

    Measures are those named in `given`, or all where it names none. `past` are the points at earlier landmarks, and
    `stayed` whether each of these `customers` did: learnt where both happened, and something weighs beyond chance.
    """
    names = [name for name in points if name in given] or list(points)
    found: dict[str, dict[str, float]] = {Weighting.EQUAL: dict.fromkeys(names, 1.0)}
    if any(name in given for name in points):
        found[Weighting.GIVEN] = {name: given[name] for name in names}
    if stayed.any() and not stayed.all():
        known = (past[names].fillna(past[names].mean()) / FULL).dropna(axis=1)
        weights = proved_weights(known, stayed.to_numpy(), customers).coefficients
        if weights.sum() > 0:
            found[Weighting.LEARNT] = (weights / weights.sum()).to_dict()
    return found


def simplest(areas: Mapping[str, float], errors: Mapping[str, float], wanted: str) -> str:
    """The weighing that is `wanted`, where it was tried, else the first within one standard error of the best."""
    tried = [name for name in WEIGHINGS if name in areas]
    if wanted in tried:
        return wanted
    best = max(tried, key=lambda name: areas[name])
    return next(name for name in tried if areas[name] >= areas[best] - errors[best])
