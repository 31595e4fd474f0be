"""How many of those who left were among those at highest risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from helpers.analyses.churn.forecast.backtest import DRAWS, Holdout
from helpers.findings import charts, formats, if_applicable
from helpers.statistics.inference import bootstrap, percentile_limits

TENTHS = np.arange(11) / 10


@dataclass(frozen=True)
class Lift:
    """Leavers found among those at highest risk."""

    tenths: pd.DataFrame  # tenth, left_rate, lift, lower, upper, found_share (of all leavers, up to this tenth)
    gains: pd.DataFrame  # customer_share, leaver_share
    left_rate: float
    horizon_days: int

    def summary(self) -> pd.DataFrame:
        """One row a tenth, the highest risk first; lift is its leave rate beside that of all, with 95% CI."""
        return self.tenths

    def plot(self, ax: Axes | None = None) -> Axes:
        """Share of leavers found against share of customers, the highest risk first."""
        return charts.concentration(self.gains, x="customer_share", y="leaver_share", ax=ax)

    def headline(self) -> str:
        """What share of the tenth at highest risk left, beside that of all."""
        top = self.tenths.iloc[0]
        no_better = " (no evidence that it is better than chance)" if top["lower"] <= 1 else ""
        return (
            f"Of the tenth at highest risk {formats.percent(top['left_rate'])} left within {self.horizon_days} days, "
            f"of all {formats.percent(self.left_rate)}: a lift of {formats.number(top['lift'])} (95% CI "
            f"{formats.interval(top['lower'], top['upper'])}){no_better}. The three tenths at highest risk hold "
            f"{formats.percent(self.tenths['found_share'].iloc[2])} of all who left."
        )


@if_applicable
def lift(tested: Holdout) -> Lift:
    """How much more often those at highest risk left than all, in the holdout; 95% CI by bootstrap of customers."""
    chance, left = tested.rows["chance"].to_numpy(), tested.rows["left"].to_numpy()

    def lifts(weights: np.ndarray) -> dict[int, float]:
        return dict(enumerate(np.diff(gains(chance, left, TENTHS, weights)) * 10, start=1))

    table = percentile_limits(bootstrap(lifts, tested.rows["customer_id"], draws=DRAWS))
    found = gains(chance, left, TENTHS)
    tenths = pd.DataFrame(
        {
            "tenth": np.arange(1, 11),
            "left_rate": np.diff(found) * 10 * left.mean(),
            "lift": np.diff(found) * 10,
            "lower": table["lower"],
            "upper": table["upper"],
            "found_share": found[1:],
        }
    )
    shares = np.linspace(0, 1, 101)
    curve = pd.DataFrame({"customer_share": shares, "leaver_share": gains(chance, left, shares)})
    return Lift(tenths, curve, float(left.mean()), tested.horizon_days)


def gains(chance: ArrayLike, left: ArrayLike, shares: ArrayLike, weights: ArrayLike | None = None) -> np.ndarray:
    """Share of all leavers among the given `shares` of customers with the highest chance.

    Customers with one chance stand in every order at once: their leavers are spread evenly over their places.
    """
    weights = np.ones(len(chance)) if weights is None else np.asarray(weights, dtype=float)
    place = np.unique(-np.asarray(chance, dtype=float), return_inverse=True)[1]
    customers, leavers = (np.bincount(place, part).cumsum() for part in (weights, weights * np.asarray(left)))
    ends = np.concatenate([[0.0], customers]) / customers[-1]
    return np.interp(shares, ends, np.concatenate([[0.0], leavers]) / leavers[-1])
