"""How many left of the red, the yellow and the green."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.health_score.rankings import HealthBacktest, meaning
from helpers.analyses.churn.health_score.scales import Band
from helpers.analyses.churn.health_score.trials import Trial
from helpers.analyses.churn.health_score.vocabulary import BAND, BASIS, CUSTOMER_DAYS
from helpers.analyses.churn.leaving.definition import Definition
from helpers.analyses.churn.vocabulary import LEFT_RATE
from helpers.findings import Finding, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.statistics.shares import independent_rows, trend_in_shares, wilson_interval

LEAST_IN_BAND = 30  # of fewer no rate is told


@dataclass(frozen=True)
class HealthBands(Finding):
    """Share that left of each band, over all days of the trial."""

    table: pd.DataFrame
    p_values: dict[str, float]  # by basis: that the share does not fall from band to band
    falling: dict[str, bool]  # by basis
    missed: float  # share of leavers that had been green
    false_alarms: float  # share of the red that stayed
    horizon_days: int
    columns = (BASIS, BAND, CUSTOMER_DAYS, LEFT_RATE, LOWER, UPPER)

    @property
    def own(self) -> str:
        """The page's own meaning of leaving."""
        return str(self.table[BASIS].iloc[0])

    def plot(self, ax: Axes | None = None) -> Axes:
        """The shares with their intervals."""
        named = self.table.assign(
            basis=self.table[BASIS].map(BASIS.write), band=self.table[BAND].map(BAND.write)
        ).dropna(subset=LEFT_RATE)
        return charts.forest(named, estimate=LEFT_RATE, label=BAND, group=BASIS, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many left of the red, the yellow and the green?")

    def headline(self) -> Sentence:
        """The shares of red and green; leavers that were missed and false alarms below."""
        own = self.table[self.table[BASIS] == self.own].set_index(BAND)[LEFT_RATE]
        rates = {name: facts.Share(own[name]) for name in (Band.RED, Band.GREEN)}
        proved = self.p_values[self.own] < SIGNIFICANCE and self.falling[self.own]
        if own[[Band.RED, Band.GREEN]].isna().any():
            told = say("Too few customers were red, or green, to compare who left.")
        elif not proved:
            told = say("No evidence that red customers leave more often than green ones.")
        elif self.own == Definition.CONTRACT:
            told = say("Of the red {red} left within {days}, of the green {green}.", days=self._days, **_named(rates))
        else:
            told = say(
                "Of the red {red} ordered nothing within {days}, of the green {green}.",
                days=self._days,
                **_named(rates),
            )
        return told.resting_on(meaning(self.own, self.horizon_days), *self._basis())

    @property
    def _days(self) -> facts.Days:
        return facts.Days(self.horizon_days)

    def _basis(self) -> Iterator[Sentence]:
        p_value = self.p_values[self.own]
        if not np.isnan(p_value):
            yield say("That the shares fall from red to green: {p} (trend).", p=facts.PValue(p_value))
        if not np.isnan(self.missed):
            yield say("{share} of all who left had been green.", share=facts.Share(self.missed))
        if not np.isnan(self.false_alarms):
            yield say("{share} of the red stayed.", share=facts.Share(self.false_alarms))


def _named(rates: dict[Band, facts.Share]) -> dict[str, facts.Share]:
    return {str(name): rate for name, rate in rates.items()}


@if_applicable
def health_bands(tested: HealthBacktest) -> HealthBands:
    """Share that left within the horizon of each band, over all days on which `tested` gave scores.

    Wilson's 95 % intervals; whether shares fall from band to band is the Cochran–Armitage test. Both take for the
    number of rows as many as independent ones would tell as much, for customers were scored on several days. Bands of
    fewer than 30 have no share.
    """
    tables, p_values, falling = [], {}, {}
    for each in tested.trials:
        band = each.plan.bands(each.score)
        counts = pd.DataFrame([_count(each, (band == name).to_numpy()) for name in Band], index=[*map(str, Band)])
        trend = trend_in_shares(counts["share"].fillna(0) * counts["size"], counts["size"])
        p_values[each.plan.basis], falling[each.plan.basis] = trend.p_value, trend.z < 0
        lower, upper = wilson_interval(counts["share"].fillna(0) * counts["size"], counts["size"])
        told = counts["rows"] >= LEAST_IN_BAND
        rates = pd.DataFrame({LEFT_RATE: counts["share"], LOWER: lower, UPPER: upper}, index=counts.index).where(told)
        tables.append(
            pd.DataFrame({BASIS: each.plan.basis, BAND: counts.index, CUSTOMER_DAYS: counts["rows"]}).join(rates)
        )
    own = tested.own
    band, left = own.plan.bands(own.score), own.rows["left"]
    return HealthBands(
        pd.concat(tables, ignore_index=True),
        p_values,
        falling,
        float((band[left] == Band.GREEN).mean()),
        float((~left[band == Band.RED]).mean()),
        tested.horizon_days,
    )


def _count(each: Trial, here: np.ndarray) -> dict[str, float]:
    """Rows of a band, the share that left, and how many independent rows would tell it as well."""
    left, customer = each.rows.loc[here, "left"], each.rows.loc[here, "customer_id"]
    if left.empty:
        return {"rows": 0, "share": np.nan, "size": 0.0}
    off = (left - left.mean()).groupby(customer).sum()
    size = independent_rows(left.sum(), len(left), (off**2).sum(), max(len(off), 2))
    return {"rows": len(left), "share": float(left.mean()), "size": float(size)}
