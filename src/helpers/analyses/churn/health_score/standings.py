"""How healthy each customer is on the report's day, and what has moved each score since the day before."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.forecast.landmarks import ONE_DAY, at_risk, report_landmark
from helpers.analyses.churn.health_score.measures import measured
from helpers.analyses.churn.health_score.plans import Plan
from helpers.analyses.churn.health_score.rankings import HealthBacktest
from helpers.analyses.churn.health_score.scales import DIGITS, Band, shares_of_weight
from helpers.analyses.churn.health_score.vocabulary import (
    BAND,
    BASIS,
    BEFORE_ON,
    FIRST_CAUSE,
    HEALTH,
    HEALTH_BEFORE,
    MEASURES_USED,
    POINTS_CHANGE,
    SCALE_ON,
    SCORED_ON,
    SECOND_CAUSE,
    WEIGHTING,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS, SHARE


@dataclass(frozen=True)
class Health(Members, Finding):
    """The score of every customer still there, and what became of it."""

    table: pd.DataFrame = field(repr=False)  # the lowest scores first
    contributions: pd.DataFrame = field(repr=False)  # points of the change by measure, one row a row of `table`
    plan: Plan = field(repr=False)  # of the page's own meaning of leaving
    columns = (
        CUSTOMER_ID, BASIS, HEALTH, BAND, MEASURES_USED, HEALTH_BEFORE, POINTS_CHANGE, FIRST_CAUSE, SECOND_CAUSE,
        SCORED_ON, BEFORE_ON, SCALE_ON,
    )  # fmt: skip
    shown = (BASIS, BAND, CUSTOMERS.but(adds_up=[[BASIS]]), SHARE.but(tells=CUSTOMERS))

    def summary(self) -> pd.DataFrame:
        """Customers by band under each meaning of leaving."""
        pairs = pd.MultiIndex.from_product([self.table[BASIS].unique(), list(Band)], names=[BASIS, BAND])
        counts = self.table.groupby([BASIS, BAND]).size().reindex(pairs, fill_value=0).astype(float)
        share = counts / counts.groupby(BASIS).transform("sum")
        return pd.DataFrame({CUSTOMERS: counts, SHARE: share}).reset_index().astype({BAND: str})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by band, of the page's own meaning of leaving."""
        lines = self.to_show()
        lines = lines[lines[BASIS] == self.plan.basis]
        named = lines.assign(band=lines[BAND].map(BAND.write))
        return charts.bars(named, value=CUSTOMERS, label=BAND, share=SHARE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many customers are red, yellow and green?")

    def headline(self) -> Sentence:
        """How many are red; how the score is made below."""
        own = self.table[self.table[BASIS] == self.plan.basis]
        return say(
            "{red} of {customers} customers are red.",
            red=facts.Count(own[BAND].eq(Band.RED).sum()),
            customers=facts.Count(len(own)),
        ).resting_on(
            say(
                "A score is the customer's mean rank among the customers of {day}, from 0 to 100; red is up to {red}, "
                "yellow up to {yellow}.",
                day=facts.Day(own[SCALE_ON].iloc[0].date()),
                red=facts.Number(self.plan.edges[0]),
                yellow=facts.Number(self.plan.edges[1]),
            ),
            say("Weights: {weighting}.", weighting=facts.Word(self.plan.weighting, WEIGHTING)),
            say("Scores are ranks: about half of all are below 50, however well customers do."),
        )


@if_applicable
def health(tested: HealthBacktest, data: Dataset, before: pd.DataFrame | None = None) -> Health | NotApplicable:
    """The score of every customer still there on the day of `data`, as `tested` found best, and on the day before.

    That day is the one of the table `health` of the report `before`, or else as long ago as the trial's horizon; both
    scores are made by today's weights and on the same frozen scale, so nobody moves because others did, or weights. A
    cause is a measure that moved the score its way, the most first. Customers of whom no measure is known have no row.
    """
    plans = [each.plan for each in tested.trials]
    parts = [_part(plan, data, _day_before(plan, before, tested.horizon_days)) for plan in plans]
    table, contributions = (pd.concat(each, ignore_index=True) for each in zip(*parts, strict=True))
    if (table[BASIS] == tested.own.plan.basis).sum() < SMALLEST_GROUP:
        return NotApplicable(say("fewer than {least} customers have a score.", least=facts.Count(SMALLEST_GROUP)))
    return Health(table, contributions, tested.own.plan)


def _day_before(plan: Plan, before: pd.DataFrame | None, days: int) -> pd.Timestamp:
    """The landmark whose scores today's are compared with."""
    now = report_landmark(plan.stays)
    kept = None if before is None else before.loc[before[BASIS] == plan.basis, SCORED_ON].max()
    known = kept is not None and pd.Timestamp(kept) + ONE_DAY < now
    return pd.Timestamp(kept) + ONE_DAY if known else now - pd.Timedelta(days=days)


def _part(plan: Plan, data: Dataset, before: pd.Timestamp) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of one meaning of leaving, and what each measure added to their change."""
    now = report_landmark(plan.stays)
    rows = at_risk(plan.stays, data, pd.DatetimeIndex([before, now]))
    points = plan.scale.points(measured(data, rows).reindex(columns=list(plan.scale.reference)))
    rows, points = rows.set_index("customer_id"), points.set_axis(rows["customer_id"])
    here, then = (points[(rows["landmark_at"] == day).to_numpy()] for day in (now, before))
    then = then.reindex(here.index)
    scores, earlier = (plan.scores_of(each) for each in (here, then))
    known = scores.notna()
    moved = contributions(here, then, plan)[known]
    change = (scores - earlier)[known].round(DIGITS)
    causes = _causes(moved, change)
    table = pd.DataFrame(
        {
            CUSTOMER_ID: scores.index[known],
            BASIS: plan.basis,
            HEALTH: scores[known].to_numpy(),
            BAND: plan.bands(scores[known]).astype(str).to_numpy(),
            MEASURES_USED: shares_of_weight(here[known], plan.weights).notna().sum(axis=1).to_numpy(),
            HEALTH_BEFORE: earlier[known].to_numpy(),
            POINTS_CHANGE: change.to_numpy(),
            FIRST_CAUSE: causes[0],
            SECOND_CAUSE: causes[1],
            SCORED_ON: now - ONE_DAY,
            BEFORE_ON: before - ONE_DAY,
            SCALE_ON: plan.scale.landmark_at - ONE_DAY,
        }
    )
    order = table.sort_values([HEALTH, CUSTOMER_ID]).index
    return table.loc[order], moved.reset_index(drop=True).loc[order]


def contributions(now: pd.DataFrame, before: pd.DataFrame, plan: Plan) -> pd.DataFrame:
    """Points that each measure added to a score between two days; over the measures they are the change, exactly.

    Σ (s x − s' x') with shares of weight s, s' now and before, x measured from the middle of both scores: where the
    same measures are known that is s Δx; one that came to be known adds what it stands above that middle. Missing
    where either score is.
    """
    shares = [shares_of_weight(points, plan.weights) for points in (now, before)]
    scores = [plan.scores_of(points) for points in (now, before)]
    middle = (scores[0] + scores[1]) / 2
    parts = [
        (share * points.sub(middle, axis=0)).fillna(0.0) for share, points in zip(shares, (now, before), strict=True)
    ]
    return (parts[0] - parts[1]).where(middle.notna(), np.nan)


def _causes(moved: pd.DataFrame, change: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """The two measures that moved each score most, its way; empty where none did."""
    its_way = moved.mul(np.sign(change), axis=0).fillna(0.0)
    its_way = its_way.where(its_way.round(DIGITS) > 0, 0.0)
    its_way = its_way.assign(**{"": 0.0})  # of one measure alone there is no second
    picked = np.argsort(-its_way.to_numpy(), axis=1, kind="stable").T[:2]
    names = its_way.columns.to_numpy(dtype=object)
    first, second = (np.where(its_way.to_numpy()[np.arange(len(at)), at] > 0, names[at], "") for at in picked)
    return first, second
