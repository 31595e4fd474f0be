"""What another length of silence would say: survival and reactivation for a shorter and a longer one."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn.leaving.definition import stays
from helpers.analyses.churn.leaving.silence import LONGEST_DAYS, order_days, usual_silence
from helpers.data.datasets import Dataset
from helpers.findings import NotApplicable, charts, formats
from helpers.statistics import survival

SENSITIVITY = (0.7, 1.0, 1.3)
STAY_DAYS = 180


@dataclass(frozen=True)
class SilenceChoices:
    """The same orders read with a shorter and a longer silence."""

    curves: pd.DataFrame  # silence, tenure_days, stay_rate, lower, upper
    # silence_days, customers, left_share, silences, reactivation_rate, stay_180d_rate, lower, upper
    table: pd.DataFrame
    given: bool  # whether the middle one was asked for rather than found in the gaps

    def summary(self) -> pd.DataFrame:
        """One row a silence."""
        return self.table.drop(columns=["silences", "left_share"])

    def plot(self, ax: Axes | None = None) -> Axes:
        """Survival under each silence, dated back to the last order."""
        return charts.steps(
            self.curves, x="tenure_days", y="stay_rate", group="silence", band=("lower", "upper"), ax=ax
        )

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
    """Survival by silence, for the asked or usual silence and for 30 % less and more."""
    parameters.between("silence_days", silence_days, 0, LONGEST_DAYS)
    if "orders" not in data.tables:
        return NotApplicable("this data set has no orders.")
    usual = silence_days or usual_silence(order_days(data))
    if isinstance(usual, NotApplicable):
        return usual
    rows, curves = [], []
    for length in sorted({min(LONGEST_DAYS, max(1, round(usual * factor))) for factor in SENSITIVITY}):
        found = stays(data, "silence", length)
        if isinstance(found, NotApplicable):
            continue
        table = found.table
        curve = survival.kaplan_meier(table["duration_days"], table["left"], entry=table["entry_days"])
        counted = {
            "silence_days": length,
            "customers": len(table),
            "left_share": found.left_share,
            "silences": found.silences,
            "reactivation_rate": found.return_rate,
        }
        rows.append({**counted, **survival.at(curve, STAY_DAYS)[["survival", "lower", "upper"]].iloc[0]})
        curves.append(curve.assign(silence=f"more than {length} days"))
    if not rows:
        return NotApplicable(
            f"too few customers had ordered {usual} days before {data.as_of} for a silence to be told."
        )
    both = pd.concat(curves, ignore_index=True).rename(columns={"time": "tenure_days", "survival": "stay_rate"})
    table = pd.DataFrame(rows).rename(columns={"survival": "stay_180d_rate"})
    return SilenceChoices(both, table, bool(silence_days))
