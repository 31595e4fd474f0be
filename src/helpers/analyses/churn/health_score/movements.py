"""What moved the scores of all customers since the day before."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.health_score.scales import Band
from helpers.analyses.churn.health_score.standings import Health
from helpers.analyses.churn.health_score.vocabulary import (
    BASIS,
    BEFORE_ON,
    FELL,
    FIRST_CAUSE,
    HEALTH_BEFORE,
    HEALTH_MEASURE,
    MEAN_POINTS,
    POINTS_CHANGE,
    ROSE,
)
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP


@dataclass(frozen=True)
class HealthMovement(Finding):
    """Points by which each measure moved the mean score of the customers who had one on both days; they add up."""

    table: pd.DataFrame
    customers: int  # with a score on both days, of the page's own meaning of leaving
    worse: int  # of these: red now, and not before
    better: int
    mean_change: float
    since: pd.Timestamp
    columns = (BASIS, HEALTH_MEASURE, MEAN_POINTS, FELL, ROSE)

    @property
    def own(self) -> pd.DataFrame:
        """The measures under the page's own meaning of leaving."""
        return self.table[self.table[BASIS] == self.table[BASIS].iloc[0]]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Points by measure."""
        named = self.own.assign(health_measure=self.own[HEALTH_MEASURE].map(HEALTH_MEASURE.write))
        return charts.bars(named, value=MEAN_POINTS, label=HEALTH_MEASURE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which measures moved the mean score, by how many points?")

    def headline(self) -> Sentence:
        """How many became red and how many no longer are; the mean change and its first cause below."""
        most = self.own.loc[self.own[MEAN_POINTS].abs().idxmax()]
        return say(
            "{worse} customers became red and {better} no longer are.",
            worse=facts.Count(self.worse),
            better=facts.Count(self.better),
        ).resting_on(
            say(
                "Since {day} the mean score of {customers} customers moved by {change} points, "
                "by “{measure}” most ({points}).",
                day=facts.Day(self.since.date()),
                customers=facts.Count(self.customers),
                change=facts.Difference(self.mean_change),
                measure=facts.Word(most[HEALTH_MEASURE], HEALTH_MEASURE),
                points=facts.Difference(most[MEAN_POINTS]),
            ),
            say("Who has left since, or came, is not among them."),
        )


@if_applicable
def health_movement(scores: Health) -> HealthMovement | NotApplicable:
    """Mean points that each measure added to the scores of `scores` since the day before; their sum is the mean change.

    Customers who had a score on both days; `fell` and `rose` count them by the first cause of their change.
    """
    both = scores.table[HEALTH_BEFORE].notna()
    own = both & (scores.table[BASIS] == scores.plan.basis)
    if own.sum() < SMALLEST_GROUP:
        return NotApplicable(say("fewer than {least} customers had a score before.", least=facts.Count(SMALLEST_GROUP)))
    tables = [_table(scores, both & (scores.table[BASIS] == basis)) for basis in scores.table[BASIS].unique()]
    known = scores.table[own]
    before, now = (scores.plan.bands(values) == Band.RED for values in (known[HEALTH_BEFORE], known["health"]))
    return HealthMovement(
        pd.concat(tables, ignore_index=True),
        int(own.sum()),
        int((now & ~before).sum()),
        int((before & ~now).sum()),
        float(known[POINTS_CHANGE].mean()),
        pd.Timestamp(known[BEFORE_ON].iloc[0]),
    )


def _table(scores: Health, here: pd.Series) -> pd.DataFrame:
    rows, moved = scores.table[here], scores.contributions[here]
    used = [name for name in moved if moved[name].abs().sum() > 0]
    by_cause = {way: rows.loc[rows[POINTS_CHANGE] * sign > 0, FIRST_CAUSE].value_counts() for way, sign in WAYS.items()}
    return pd.DataFrame(
        {
            BASIS: rows[BASIS].iloc[0] if len(rows) else "",
            HEALTH_MEASURE: used,
            MEAN_POINTS: moved[used].mean().to_numpy(),
            **{way: counts.reindex(used, fill_value=0).to_numpy() for way, counts in by_cause.items()},
        }
    )


WAYS = {FELL: -1, ROSE: 1}
