"""The Net Promoter Score: the share of promoters less that of detractors, with its uncertainty."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

LOWEST, HIGHEST, PROMOTER_FROM, DETRACTOR_UPTO = 0, 10, 9, 6
ADDED = np.array([0.75, 1.5, 0.75])  # promoters, passives, detractors that the adjusted interval adds


@dataclass(frozen=True)
class NetPromoterScore:
    """How many promote (9–10), are passive (7–8) and detract (0–6); all shares are between −1 and 1, not points."""

    promoters: float
    passives: float
    detractors: float

    @property
    def answers(self) -> float:
        """All answers, weighted where weights were given."""
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float:
        """Share of promoters less share of detractors; NaN without answers."""
        return _score(self.counts)

    @property
    def variance(self) -> float:
        """Variance of one answer that counts 1, 0 or −1: of a draw from these answers."""
        return _variance(self.counts)

    @property
    def std_error(self) -> float:
        """Standard error of the score, √(variance ÷ answers)."""
        return float(np.sqrt(self.variance / self.answers)) if self.answers else np.nan

    @property
    def counts(self) -> np.ndarray:
        """Promoters, passives and detractors."""
        return np.array([self.promoters, self.passives, self.detractors], dtype=float)

    def interval(self, level: float = 0.95, method: str = "adjusted") -> tuple[float, float]:
        """Confidence limits of the score, within −1 and 1; NaN without answers.

        "adjusted" adds ¾ promoters, 1½ passives and ¾ detractors first, so that few or unanimous answers are not taken
        for certainty (Rocks 2016); "wald" does not. Raises ValueError for another method or a level outside (0, 1).
        """
        if method not in ("adjusted", "wald"):
            raise ValueError(f"method = {method!r}: choose from adjusted, wald.")
        if not 0 < level < 1:
            raise ValueError(f"level = {level!r}: strictly between 0 and 1. Write 0.95 for 95 %.")
        if not self.answers:
            return np.nan, np.nan
        counts = self.counts + (ADDED if method == "adjusted" else 0.0)
        half = norm.ppf(0.5 + level / 2) * np.sqrt(_variance(counts) / counts.sum())
        return max(_score(counts) - half, -1.0), min(_score(counts) + half, 1.0)


@dataclass(frozen=True)
class ScoreChange:
    """How far the score of one wave of answers is from that of an earlier one."""

    change: float
    lower: float
    upper: float
    p_value: float


class ScaleWarning(UserWarning):
    """Some answers are not whole numbers from 0 to 10."""


def net_promoter_score(scores: ArrayLike, weights: ArrayLike | None = None) -> NetPromoterScore:
    """Promoters, passives and detractors among answers from 0 to 10; missing ones are left out.

    Answers off the scale, or between its numbers, are dropped with a ScaleWarning that counts them. `weights` says how
    many customers gave each answer.
    """
    answers = np.asarray(scores, dtype=float)
    customers = np.ones(len(answers)) if weights is None else np.asarray(weights, dtype=float)
    customers, answers = customers[~np.isnan(answers)], answers[~np.isnan(answers)]
    fits = (answers >= LOWEST) & (answers <= HIGHEST) & (answers == np.round(answers))
    if not fits.all():
        warnings.warn(
            f"scores = {(~fits).sum()} off the scale of whole numbers from 0 to 10: left out. Map them, or fix the "
            "export.",
            ScaleWarning,
            stacklevel=2,
        )
    answers, customers = answers[fits], customers[fits]
    promotes, detracts = answers >= PROMOTER_FROM, answers <= DETRACTOR_UPTO
    return NetPromoterScore(
        promoters=float(customers[promotes].sum()),
        passives=float(customers[~promotes & ~detracts].sum()),
        detractors=float(customers[detracts].sum()),
    )


def score_change(before: NetPromoterScore, after: NetPromoterScore, level: float = 0.95) -> ScoreChange:
    """Change of the score between two waves of different customers, its limits and its two-sided p-value.

    Both waves are adjusted as in `interval`, so that a unanimous wave is not taken for certainty. Assumes that answers
    are independent: who answers in both waves makes the test careful rather than bold. Source: Rocks (2016); the
    difference of two independent scores.
    """
    adjusted = [wave.counts + ADDED for wave in (before, after)]
    change = _score(adjusted[1]) - _score(adjusted[0])
    error = np.sqrt(sum(_variance(counts) / counts.sum() for counts in adjusted))
    half = norm.ppf(0.5 + level / 2) * error
    return ScoreChange(change, change - half, change + half, float(2 * norm.sf(abs(change) / error)))


def _score(counts: np.ndarray) -> float:
    total = counts.sum()
    return float((counts[0] - counts[2]) / total) if total else np.nan


def _variance(counts: np.ndarray) -> float:
    total = counts.sum()
    return float((counts[0] + counts[2]) / total - _score(counts) ** 2) if total else np.nan
