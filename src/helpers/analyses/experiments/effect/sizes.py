"""An effect as it is told and drawn: points of a share, or a number in the metric's own unit, and its interval."""

from __future__ import annotations

from typing import Protocol

import pandas as pd

from helpers.analyses.experiments.effect.vocabulary import EFFECT_POINTS
from helpers.analyses.experiments.vocabulary import EFFECT
from helpers.findings import Column, facts
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.statistics.effects import Kind


class Estimate(Protocol):
    """A row of a table that has an effect with its interval."""

    kind: Kind
    effect: float
    lower: float
    upper: float


def size(value: float, kind: Kind) -> facts.Fact:
    """A difference of the metric, with its sign: +4.8 points of a share, +9.76 of anything else."""
    return facts.Points(value) if kind == "proportion" else facts.Difference(value)


def amount(value: float, kind: Kind) -> facts.Fact:
    """A level of the metric: 11.9% of a share."""
    return facts.Share(value) if kind == "proportion" else facts.Number(value)


def limits(lower: float, upper: float, kind: Kind) -> facts.Range:
    """Both ends of a difference, in points of a share: 2.6 to 7.0."""
    write = facts.Hundredths if kind == "proportion" else facts.Number
    return facts.Range(write(lower), write(upper))


def told(row: Estimate, level: str) -> dict[str, object]:
    """What a sentence tells of an effect: `effect`, the `level` of its interval, and the `interval`."""
    return {
        "effect": size(row.effect, row.kind),
        "level": facts.Name(level),
        "interval": limits(row.lower, row.upper, row.kind),
    }


def drawn(rows: pd.DataFrame, kind: str, estimate: Column = EFFECT) -> tuple[pd.DataFrame, Column]:
    """Rows with estimate and interval as a figure draws them, and the estimate's column: of shares in points."""
    if kind != "proportion":
        return rows, estimate
    points = {EFFECT_POINTS: estimate, LOWER: LOWER, UPPER: UPPER}
    return rows.assign(**{str(name): 100 * rows[column] for name, column in points.items()}), EFFECT_POINTS
