"""Who stays longer: survival curves by group, and how many days lie between the groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.leaving.definition import Stays, chosen_attribute
from helpers.findings import NotApplicable, charts, formats, if_applicable
from helpers.findings.folding import compared_groups
from helpers.statistics import survival

DAYS = (30, 90, 180, 365)
AT_RISK_TIMES = 7
MOST_COMPARED = 6
SURE = 0.05
LARGE = 0.05  # share of customers that a group needs to be named in a sentence
YEAR_DAYS = 365


@dataclass(frozen=True)
class Staying:
    """Kaplan–Meier curves of one grouping."""

    curve: pd.DataFrame  # group, time, at_risk, events, censored, survival, std_error, lower, upper
    by: str  # the column, or "" for everybody together
    unplaced: int  # customers whose group is not known and too small to show

    def summary(self) -> pd.DataFrame:
        """Group, customers, left, the share still there on each day, and the median stay where half have left."""
        median = survival.quantiles(self.curve, 0.5).rename(columns={"time": "median_days"})[["group", "median_days"]]
        rates = self.rates().pivot(index="group", columns="days", values="stay_rate")
        rates = rates.rename(columns="stay_{}d_rate".format)
        counts = self.curve.groupby("group", sort=False, observed=True).agg(
            left=("events", "sum"), censored=("censored", "sum")
        )
        counts.insert(0, "customers", counts["left"] + counts.pop("censored"))
        return counts.astype(int).join(rates).reset_index().merge(median, on="group")

    def rates(self, days: tuple[int, ...] = DAYS) -> pd.DataFrame:
        """Share still there after given days, where observed: group, days, at_risk, stay_rate, lower, upper."""
        table = survival.at(self.curve, days).rename(columns={"time": "days", "survival": "stay_rate"})
        table = table.dropna(subset="stay_rate").drop(columns="std_error")
        return table.astype({"days": int, "at_risk": int}).reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The curves with their 95% bands and the numbers at risk."""
        last = self.curve["time"].max()
        step = (
            max(1, int(np.ceil(last / (AT_RISK_TIMES - 1) / 30)) * 30) if last > 60 else max(1, int(np.ceil(last / 6)))
        )
        at_risk = survival.at(self.curve, np.arange(0, last + 1, step)).rename(columns={"time": "tenure_days"})
        curve = _from_the_start(self.curve).rename(columns={"time": "tenure_days", "survival": "stay_rate"})
        return charts.steps(
            curve, x="tenure_days", y="stay_rate", group="group", band=("lower", "upper"), at_risk=at_risk, ax=ax
        )

    def headline(self) -> str:
        """How many stay in the large groups that stay least and most, on the latest common day."""
        size = self.summary().set_index("group")["customers"]
        large = size.index[size >= LARGE * size.sum()]
        rates = self.rates()
        rates = rates[rates["group"].isin(large)]
        groups, by = len(large), formats.label(self.by).lower()
        common = rates.groupby("days")["group"].nunique()
        days = int(common[common == groups].index.max()) if (common == groups).any() else 0
        if not days:
            return "Customers were not followed long enough to say how many stay 30 days."
        seen = rates[rates["days"] == days].sort_values("stay_rate")
        low, high = (_share(row) for row in (seen.iloc[0], seen.iloc[-1]))
        if groups == 1:
            whom = "all customers" if len(size) == 1 else f"customers with {by} {large[0]}, the one large group,"
            return f"After {days} days {low} of {whom} are still there."
        return (
            f"After {days} days {low} of customers with {by} {seen.iloc[0]['group']} are still there, "
            f"and {high} of those with {seen.iloc[-1]['group']}."
        )


@dataclass(frozen=True)
class GroupPairs:
    """How many more days one group stays than another, within a horizon."""

    pairs: pd.DataFrame  # group_a, group_b, difference_days, lower, upper, p_value, adjusted_p_value
    horizon_days: int
    by: str  # the column

    def summary(self) -> pd.DataFrame:
        """One row a pair; p-values are log-rank tests, Holm-adjusted for their number."""
        return self.pairs.drop(columns="p_value")

    def plot(self, ax: Axes | None = None) -> Axes:
        """The differences with their 95% CI."""
        shown = self.pairs.assign(pair=self.pairs["group_a"].astype(str) + " − " + self.pairs["group_b"].astype(str))
        return charts.forest(shown, estimate="difference_days", label="pair", reference=0, ax=ax)

    def headline(self) -> str:
        """The widest difference among pairs that differ beyond chance, and how many do."""
        sure, by = self.pairs[self.pairs["adjusted_p_value"] < SURE], formats.label(self.by).lower()
        if sure.empty:
            return f"No evidence that any pair of groups by {by} leaves at different rates: 0 of {len(self.pairs)}."
        wide = sure.loc[sure["difference_days"].abs().idxmax()]
        more, less = ("group_a", "group_b") if wide["difference_days"] >= 0 else ("group_b", "group_a")
        sign = 1 if wide["difference_days"] >= 0 else -1
        limits = formats.interval(*sorted(sign * wide[["lower", "upper"]]))
        return (
            f"In their first {self.horizon_days} days customers with {by} {wide[more]} stay "
            f"{formats.days(abs(wide['difference_days']))} longer than those with {wide[less]} (95% CI {limits}). "
            f"Pairs of groups that leave at different rates beyond chance: {len(sure)} of {len(self.pairs)}."
        )


@if_applicable
def staying(stays: Stays, group: str = "") -> Staying | NotApplicable:
    """Kaplan–Meier curves by a column of the stays, by default the first of words; one curve where there is none."""
    by = chosen_attribute(stays, group)
    if not by:
        return Staying(_curve(stays.table), "", 0)
    table = stays.table.assign(group=compared_groups(stays.table[by]))
    placed = table.dropna(subset="group")
    return Staying(_curve(placed, placed["group"]), by, len(table) - len(placed))


@if_applicable
def group_pairs(stays: Stays, group: str = "") -> GroupPairs | NotApplicable:
    """Differences in restricted mean stay (within a year, or as far as all were followed) and log-rank tests."""
    by = chosen_attribute(stays, group)
    if not by:
        return NotApplicable("no column divides these customers into groups.")
    table = stays.table.assign(group=compared_groups(stays.table[by])).dropna(subset="group")
    table = table[table["group"].isin(table["group"].value_counts().index[:MOST_COMPARED])]
    table = table.assign(group=table["group"].cat.remove_unused_categories())
    followed = table.groupby("group", observed=True)["duration_days"].max()
    horizon = int(min(YEAR_DAYS, followed.min()))
    if len(followed) < 2 or horizon < 1 or not table["left"].any():
        return NotApplicable(f"groups by {formats.label(by)} are too few, or were followed too briefly, to compare.")
    means = survival.restricted_mean(_curve(table, table["group"]), horizon)
    tests = survival.pairwise_log_rank(table["duration_days"], table["left"], table["group"], entry=table["entry_days"])
    differences = pd.concat(
        [survival.restricted_mean_difference(means, reference) for reference in means["group"]], ignore_index=True
    ).drop(columns="p_value")
    both = tests.merge(differences, left_on=["group_a", "group_b"], right_on=["group", "reference"])
    both = both.rename(columns={"difference": "difference_days", "p_adjusted": "adjusted_p_value"})
    return GroupPairs(
        both[["group_a", "group_b", "difference_days", "lower", "upper", "p_value", "adjusted_p_value"]], horizon, by
    )


def _curve(table: pd.DataFrame, groups: pd.Series | None = None) -> pd.DataFrame:
    return survival.kaplan_meier(table["duration_days"], table["left"], entry=table["entry_days"], groups=groups)


def _from_the_start(curve: pd.DataFrame) -> pd.DataFrame:
    """The curve with the point from which each group falls, everybody on day 0; groups keep their order."""
    parts = []
    for _, steps in curve.groupby("group", sort=False, observed=True):
        start = steps.head(1).assign(time=0, survival=1.0, lower=1.0, upper=1.0)
        parts += [start[start["time"] < steps["time"].iloc[0]], steps]
    return pd.concat(parts, ignore_index=True)


def _share(row: pd.Series) -> str:
    if row["stay_rate"] == 1:
        return "all"
    limits = formats.interval(row["lower"], row["upper"], formats.percent)
    return f"{formats.percent(row['stay_rate'])} (95% CI {limits})"
