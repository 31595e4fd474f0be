"""Why customers left: stated reasons as competing ends of a stay, and what another length of silence would say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.churn_folds import UNKNOWN, folded
from helpers.analyses.churn_groups import DAYS
from helpers.analyses.churn_silence import order_days, silent_stays, usual_silence
from helpers.analyses.churn_stays import LEAST_CUSTOMERS, Stays, if_applicable, observed
from helpers.data.datasets import Dataset
from helpers.data.privacy import SMALLEST_GROUP
from helpers.reports import charts, formats
from helpers.reports.findings import NotApplicable
from helpers.statistics import survival

SENSITIVITY = (0.7, 1.0, 1.3)
STAY_DAYS = 180


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
        """The shares over the stay, one curve a reason."""
        ax = charts.steps(
            self.incidence, x="tenure_days", y="left_share", group="reason", band=("lower", "upper"), ax=ax
        )
        ax.set_ylim(0, min(1.02, 1.1 * self.incidence["upper"].max()))
        return ax

    def headline(self) -> str:
        """The most frequent reason."""
        table = self.summary()
        row = table.loc[table["leavers"].idxmax()]
        limits = formats.interval(row["lower"], row["upper"], formats.percent)
        return (
            f"{row['reason']} is the reason of {formats.percent(row['leavers_share'])} of leavers: within {self.days} "
            f"days {formats.percent(row['left_share'])} of all customers leave for it (95% CI {limits})."
        )


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


@if_applicable
def reasons(stays: Stays) -> Reasons | NotApplicable:
    """Cumulative incidence of each stated reason; those who left without one are a reason of their own.

    Other reasons compete: their leavers cannot leave again, so the shares add up to all who left; 1 − Kaplan–Meier for
    each reason would not.
    """
    stated = stays.table.loc[stays.table["left"], "reason"]
    if stated.notna().sum() < SMALLEST_GROUP:
        return NotApplicable("no reasons for leaving are recorded.")
    named = folded(stated.replace("", np.nan)).astype(str)
    causes = named.reindex(stays.table.index).astype(object).where(stays.table["left"], 0)
    table = survival.aalen_johansen(stays.table["duration_days"], causes)
    table = table.rename(columns={"cause": "reason", "time": "tenure_days", "incidence": "left_share"})
    counts = named.value_counts()
    order = {reason: place for place, reason in enumerate([*counts.index.drop(UNKNOWN, errors="ignore"), UNKNOWN])}
    table = table.sort_values("reason", key=lambda column: column.map(order), kind="stable", ignore_index=True)
    return Reasons(table[["reason", "tenure_days", "left_share", "lower", "upper"]], counts)


def silence_choices(data: Dataset, silence_days: int = 0) -> SilenceChoices | NotApplicable:
    """Survival by silence, for the asked or usual silence and for 30 % less and more."""
    parameters.between("silence_days", silence_days, 0, 3650)
    if "orders" not in data.tables:
        return NotApplicable("this data set has no orders.")
    days = order_days(data)
    usual = silence_days or usual_silence(days)
    if isinstance(usual, NotApplicable):
        return usual
    days = days.cache()
    rows, curves = [], []
    for length in sorted({max(1, round(usual * factor)) for factor in SENSITIVITY}):
        until = data.as_of - dt.timedelta(days=length)
        raw = silent_stays(days, length, until).execute()
        if len(raw) < LEAST_CUSTOMERS:
            continue
        raw = raw.assign(**{name: pd.to_datetime(raw[name]) for name in ("started_on", "ended_on")})
        table = observed(raw, until)
        curve = survival.kaplan_meier(table["duration_days"], table["left"])
        row = survival.at(curve, STAY_DAYS).iloc[0]
        silences, returns = table["silences"].sum(), table["returns"].sum()
        back = returns / silences if silences else np.nan
        rows.append(
            (length, len(table), table["left"].mean(), silences, back, row["survival"], row["lower"], row["upper"])
        )
        curves.append(curve.assign(silence=f"more than {length} days"))
    if not rows:
        return NotApplicable(
            f"too few customers had ordered {usual} days before {data.as_of} for a silence to be told."
        )
    names = [
        "silence_days",
        "customers",
        "left_share",
        "silences",
        "reactivation_rate",
        "stay_180d_rate",
        "lower",
        "upper",
    ]
    both = pd.concat(curves, ignore_index=True).rename(columns={"time": "tenure_days", "survival": "stay_rate"})
    return SilenceChoices(both, pd.DataFrame(rows, columns=names), bool(silence_days))
