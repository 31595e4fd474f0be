"""Cohorts by when they came: when each was under observation and left, and how much of each is still there."""

from __future__ import annotations

import datetime as dt
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.leaving.definition import UNDATED, Definition, Stays
from helpers.analyses.churn.timing.curves import DAYS
from helpers.analyses.churn.timing.vocabulary import (
    AT_RISK,
    LEAVERS,
    LEFT_30D_RATE,
    PERIOD,
    WATCHED_FROM,
    WATCHED_UNTIL,
)
from helpers.analyses.churn.vocabulary import STAY_RATE, STAY_RATE_ON, TENURE_DAYS
from helpers.data.days import YEAR_DAYS
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALL_GROUPS, folded_groups
from helpers.findings.privacy.members import Counted
from helpers.findings.vocabulary import COHORT, CUSTOMER_ID, CUSTOMERS, LOWER, UPPER
from helpers.language import _
from helpers.statistics import survival
from helpers.statistics.hazards import SeparationWarning, fit_cox

ALL = "all cohorts"
MOST_PERIODS = 13  # rows or columns
MOST_MONTHS = 12  # columns of the triangle
THIRTY_DAYS = 30  # within which leaving is told, and a step of the tenure
LAYOUTS = {"M": "%Y-%m", "Q": "%Y Q%q", "Y": "%Y"}


@dataclass(frozen=True)
class Cohorts(Counted, Finding):
    """When each cohort was under observation and left; cells of the calendar without customers watched are blank."""

    table: pd.DataFrame
    cells: pd.DataFrame  # cohort, period, watched (stays under observation), watched_days, leavers, left_30d_rate
    late: int  # stays that began before they were watched
    until: dt.date  # the last day on which leaving can be told
    as_of: dt.date
    definition: str
    columns = (COHORT, CUSTOMERS.but(adds_up=[()]), WATCHED_FROM, WATCHED_UNTIL, LEAVERS, LEFT_30D_RATE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Chance to leave within 30 days, by cohort and calendar: blank where nobody was under observation."""
        broken = self.cells.assign(period=self.cells[PERIOD].str.replace(r"[ -]", "\n", regex=True))
        return charts.heat_map(broken, row=COHORT, column=PERIOD, value=LEFT_30D_RATE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many of each cohort leave within 30 days, and when?")

    def headline(self) -> Sentence:
        """From when on stays are watched; which part of the calendar is blank below."""
        stays = facts.Count(self.table[CUSTOMERS].sum())
        if self.late:
            told = say(
                "{late} of {stays} stays began before ends were recorded.", late=facts.Count(self.late), stays=stays
            ).resting_on(say("Their early cells are blank, since who left then is missing."))
        elif self.definition == Definition.CONTRACT:
            told = self._leaving(say("All {stays} stays were followed from the day on which they began.", stays=stays))
        else:
            told = say("All {stays} stays were followed from their first order in the data.", stays=stays)
        blank = (self.as_of - self.until).days
        if not blank:
            return told
        return told.resting_on(
            say("The last {days} are blank: who is silent in them may still order.", days=facts.Days(blank))
        )

    def _leaving(self, followed: Sentence) -> Sentence:
        """Between which shares the cells lie, which rests on how the stays were `followed`; that alone of one cell."""
        rates = self.cells[LEFT_30D_RATE].dropna()
        if len(rates) < 2:
            return followed
        return say(
            "Within 30 days {least} to {most} of a cohort leave, by cohort and period.",
            least=facts.Share(rates.min()),
            most=facts.Share(rates.max()),
        ).resting_on(followed)


@dataclass(frozen=True)
class Retention(Counted, Finding):
    """The share of each cohort that is still there, by tenure, below that of all together."""

    table: pd.DataFrame  # by month of tenure, or by several, as far as any cohort is told
    curve: pd.DataFrame  # Kaplan–Meier of all cohorts together and of each: group, time, at_risk, …
    leave_ratio: float  # of leave rates, for cohorts a year newer (Cox); NaN where it has no estimate
    lower: float
    upper: float
    p_value: float
    columns = (COHORT, TENURE_DAYS, AT_RISK, STAY_RATE, LOWER, UPPER)
    shown = (COHORT, CUSTOMERS, STAY_RATE_ON)

    def summary(self) -> pd.DataFrame:
        """One row a cohort: customers, and the share still there on each day where enough were followed."""
        rates = _rates(self.curve, np.array(DAYS)).dropna(subset=STAY_RATE)
        wide = rates.pivot(index=COHORT, columns=TENURE_DAYS, values=STAY_RATE)
        ended = self.curve.groupby("group", sort=False)[["events", "censored"]].sum().sum(axis=1).astype(int)
        customers = ended.rename(CUSTOMERS).rename_axis(COHORT).to_frame()
        return _in_words(customers.join(wide.rename(columns=STAY_RATE_ON.format)).reset_index())

    def plot(self, ax: Axes | None = None) -> Axes:
        """The table as a heat map."""
        return charts.heat_map(_in_words(self.table), row=COHORT, column=TENURE_DAYS, value=STAY_RATE, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many of each cohort are still there?")

    def headline(self) -> Sentence:
        """Whether newer cohorts stay longer or shorter."""
        if np.isnan(self.leave_ratio):
            return say("Whether newer customers stay longer cannot be told: too few are known to be new.")
        ratio = facts.Number(self.leave_ratio)
        if self.p_value >= SIGNIFICANCE:
            told = say("No evidence that newer customers stay longer or shorter.")
        elif self.leave_ratio > 1:
            told = say("Newer customers leave sooner: a year later, at {ratio} times the rate.", ratio=ratio)
        else:
            told = say("Newer customers stay longer: a year later, they leave at {ratio} times the rate.", ratio=ratio)
        return told.resting_on(
            say(
                "A year later goes with {ratio} times the leave rate (95% interval {interval}).",
                ratio=ratio,
                interval=facts.Range(facts.Number(self.lower), facts.Number(self.upper)),
            )
        )


def _in_words(table: pd.DataFrame) -> pd.DataFrame:
    """The table with all cohorts together as readers see them."""
    return table.replace({COHORT: {ALL: _("all cohorts")}})


@if_applicable
def cohorts(stays: Stays) -> Cohorts | NotApplicable:
    """Leave rate of each cohort of `stays` (month, quarter or year of start) in each such period of the calendar.

    The rate is 1 − (1 − d / n)³⁰, of d leavers in n days under observation: those from the start, or from the day after
    a delayed entry, to the end or the last day on which leaving can be told. Cells of fewer than 20 stays are blank.
    """
    if not stays.dated:
        return UNDATED
    if stays.crowded:
        return NotApplicable(say("most ends are of one day, so the calendar says nothing of when customers leave."))
    table, cohort = stays.table, _cohorts(stays.table["started_on"])
    entry = table["entry_days"] + (table["entry_days"] > 0)  # at risk beyond it only
    watched = pd.DataFrame(
        {
            WATCHED_FROM: table["started_on"] + pd.to_timedelta(entry, unit="D"),
            WATCHED_UNTIL: table["started_on"] + pd.to_timedelta(table["duration_days"], unit="D"),
            "left": table["left"],
        }
    )
    cells = _cells(watched, cohort, _periods(table["started_on"].min(), stays.as_of))
    summed = watched.groupby(cohort, observed=True).agg(
        **{
            CUSTOMERS: ("left", "size"),
            WATCHED_FROM: (WATCHED_FROM, "min"),
            WATCHED_UNTIL: (WATCHED_UNTIL, "max"),
            LEAVERS: ("left", "sum"),
        }
    )
    days = cells.groupby(COHORT, observed=True)["watched_days"].sum()
    rate = _within_30_days(summed[LEAVERS], days).where(summed[CUSTOMERS] >= LEAST_AT_RISK)
    summed = summed.assign(left_30d_rate=rate).rename_axis(COHORT).reset_index()
    late, behind = int((table["entry_days"] > 0).sum()), table[[CUSTOMER_ID]].assign(cohort=cohort)
    return Cohorts(summed, cells, late, stays.until, stays.as_of, stays.definition, behind=behind)


def _cells(watched: pd.DataFrame, cohort: pd.Series, periods: pd.PeriodIndex) -> pd.DataFrame:
    """`Cohorts.cells` of stays that were watched from some day until another, when they left or not."""
    parts = []
    for period in periods:
        first, last = period.start_time, period.end_time.normalize()
        days = (watched[WATCHED_UNTIL].clip(upper=last) - watched[WATCHED_FROM].clip(lower=first)).dt.days + 1
        left = watched["left"] & watched[WATCHED_UNTIL].between(first, last)
        counts = {"watched": days > 0, "watched_days": days.clip(lower=0), LEAVERS: left}
        parts.append(pd.DataFrame(counts).groupby(cohort, observed=True).sum().assign(period=_named(period)))
    cells = pd.concat(parts).rename_axis(COHORT).reset_index()
    enough = cells["watched"] >= LEAST_AT_RISK
    rate = _within_30_days(cells[LEAVERS], cells["watched_days"]).where(enough)
    return cells.assign(left_30d_rate=rate).sort_values(COHORT, kind="stable", ignore_index=True)


def _within_30_days(left: pd.Series, days: pd.Series) -> pd.Series:
    """The chance to leave within 30 days at a rate of `left` by `days`; NaN without days."""
    return 1 - (1 - left / days.where(days > 0)) ** THIRTY_DAYS


@if_applicable
def retention(stays: Stays) -> Retention | NotApplicable:
    """Kaplan–Meier share of each cohort of `stays` still there, by tenure, and the trend of leave rates over cohorts.

    A cohort is told where at least 20 of its stays were watched from their beginning, and as long as 20 are at risk;
    the trend is a Cox model of the day of start (its score test is the log-rank test for trend), variance by customer
    where one stays twice. Under silence, who first ordered within one silence of the first order in the data may have
    ordered before; unless it is known when customers joined, the trend leaves them out.
    """
    if not stays.dated:
        return UNDATED
    if stays.crowded:
        return NotApplicable(say("most ends are of one day, so cohorts differ by how long they were followed only."))
    table = stays.table.assign(cohort=_cohorts(stays.table["started_on"]))
    from_start = (table["entry_days"] == 0).groupby(table["cohort"], observed=True).transform("sum")
    seen = table[from_start >= LEAST_AT_RISK]
    if seen.empty:
        least = facts.Count(LEAST_AT_RISK)
        return NotApplicable(say("no cohort has {least} customers who were watched from their beginning.", least=least))
    watched = {"durations": seen["duration_days"], "events": seen["left"], "entry": seen["entry_days"]}
    watched["at_least"] = LEAST_AT_RISK
    whole = survival.kaplan_meier(**watched).assign(group=ALL)
    each = survival.kaplan_meier(**watched, groups=seen["cohort"].cat.remove_unused_categories())
    curve = pd.concat([whole, each.astype({"group": str})], ignore_index=True)
    trend = _trend(_known_to_be_new(stays))
    return Retention(_triangle(curve), curve, *trend, behind=seen[[CUSTOMER_ID, "cohort"]])


def _triangle(curve: pd.DataFrame) -> pd.DataFrame:
    """The rates by month of tenure, or by several, as far as any cohort is told."""
    last = curve["time"].max()
    step = THIRTY_DAYS * max(1, int(np.ceil(last / THIRTY_DAYS / MOST_MONTHS)))
    cells = _rates(curve, np.arange(step, last + 1, step))
    return cells[cells[TENURE_DAYS] <= cells.dropna()[TENURE_DAYS].max()]


def _rates(curve: pd.DataFrame, days: np.ndarray) -> pd.DataFrame:
    """`Retention.table` at given tenures; NaN for fewer than 20 at risk."""
    names = {"group": COHORT, "time": TENURE_DAYS, "survival": STAY_RATE}
    rates = survival.at(curve, days).rename(columns=names).drop(columns="std_error")
    return rates.astype({TENURE_DAYS: int, AT_RISK: int})


def _known_to_be_new(stays: Stays) -> pd.DataFrame:
    """The stays that began when they seem to: all under contract, and where nobody joined before the first order."""
    if stays.definition == Definition.CONTRACT or stays.joined_earlier == 0:
        return stays.table
    began = stays.table["started_on"]
    return stays.table[(began - began.min()).dt.days > stays.silence_days]


def _trend(table: pd.DataFrame) -> tuple[float, float, float, float]:
    """Ratio of leave rates for a start one year later, its 95% CI and p-value; NaN where it has no estimate."""
    years = (table["started_on"] - table["started_on"].min()).dt.days.rename("years") / YEAR_DAYS
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
    layouts = [pd.period_range(first, last, freq=freq) for freq in LAYOUTS]
    return next((periods for periods in layouts if len(periods) <= MOST_PERIODS), layouts[-1])


def _cohorts(started_on: pd.Series) -> pd.Series:
    """The cohort of each stay, in order of time; small ones are one, which comes last."""
    period = started_on.dt.to_period(_periods(started_on.min(), started_on.max()).freqstr[0])
    cohorts = folded_groups(period.map(_named))
    return cohorts.cat.reorder_categories(sorted(cohorts.cat.categories, key=lambda name: (name == SMALL_GROUPS, name)))


def _named(period: pd.Period) -> str:
    return period.strftime(LAYOUTS[period.freqstr[0]])
