"""Why customers left: stated reasons as competing ends of a stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.drivers.vocabulary import BY_TENURE_DAYS, LEAVERS_FOR_IT, LEAVERS_SHARE, LEFT_SHARE
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.timing.curves import DAYS
from helpers.analyses.churn.vocabulary import STATED_REASON, TENURE_DAYS
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP, UNKNOWN, folded_words
from helpers.findings.vocabulary import LOWER, UPPER
from helpers.statistics import survival
from helpers.statistics.shares import leads


@dataclass(frozen=True)
class Reasons(Finding):
    """Share of all customers who have left for each reason by a day (Aalen–Johansen)."""

    table: pd.DataFrame
    counts: pd.Series  # leavers by reason
    columns = (STATED_REASON, TENURE_DAYS, LEFT_SHARE, LOWER, UPPER)
    shown = (STATED_REASON, LEAVERS_FOR_IT.but(adds_up=[()]), LEAVERS_SHARE, BY_TENURE_DAYS, LEFT_SHARE, LOWER, UPPER)

    def at(self, days: int) -> pd.DataFrame:
        """The shares on one day: reason, left_share, lower, upper."""
        by_then = self.table[self.table[TENURE_DAYS] <= days]
        return by_then.groupby(STATED_REASON, sort=False, observed=True).last().reset_index()

    @property
    def days(self) -> int:
        """The latest of 30, 90, 180 and 365 days that was observed."""
        return max((day for day in DAYS if day <= self.table[TENURE_DAYS].max()), default=0)

    def summary(self) -> pd.DataFrame:
        """One row a reason: leavers, their share among leavers, and the share of customers who left for it by then."""
        counts = self.counts.rename(LEAVERS_FOR_IT).rename_axis(STATED_REASON).reset_index()
        table = counts.assign(leavers_share=self.counts.to_numpy() / self.counts.sum(), by_tenure_days=self.days)
        return table.merge(self.at(self.days).drop(columns=TENURE_DAYS), on=STATED_REASON, how="left")

    def plot(self, ax: Axes | None = None) -> Axes:
        """The shares over the stay, stacked: their sum is the share that left at all."""
        return charts.stacked_steps(self.table, x=TENURE_DAYS, y=LEFT_SHARE, part=STATED_REASON, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Which share of customers has left for each reason?")

    def headline(self) -> Sentence:
        """The most frequent reason, where one is ahead of the others beyond chance."""
        table = self.summary().set_index(STATED_REASON).sort_values(LEAVERS_FOR_IT, ascending=False, kind="stable")
        stated = table.drop(index=[UNKNOWN, SMALL_GROUPS], errors="ignore")
        if (leavers := stated[LEAVERS_FOR_IT].sum()) < LEAST_AT_RISK:
            return say(
                "{leavers} leavers stated a reason that others share: too few to rank.", leavers=facts.Count(leavers)
            )
        first, *others = stated.index
        row = stated.iloc[0]
        known = {"first": facts.Name(first), "share": facts.Share(row[LEAVERS_SHARE])}
        if not leads(stated[LEAVERS_FOR_IT]):
            return say(
                "“{first}” ({share} of leavers) and “{second}” ({other}) are stated about equally often.",
                second=facts.Name(others[0]),
                other=facts.Share(stated[LEAVERS_SHARE].iloc[1]),
                **known,
            ).resting_on(say("Which of them comes first may be chance."))
        return say("“{first}” is the most frequent reason: {share} of leavers state it.", **known).resting_on(
            self._of_all(row)
        )

    def _of_all(self, row: pd.Series) -> Sentence:
        """How many of all customers leave for a reason."""
        if not self.days:
            return say("How many leave for it within {days} cannot be told.", days=facts.Days(DAYS[0]))
        return say(
            "Within {days} {share} of all customers leave for it (95% interval {interval}).",
            days=facts.Days(self.days),
            share=facts.Share(row[LEFT_SHARE]),
            interval=facts.Range(facts.Share(row[LOWER]), facts.Share(row[UPPER])),
        )


@if_applicable
def reasons(stays: Stays) -> Reasons | NotApplicable:
    """Cumulative incidence of each stated reason of `stays`, as long as 20 are at risk; no reason is one of its own.

    Other reasons compete: their leavers cannot leave again, so the shares add up to all who left; 1 − Kaplan–Meier for
    each reason would not.
    """
    causes = stated_causes(stays)
    if isinstance(causes, NotApplicable):
        return causes
    watched = {"entry": stays.table["entry_days"], "at_least": LEAST_AT_RISK}
    table = survival.aalen_johansen(stays.table["duration_days"], causes, **watched)
    table = table.rename(columns={"cause": STATED_REASON, "time": TENURE_DAYS, "incidence": LEFT_SHARE})
    table = table.dropna(subset=LEFT_SHARE)
    counts = causes[causes != 0].value_counts()
    order = {reason: place for place, reason in enumerate([*counts.index.drop(UNKNOWN, errors="ignore"), UNKNOWN])}
    table = table.sort_values(STATED_REASON, key=lambda column: column.map(order), kind="stable", ignore_index=True)
    return Reasons(table[list(Reasons.columns)], counts)


def stated_causes(stays: Stays) -> pd.Series | NotApplicable:
    """The reason for which each stay ended, 0 where it has not; rare reasons are one, and so are missing ones."""
    left = stays.table["left"]
    stated = stays.table.loc[left, "reason"].replace("", np.nan)
    if stated.notna().sum() < SMALLEST_GROUP:
        return NotApplicable(say("no reasons for leaving are recorded."))
    return folded_words(stated).astype(str).reindex(left.index).astype(object).where(left, 0)
