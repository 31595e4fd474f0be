"""Did the score know before? How often each way of weighing ranks one who left below one who stayed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn.forecast.backtest import Holdout
from helpers.analyses.churn.forecast.landmarks import ONE_DAY, unseen
from helpers.analyses.churn.forecast.learning_sample import drawn_words
from helpers.analyses.churn.health_score.plans import WEIGHINGS, Weighting
from helpers.analyses.churn.health_score.scales import Band
from helpers.analyses.churn.health_score.trials import ALL_DAYS, Trial, trial
from helpers.analyses.churn.health_score.vocabulary import (
    AGAINST_LOWER,
    AGAINST_RECENCY,
    AGAINST_UPPER,
    AUC,
    AUC_LOWER,
    AUC_UPPER,
    BASIS,
    FALSE_ALARM_SHARE,
    LANDMARK_ON,
    MISSED_SHARE,
    SCALE_ON,
    WEIGHTING,
)
from helpers.analyses.churn.leaving.beginnings_and_ends import stays as stays_of
from helpers.analyses.churn.leaving.definition import Definition, Stays
from helpers.analyses.churn.vocabulary import LEFT_RATE
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import CUSTOMERS

HORIZON_DAYS = 90
CHANCE = 0.5  # of a pair to be ranked rightly by a score that knows nothing


@dataclass(frozen=True)
class HealthBacktest(Finding):
    """Scores on earlier days beside who left afterwards, by weighing, beside two rules of thumb."""

    table: pd.DataFrame  # a row a basis, weighing and day; of all days together the day is missing
    trials: tuple[Trial, ...] = field(repr=False)  # that of the page's own meaning of leaving first
    horizon_days: int
    drawn: Sentence | None = None  # of how many customers these are some
    columns = (
        BASIS, WEIGHTING, LANDMARK_ON, CUSTOMERS, LEFT_RATE, AUC, AUC_LOWER, AUC_UPPER, AGAINST_RECENCY, AGAINST_LOWER,
        AGAINST_UPPER, MISSED_SHARE, FALSE_ALARM_SHARE,
    )  # fmt: skip
    shown = (BASIS, WEIGHTING, AUC, AUC_LOWER, AUC_UPPER, AGAINST_RECENCY, AGAINST_LOWER, AGAINST_UPPER)

    @property
    def own(self) -> Trial:
        """The trial of the page's own meaning of leaving."""
        return self.trials[0]

    def summary(self) -> pd.DataFrame:
        """All days together: a line a basis and weighing."""
        rows = self.table[self.table[LANDMARK_ON].isna()]
        return rows[list(self.shown)].reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """How often each weighing is right, with its interval, of the page's own meaning of leaving."""
        lines = self.to_show()
        lines = lines[lines[BASIS] == self.own.plan.basis]
        named = lines.assign(weighting=lines[WEIGHTING].map(WEIGHTING.write))
        return charts.forest(named, estimate=AUC, label=WEIGHTING, band=(AUC_LOWER, AUC_UPPER), reference=CHANCE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Of one who left and one who stayed, how often did the one who left have the lower score before?")

    def headline(self) -> Sentence:
        """Whether the score tells who leaves, and better than silence alone; what it rests on below."""
        told = self._against_recency() if Weighting.RECENCY in self.own.scores else self._against_chance()
        return told.resting_on(meaning(self.own.plan.basis, self.horizon_days), *self._basis(), self.drawn)

    def _against_recency(self) -> Sentence:
        _, lower, upper = self.own.against(self.own.plan.weighting, Weighting.RECENCY)
        if lower > 0 and not self._above_chance:
            return self._against_chance()  # better than an order that is wrong more often than right
        if lower > 0:
            return say("The health score tells who leaves better than the time since the last order alone.")
        if upper < 0:
            return say(
                "The health score tells who leaves worse than the time since the last order: go by that instead."
            )
        return say(
            "No evidence that the health score tells who leaves better than the time since the last order alone."
        )

    @property
    def _above_chance(self) -> bool:
        return bool(self.own.draws[self.own.plan.weighting, ALL_DAYS].quantile(0.025) > CHANCE)

    def _against_chance(self) -> Sentence:
        if self._above_chance:
            return say("The health score tells who leaves better than chance would.")
        return say("No evidence that the health score tells who leaves.")

    def _basis(self) -> Iterator[Sentence]:
        """How often it is right, how it is weighed and why, and on which days it was tried."""
        plan, areas = self.own.plan, self.own.areas
        lines = self.summary()
        line = lines[(lines[BASIS] == plan.basis) & (lines[WEIGHTING] == plan.weighting)].iloc[0]
        yield say(
            "Of one who left and one who stayed, the one who left stood lower in {share} of pairs (95% interval "
            "{interval}; 50% is chance).",
            share=facts.Share(line[AUC]),
            interval=facts.Range(facts.Share(line[AUC_LOWER]), facts.Share(line[AUC_UPPER])),
        )
        if Weighting.RECENCY in self.own.scores:
            yield say(
                "By the time since the last order alone: {share}; the difference is {points} ({interval}).",
                share=facts.Share(areas[Weighting.RECENCY, ALL_DAYS]),
                points=facts.Points(line[AGAINST_RECENCY]),
                interval=facts.Range(facts.Points(line[AGAINST_LOWER]), facts.Points(line[AGAINST_UPPER])),
            )
        if (Weighting.CHURN_RISK, ALL_DAYS) in areas:
            yield say(
                "By the chance to leave, as the table `churn_risk` has it: {share}.",
                share=facts.Share(areas[Weighting.CHURN_RISK, ALL_DAYS]),
            )
        if Weighting.LEARNT in self.own.weights:
            yield self._learnt()
        yield say("Used: {weighting}.", weighting=facts.Word(plan.weighting, WEIGHTING))
        days = facts.Listed(tuple(facts.Day(day.date()) for day in self.own.landmarks))
        yield say("Tried on {days}.", days=days)

    def _learnt(self) -> Sentence:
        """What weights learnt from leavers add to all measures alike."""
        points, lower, upper = self.own.against(Weighting.LEARNT, Weighting.EQUAL)
        known = {"points": facts.Points(points), "interval": facts.Range(facts.Points(lower), facts.Points(upper))}
        if lower > 0:
            return say("Weights learnt from who left add to all measures alike: {points} ({interval}).", **known)
        return say(
            "Weights learnt from who left add nothing beyond chance to all measures alike: {points} ({interval}).",
            **known,
        )


@if_applicable
def health_backtest(
    stays: Stays,
    data: Dataset,
    chances: Holdout | NotApplicable | None = None,
    before: pd.DataFrame | None = None,
    horizon_days: int = HORIZON_DAYS,
) -> HealthBacktest | NotApplicable:
    """Scores of `stays` at up to three earlier landmarks, beside who left within `horizon_days` after them.

    Leaving is the end of the contract, or no order within the horizon; where there are contracts and orders, both are
    tried. Measures are weighed alike, as `data`'s settings say (`[health]`), and as learnt from earlier landmarks; the
    time since the last order alone stands beside them, and of contracts the `chances` that `holdout` gave on the same
    days. `before` is the table `health` of the report before, whose scale is kept. Intervals are percentiles of 200
    bootstrap draws of whole customers. Raises ValueError for a `horizon_days` that is none, LeakageError where a
    measure is not from before its landmark.
    """
    parameters.between("horizon_days", horizon_days, 30, 365)
    if (nothing := unseen(stays, data)) is not None:
        return nothing
    kept = {} if before is None else before.groupby(BASIS)[SCALE_ON].max().to_dict()
    risks = None
    if isinstance(chances, Holdout) and chances.horizon_days == horizon_days:
        risks = chances.rows[["customer_id", "landmark_at", "chance"]]
    trials = []
    for each in _meanings(stays, data):
        at = pd.Timestamp(kept[each.definition]) + ONE_DAY if each.definition in kept else None
        told = risks if each.definition == Definition.CONTRACT else None
        found = trial(each, data, horizon_days, at, told)
        if isinstance(found, NotApplicable) and each is stays:
            return found
        trials += [found] if isinstance(found, Trial) else []
    rows = [row for each in trials for row in _rows(each)]
    table = pd.DataFrame(rows, columns=list(HealthBacktest.columns))
    return HealthBacktest(table, tuple(trials), horizon_days, drawn_words(stays))


def meaning(basis: str, horizon_days: int) -> Sentence:
    """What leaving is."""
    days = facts.Days(horizon_days)
    if basis == Definition.CONTRACT:
        return say("Leaving here means that the contract ends within {days}.", days=days)
    return say("Leaving is here no order within {days}.", days=days)


def last_day(landmark_at: pd.Timestamp) -> dt.datetime:
    """The last day of which a landmark knows."""
    return landmark_at - ONE_DAY


def _meanings(stays: Stays, data: Dataset) -> Iterator[Stays]:
    """The page's own meaning of leaving; orders too where there are contracts."""
    yield stays
    if stays.definition == Definition.CONTRACT and "orders" in data.tables:
        by_orders = stays_of(data, Definition.SILENCE)
        if isinstance(by_orders, Stays):
            yield by_orders


def _rows(each: Trial) -> Iterator[tuple[object, ...]]:
    """The lines of one trial: all days together first, then each day."""
    order = [name for name in Weighting if name in each.scores]
    for place, day in enumerate([pd.NaT, *each.landmarks]):
        here = each.rows["landmark_at"] == day if place else each.rows["left"].notna()
        rows = each.rows[here]
        for name in order:
            if (name, place) not in each.areas:
                continue
            limits = each.draws[name, place].quantile([0.025, 0.975])
            against: tuple[float, float, float] = (np.nan, np.nan, np.nan)
            if name != Weighting.RECENCY and Weighting.RECENCY in each.scores:
                against = each.against(name, Weighting.RECENCY, place)
            errors = _errors(each, name, here) if name in (*WEIGHINGS, Weighting.RECENCY) else (np.nan, np.nan)
            yield (
                each.plan.basis, str(name), last_day(day), rows["customer_id"].nunique(), rows["left"].mean(),
                each.areas[name, place], *limits, *against, *errors,
            )  # fmt: skip


def _errors(each: Trial, name: str, here: pd.Series) -> tuple[float, float]:
    """The share of leavers that had been green, and the share of the red that stayed; NaN without any."""
    band, left = each.plan.bands(each.scores.loc[here, name]), each.rows.loc[here, "left"]
    return float((band[left] == Band.GREEN).mean()), float((~left[band == Band.RED]).mean())
