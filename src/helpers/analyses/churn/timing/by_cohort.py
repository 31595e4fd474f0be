"""Cohorts by when they came: when each was under observation and left, and how much of each is still there."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.timing.curves import DAYS
from helpers.findings import NotApplicable, charts, formats, if_applicable
from helpers.findings.folding import SMALL_GROUPS, SMALLEST_GROUP
from helpers.statistics import survival
from helpers.statistics.hazards import SeparationWarning, fit_cox

ALL = "all cohorts"
MOST_PERIODS = 13  # rows or columns
MOST_MONTHS = 12  # columns of the triangle
MONTH_DAYS = 30
LEAST_AT_RISK = 20  # of a cohort, below which a cell stays blank
SURE = 0.05
LAYOUTS = {"M": "%Y-%m", "Q": "%Y Q%q", "Y": "%Y"}


@dataclass(frozen=True)
class Cohorts:
    """Leave rates of each cohort over the calendar; cells without customers under observation are blank."""

    cells: pd.DataFrame  # cohort, period, watched (stays under observation), watched_days, left, leave_30d_rate
    # cohort, customers, watched_from, watched_until, left, leave_30d_rate
    table: pd.DataFrame
    late: int  # stays that began before they were watched
    until: dt.date  # the last day on which leaving can be told
    as_of: dt.date
    definition: str

    def summary(self) -> pd.DataFrame:
        """One row a cohort: when it was under observation, and its chance to leave within 30 days."""
        return self.table

    def plot(self, ax: Axes | None = None) -> Axes:
        """Chance to leave within 30 days, by cohort and calendar: blank where nobody was under observation."""
        broken = self.cells.assign(period=self.cells["period"].str.replace(r"[ -]", "\n", regex=True))
        return charts.heat_map(broken, row="cohort", column="period", value="leave_30d_rate", ax=ax)

    def headline(self) -> str:
        """Which part of the calendar is blank, and why."""
        stays = self.table["customers"].sum()
        early = (
            f"{self.late:,} of {stays:,} stays began before ends were recorded: their early cells are blank, since who "
            "left then is missing."
            if self.late
            else f"All {stays:,} stays of these cohorts are watched from their "
            f"{'beginning' if self.definition == 'contract' else 'first order in the data'}."
        )
        blank = (self.as_of - self.until).days
        recent = f" The last {formats.days(blank)} are blank: a silence cannot be told yet." if blank else ""
        return f"{early}{recent}"


@dataclass(frozen=True)
class Retention:
    """The share of each cohort that is still there, by tenure, below that of all together."""

    curve: pd.DataFrame  # Kaplan–Meier of all cohorts together and of each: group, time, at_risk, …
    leave_ratio: float  # of leave rates, for cohorts a year newer (Cox); NaN where it has no estimate
    lower: float
    upper: float
    p_value: float

    def rates(self, days: np.ndarray) -> pd.DataFrame:
        """cohort, tenure_days, at_risk, stay_rate, lower, upper at given tenures; NaN for fewer than 20 at risk."""
        names = {"group": "cohort", "time": "tenure_days", "survival": "stay_rate"}
        told = survival.at(self.curve, days).rename(columns=names).drop(columns="std_error")
        limits = ["stay_rate", "lower", "upper"]
        told[limits] = told[limits].where(told["at_risk"] >= LEAST_AT_RISK)
        return told.astype({"tenure_days": int, "at_risk": int})

    def triangle(self) -> pd.DataFrame:
        """The rates by month of tenure, or by several, as far as any cohort is told."""
        last = self.curve["time"].max()
        step = MONTH_DAYS * max(1, int(np.ceil(last / MONTH_DAYS / MOST_MONTHS)))
        cells = self.rates(np.arange(step, last + 1, step))
        return cells[cells["tenure_days"] <= cells.dropna()["tenure_days"].max()]

    def summary(self) -> pd.DataFrame:
        """One row a cohort: customers, and the share still there on each day where enough were followed."""
        rates = self.rates(np.array(DAYS)).dropna(subset="stay_rate")
        wide = rates.pivot(index="cohort", columns="tenure_days", values="stay_rate")
        ended = self.curve.groupby("group", sort=False)[["events", "censored"]].sum().sum(axis=1).astype(int)
        customers = ended.rename("customers").rename_axis("cohort").to_frame()
        return customers.join(wide.rename(columns="stay_{}d_rate".format)).reset_index()

    def plot(self, ax: Axes | None = None) -> Axes:
        """The triangle as a heat map."""
        return charts.heat_map(self.triangle(), row="cohort", column="tenure_days", value="stay_rate", ax=ax)

    def headline(self) -> str:
        """Whether newer cohorts stay longer or shorter."""
        if np.isnan(self.leave_ratio):
            return "Whether newer cohorts stay longer or shorter cannot be told: too few are known to be new."
        limits = formats.interval(self.lower, self.upper)
        ratio = f"{formats.number(self.leave_ratio)} times the leave rate a year later (95% CI {limits})"
        if self.p_value >= SURE:
            return f"No evidence that newer cohorts stay longer or shorter: {ratio}."
        return f"Newer cohorts stay {'shorter' if self.leave_ratio > 1 else 'longer'}: {ratio}."


@if_applicable
def cohorts(stays: Stays) -> Cohorts | NotApplicable:
    """Leave rate of each cohort (month, quarter or year of start) in each such period of the calendar.

    The rate is 1 − (1 − d / n)³⁰, of d leavers in n days under observation: those from the start, or from the day after
    a delayed entry, to the end or the last day on which leaving can be told. Cells of fewer than five stays are blank.
    """
    if stays.crowded:
        return NotApplicable("most ends are of one day, so the calendar says nothing of when customers leave.")
    table, periods = stays.table, _periods(stays.table["started_on"].min(), stays.as_of)
    cohort = _cohorts(table["started_on"])
    entry = table["entry_days"] + (table["entry_days"] > 0)  # at risk beyond it only
    watched_from = table["started_on"] + pd.to_timedelta(entry, unit="D")
    watched_until = table["started_on"] + pd.to_timedelta(table["duration_days"], unit="D")
    parts = []
    for period in periods:
        first, last = period.start_time, period.end_time.normalize()
        days = (watched_until.clip(upper=last) - watched_from.clip(lower=first)).dt.days + 1
        left = table["left"] & watched_until.between(first, last)
        counts = {"watched": days > 0, "watched_days": days.clip(lower=0), "left": left}
        parts.append(pd.DataFrame(counts).groupby(cohort, observed=True).sum().assign(period=_named(period)))
    cells = pd.concat(parts).rename_axis("cohort").reset_index()
    shown = cells["watched"] >= SMALLEST_GROUP
    cells = cells.assign(leave_30d_rate=_within_30_days(cells["left"], cells["watched_days"]).where(shown))
    cells = cells.sort_values("cohort", kind="stable", ignore_index=True)
    spans = pd.DataFrame({"watched_from": watched_from, "watched_until": watched_until, "left": table["left"]})
    summed = spans.groupby(cohort, observed=True).agg(
        customers=("left", "size"),
        watched_from=("watched_from", "min"),
        watched_until=("watched_until", "max"),
        left=("left", "sum"),
    )
    days = cells.groupby("cohort", observed=True)["watched_days"].sum()
    summed = summed.assign(leave_30d_rate=_within_30_days(summed["left"], days)).rename_axis("cohort").reset_index()
    return Cohorts(cells, summed, int((table["entry_days"] > 0).sum()), stays.until, stays.as_of, stays.definition)


def _within_30_days(left: pd.Series, days: pd.Series) -> pd.Series:
    """The chance to leave within 30 days at a rate of `left` by `days`; NaN without days."""
    return 1 - (1 - left / days.where(days > 0)) ** MONTH_DAYS


@if_applicable
def retention(stays: Stays) -> Retention | NotApplicable:
    """Kaplan–Meier share of each cohort still there, by tenure, and the trend of leave rates over cohorts.

    A cohort is told where at least 20 of its stays were watched from their beginning, and as long as 20 are at risk;
    the trend is a Cox model of the day of start (its score test is the log-rank test for trend), variance by customer
    where one stays twice. Under silence, who first ordered within one silence of the first order in the data may have
    ordered before; unless it is known when customers joined, the trend leaves them out.
    """
    if stays.crowded:
        return NotApplicable("most ends are of one day, so cohorts differ by how long they were followed only.")
    table = stays.table.assign(cohort=_cohorts(stays.table["started_on"])).dropna(subset="cohort")
    from_start = (table["entry_days"] == 0).groupby(table["cohort"], observed=True).transform("sum")
    told = table[from_start >= LEAST_AT_RISK]
    if told.empty:
        return NotApplicable(f"no cohort has {LEAST_AT_RISK} customers who were watched from their beginning.")
    watched = {"durations": told["duration_days"], "events": told["left"], "entry": told["entry_days"]}
    whole = survival.kaplan_meier(**watched).assign(group=ALL)
    each = survival.kaplan_meier(**watched, groups=told["cohort"].cat.remove_unused_categories())
    curve = pd.concat([whole, each.astype({"group": str})], ignore_index=True)
    return Retention(curve, *_trend(_known_to_be_new(stays)))


def _known_to_be_new(stays: Stays) -> pd.DataFrame:
    """The stays that began when they seem to: all under contract, and where nobody joined before the first order."""
    if stays.definition == "contract" or stays.joined_earlier == 0:
        return stays.table
    began = stays.table["started_on"]
    return stays.table[(began - began.min()).dt.days > stays.silence_days]


def _trend(table: pd.DataFrame) -> tuple[float, float, float, float]:
    """Ratio of leave rates for a start one year later, its 95% CI and p-value; NaN where it has no estimate."""
    years = (table["started_on"] - table["started_on"].min()).dt.days.rename("years") / 365.25
    cluster = table["customer_id"] if table["customer_id"].duplicated().any() else None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", SeparationWarning)
            fit = fit_cox(
                years.to_frame(), table["duration_days"], table["left"], entry=table["entry_days"], cluster=cluster
            )
    except (ValueError, SeparationWarning):
        return np.nan, np.nan, np.nan, np.nan
    return tuple(fit.coefficients.loc[0, ["hazard_ratio", "lower", "upper", "p_value"]])


def _periods(first: dt.date, last: dt.date) -> pd.PeriodIndex:
    """The months, quarters or years from one day to another, whichever are the shortest that are not too many."""
    for freq in LAYOUTS:
        periods = pd.period_range(first, last, freq=freq)
        if len(periods) <= MOST_PERIODS:
            return periods
    return periods


def _cohorts(started_on: pd.Series) -> pd.Series:
    """The cohort of each stay, in order of time; those of fewer than five stays are one, or none if still so few."""
    freq = _periods(started_on.min(), started_on.max()).freqstr[0]
    period = started_on.dt.to_period(freq)
    counts = period.value_counts().sort_index()
    kept = counts[counts >= SMALLEST_GROUP]
    rest = [SMALL_GROUPS] if counts.sum() - kept.sum() >= SMALLEST_GROUP else []
    names = {one: _named(one) for one in kept.index}
    named = period.map(names).astype(object).fillna(SMALL_GROUPS)
    return pd.Series(pd.Categorical(named, [*names.values(), *rest]), index=started_on.index)


def _named(period: pd.Period) -> str:
    return period.strftime(LAYOUTS[period.freqstr[0]])
