"""Whether chances come true: given at later landmarks by a model trained on earlier ones, beside what then happened."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn.forecast.landmarks import holdout_landmarks, outcomes, reach_days, report_landmark
from helpers.analyses.churn.forecast.models import LEAST_LEAVERS, trained
from helpers.analyses.churn.leaving.definition import Stays
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats, if_applicable
from helpers.statistics.inference import bootstrap, percentile_limits
from helpers.statistics.survival import Calibration, brier_scores, calibration, dynamic_auc, integrated_brier

DRAWS = 100
MEASURES = {
    "expected_rate": "share expected to leave",
    "left_rate": "share that left",
    "auc": "AUC (0.5: chance)",
    "brier": "Brier score (0: perfect)",
    "scaled_brier": "scaled Brier (0: one rate for all)",
    "ici": "mean calibration error (ICI)",
    "e50": "median calibration error (E50)",
    "e90": "90% calibration error (E90)",
    "integrated_brier": "integrated Brier score",
}


@dataclass(frozen=True)
class Tested:
    """Chances given at test landmarks, and what happened then."""

    # customer_id, landmark_at, duration_days (to leaving or to the last horizon), left, reach_days (no leaving before)
    rows: pd.DataFrame
    chances: np.ndarray  # of leaving: (rows, horizons)
    horizons: np.ndarray  # whole days, rising

    @cached_property
    def tellable(self) -> list[tuple[np.ndarray, list[int]]]:
        """Rows that could leave by some horizons, with their places: those by which at least 20 left and 20 stayed."""
        reach, days = (self.rows[name].to_numpy() for name in ("reach_days", "duration_days"))
        found: dict[int, tuple[np.ndarray, list[int]]] = {}
        for place, horizon in enumerate(self.horizons):
            here = reach <= horizon
            left = (self.rows["left"].to_numpy() & (days <= horizon))[here]
            if min(left.sum(), (~left).sum()) >= LEAST_LEAVERS:
                found.setdefault(here.sum(), (here, []))[1].append(place)
        return list(found.values())

    def measures(self, weights: np.ndarray) -> dict[tuple[int, str], float]:
        """The measures of `MEASURES` by horizon, of rows that count `weights` times each; calibration by the last."""
        values, scores = {}, []
        for here, places in self.tellable:
            horizons, chances, counts = self.horizons[places], self.chances[here][:, places], weights[here]
            days, left = (self.rows[name].to_numpy()[here] for name in ("duration_days", "left"))
            scores.append(brier_scores(days, left, 1 - chances, horizons, weights=counts))
            ranks = dynamic_auc(days, left, chances, horizons, weights=counts)["auc"]
            for at, horizon in enumerate(horizons.tolist()):
                values |= {
                    (horizon, "expected_rate"): np.average(chances[:, at], weights=counts),
                    (horizon, "left_rate"): np.average(left & (days <= horizon), weights=counts),
                    (horizon, "auc"): ranks.iloc[at],
                    **{(horizon, name): scores[-1][name].iloc[at] for name in ("brier", "scaled_brier")},
                }
        last = int(self.horizons[-1])
        both = pd.concat(scores)
        if len(both) > 1:
            values[last, "integrated_brier"] = integrated_brier(both)
        errors = self.calibrated(weights)
        return values | {(last, name): getattr(errors, name) for name in ("ici", "e50", "e90")}

    def calibrated(self, weights: np.ndarray | None = None) -> Calibration:
        """Chances by the last horizon against what happened."""
        rows = self.rows
        return calibration(
            rows["duration_days"], rows["left"], self.chances[:, -1], int(self.horizons[-1]), weights=weights
        )


@dataclass(frozen=True)
class Holdout:
    """Chances at the test landmarks beside what happened, for the customers who could leave by the horizon."""

    measures: pd.DataFrame  # horizon_days, measure, value, lower, upper
    curve: pd.DataFrame  # predicted_rate, observed_rate by the last horizon
    difference: tuple[float, float]  # 95% CI of the share that left less the share expected to
    rows: pd.DataFrame = field(repr=False)  # those of `Tested`, and chance by the last horizon
    trained_on: pd.DatetimeIndex
    tested_on: pd.DatetimeIndex
    horizon_days: int
    definition: str

    @property
    def agrees(self) -> bool:
        """Whether the share that left differs from the share expected to by no more than chance: on average only."""
        return self.difference[0] <= 0 <= self.difference[1]

    def value(self, measure: str) -> pd.Series:
        """Value, lower and upper of a measure (a key of `MEASURES`) by the last horizon."""
        return self.measures[self.measures["measure"] == measure].iloc[-1]

    def summary(self) -> pd.DataFrame:
        """One row a horizon and measure, with 95% CI (bootstrap of whole customers)."""
        order = self.measures["measure"].map(list(MEASURES).index)
        table = self.measures.assign(order=order).sort_values(["horizon_days", "order"], ascending=[False, True])
        return table.assign(measure=table["measure"].map(MEASURES)).drop(columns="order")

    def plot(self, ax: Axes | None = None) -> Axes:
        """Observed against predicted chances, and the diagonal on which they would agree."""
        ends = self.curve["predicted_rate"].iloc[[0, -1]]
        diagonal = pd.DataFrame({"predicted_rate": ends, "observed_rate": ends, "what": "would agree"})
        return charts.line(
            pd.concat([self.curve.assign(what="observed"), diagonal]),
            x="predicted_rate",
            y="observed_rate",
            group="what",
            ax=ax,
        )

    def headline(self) -> str:
        """How many were expected to leave and did, how well chances rank, and how far they are off."""
        expected, left, auc, error = (self.value(name) for name in ("expected_rate", "left_rate", "auc", "ici"))
        who = "customers" if self.definition == "contract" else "customers whose silence could be complete by then"
        return (
            f"Trained on {_span(self.trained_on)}, tested on {_span(self.tested_on)} ({len(self.rows):,} chances of "
            f"{self.rows['customer_id'].nunique():,} {who}): within {self.horizon_days} days "
            f"{formats.percent(expected['value'])} were expected to leave and {formats.percent(left['value'])} did "
            f"(95% CI {formats.interval(left['lower'], left['upper'], formats.percent)}): on average the chances "
            f"{self._agreement()}. Of one who left and one who stayed, the one who left had the higher chance in "
            f"{formats.percent(auc['value'])} of pairs (AUC; 95% CI "
            f"{formats.interval(auc['lower'], auc['upper'], formats.percent)}, 50% is chance). A chance is off by "
            f"{formats.number(100 * error['value'])} percentage points on average (calibration error)."
        )

    def _agreement(self) -> str:
        if self.agrees:
            return "agree with what happened"
        return f"were too {'high' if self.difference[1] < 0 else 'low'}: trust their order more than their size"


@if_applicable
def holdout(stays: Stays, data: Dataset, horizon_days: int = 90) -> Holdout | NotApplicable:
    """The model of `risk`, trained on earlier landmarks and tested on up to three later ones.

    At least max(silence, horizon) days lie between the last landmark trained on and the first tested on, so that every
    outcome trained on was known before the first test. Measures are by a third, two thirds and the whole of the
    horizon, each of the customers who could leave by then: under silence, whose silence could be complete. Nobody is
    censored within the horizon. Limits are percentiles of 100 bootstrap draws of whole customers.
    """
    parameters.between("horizon_days", horizon_days, 30, 365)
    tests = holdout_landmarks(stays, horizon_days)
    if tests.empty:
        return NotApplicable("the history is too short to train on earlier days and to test on later ones.")
    found = trained(stays, data, tests, horizon_days, horizon_days)
    if isinstance(found, NotApplicable):
        return found
    horizons = np.array([round(horizon_days * part / 3) for part in (1, 2, 3)])
    chances = found.model.chances(found.rows, found.table, horizons)
    outcome = outcomes(found.rows, report_landmark(stays), horizon_days)
    rows = found.rows[["customer_id", "landmark_at"]].join(outcome).assign(reach_days=reach_days(found.rows))
    told = ((rows["reach_days"] <= horizon_days) & ~np.isnan(chances).any(axis=1)).to_numpy()
    tested = Tested(rows[told].reset_index(drop=True), chances[told], horizons)
    if not any(len(horizons) - 1 in places for _, places in tested.tellable):
        return NotApplicable(f"fewer than {LEAST_LEAVERS} left, or stayed, of those who could leave after the tests.")
    values = tested.measures(np.ones(len(tested.rows)))
    draws = bootstrap(tested.measures, tested.rows["customer_id"], draws=DRAWS)
    limits = percentile_limits(draws)
    measures = pd.DataFrame(
        [(*key, value) for key, value in values.items()], columns=["horizon_days", "measure", "value"]
    )
    difference = draws[horizon_days, "left_rate"] - draws[horizon_days, "expected_rate"]
    return Holdout(
        measures.assign(lower=limits["lower"], upper=limits["upper"]),
        tested.calibrated().curve.set_axis(["predicted_rate", "observed_rate"], axis="columns"),
        tuple(difference.quantile([0.025, 0.975])),
        tested.rows.assign(chance=tested.chances[:, -1]),
        found.landmarks,
        tests,
        horizon_days,
        stays.definition,
    )


def _span(landmarks: pd.DatetimeIndex) -> str:
    days = [f"{day:%Y-%m-%d}" for day in landmarks]
    return f"{len(days)} days from {days[0]} to {days[-1]}" if len(days) > 1 else days[0]
