"""A trial of scores: given on earlier days from what was known then, beside who left within the horizon after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from helpers.analyses.churn.forecast.landmarks import (
    LEAST_TRAINING,
    MOST_TESTING,
    SPACING_DAYS,
    earlier_landmarks,
    outcomes,
    report_landmark,
)
from helpers.analyses.churn.forecast.learning_sample import learning_rows
from helpers.analyses.churn.forecast.models import LEAST_LEAVERS
from helpers.analyses.churn.health_score.measures import measured
from helpers.analyses.churn.health_score.plans import FULL, Plan, Weighting, simplest, weighings
from helpers.analyses.churn.health_score.scales import Scale, scale_of, scored
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, facts, say
from helpers.statistics.inference import bootstrap, numbered_by_values
from helpers.statistics.survival import share_ranked_rightly

DRAWS = 200
ALL_DAYS = 0  # the place of all landmarks together; the landmarks themselves follow from 1
ROW = ["customer_id", "landmark_at"]

Areas = dict[tuple[str, int], float]


@dataclass(frozen=True)
class Trial:
    """Scores under one meaning of leaving, and what happened."""

    plan: Plan
    rows: pd.DataFrame = field(repr=False)  # customer_id, landmark_at, left: one row a customer and day
    points: pd.DataFrame = field(repr=False)  # of every measure
    scores: pd.DataFrame = field(repr=False)  # one column a weighting or rule of thumb; 100 is well
    weights: Mapping[str, Mapping[str, float]]  # of each weighing, by measure
    areas: Areas = field(repr=False)
    draws: pd.DataFrame = field(repr=False)  # of `areas`, of whole customers
    learnt_on: pd.DatetimeIndex

    @property
    def landmarks(self) -> list[pd.Timestamp]:
        """The days of the trial."""
        return sorted(self.rows["landmark_at"].unique())

    @property
    def score(self) -> pd.Series:
        """The scores as the plan makes them."""
        return self.scores[self.plan.weighting]

    @property
    def cluster(self) -> np.ndarray:
        """Numbers in place of the customers, so that their names do not change what is drawn."""
        return drawn_as(self.rows, self.scores)

    def against(self, name: str, other: str, place: int = ALL_DAYS) -> tuple[float, float, float]:
        """How much more often one score is right than the other, with its 95% interval."""
        draws = self.draws[name, place] - self.draws[other, place]
        return (self.areas[name, place] - self.areas[other, place], *draws.quantile([0.025, 0.975]))


@dataclass(frozen=True)
class Ranking:
    """Rows with their outcome and the places that scores give them, of which nothing is sorted again in a draw."""

    left: np.ndarray
    ranks: Mapping[tuple[str, int], np.ndarray]  # of the rows of a place, by score
    places: Mapping[int, np.ndarray]  # which rows are of it

    def areas(self, weights: np.ndarray) -> Areas:
        """How often each score stands lower of one who left than of one who stayed, rows counted `weights` times."""
        left, stayed = weights * self.left, weights * (1 - self.left)
        return {
            (name, place): share_ranked_rightly(rank, left[self.places[place]], stayed[self.places[place]])
            for (name, place), rank in self.ranks.items()
        }


def ranking(rows: pd.DataFrame, scores: pd.DataFrame, days: Sequence[pd.Timestamp] = ()) -> Ranking:
    """Ranks of `rows` (landmark_at, left) on all days and each of `days`, by each of `scores` that all there have."""
    places = {place: (rows["landmark_at"] == day).to_numpy() for place, day in enumerate(days, start=1)}
    places[ALL_DAYS] = np.ones(len(rows), dtype=bool)
    ranks = {
        (name, place): np.unique(-scores[name].to_numpy()[here], return_inverse=True)[1]
        for name in scores
        for place, here in places.items()
        if scores[name].to_numpy()[here].size and scores[name][here].notna().all()
    }
    return Ranking(rows["left"].to_numpy(float), ranks, places)


def drawn_as(rows: pd.DataFrame, scores: pd.DataFrame) -> np.ndarray:
    """A number for the customer of each row that values alone decide."""
    return numbered_by_values(rows["customer_id"], scores.assign(left=rows["left"]))


def trial(
    stays: Stays,
    data: Dataset,
    horizon_days: int,
    scale_at: pd.Timestamp | None = None,
    risks: pd.DataFrame | None = None,
) -> Trial | NotApplicable:
    """Scores of everybody still there at up to three landmarks whose horizon is over, beside who then left.

    Weights are learnt from landmarks whose horizon had ended by the first of these. Places are among the customers of
    the landmark `scale_at`, or where that is None or has none, of the first on which most measures are known. `risks`
    (customer_id, landmark_at, chance) are chances to leave that were given on the same days. Raises LeakageError for a
    measure that knows more than its day did.
    """
    if stays.crowded:
        return NotApplicable(say("most ends lie on one day, on which somebody looked: no earlier day can be tried."))
    learnt_on, tests = trial_landmarks(stays, horizon_days)
    if tests.empty:
        return NotApplicable(say("the history is too short to see what followed the scores of an earlier day."))
    kept = pd.DatetimeIndex([] if scale_at is None else [scale_at])
    rows = learning_rows(stays, data, kept.append(learnt_on.append(tests)).unique().sort_values())
    rows = rows.assign(left=gone(stays, rows, horizon_days))
    if (few := _few(rows.loc[rows["landmark_at"].isin(tests), "left"])) is not None:
        return few
    measures = measured(data, rows)
    scale = _scale(measures, rows["landmark_at"], (kept, learnt_on, tests))
    if scale is None or not scale.reference:
        return NotApplicable(say("nothing is known of what customers do that would tell them apart."))
    points = scale.points(measures)
    tested = rows["landmark_at"].isin(tests) & points.notna().any(axis=1)
    if (few := _few(rows.loc[tested, "left"])) is not None:
        return few
    weights = _weights(data, rows, points, learnt_on)
    scores = pd.DataFrame({name: scored(points, each) for name, each in weights.items()})[tested].dropna()
    return _finished(stays, data, rows.loc[scores.index], scale, weights, scores, points, risks, learnt_on)


def trial_landmarks(stays: Stays, horizon_days: int) -> tuple[pd.DatetimeIndex, pd.DatetimeIndex]:
    """Landmarks to learn from, and up to three to try on: as many as leave two to learn from, else one alone."""
    last = report_landmark(stays) - pd.Timedelta(days=horizon_days)
    for count in range(MOST_TESTING, 0, -1):
        first = last - pd.Timedelta(days=SPACING_DAYS * (count - 1))
        learnt_on = earlier_landmarks(stays, first, horizon_days)
        if len(learnt_on) >= LEAST_TRAINING:
            return learnt_on, pd.date_range(first, last, freq=f"{SPACING_DAYS}D")
    return pd.DatetimeIndex([]), earlier_landmarks(stays, last, 0)[-1:]


def _scale(measures: pd.DataFrame, landmark_at: pd.Series, days: Sequence[pd.DatetimeIndex]) -> Scale | None:
    """Of the first of the sets of `days` on any of which somebody was there: the first with most measures.

    Some are known later than others: of visits, where the log has 180 days.
    """
    for some in days:
        places = [(day, (landmark_at == day).to_numpy()) for day in some]
        scales = [scale_of(measures[here], day) for day, here in places if here.any()]
        if scales:
            return max(scales, key=lambda each: len(each.reference))
    return None


def gone(stays: Stays, rows: pd.DataFrame, horizon_days: int) -> pd.Series:
    """Whether each of `rows` left: its contract ended within the horizon; under silence, no order came within it.

    Not whether its silence was complete, of which the days silent so far are a part.
    """
    if stays.definition == Definition.CONTRACT:
        return outcomes(rows, report_landmark(stays), horizon_days)["left"]
    return ~(rows["next_on"] < rows["landmark_at"] + pd.Timedelta(days=horizon_days))


def _few(left: pd.Series) -> NotApplicable | None:
    if min(left.sum(), (~left).sum()) >= LEAST_LEAVERS:
        return None
    least = facts.Count(LEAST_LEAVERS)
    return NotApplicable(say("fewer than {least} left, or stayed, after the days of the trial.", least=least))


def _weights(
    data: Dataset, rows: pd.DataFrame, points: pd.DataFrame, learnt_on: pd.DatetimeIndex
) -> dict[str, dict[str, float]]:
    """The weights of each weighing; none are learnt where too few left, or stayed, after the earlier days."""
    past = rows["landmark_at"].isin(learnt_on)
    learnt = past if _few(rows.loc[past, "left"]) is None else past & False
    given = {str(name): weight for name, weight in data.settings.health.weights.items()}
    return weighings(points, given, points[learnt], ~rows.loc[learnt, "left"], rows.loc[learnt, "customer_id"])


def _finished(
    stays: Stays,
    data: Dataset,
    rows: pd.DataFrame,
    scale: Scale,
    weights: Mapping[str, Mapping[str, float]],
    scores: pd.DataFrame,
    points: pd.DataFrame,
    risks: pd.DataFrame | None,
    learnt_on: pd.DatetimeIndex,
) -> Trial:
    """The trial of `scores` and the rules of thumb, and the plan that follows from it."""
    if "recency" in points:  # whoever never ordered stands last
        scores = scores.assign(**{Weighting.RECENCY: points.loc[scores.index, "recency"].fillna(0.0)})
    if risks is not None:
        chance = rows[ROW].merge(risks, on=ROW, how="left")["chance"].to_numpy()
        scores = scores.assign(**{Weighting.CHURN_RISK: FULL * (1 - chance)})
    rows, points, scores = (each.reset_index(drop=True) for each in (rows, points.loc[scores.index], scores))
    ranks = ranking(rows, scores, sorted(rows["landmark_at"].unique()))
    areas = ranks.areas(np.ones(len(rows)))
    draws = bootstrap(ranks.areas, drawn_as(rows, scores), draws=DRAWS)
    overall = {name: area for (name, place), area in areas.items() if place == ALL_DAYS}
    errors = {name: float(draws[name, ALL_DAYS].std()) for name in overall}
    words = data.settings.health
    weighting = simplest(overall, errors, words.weighting)
    plan = Plan(stays, scale, weighting, weights[weighting], words.bands)
    return Trial(plan, rows[[*ROW, "left"]], points, scores, weights, areas, draws, learnt_on)
