"""Features: how many active customers use each, and how many of those who try one use it again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import ibis
import ibis.expr.types as ir
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.journey.vocabulary import (
    ADOPTED_SHARE,
    AGAIN_LOWER,
    AGAIN_SHARE,
    AGAIN_UPPER,
    FEATURE,
    TRIED,
    USERS,
)
from helpers.data.datasets import Dataset
from helpers.data.days import morning, night
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, folded_rows
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.statistics.shares import wilson_interval

FEATURES = ("event", "content", "channel")  # columns of events that may name a feature
ACTIVE_DAYS = 90  # in which who does anything is active
AGAIN_DAYS = 30
NAMED_DAYS = 180  # in which features are large enough to be named
UNSURE_DAYS = 90  # of the data's first days, in which a first use may be none
MOST_FEATURES = 15  # the small ones together are one of them


@dataclass(frozen=True)
class FeatureUse(Finding):
    """Use of each feature by active customers, and repeat use by those who tried it."""

    table: pd.DataFrame  # a row a feature, the most used first
    by: str  # the column of events that names features
    uses: ir.Table = field(repr=False)  # customer_id, feature, on: of the engine, one row a day of use
    active: int  # customers
    until: dt.date  # the last day of which events tell
    columns = (FEATURE, USERS, ADOPTED_SHARE, LOWER, UPPER, TRIED, AGAIN_SHARE, AGAIN_LOWER, AGAIN_UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share of active customers who use each feature."""
        named = self.table.assign(feature=self.table[FEATURE].map(FEATURE.write))
        return charts.forest(named, estimate=ADOPTED_SHARE, label=FEATURE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many active customers use each feature?")

    def headline(self) -> Sentence:
        """The feature that most use, and the one that fewest use again."""
        most, tried = self.table.iloc[0], self.table.dropna(subset=AGAIN_SHARE)
        tried = tried[tried[FEATURE] != SMALL_GROUPS]
        known = {"feature": facts.Word(most[FEATURE], FEATURE), "share": facts.Share(most[ADOPTED_SHARE])}
        basis = say(
            "Of {customers} customers with any event in the {days} up to {day}; again is on another day within {again} "
            "of the first use.",
            customers=facts.Count(self.active),
            days=facts.Days(ACTIVE_DAYS),
            day=facts.Day(self.until),
            again=facts.Days(AGAIN_DAYS),
        )
        if len(tried) < 2:
            return say("{share} of active customers use “{feature}”.", **known).resting_on(basis)
        least = tried.loc[tried[AGAIN_SHARE].idxmin()]
        told = say(
            "{share} of active customers use “{feature}”; “{least}” is used again least: by {again}.",
            least=facts.Word(least[FEATURE], FEATURE),
            again=facts.Share(least[AGAIN_SHARE]),
            **known,
        )
        interval = say(
            "“{feature}”: {tried} tried it, {again} ({interval}) again.",
            feature=facts.Word(least[FEATURE], FEATURE),
            tried=facts.Count(least[TRIED]),
            again=facts.Share(least[AGAIN_SHARE]),
            interval=facts.Range(facts.Share(least[AGAIN_LOWER]), facts.Share(least[AGAIN_UPPER])),
        )
        return told.resting_on(interval, basis)


@analysis
def feature_use(data: Dataset, by: str = "event") -> FeatureUse | NotApplicable:
    """Share of active customers who used each feature, and of those who tried one, who used it again within 30 days.

    A feature is a value of the column `by` of events; the small ones are one, and so are those beyond the 15 of most
    customers. Active is who did anything in the last 90 days. A first use counts when 30 days have followed it, and
    not in the first 90 days of the events, when it may be none. Intervals are Wilson's. Raises ValueError for a `by`
    that is none.
    """
    parameters.one_of("feature", by, FEATURES)
    if "events" not in data.tables or "events" not in data.spans:
        return NotApplicable(say("this data set has no events: export what customers do, with its name and time."))
    events, span = data.tables["events"], data.spans["events"]
    uses = events.select("customer_id", feature=events[by], on=events.happened_at.date()).drop_null().distinct()
    until = span.told_until(data.as_of)
    begin = until - dt.timedelta(days=ACTIVE_DAYS - 1)
    recent = events.filter(events.happened_at >= morning(begin), events.happened_at < night(until))
    active = int(recent.select("customer_id").drop_null().distinct().count().execute())
    lately = until - dt.timedelta(days=NAMED_DAYS - 1)
    names = folded_rows(uses.filter(uses.on >= lately, uses.on <= until), "feature", MOST_FEATURES)[1]
    named = [name for name in names if name != SMALL_GROUPS]
    few = NotApplicable(say("no feature was used by {least} customers lately.", least=facts.Count(SMALLEST_GROUP)))
    if active < SMALLEST_GROUP or not named:
        return few
    uses = uses.mutate(feature=uses.feature.isin(named).ifelse(uses.feature, SMALL_GROUPS)).distinct()
    each = uses.filter(uses.on >= begin, uses.on <= until).select("customer_id", "feature").distinct()
    users = each.group_by("feature").agg(users=each.count()).execute().set_index("feature")["users"]
    users = users.reindex([name for name in names if users.get(name, 0) >= SMALLEST_GROUP])
    if users.empty:  # there were that many in a year, but not in the last 90 days
        return few
    users = users.sort_values(ascending=False, kind="stable", key=lambda n: n.where(n.index != SMALL_GROUPS, 0))
    again = _again(uses, span.first + dt.timedelta(days=UNSURE_DAYS), until).reindex(users.index)
    return FeatureUse(_table(users, again.fillna(0).astype("int64"), active), by, uses, active, until)


def _table(users: pd.Series, again: pd.DataFrame, active: int) -> pd.DataFrame:
    """The shares of `users` among the active, and of those who tried each feature; these where enough did."""
    lower, upper = wilson_interval(users, active)
    ends = wilson_interval(again["again"], again["tried"].clip(lower=1))
    few = again["tried"] < LEAST_AT_RISK
    shares = [again["again"] / again["tried"].clip(lower=1), *(pd.Series(end, users.index) for end in ends)]
    columns = {FEATURE: users.index, USERS: users, ADOPTED_SHARE: users / active, LOWER: lower, UPPER: upper,
               TRIED: again["tried"].where(~again["tried"].between(1, SMALLEST_GROUP - 1))}  # fmt: skip
    columns |= {
        name: share.mask(few) for name, share in zip((AGAIN_SHARE, AGAIN_LOWER, AGAIN_UPPER), shares, strict=True)
    }
    return pd.DataFrame(columns).reset_index(drop=True)


def _again(uses: ir.Table, begin: dt.date, until: dt.date) -> pd.DataFrame:
    """How many first used each feature from `begin` on, `AGAIN_DAYS` before the end, and again within these days."""
    own = ibis.window(group_by=["customer_id", "feature"])
    days = uses.mutate(first=uses.on.min().over(own))
    days = days.filter(days["first"] >= begin, days["first"] <= until - dt.timedelta(days=AGAIN_DAYS))
    days = days.mutate(wait=days.on.delta(days["first"], unit="day"))
    each = days.group_by("customer_id", "feature").agg(again=days.wait.between(1, AGAIN_DAYS).any())
    return each.group_by("feature").agg(tried=each.count(), again=each.again.sum()).execute().set_index("feature")
