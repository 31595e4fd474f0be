"""Why customers left: stated reasons as competing ends of a stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.timing.curves import DAYS
from helpers.findings import NotApplicable, charts, formats, if_applicable
from helpers.findings.folding import SMALLEST_GROUP, UNKNOWN, folded_words
from helpers.statistics import survival


@dataclass(frozen=True)
class Reasons:
    """Share of all customers who have left for each reason by a day (Aalen–Johansen)."""

    incidence: pd.DataFrame  # reason, tenure_days, left_share, lower, upper
    counts: pd.Series  # leavers by reason

    def at(self, days: int) -> pd.DataFrame:
        """The shares on one day: reason, left_share, lower, upper."""
        by_then = self.incidence[self.incidence["tenure_days"] <= days]
        return by_then.groupby("reason", sort=False, observed=True).last().reset_index()

    @property
    def days(self) -> int:
        """The latest of 30, 90, 180 and 365 days that was observed."""
        return max((day for day in DAYS if day <= self.incidence["tenure_days"].max()), default=0)

    def summary(self) -> pd.DataFrame:
        """One row a reason: leavers, their share among leavers, and the share of customers who left for it by then."""
        leavers = self.counts.rename("leavers").rename_axis("reason").reset_index()
        table = leavers.assign(leavers_share=leavers["leavers"] / leavers["leavers"].sum(), by_tenure_days=self.days)
        return table.merge(self.at(self.days).drop(columns="tenure_days"), on="reason", how="left")

    def plot(self, ax: Axes | None = None) -> Axes:
        """The shares over the stay, stacked: their sum is the share that left at all."""
        return charts.stacked_steps(self.incidence, x="tenure_days", y="left_share", part="reason", ax=ax)

    def headline(self) -> str:
        """The most frequent reason."""
        table = self.summary()
        row = table.loc[table["leavers"].idxmax()]
        limits = formats.interval(row["lower"], row["upper"], formats.percent)
        return (
            f"{row['reason']} is the reason of {formats.percent(row['leavers_share'])} of leavers: within {self.days} "
            f"days {formats.percent(row['left_share'])} of all customers leave for it (95% CI {limits})."
        )


@if_applicable
def reasons(stays: Stays) -> Reasons | NotApplicable:
    """Cumulative incidence of each stated reason; those who left without one are a reason of their own.

    Other reasons compete: their leavers cannot leave again, so the shares add up to all who left; 1 − Kaplan–Meier for
    each reason would not.
    """
    causes = stated_causes(stays)
    if isinstance(causes, NotApplicable):
        return causes
    table = survival.aalen_johansen(stays.table["duration_days"], causes, entry=stays.table["entry_days"])
    table = table.rename(columns={"cause": "reason", "time": "tenure_days", "incidence": "left_share"})
    counts = causes[causes != 0].value_counts()
    order = {reason: place for place, reason in enumerate([*counts.index.drop(UNKNOWN, errors="ignore"), UNKNOWN])}
    table = table.sort_values("reason", key=lambda column: column.map(order), kind="stable", ignore_index=True)
    return Reasons(table[["reason", "tenure_days", "left_share", "lower", "upper"]], counts)


def stated_causes(stays: Stays) -> pd.Series | NotApplicable:
    """The reason for which each stay ended, 0 where it has not; rare reasons are one, and so are missing ones."""
    left = stays.table["left"]
    stated = stays.table.loc[left, "reason"].replace("", np.nan)
    if stated.notna().sum() < SMALLEST_GROUP:
        return NotApplicable("no reasons for leaving are recorded.")
    return folded_words(stated).astype(str).reindex(left.index).astype(object).where(left, 0)
