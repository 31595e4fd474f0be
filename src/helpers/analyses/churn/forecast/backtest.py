"""Whether chances come true: given at later landmarks by a model trained on earlier ones, beside what then happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn.forecast.chances import Risk
from helpers.analyses.churn.forecast.landmarks import (
    holdout_landmarks,
    outcomes,
    reach_days,
    report_landmark,
    unseen,
)
from helpers.analyses.churn.forecast.learning_sample import drawn_words
from helpers.analyses.churn.forecast.models import LEAST_LEAVERS, Trained, trained
from helpers.analyses.churn.forecast.vocabulary import HORIZON_DAYS, OBSERVED_RATE, PREDICTED_RATE, QUALITY
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE, TOLERATED_BIAS
from helpers.findings.vocabulary import LOWER, UPPER, VALUE
from helpers.language import _
from helpers.statistics.inference import bootstrap, numbered_by_values, percentile_limits
from helpers.statistics.survival import (
    Calibration,
    brier_scores,
    calibration,
    dynamic_auc,
    error_of_right_chances,
    integrated_brier,
)

DRAWS = 100
SHORTEST_TESTED_DAYS, LONGEST_TESTED_DAYS = 30, 365  # of the horizon within which leaving is told


class Quality(StrEnum):
    """What is measured of chances that were tried, in the order in which a page shows it."""

    EXPECTED_RATE = "expected_rate"
    LEFT_RATE = "left_rate"
    AUC = "auc"
    BRIER = "brier"
    SCALED_BRIER = "scaled_brier"
    ICI = "ici"
    E50 = "e50"
    E90 = "e90"
    INTEGRATED_BRIER = "integrated_brier"


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
        groups: dict[int, tuple[np.ndarray, list[int]]] = {}
        for place, horizon in enumerate(self.horizons):
            here = reach <= horizon
            left = (self.rows["left"].to_numpy() & (days <= horizon))[here]
            if min(left.sum(), (~left).sum()) >= LEAST_LEAVERS:
                groups.setdefault(here.sum(), (here, []))[1].append(place)
        return list(groups.values())

    def measures(self, weights: np.ndarray) -> dict[tuple[int, str], float]:
        """Every `Quality` by horizon, of rows that count `weights` times each; calibration by the last."""
        values: dict[tuple[int, str], float] = {}
        scores = []
        for here, places in self.tellable:
            horizons, chances, counts = self.horizons[places], self.chances[here][:, places], weights[here]
            days, left = (self.rows[name].to_numpy()[here] for name in ("duration_days", "left"))
            scores.append(brier_scores(days, left, 1 - chances, horizons, weights=counts))
            ranks = dynamic_auc(days, left, chances, horizons, weights=counts)["auc"]
            for at, horizon in enumerate(horizons.tolist()):
                values |= {
                    (horizon, Quality.EXPECTED_RATE): np.average(chances[:, at], weights=counts),
                    (horizon, Quality.LEFT_RATE): np.average(left & (days <= horizon), weights=counts),
                    (horizon, Quality.AUC): ranks.iloc[at],
                    **{(horizon, name): scores[-1][name].iloc[at] for name in (Quality.BRIER, Quality.SCALED_BRIER)},
                }
        last = int(self.horizons[-1])
        both = pd.concat(scores)
        if len(both) > 1:
            values[last, Quality.INTEGRATED_BRIER] = integrated_brier(both)
        errors = self.calibrated(weights)
        return values | {(last, name): getattr(errors, name) for name in (Quality.ICI, Quality.E50, Quality.E90)}

    def calibrated(self, weights: np.ndarray | None = None) -> Calibration:
        """Chances by the last horizon against what happened."""
        rows = self.rows
        return calibration(
            rows["duration_days"], rows["left"], self.chances[:, -1], int(self.horizons[-1]), weights=weights
        )


@dataclass(frozen=True)
class Holdout(Finding):
    """Chances at the test landmarks beside what happened, for the customers who could leave by the horizon.

    Limits are a bootstrap of whole customers.
    """

    table: pd.DataFrame  # the whole horizon first
    curve: pd.DataFrame  # predicted_rate, observed_rate by the last horizon
    difference: tuple[float, float]  # 95% CI of the share that left less the share expected to
    rows: pd.DataFrame = field(repr=False)  # those of `Tested`, and chance by the last horizon
    trained_on: pd.DatetimeIndex
    tested_on: pd.DatetimeIndex
    horizon_days: int
    definition: str
    error_of_right_chances: float  # the mean calibration error that chance alone would show
    drawn: Sentence | None = None  # of how many customers these are some
    columns = (HORIZON_DAYS, QUALITY, VALUE, LOWER, UPPER)

    @property
    def agrees(self) -> bool:
        """Whether the share that left differs from the share expected to by no more than chance: on average only."""
        return self.difference[0] <= 0 <= self.difference[1]

    @property
    def failure(self) -> Sentence | None:
        """What speaks against the size of such chances: they were off beyond chance, and by more than is tolerated."""
        expected, left = (self.value(name)[VALUE] for name in (Quality.EXPECTED_RATE, Quality.LEFT_RATE))
        if self.agrees or abs(expected - left) <= TOLERATED_BIAS * left:
            return None
        return say(
            "These chances failed their own trial: {expected} were expected to leave within {days} and {left} did. "
            "Trust their order more than their size.",
            expected=facts.Share(expected),
            days=facts.Days(self.horizon_days),
            left=facts.Share(left),
        )

    def value(self, quality: str) -> pd.Series:
        """Value, lower and upper of a `Quality` by the last horizon."""
        last = self.table[self.table[HORIZON_DAYS] == self.horizon_days]
        return last[last[QUALITY] == quality].iloc[0]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Observed against predicted chances, and the diagonal on which they would agree."""
        ends = self.curve[PREDICTED_RATE].iloc[[0, -1]]
        diagonal = pd.DataFrame({PREDICTED_RATE: ends, OBSERVED_RATE: ends, "what": _("would agree")})
        both = pd.concat([self.curve.assign(what=_("observed")), diagonal])
        return charts.line(both, x=PREDICTED_RATE, y=OBSERVED_RATE, group="what", ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Did as many leave as the chances said?")

    def headline(self) -> Sentence:
        """How many were expected to leave and did; how well chances rank, and how far they are off, below."""
        expected, left = (self.value(name) for name in (Quality.EXPECTED_RATE, Quality.LEFT_RATE))
        shares = {"expected": facts.Share(expected[VALUE]), "left": facts.Share(left[VALUE])}
        if self.agrees:
            told = say("In its trial the forecast said {expected} would leave; {left} did: it can be used.", **shares)
        elif self.failure:
            told = say(
                "In its trial the forecast said {expected} would leave; {left} did: trust the ranking alone.", **shares
            )
        else:
            told = say(
                "In its trial the forecast said {expected} would leave; {left} did: close enough to use.", **shares
            )
        return told.resting_on(*self._basis(left))

    def _basis(self, left: pd.Series) -> Iterator[Sentence | None]:
        """What was tried, how well chances rank, and how far each is off."""
        days, interval = facts.Days(self.horizon_days), facts.Range(facts.Share(left[LOWER]), facts.Share(left[UPPER]))
        yield say("Who left within {days}: 95% interval {interval}.", days=days, interval=interval)
        if not self.agrees:
            high = say("On average the chances were too high, by more than chance.")
            low = say("On average the chances were too low, by more than chance.")
            yield high if self.difference[1] < 0 else low
        auc, error = (self.value(name) for name in (Quality.AUC, Quality.ICI))
        yield say(
            "Of one who left and one who stayed, the one who left had the higher chance in {share} of pairs (95% "
            "interval {interval}; 50% is chance).",
            share=facts.Share(auc[VALUE]),
            interval=facts.Range(facts.Share(auc[LOWER]), facts.Share(auc[UPPER])),
        )
        yield say(
            "A chance is off by {error} percentage points on average; right chances would show {by_chance} by chance.",
            error=facts.Hundredths(error[VALUE]),
            by_chance=facts.Hundredths(self.error_of_right_chances),
        )
        yield say(
            "Days learnt from: {learnt} ({first}); tried on: {tried} ({second}).",
            learnt=facts.Count(len(self.trained_on)),
            first=_span(self.trained_on),
            tried=facts.Count(len(self.tested_on)),
            second=_span(self.tested_on),
        )
        yield self.drawn
        counts = {
            "chances": facts.Count(len(self.rows)),
            "customers": facts.Count(self.rows["customer_id"].nunique()),
        }
        if self.definition == Definition.CONTRACT:
            yield say("{chances} chances of {customers} customers.", **counts)
        else:
            yield say("{chances} chances of {customers} customers whose silence could be complete by then.", **counts)


@if_applicable
def holdout(stays: Stays, data: Dataset, horizon_days: int = 90) -> Holdout | NotApplicable:
    """The model of `risk`, trained on earlier landmarks of `stays` and tested on up to three later ones.

    Of many customers some are drawn at random (see `learning_sample`). At least max(silence, horizon) days lie between
    the last landmark trained on and the first tested on, so that every outcome trained on was known before the first
    test. Measures are by a third, two thirds and the whole of the horizon, each of the customers who could leave by
    then: under silence, whose silence could be complete. Nobody is censored within the horizon. Limits are percentiles
    of 100 bootstrap draws of whole customers. Raises ValueError for a `horizon_days` that is none, LeakageError where a
    feature of `data` is not from before its landmark.
    """
    parameters.between("horizon_days", horizon_days, SHORTEST_TESTED_DAYS, LONGEST_TESTED_DAYS)
    if (nothing := unseen(stays, data)) is not None:
        return nothing
    tests = holdout_landmarks(stays, horizon_days)
    if tests.empty:
        return NotApplicable(say("the history is too short to train on earlier days and to test on later ones."))
    model = trained(stays, data, tests, horizon_days, horizon_days)
    if isinstance(model, NotApplicable):
        return model
    tested = _tested(stays, model, horizon_days)
    if not any(len(tested.horizons) - 1 in places for _, places in tested.tellable):
        least = facts.Count(LEAST_LEAVERS)
        return NotApplicable(
            say("fewer than {least} left, or stayed, of those who could leave after the tests.", least=least)
        )
    draws = bootstrap(tested.measures, drawn_as(tested.rows.assign(chance=tested.chances[:, -1])), draws=DRAWS)
    difference = draws[horizon_days, Quality.LEFT_RATE] - draws[horizon_days, Quality.EXPECTED_RATE]
    return Holdout(
        _measured(tested, percentile_limits(draws)),
        tested.calibrated().curve.set_axis([PREDICTED_RATE, OBSERVED_RATE], axis="columns"),
        tuple(difference.quantile([SIGNIFICANCE / 2, 1 - SIGNIFICANCE / 2])),
        tested.rows.assign(chance=tested.chances[:, -1]),
        model.landmarks,
        tests,
        horizon_days,
        stays.definition,
        error_of_right_chances(tested.chances[:, -1]),
        drawn_words(stays),
    )


@if_applicable
def tried(risk: Risk, tested: Holdout | NotApplicable) -> Risk:
    """`risk`, which says first where chances such as its own failed when they were tried; untried it stays as it is."""
    return risk if isinstance(tested, NotApplicable) else replace(risk, failure=tested.failure)


def drawn_as(rows: pd.DataFrame) -> np.ndarray:
    """Numbers in place of the customers of `Holdout.rows`, so that their names do not change what is drawn."""
    return numbered_by_values(rows["customer_id"], rows[["left", "duration_days", "reach_days", "chance"]])


def _tested(stays: Stays, model: Trained, horizon_days: int) -> Tested:
    """The chances that the model gives at its test landmarks, by a third, two thirds and the whole of the horizon."""
    horizons = np.array([round(horizon_days * part / 3) for part in (1, 2, 3)])
    chances = model.model.chances(model.rows, model.table, horizons)
    outcome = outcomes(model.rows, report_landmark(stays), horizon_days)
    rows = model.rows[["customer_id", "landmark_at"]].join(outcome).assign(reach_days=reach_days(model.rows))
    known = ((rows["reach_days"] <= horizon_days) & ~np.isnan(chances).any(axis=1)).to_numpy()
    return Tested(rows[known].reset_index(drop=True), chances[known], horizons)


def _measured(tested: Tested, limits: pd.DataFrame) -> pd.DataFrame:
    """`Holdout.table`, with the `limits` of each measure."""
    values = tested.measures(np.ones(len(tested.rows)))
    rows = [(horizon, str(quality), value) for (horizon, quality), value in values.items()]
    table = pd.DataFrame(rows, columns=[HORIZON_DAYS, QUALITY, VALUE])
    table = table.assign(lower=limits["lower"], upper=limits["upper"])
    place = {str(quality): place for place, quality in enumerate(Quality)}
    order = pd.DataFrame({"horizon": -table[HORIZON_DAYS], "place": table[QUALITY].map(place)})
    return table.loc[order.sort_values(["horizon", "place"]).index].reset_index(drop=True)


def _span(landmarks: pd.DatetimeIndex) -> facts.Range | facts.Day:
    first, last = facts.Day(landmarks[0].date()), facts.Day(landmarks[-1].date())
    return facts.Range(first, last) if len(landmarks) > 1 else first
