"""What another length of silence would say: survival and reactivation for a shorter and a longer one."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn.leaving.definition import Definition, stays
from helpers.analyses.churn.leaving.silence import order_days, usual_silence
from helpers.analyses.churn.vocabulary import REACTIVATION_RATE, SILENCE_DAYS, STAY_RATE, STAY_RATE_ON, TENURE_DAYS
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, charts, formats
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.vocabulary import CUSTOMERS, LOWER, UPPER
from helpers.statistics import survival

SENSITIVITY = (0.7, 1.0, 1.3)
STAY_DAYS = 180


@dataclass(frozen=True)
class SilenceChoices(Finding):
    """The same orders read with a shorter and a longer silence."""

    table: pd.DataFrame
    curves: pd.DataFrame  # silence, tenure_days, stay_rate, lower, upper
    given: bool  # whether the middle one was asked for rather than found in the gaps
    columns = (SILENCE_DAYS, CUSTOMERS, REACTIVATION_RATE, STAY_RATE_ON, LOWER, UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Survival under each silence, dated back to the last order."""
        return charts.steps(self.curves, x=TENURE_DAYS, y=STAY_RATE, group="silence", band=(LOWER, UPPER), ax=ax)

    def headline(self) -> str:
        """How far the share that stays depends on the silence, and how often silence was not the end."""
        middle = self.table.iloc[len(self.table) // 2]
        rates = self.table["stay_180d_rate"].dropna()
        origin = "as asked for" if self.given else "longer than 95% of the gaps between order days"
        spread = (
            f" Over the silences below, {formats.interval(rates.min(), rates.max(), formats.percent)} still order "
            f"{STAY_DAYS} days after their first order."
            if len(rates) > 1
            else ""
        )
        return (
            f"A silence of more than {middle['silence_days']:.0f} days ({origin}) was followed by an order in "
            f"{formats.percent(middle['reactivation_rate'])} of cases so far (the reactivation rate).{spread}"
        )


def silence_choices(data: Dataset, silence_days: int = 0) -> SilenceChoices | NotApplicable:
    """Survival of customers of `data` by silence: for `silence_days` (0: the usual one), and for 30 % less and more.

    Raises ValueError for a number of days that no silence may have.
    """
    longest = parameters.LONGEST_WINDOW_DAYS
    parameters.between("silence_days", silence_days, 0, longest)
    if "orders" not in data.tables:
        return NotApplicable("this data set has no orders.")
    usual = silence_days or usual_silence(order_days(data))
    if isinstance(usual, NotApplicable):
        return usual
    lengths = sorted({min(longest, max(1, round(usual * factor))) for factor in SENSITIVITY})
    answers = {length: stays(data, Definition.SILENCE, length) for length in lengths}
    readings = {length: each for length, each in answers.items() if not isinstance(each, NotApplicable)}
    if not readings:
        return NotApplicable(
            f"too few customers had ordered {usual} days before {data.as_of} for a silence to be told."
        )
    rows, curves = [], []
    for length, each in readings.items():
        table = each.table
        watched = {"entry": table["entry_days"], "at_least": LEAST_AT_RISK}
        curve = survival.kaplan_meier(table["duration_days"], table["left"], **watched)
        after = survival.at(curve, STAY_DAYS)[["survival", "lower", "upper"]].iloc[0]
        rows.append((length, len(table), each.return_rate, *after))
        curves.append(curve.assign(silence=f"more than {length} days"))
    names = [SILENCE_DAYS, CUSTOMERS, REACTIVATION_RATE, STAY_RATE_ON.format(STAY_DAYS), LOWER, UPPER]
    both = pd.concat(curves, ignore_index=True).rename(columns={"time": TENURE_DAYS, "survival": STAY_RATE})
    return SilenceChoices(pd.DataFrame(rows, columns=names), both, bool(silence_days))
