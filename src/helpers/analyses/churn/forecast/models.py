"""Models of who leaves after a landmark: of leaving itself under contract, of ordering again under silence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np
import pandas as pd

from helpers.analyses.churn.forecast.encoding import Covariate, learned, matrix
from helpers.analyses.churn.forecast.features import features
from helpers.analyses.churn.forecast.landmarks import outcomes, training_landmarks
from helpers.analyses.churn.forecast.learning_sample import learning_rows
from helpers.analyses.churn.forecast.silence_chain import After, silence_chances
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, facts, say
from helpers.findings.evidence import SIGNIFICANCE
from helpers.statistics.hazards import CoxFit, fit_cox
from helpers.statistics.inference import adjust

LEAST_LEAVERS = 20
LEAST_LEARNED_FROM = 50
RIDGE = 1.0  # as if the effect of one SD of a covariate were drawn with an SD of 1: it bounds what few events would not
RECENCY = "recency_days"  # the time scale of the silence model, and so none of its covariates


class Model(Protocol):
    """What a fitted model tells of rows at risk and their features."""

    def chances(self, rows: pd.DataFrame, table: pd.DataFrame, horizons: np.ndarray) -> np.ndarray:
        """Chance of each row to leave within each of `horizons` days, (rows, horizons); NaN where it cannot be told."""

    def contributions(self, rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
        """What each feature adds to the log hazard of leaving, against the mean of the rows: one column a feature."""


@dataclass(frozen=True)
class Trained:
    """A model, and the rows at risk that it was kept from seeing."""

    model: Model = field(repr=False)
    landmarks: pd.DatetimeIndex  # trained on
    rows: pd.DataFrame = field(repr=False)  # to predict: see `landmarks.at_risk`
    table: pd.DataFrame = field(repr=False)  # their features


@dataclass(frozen=True)
class LeavingModel:
    """Cox model of the days from a landmark to leaving.

    Ends at the anniversaries of long contracts spread over the days after a landmark, so that plans are covariates.
    """

    covariates: list[Covariate]
    fit: CoxFit = field(repr=False)

    def chances(self, rows: pd.DataFrame, table: pd.DataFrame, horizons: np.ndarray) -> np.ndarray:
        return 1 - self.fit.survival(matrix(self.covariates, table), horizons).to_numpy()

    def contributions(self, rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
        return sure_contributions(self.fit, self.covariates, table)


@dataclass(frozen=True)
class OrderingModel:
    """Cox model of the days from an order to the next, stratified by whether it was the first.

    Nobody's silence is complete before its last day, so the chance to leave is that of no order until then: from the
    days silent so far, S(silence | x) / S(silent so far | x), and by a chain where a later silence can be complete too.
    """

    covariates: list[Covariate]
    fit: CoxFit = field(repr=False)

    def chances(self, rows: pd.DataFrame, table: pd.DataFrame, horizons: np.ndarray) -> np.ndarray:
        log_rates = self.fit.linear_predictor(matrix(self.covariates, table))
        return silence_chances(self._hazards(rows), log_rates, rows.assign(kind=last_kind(rows)), horizons)

    def contributions(self, rows: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
        ahead = np.empty(len(rows))
        for kind, hazard in self._hazards(rows).items():
            here = (last_kind(rows) == kind).to_numpy()
            total = np.concatenate([[0.0], hazard.cumsum()])
            ahead[here] = total[rows.loc[here, "silence_days"]] - total[rows.loc[here, "silent_days"]]
        return -sure_contributions(self.fit, self.covariates, table).assign(**{RECENCY: log_ratio(ahead)})

    def _hazards(self, rows: pd.DataFrame) -> dict[str, np.ndarray]:
        """Hazard of an order on day 1, 2, … after one, with mean covariates; NaN for a kind that nobody was of."""
        size = rows["silence_days"].max()
        hazards: dict[str, np.ndarray] = {
            kind: np.full(size, 0.0 if kind in self.fit.followed_until else np.nan) for kind in After
        }
        for kind, steps in self.fit.baseline.groupby("stratum"):
            steps = steps[steps["time"] <= size]
            hazards[kind][steps["time"].to_numpy(int) - 1] = steps["hazard"]
        return hazards


Fitted = TypeVar("Fitted", LeavingModel, OrderingModel)


def trained(
    stays: Stays, data: Dataset, at: pd.DatetimeIndex, known_days: int, followed_days: int
) -> Trained | NotApplicable:
    """The model as it could be fitted at the first of the landmarks `at`, with everybody at risk at them.

    Trained on the landmarks whose outcomes over `known_days` were known by then, each followed for up to
    `followed_days`; of many customers on those of some (see `learning_sample`). Raises LeakageError when a feature is
    not from before its landmark.
    """
    if stays.crowded:
        return NotApplicable(
            say("most ends lie on one day, on which somebody looked: no earlier day can be learned from.")
        )
    landmarks = training_landmarks(stays, at[0], known_days)
    if landmarks.empty:
        day = facts.Day(at[0].date())
        return NotApplicable(say("the history before {day} is too short to see what followed an earlier day.", day=day))
    rows = learning_rows(stays, data, landmarks.append(at))
    training = rows["landmark_at"].isin(landmarks)
    if min(training.sum(), (~training).sum()) < LEAST_LEARNED_FROM:
        least = facts.Count(LEAST_LEARNED_FROM)
        return NotApplicable(say("fewer than {least} customers were there to learn from, or to tell of.", least=least))
    table = features(stays, data, rows).table
    ahead = rows[~training], table[~training]
    rows, table = rows[training], table[training]  # of millions of rows no more is held than is used
    fitted = _leaving_model if stays.definition == Definition.CONTRACT else _ordering_model
    model = fitted(rows, table, at[0], followed_days)
    return model if isinstance(model, NotApplicable) else Trained(model, landmarks, *ahead)


def last_kind(rows: pd.DataFrame) -> pd.Series:
    """Whether the last order of each row was its first."""
    return pd.Series(np.where(rows["place"] == 0, After.FIRST, After.LATER), index=rows.index)


def sure_contributions(fit: CoxFit, known: list[Covariate], table: pd.DataFrame) -> pd.DataFrame:
    """coef × (value − mean of the rows) of covariates that are beyond chance, added up by feature.

    Holm over all covariates: of many that tell nothing one passes a test of its own, and would be called a reason.
    """
    sure = adjust(fit.coefficients["p_value"], "holm") < SIGNIFICANCE
    columns = matrix(known, table)
    parts = (columns - columns.mean()) * fit.coefficients["coef"].where(sure, 0.0).to_numpy()
    names = dict.fromkeys(each.feature for each in known)
    return pd.DataFrame(
        {name: parts[[each.name for each in known if each.feature == name]].sum(axis=1) for name in names}
    )


def _leaving_model(
    rows: pd.DataFrame, table: pd.DataFrame, until: pd.Timestamp, followed_days: int
) -> LeavingModel | NotApplicable:
    outcome = outcomes(rows, until, followed_days)
    return fitted_model(LeavingModel, table, outcome["duration_days"], outcome["left"], cluster=rows["customer_id"])


def _ordering_model(
    rows: pd.DataFrame, table: pd.DataFrame, until: pd.Timestamp, followed_days: int
) -> OrderingModel | NotApplicable:
    """Gaps from the days silent at the landmark to the next order, or to the day on which the silence is complete."""
    gap = (rows["next_on"] - rows["last_on"]).dt.days
    known = np.minimum((until - rows["last_on"]).dt.days - 1, rows["silence_days"])
    ordered = gap <= known
    return fitted_model(
        OrderingModel,
        table.drop(columns=RECENCY),
        gap.where(ordered, known),
        ordered,
        entry=rows["silent_days"],
        strata=last_kind(rows),
        cluster=rows["customer_id"],
    )


def fitted_model(
    model: type[Fitted],
    table: pd.DataFrame,
    durations: pd.Series,
    events: pd.Series,
    cluster: pd.Series,
    **rows: pd.Series,
) -> Fitted | NotApplicable:
    """A model of what `learned` makes of `table`, its errors by `cluster`; what else `fit_cox` takes in `rows`."""
    if min(events.sum(), (~events).sum()) < LEAST_LEAVERS:
        alike = say(
            "too few customers to learn from: what followed the earlier days was the same for nearly all ({events} "
            "events, {others} without).",
            events=facts.Count(events.sum()),
            others=facts.Count((~events).sum()),
        )
        return NotApplicable(alike)
    known, columns = learned(table, events)
    if not known:
        return NotApplicable(say("nothing that is known of customers tells them apart."))
    fit = fit_cox(columns, durations, events, cluster=cluster, penalty=RIDGE, **rows)
    return model(known, fit.careful(cluster[events].nunique()))


def log_ratio(hazard: np.ndarray) -> np.ndarray:
    """Log of each cumulative hazard less the mean of the logs."""
    logs = np.log(np.maximum(hazard, 1e-6))
    return logs - np.nanmean(logs)
