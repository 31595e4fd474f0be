"""Do newcomers who take a step early stay? Seen from one landmark, before which nobody had time to earn the step."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.journey import staying
from helpers.analyses.journey.beginning.early_steps import LATER, Onboarding
from helpers.analyses.journey.beginning.newcomers import Newcomers
from helpers.analyses.journey.road.touches import Touchpoints
from helpers.analyses.journey.staying import STAY_DAYS, Staying
from helpers.analyses.journey.vocabulary import (
    ALIKE_STAYED_SHARE,
    DIFFERENCE_LOWER,
    DIFFERENCE_RATE,
    DIFFERENCE_UPPER,
    STAYED_SHARE,
    STEP,
    TAKERS,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, charts, facts, if_applicable, say
from helpers.findings.evidence import ASSOCIATION, LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, P_VALUE


@dataclass(frozen=True)
class LaterStays(Finding):
    """The share that stayed of those who took each step in their first 30 days, beside others who came as they did."""

    table: pd.DataFrame
    meaning: Staying
    customers: int  # who were there at their landmark
    gone: int  # who had left before it
    columns = (
        STEP, TAKERS, STAYED_SHARE, ALIKE_STAYED_SHARE, DIFFERENCE_RATE, DIFFERENCE_LOWER, DIFFERENCE_UPPER, P_VALUE,
        ADJUSTED_P_VALUE,
    )  # fmt: skip
    shown = tuple(column for column in columns if column != P_VALUE)

    def summary(self) -> pd.DataFrame:
        """One row a step; the p-value is corrected (Holm) for the number of steps."""
        return self.table[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """By how much the share that stayed differs from that of the others, with its interval."""
        named = self.table.assign(**{STEP: self.table[STEP].map(STEP.write)})
        band = (DIFFERENCE_LOWER, DIFFERENCE_UPPER)
        return charts.forest(named, estimate=DIFFERENCE_RATE, label=STEP, band=band, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("By how much more often do those stay who take each step early?")

    def headline(self) -> Sentence:
        """The step whose takers stay most surely more or less often; no cause is claimed."""
        clear = self.table[self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        tests = say(
            "{beyond} of {steps} steps differ beyond chance, tested together.",
            beyond=facts.Count(len(clear)),
            steps=facts.Count(len(self.table)),
        )
        if clear.empty:
            told = say("No evidence that newcomers who take a step early stay more or less often.")
            return told.resting_on(tests, *self._basis())
        first = clear.sort_values(P_VALUE).iloc[0]
        known = {
            "step": facts.Word(first[STEP], STEP),
            "share": facts.Share(first[STAYED_SHARE]),
            "others": facts.Share(first[ALIKE_STAYED_SHARE]),
        }
        if first[DIFFERENCE_RATE] > 0:
            told = say("Newcomers who reach “{step}” early stay more often: {share}, others {others}.", **known)
        else:
            told = say("Newcomers who reach “{step}” early stay less often: {share}, others {others}.", **known)
        interval = facts.Range(facts.Points(first[DIFFERENCE_LOWER]), facts.Points(first[DIFFERENCE_UPPER]))
        apart = say(
            "The difference is {points} ({interval}).", points=facts.Points(first[DIFFERENCE_RATE]), interval=interval
        )
        return told.resting_on(apart, tests, *self._basis(), ASSOCIATION)

    def _basis(self) -> list[Sentence]:
        """Who is compared with whom, from when on, and what staying is."""
        looked = say(
            "Everybody is looked at {days} after coming ({customers} customers); steps count up to then, and others "
            "came at the same time.",
            days=facts.Days(LATER),
            customers=facts.Count(self.customers),
        )
        if self.meaning is Staying.ACTIVITY:
            return [looked, self.meaning.said]
        gone = say("{gone} had no contract then and are left out.", gone=facts.Count(self.gone))
        return [looked, gone, self.meaning.said]


@if_applicable
def later_stays(begun: Onboarding, data: Dataset, points: Touchpoints) -> LaterStays | NotApplicable:
    """Share that stayed for 90 days after their first 30, by whether each step was taken in these 30.

    All are looked at from one landmark, 30 days after they came: who had left by then is out, and what is done later
    counts for nobody, for whoever stays has longer to do it (immortal time). Others are weighted to the cohorts of
    those who took the step. Assumes that newcomers of one cohort differ by nothing else that makes them stay, which is
    seldom so: differences are associations. Source: Anderson, Cain & Gelber (1983), Analysis of survival by tumor
    response; `statistics.effects.match`.
    """
    came = begun.newcomers
    followed = came.came_on[came.came_on + pd.Timedelta(days=LATER + STAY_DAYS) <= came.until]
    landmarks = (followed + pd.Timedelta(days=LATER)).rename("landmark_at").rename_axis("customer_id").reset_index()
    own = [step.name for step in points.steps if step.by_customer]
    rows = staying.stayed(data, points.rows.filter(points.rows.step.isin(own)), landmarks)
    rows = rows.set_index("customer_id", drop=False)
    left = int((~rows["stayed"]).sum())
    if min(left, len(rows) - left) < LEAST_AT_RISK:
        few = say(
            "fewer than {least} newcomers stayed, or did not, in the {days} after their first {first}.",
            least=facts.Count(LEAST_AT_RISK),
            days=facts.Days(STAY_DAYS),
            first=facts.Days(LATER),
        )
        return NotApplicable(few)
    cohort = came.came_on.reindex(rows.index).dt.to_period("M").astype(str)
    table = staying.compared(rows, taken(came, rows.index), cohort, STEP)
    if table.empty:
        few = say("no step was taken early by {least} newcomers, and not by as many.", least=facts.Count(LEAST_AT_RISK))
        return NotApplicable(few)
    return LaterStays(table, staying.meaning(data), len(rows), len(landmarks) - len(rows))


def taken(came: Newcomers, customers: pd.Index) -> dict[str, pd.Series]:
    """Whether each of these customers took each step in the first 30 days; missing where that could not be seen."""
    early = came.waits.loc[customers] < LATER
    return {name: early[name].where(came.seen(name, LATER)[customers]) for name in early}
