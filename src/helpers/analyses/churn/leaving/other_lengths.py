"""What another length of silence would say: survival and reactivation for a shorter and a longer one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.analyses.churn.leaving.definition import Definition
from helpers.analyses.churn.leaving.silence import order_days, usual_silence
from helpers.analyses.churn.leaving.vocabulary import REACTIVATION_RATE, SILENCE_DAYS
from helpers.analyses.churn.vocabulary import STAY_RATE, STAY_RATE_ON, TENURE_DAYS
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, formats, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.language import _
from helpers.statistics import survival

SENSITIVITY = (0.7, 1.0, 1.3)
STAY_DAYS = 180


@dataclass(frozen=True)
class SilenceChoices(Finding):
    """The same orders read with a shorter and a longer silence."""

    table: pd.DataFrame
    curves: pd.DataFrame  # silence_days, tenure_days, stay_rate, lower, upper
    given: bool  # whether the middle one was asked for rather than found in the gaps
    columns = (SILENCE_DAYS, CUSTOMERS, REACTIVATION_RATE, STAY_RATE_ON, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Survival under each silence, dated back to the last order."""
        longer = [_("more than {silence}").format(silence=formats.days(days)) for days in self.curves[SILENCE_DAYS]]
        named = self.curves.assign(silence=longer)
        return charts.steps(named, x=TENURE_DAYS, y=STAY_RATE, group="silence", band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many still order, with a shorter and with a longer silence?")

    def headline(self) -> Sentence:
        """How often a silence was not the end; how far the share that stays depends on its length below."""
        middle = self.table.iloc[len(self.table) // 2]
        back = middle[REACTIVATION_RATE]
        told = say(
            "Of silences longer than {silence}, {share} were followed by an order so far.",
            silence=facts.Days(middle[SILENCE_DAYS]),
            share=facts.Share(back),
        )
        if math.isnan(back):
            told = say("Nobody was silent for so long.")
        return told.resting_on(
            say("The length is the one asked for.")
            if self.given
            else say("The length is longer than 95% of the gaps between order days."),
            self._spread(),
        )

    def _spread(self) -> Sentence | None:
        """From which share to which still order, over the silences that are compared."""
        rates = self.table[STAY_RATE_ON.format(STAY_DAYS)].dropna()
        if len(rates) < 2:
            return None
        return say(
            "Over the lengths below, {shares} still order {days} after their first order.",
            shares=facts.Range(facts.Share(rates.min()), facts.Share(rates.max())),
            days=facts.Days(STAY_DAYS),
        )


@analysis
def silence_choices(data: Dataset, silence_days: int = 0) -> SilenceChoices | NotApplicable:
    """Survival of customers of `data` by silence: for `silence_days` (0: the usual one), and for 30 % less and more.

    Raises ValueError for a number of days that no silence may have.
    """
    longest = parameters.LONGEST_WINDOW_DAYS
    parameters.between("silence_days", silence_days, 0, longest)
    if "orders" not in data.tables:
        return NotApplicable(say("this data set has no orders: export them to see this."))
    usual = silence_days or usual_silence(order_days(data))
    if isinstance(usual, NotApplicable):
        return usual
    lengths = sorted({min(longest, max(1, round(usual * factor))) for factor in SENSITIVITY})
    answers = {length: stays(data, Definition.SILENCE, length) for length in lengths}
    readings = {length: each for length, each in answers.items() if not isinstance(each, NotApplicable)}
    if not readings:
        few = say(
            "too few customers had ordered {silence} before {day} for a silence to be told.",
            silence=facts.Days(usual),
            day=facts.Day(data.as_of),
        )
        return NotApplicable(few)
    rows, curves = [], []
    for length, each in readings.items():
        table = each.table
        watched = {"entry": table["entry_days"], "at_least": LEAST_AT_RISK}
        curve = survival.kaplan_meier(table["duration_days"], table["left"], **watched)
        after = survival.at(curve, STAY_DAYS)[["survival", "lower", "upper"]].iloc[0]
        rows.append((length, len(table), each.return_rate, *after))
        curves.append(curve.assign(silence_days=length))
    names = [SILENCE_DAYS, CUSTOMERS, REACTIVATION_RATE, STAY_RATE_ON.format(STAY_DAYS), LOWER, UPPER]
    both = pd.concat(curves, ignore_index=True).rename(columns={"time": TENURE_DAYS, "survival": STAY_RATE})
    return SilenceChoices(pd.DataFrame(rows, columns=names), both, bool(silence_days))
