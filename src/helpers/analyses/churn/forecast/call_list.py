"""How many of those who left were among those at highest risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from helpers.analyses.churn.forecast.backtest import DRAWS, Holdout, drawn_as
from helpers.analyses.churn.forecast.vocabulary import CHANCE, FOUND_SHARE, LEAVER_SHARE, LIFT, TENTH
from helpers.analyses.churn.vocabulary import LEFT_RATE
from helpers.findings import Finding, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import CUSTOMER_SHARE, LOWER, UPPER
from helpers.statistics.inference import bootstrap, percentile_limits

TENTHS = np.arange(11) / 10


@dataclass(frozen=True)
class Lift(Finding):
    """Leavers found among those at highest risk: each tenth's leave rate beside that of all."""

    table: pd.DataFrame
    gains: pd.DataFrame  # customer_share, leaver_share
    left_rate: float
    horizon_days: int
    columns = (TENTH, LEFT_RATE, LIFT, LOWER, UPPER, FOUND_SHARE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share of leavers found against share of customers, the highest risk first."""
        return charts.concentration(self.gains, x=CUSTOMER_SHARE, y=LEAVER_SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many of those who left would calls have reached, the highest risks first?")

    def headline(self) -> Sentence:
        """What share of the tenth at highest risk left, beside that of all."""
        top = self.table.iloc[0]
        rates = {
            "share": facts.Share(top[LEFT_RATE]),
            "days": facts.Days(self.horizon_days),
            "everybody": facts.Share(self.left_rate),
        }
        if top[LOWER] <= 1:
            told = say(
                "No evidence that the tenth at highest risk left more: {share} within {days}, of all {everybody}.",
                **rates,
            )
        else:
            told = say("Of the tenth at highest risk {share} left within {days}, of all {everybody}.", **rates)
        return told.resting_on(
            say(
                "That is {lift} times as many (lift, 95% interval {interval}).",
                lift=facts.Number(top[LIFT]),
                interval=facts.Range(facts.Number(top[LOWER]), facts.Number(top[UPPER])),
            ),
            say(
                "The three tenths at highest risk hold {share} of all who left.",
                share=facts.Share(self.table[FOUND_SHARE].iloc[2]),
            ),
        )


@if_applicable
def lift(tested: Holdout) -> Lift:
    """How much more often those at highest risk left than all, in the holdout; 95% CI by bootstrap of customers."""
    chance, left = tested.rows[CHANCE].to_numpy(), tested.rows["left"].to_numpy()

    def lifts(weights: np.ndarray) -> dict[int, float]:
        return dict(enumerate(np.diff(gains(chance, left, TENTHS, weights)) * 10, start=1))

    limits = percentile_limits(bootstrap(lifts, drawn_as(tested.rows), draws=DRAWS))
    held = gains(chance, left, TENTHS)
    table = pd.DataFrame(
        {
            TENTH: np.arange(1, 11),
            LEFT_RATE: np.diff(held) * 10 * left.mean(),
            LIFT: np.diff(held) * 10,
            LOWER: limits["lower"],
            UPPER: limits["upper"],
            FOUND_SHARE: held[1:],
        }
    )
    shares = np.linspace(0, 1, 101)
    curve = pd.DataFrame({CUSTOMER_SHARE: shares, LEAVER_SHARE: gains(chance, left, shares)})
    return Lift(table, curve, float(left.mean()), tested.horizon_days)


def gains(chance: ArrayLike, left: ArrayLike, shares: ArrayLike, weights: ArrayLike | None = None) -> np.ndarray:
    """Share of all leavers among the given `shares` of customers with the highest chance.

    Customers with one chance stand in every order at once: their leavers are spread evenly over their places.
    """
    place = np.unique(-np.asarray(chance, dtype=float), return_inverse=True)[1]
    counts = np.ones(len(place)) if weights is None else np.asarray(weights, dtype=float)
    customers, leavers = (np.bincount(place, part).cumsum() for part in (counts, counts * np.asarray(left)))
    ends = np.concatenate([[0.0], customers]) / customers[-1]
    return np.interp(np.asarray(shares, dtype=float), ends, np.concatenate([[0.0], leavers]) / leavers[-1])
