"""Which measures earn their place in the score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from scipy.stats import norm

from helpers.analyses.churn.health_score.plans import Weighting
from helpers.analyses.churn.health_score.rankings import HealthBacktest
from helpers.analyses.churn.health_score.scales import scored
from helpers.analyses.churn.health_score.trials import ALL_DAYS, DRAWS, Trial, ranking
from helpers.analyses.churn.health_score.vocabulary import (
    BASIS,
    GAIN,
    HEALTH_MEASURE,
    KNOWN_SHARE,
    LEARNT_SHARE,
    WEIGHT_SHARE,
)
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, UPPER
from helpers.statistics.inference import adjust, bootstrap, percentile_limits


@dataclass(frozen=True)
class HealthMeasures(Finding):
    """What each measure adds to a score of all measures alike, and what it weighs."""

    table: pd.DataFrame
    columns = (BASIS, HEALTH_MEASURE, KNOWN_SHARE, WEIGHT_SHARE, LEARNT_SHARE, GAIN, LOWER, UPPER, ADJUSTED_P_VALUE)

    @property
    def own(self) -> pd.DataFrame:
        """The measures under the page's own meaning of leaving."""
        return self.table[self.table[BASIS] == self.table[BASIS].iloc[0]]

    def plot(self, ax: Axes | None = None) -> Axes:
        """What each adds, with its interval."""
        named = self.own.assign(health_measure=self.own[HEALTH_MEASURE].map(HEALTH_MEASURE.write))
        return charts.forest(named, estimate=GAIN, label=HEALTH_MEASURE, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How much more often is a score of all measures alike right with each than without it?")

    def headline(self) -> Sentence:
        """The measure that helps most, and the one that hurts most, where any surely does."""
        own = self.own.set_index(HEALTH_MEASURE)
        sure = own[own[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        helps, hurts = sure.loc[sure[GAIN] > 0, GAIN], sure.loc[sure[GAIN] < 0, GAIN]
        best = facts.Word(helps.idxmax(), HEALTH_MEASURE) if len(helps) else None
        worst = facts.Word(hurts.idxmin(), HEALTH_MEASURE) if len(hurts) else None
        if best and worst:
            told = say(
                "“{best}” helps the score most to tell who leaves; “{worst}” makes it worse.", best=best, worst=worst
            )
        elif best:
            told = say("“{best}” helps the score most to tell who leaves.", best=best)
        elif worst:
            told = say("“{worst}” makes the score tell worse who leaves.", worst=worst)
        else:
            told = say("No evidence that any measure alone helps the score to tell who leaves, or makes it worse.")
        return told.resting_on(*self._basis())

    def _basis(self) -> Iterator[Sentence]:
        for row in self.own.to_dict("records"):
            if row[ADJUSTED_P_VALUE] < SIGNIFICANCE:
                yield say(
                    "“{measure}”: {gain} ({interval}).",
                    measure=facts.Word(row[HEALTH_MEASURE], HEALTH_MEASURE),
                    gain=facts.Points(row[GAIN]),
                    interval=facts.limits(row, facts.Points),
                )
        yield say("Percentage points of pairs of one who left and one who stayed, with 95% intervals.")


@if_applicable
def health_measures(tested: HealthBacktest) -> HealthMeasures | NotApplicable:
    """What each measure adds to the share of pairs that a score of all measures alike ranks rightly, on all days.

    The score without the measure is the other one; intervals are percentiles of 200 bootstrap draws of whole customers,
    each measure for itself; p-values take the draws' spread for that of a normal (Holm over the measures). Not
    applicable where there is one measure alone.
    """
    tables = [_table(each) for each in tested.trials if len(each.weights[Weighting.EQUAL]) > 1]
    if not tables or len(tested.own.weights[Weighting.EQUAL]) < 2:
        return NotApplicable(say("the score is made of one measure alone."))
    return HealthMeasures(pd.concat(tables, ignore_index=True))


def _table(each: Trial) -> pd.DataFrame:
    names = list(each.weights[Weighting.EQUAL])
    without = {
        name: scored(each.points, dict.fromkeys([other for other in names if other != name], 1.0)) for name in names
    }
    scores = pd.DataFrame(without).fillna(50.0).assign(whole=each.scores[Weighting.EQUAL])  # of one measure: the middle
    ranks = ranking(each.rows, scores)

    def gains(weights: np.ndarray) -> dict[str, float]:
        areas = ranks.areas(weights)
        return {name: areas["whole", ALL_DAYS] - areas[name, ALL_DAYS] for name in names}

    limits = percentile_limits(bootstrap(gains, each.cluster, draws=DRAWS))
    gain = np.array(list(gains(np.ones(len(each.rows))).values()))
    p_values = 2 * norm.sf(np.abs(gain) / limits["std_error"].replace(0, np.inf).to_numpy())
    used, learnt = each.plan.weights, each.weights.get(Weighting.LEARNT)
    return pd.DataFrame(
        {
            BASIS: each.plan.basis,
            HEALTH_MEASURE: names,
            KNOWN_SHARE: each.points[names].notna().mean().to_numpy(),
            WEIGHT_SHARE: [used.get(name, 0.0) / sum(used.values()) for name in names],
            LEARNT_SHARE: [np.nan if learnt is None else learnt.get(name, 0.0) for name in names],
            GAIN: gain,
            LOWER: limits["lower"],
            UPPER: limits["upper"],
            ADJUSTED_P_VALUE: adjust(p_values, "holm"),
        }
    )
