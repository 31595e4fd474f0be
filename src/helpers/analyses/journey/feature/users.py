"""Do customers stay who use a feature? Beside others who were as active, for whoever comes often uses everything."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.journey import staying
from helpers.analyses.journey.feature.adoption import FeatureUse
from helpers.analyses.journey.road.touches import Touchpoints
from helpers.analyses.journey.staying import STAY_DAYS, StaysBy
from helpers.analyses.journey.vocabulary import ALIKE_STAYED_SHARE, DIFFERENCE_RATE, FEATURE, STAYED_SHARE
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.vocabulary import P_VALUE

LOOKBACK_DAYS = 90
ACTIVE_BANDS = (*range(1, 21), 23, 27, 32, 40, 60)  # days with events; upper edges of who is as active
RECENT_BANDS = (2, 7, 14, 30)  # days since the last of them


@dataclass(frozen=True)
class FeatureStays(StaysBy):
    """The share that stayed of the users of each feature, beside others who had been as active."""

    landmark_on: dt.date = dt.date.min  # the first day of those over which staying is seen
    columns = (FEATURE, *StaysBy.columns)
    shown = tuple(column for column in columns if column != P_VALUE)
    what = FEATURE

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("By how much more often do users of a feature stay than others as active?")

    def _alike(self) -> Sentence:
        return say("No evidence that users of a feature stay more or less often than others as active.")

    def _told(self, row: pd.Series) -> Sentence:
        known = {
            "feature": facts.Word(row[FEATURE], FEATURE),
            "share": facts.Share(row[STAYED_SHARE]),
            "others": facts.Share(row[ALIKE_STAYED_SHARE]),
        }
        if row[DIFFERENCE_RATE] > 0:
            return say("Who uses “{feature}” stays more often: {share}, others as active {others}.", **known)
        return say("Who uses “{feature}” stays less often: {share}, others as active {others}.", **known)

    def _tests(self, clear: int) -> Sentence:
        return say(
            "{beyond} of {features} features differ beyond chance, tested together.",
            beyond=facts.Count(clear),
            features=facts.Count(len(self.table)),
        )

    def _basis(self) -> list[Sentence]:
        looked = say(
            "Use is that of the {days} before {day} ({customers} customers); others had as many days with events, and "
            "the last one as lately.",
            days=facts.Days(LOOKBACK_DAYS),
            day=facts.Day(self.landmark_on),
            customers=facts.Count(self.customers),
        )
        return [looked, self.meaning.said]


@if_applicable
def feature_stays(used: FeatureUse, data: Dataset, points: Touchpoints) -> FeatureStays | NotApplicable:
    """Share that stayed for 90 days, by whether each feature was used in the 90 days before them.

    All who did anything in these are looked at from one landmark, the same day for everybody; who had left is out.
    Others are those of as many days with events, and as lately the last, in bands, for each visit is a chance to use
    anything. Assumes that customers as active differ by nothing else that makes them stay, which is seldom so:
    differences are associations. Features are tested together (Holm). Source: `staying.compared`.
    """
    day = used.until - dt.timedelta(days=STAY_DAYS - 1)
    begin = day - dt.timedelta(days=LOOKBACK_DAYS)
    past = used.uses.filter(used.uses.on >= begin, used.uses.on < day)
    uses = past.select("customer_id", "feature").distinct().execute()
    days = past.select("customer_id", "on").distinct()
    active = days.group_by("customer_id").agg(days=days.count(), last=days.on.max()).execute()
    landmarks = active.assign(landmark_at=pd.Timestamp(day))
    own = [step.name for step in points.steps if step.by_customer]
    rows = staying.stayed(data, points.rows.filter(points.rows.step.isin(own)), landmarks)
    rows = rows.set_index("customer_id", drop=False)
    left = int((~rows["stayed"].astype(bool)).sum())
    if min(left, len(rows) - left) < LEAST_AT_RISK:
        few = say(
            "fewer than {least} of the customers active before {day} stayed, or did not.",
            least=facts.Count(LEAST_AT_RISK),
            day=facts.Day(day),
        )
        return NotApplicable(few)
    took = {name: pd.Series(rows.index.isin(own["customer_id"]), rows.index) for name, own in uses.groupby("feature")}
    table = staying.compared(rows, took, as_active(rows), FEATURE)
    if table.empty:
        few = say("no feature is used by {least} customers, and not by as many.", least=facts.Count(LEAST_AT_RISK))
        return NotApplicable(few)
    return FeatureStays(table, staying.meaning(data), len(rows), day)


def as_active(rows: pd.DataFrame) -> pd.Series:
    """One number for customers with about as many `days` of events before `landmark_at`, the `last` about as late."""
    often, lately = np.searchsorted(ACTIVE_BANDS, rows["days"]), np.searchsorted(RECENT_BANDS, _silent(rows))
    return pd.Series(often * (len(RECENT_BANDS) + 1) + lately, rows.index)


def _silent(rows: pd.DataFrame) -> pd.Series:
    """Days from the `last` with events to the landmark."""
    return (rows["landmark_at"] - pd.to_datetime(rows["last"])).dt.days
