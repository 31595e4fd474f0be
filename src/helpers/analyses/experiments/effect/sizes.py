"""An effect as it is told: points of a share, or a number in the metric's own unit, and its interval."""

from __future__ import annotations

from typing import Protocol

from helpers.findings import facts
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
