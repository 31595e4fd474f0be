"""From measures to a score: places among the customers of one frozen day, weighed, and the bands of the sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd

DIGITS = 9  # beyond which a score is rounding
LEAST_KNOWN = 30  # customers among whom others are placed, of more than twice as many


class Band(StrEnum):
    """The colours of a score, from the lowest on."""

    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


@dataclass(frozen=True)
class Scale:
    """The measures of everybody at one landmark, among whom all are placed on whatever day.

    Ranked anew on each day everybody would move when one customer does.
    """

    landmark_at: pd.Timestamp
    reference: Mapping[str, np.ndarray] = field(repr=False)  # by measure, sorted, of those of whom it is known

    def points(self, measures: pd.DataFrame) -> pd.DataFrame:
        """Each measure's place from 0 to 100: percent of the reference below it, and half of those like it."""
        places = {name: _place(measures[name].to_numpy(), known) for name, known in self.reference.items()}
        return pd.DataFrame(places, index=measures.index).where(measures[list(self.reference)].notna())


def _place(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    return 50 * (np.searchsorted(known, values, "left") + np.searchsorted(known, values, "right")) / len(known)


def scale_of(measures: pd.DataFrame, landmark_at: pd.Timestamp) -> Scale:
    """The scale of `measures`, which are those of one landmark.

    Of those that are the same for all, or known of fewer than 30 and of less than half, there is none.
    """
    known = {name: np.sort(measures[name].dropna().to_numpy()) for name in measures}
    least = max(min(LEAST_KNOWN, len(measures) / 2), 1)
    told = {name: values for name, values in known.items() if len(values) >= least and np.ptp(values) > 0}
    return Scale(landmark_at, told)


def scored(points: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """Σ w x ÷ Σ w over the measures that a customer has: what is missing is passed over. Missing where all are."""
    return shares_of_weight(points, weights).mul(points).sum(axis=1, min_count=1).round(DIGITS)


def shares_of_weight(points: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """What each measure weighs in each customer's score: they add up to 1, and are missing where a measure is."""
    used = points.notna() * pd.Series(weights, dtype=float).reindex(points.columns).fillna(0.0)
    shares = used.div(used.sum(axis=1).replace(0, np.nan), axis=0)
    return shares.where(used > 0)


def bands(scores: pd.Series, edges: tuple[float, float]) -> pd.Series:
    """ "red" up to the first of the `edges`, "yellow" above it and up to the second, "green" above that."""
    return pd.cut(scores, [-np.inf, *edges, np.inf], labels=[str(band) for band in Band])
