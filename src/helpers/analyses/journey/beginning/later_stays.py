"""Do newcomers who take a step early stay? Seen from one landmark, before which nobody had time to earn the step."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers.analyses.journey import staying
from helpers.analyses.journey.beginning.early_steps import LATER, Onboarding
from helpers.analyses.journey.beginning.newcomers import Newcomers
from helpers.analyses.journey.road.touches import Touchpoints
from helpers.analyses.journey.staying import STAY_DAYS, Staying, StaysBy
from helpers.analyses.journey.vocabulary import ALIKE_STAYED_SHARE, DIFFERENCE_RATE, STAYED_SHARE, STEP
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.vocabulary import P_VALUE


@dataclass(frozen=True)
class LaterStays(StaysBy):
    """The share that stayed of those who took each step in their first 30 days, beside others who came as they did."""

    gone: int = 0  # who had left before their landmark
    columns = (STEP, *StaysBy.columns)
    shown = tuple(column for column in columns if column != P_VALUE)
    what = STEP

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("By how much more often do those stay who take each step early?")

    def _alike(self) -> Sentence:
        return say("No evidence that newcomers who take a step early stay more or less often.")

    def _told(self, row: pd.Series) -> Sentence:
        known = {
            "step": facts.Word(row[STEP], STEP),
            "share": facts.Share(row[STAYED_SHARE]),
            "others": facts.Share(row[ALIKE_STAYED_SHARE]),
        }
        if row[DIFFERENCE_RATE] > 0:
            return say("Newcomers who reach “{step}” early stay more often: {share}, others {others}.", **known)
        return say("Newcomers who reach “{step}” early stay less often: {share}, others {others}.", **known)

    def _tests(self, clear: int) -> Sentence:
        return say(
            "{beyond} of {steps} steps differ beyond chance, tested together.",
            beyond=facts.Count(clear),
            steps=facts.Count(len(self.table)),
        )

    def _basis(self) -> list[Sentence]:
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
    counts for nobody, for whoever stays has longer to do it (immortal time). Others are those of the same
    cohort. Assumes that newcomers of one cohort differ by nothing else that makes them stay, which is
    seldom so: differences are associations. Source: Anderson, Cain & Gelber (1983), Analysis of survival by tumor
    response; `staying.compared`.
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
