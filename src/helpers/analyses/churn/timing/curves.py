"""Who stays longer: survival curves by group, and how many days lie between the groups."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.churn.leaving.definition import Stays, chosen_attribute
from helpers.analyses.churn.leaving.silence import doubted
from helpers.analyses.churn.timing.vocabulary import (
    AT_RISK,
    DIFFERENCE_DAYS,
    GROUP_A,
    GROUP_B,
    LEAVERS,
    MEDIAN_DAYS,
    SINCE_DAYS,
)
from helpers.analyses.churn.vocabulary import EVERYBODY, LEFT, STAY_RATE, STAY_RATE_ON, TENURE_DAYS
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import ASSOCIATION, LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import compared_groups
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMER_ID, CUSTOMERS, GROUP, LOWER, P_VALUE, UPPER
from helpers.language import _
from helpers.statistics import survival

DAYS = (30, 90, 180, 365)
AT_RISK_TIMES = 7
MOST_COMPARED = 6
LARGE = 0.05  # share of customers that a group needs to be named in a sentence
LONGEST_COMPARED_DAYS = 365  # of a stay, between groups


@dataclass(frozen=True)
class Staying(Members, Finding):
    """Kaplan–Meier curves of one grouping, and the share still there on some days, where at least 20 were at risk."""

    table: pd.DataFrame
    # group, time, at_risk, events, censored, survival, std_error, lower, upper; the last four empty where not told
    curve: pd.DataFrame
    by: str  # the column, or "" for everybody together
    return_rate: float = np.nan  # of silences that an order followed; NaN under contract
    people: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)  # customer_id, group, left
    columns = (GROUP, SINCE_DAYS, AT_RISK, STAY_RATE, LOWER, UPPER)
    shown = (GROUP, CUSTOMERS.but(adds_up=[()]), LEAVERS, STAY_RATE_ON, MEDIAN_DAYS)

    def members(self) -> pd.DataFrame:
        """Each stay: whose it is, its group, and whether its end was seen."""
        return self.people

    def summary(self) -> pd.DataFrame:
        """One row a group: customers, leavers, the share still there on each day, and the median stay."""
        median = survival.quantiles(self.curve, 0.5).rename(columns={"time": MEDIAN_DAYS})[[GROUP, MEDIAN_DAYS]]
        rates = self.table.pivot(index=GROUP, columns=SINCE_DAYS, values=STAY_RATE).rename(columns=STAY_RATE_ON.format)
        ends = self.curve.groupby(GROUP, sort=False, observed=True)[["events", "censored"]].sum().astype(int)
        counts = pd.DataFrame({CUSTOMERS: ends.sum(axis="columns"), LEAVERS: ends["events"]})
        shown = counts.join(rates).reset_index().merge(median, on=GROUP)
        return shown if self.by else shown.assign(group=_("everybody"))

    def plot(self, ax: Axes | None = None) -> Axes:
        """The curves with their 95% bands and the numbers at risk."""
        at_risk = survival.at(self.curve, _ticks(self.curve["time"].max())).rename(columns={"time": TENURE_DAYS})
        curve = _from_the_start(self.curve).rename(columns={"time": TENURE_DAYS, "survival": STAY_RATE})
        return charts.steps(curve, x=TENURE_DAYS, y=STAY_RATE, group=GROUP, band=(LOWER, UPPER), at_risk=at_risk, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many customers are still there after so many days?")

    def headline(self) -> Sentence:
        """How many stay in the large groups that stay most and least, on the latest common day, if it can be told."""
        unknown = say(
            "How long customers stay cannot be told by silence: {share} of silences so long were followed by an order.",
            share=facts.Share(self.return_rate),
        )
        return doubted(self._most_and_least(), unknown, self.return_rate)

    def _most_and_least(self) -> Sentence:
        ends = self.curve.groupby(GROUP, sort=False, observed=True)[["events", "censored"]].sum()
        size = ends.sum(axis="columns")
        large = size.index[(size >= LARGE * size.sum()) & size.index.isin(self.table[GROUP])]
        rates = self.table[self.table[GROUP].isin(large)]
        common = rates.groupby(SINCE_DAYS)[GROUP].nunique()
        if not (common == len(large)).any():
            return say(
                "How many stay {days} cannot be told: fewer than {least} were followed so long.",
                days=facts.Days(DAYS[0]),
                least=facts.Count(LEAST_AT_RISK),
            )
        days = int(common[common == len(large)].index.max())
        seen = rates[rates[SINCE_DAYS] == days].sort_values(STAY_RATE)
        if len(large) == 1:
            return self._alone(seen.iloc[0], days, everybody=len(size) == 1)
        least, most = seen.iloc[0], seen.iloc[-1]
        known = {"by": facts.Attribute(self.by), "days": facts.Days(days), "most": facts.Share(most[STAY_RATE])}
        if seen[STAY_RATE].nunique() == 1:
            return say("{by}: after {days} {most} of customers are still there in every group.", **known)
        return say(
            "{by}: after {days} {most} of “{first}” customers are still there, of “{last}” {least}.",
            first=facts.Name(most[GROUP]),
            last=facts.Name(least[GROUP]),
            least=facts.Share(least[STAY_RATE]),
            **known,
        ).resting_on(_intervals(most, least), ASSOCIATION)

    def _alone(self, row: pd.Series, days: int, everybody: bool) -> Sentence:
        """How many of the one large group stay."""
        known = {"days": facts.Days(days), "share": facts.Share(row[STAY_RATE])}
        interval = None if pd.isna(row[LOWER]) else say("95% interval {interval}.", interval=_interval(row))
        if everybody:
            return say("After {days} {share} of all customers are still there.", **known).resting_on(interval)
        return say(
            "{by}: after {days} {share} of “{group}” customers are still there.",
            by=facts.Attribute(self.by),
            group=facts.Name(row[GROUP]),
            **known,
        ).resting_on(interval, say("It is the one large group that was followed so long."))


@dataclass(frozen=True)
class GroupPairs(Finding):
    """How many more days one group stays than another, within a horizon; p-values are of log-rank tests."""

    table: pd.DataFrame
    horizon_days: int
    by: str  # the column
    columns = (GROUP_A, GROUP_B, DIFFERENCE_DAYS, LOWER, UPPER, P_VALUE, ADJUSTED_P_VALUE)

    def summary(self) -> pd.DataFrame:
        """One row a pair; p-values are Holm-adjusted for their number."""
        return self.table.drop(columns=P_VALUE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The differences with their 95% CI."""
        pairs = self.table.assign(pair=self.table[GROUP_A].astype(str) + " − " + self.table[GROUP_B].astype(str))
        return charts.forest(pairs, estimate=DIFFERENCE_DAYS, label="pair", band=(LOWER, UPPER), reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many days longer does one group stay than another?")

    def headline(self) -> Sentence:
        """The widest difference among pairs that differ beyond chance, and how many do."""
        sure, by = self.table[self.table[ADJUSTED_P_VALUE] < SIGNIFICANCE], facts.Attribute(self.by)
        pairs = facts.Count(len(self.table))
        if sure.empty:
            return say(
                "{by}: no evidence that customers of any two groups leave at different rates.", by=by
            ).resting_on(say("Pairs of groups compared: {pairs}.", pairs=pairs))
        wide = sure.loc[sure[DIFFERENCE_DAYS].abs().idxmax()]
        more, less = (GROUP_A, GROUP_B) if wide[DIFFERENCE_DAYS] >= 0 else (GROUP_B, GROUP_A)
        sign = 1 if wide[DIFFERENCE_DAYS] >= 0 else -1
        low, high = sorted(sign * wide[[LOWER, UPPER]])
        return say(
            "{by}: in their first {horizon} “{more}” customers stay {days} longer than “{less}”.",
            by=by,
            horizon=facts.Days(self.horizon_days),
            more=facts.Name(wide[more]),
            days=facts.Days(abs(wide[DIFFERENCE_DAYS])),
            less=facts.Name(wide[less]),
        ).resting_on(
            say("95% interval {interval}.", interval=facts.Range(facts.Days(low), facts.Days(high))),
            say(
                "Pairs of groups that leave at different rates beyond chance: {sure} of {pairs}.",
                sure=facts.Count(len(sure)),
                pairs=pairs,
            ),
            ASSOCIATION,
        )


@if_applicable
def staying(stays: Stays, by: str = "") -> Staying | NotApplicable:
    """Kaplan–Meier curves of `stays` by their attribute `by`, by default the first of words.

    Numbers of many values are compared by quarter. One curve where nothing describes customers; ValueError for an
    attribute that there is not. A curve ends where fewer than 20 are at risk, also where it begins so.
    """
    by = chosen_attribute(stays, by)
    if not by:
        placed = stays.table.assign(group=EVERYBODY)
        curve = _curve(stays.table)
    else:
        placed = stays.table.assign(group=compared_groups(stays.table[by])).dropna(subset="group")
        curve = _curve(placed, placed["group"])
    if curve["survival"].isna().all():
        unwatched = say(
            "of each group fewer than {least} were watched from their beginning ({watched} of {stays} stays in all), "
            "so how many stay cannot be told.",
            least=facts.Count(LEAST_AT_RISK),
            watched=facts.Count((stays.table["entry_days"] == 0).sum()),
            stays=facts.Count(len(stays.table)),
        )
        return NotApplicable(unwatched)
    return Staying(_rates(curve), curve, by, stays.return_rate, placed[[CUSTOMER_ID, GROUP, LEFT]])


@if_applicable
def group_pairs(stays: Stays, by: str = "") -> GroupPairs | NotApplicable:
    """Differences in restricted mean stay (within a year, or as long as 20 of each are at risk) and log-rank tests.

    Between the largest groups by the attribute `by` of `stays`, by default the first of words; ValueError for an
    attribute that there is not.
    """
    by = chosen_attribute(stays, by)
    if not by:
        return NotApplicable(say("no column divides these customers into groups."))
    table = stays.table.assign(group=compared_groups(stays.table[by])).dropna(subset="group")
    sizes = table["group"].value_counts()
    table = table[table["group"].isin(sizes.index[sizes >= LEAST_AT_RISK][:MOST_COMPARED])]
    table = table.assign(group=table["group"].cat.remove_unused_categories())
    curve = _curve(table, table["group"]) if len(table) else pd.DataFrame(columns=["group", "time", "survival"])
    followed = curve.dropna(subset="survival").groupby("group", observed=True)["time"].max()
    horizon = int(min(LONGEST_COMPARED_DAYS, followed.min())) if len(followed) else 0
    if len(followed) < max(2, table["group"].nunique()) or horizon < 1 or not table["left"].any():
        few = say(
            "groups by {by} are too few to compare, or fewer than {least} of one were followed.",
            by=facts.Attribute(by),
            least=facts.Count(LEAST_AT_RISK),
        )
        return NotApplicable(few)
    means = survival.restricted_mean(curve, horizon)
    covariance = _covariance(curve, horizon, table) if table["customer_id"].duplicated().any() else None
    whose = {"entry": table["entry_days"], "cluster": table["customer_id"]}
    tests = survival.pairwise_log_rank(table["duration_days"], table["left"], table["group"], **whose)
    tests = tests.dropna(subset="p_value")
    if tests.empty:
        apart = say(
            "no two groups by {by} were there together while some left and some stayed.", by=facts.Attribute(by)
        )
        return NotApplicable(apart)
    differences = pd.concat(
        [survival.restricted_mean_difference(means, reference, covariance=covariance) for reference in means["group"]],
        ignore_index=True,
    ).drop(columns="p_value")
    both = tests.merge(differences, left_on=["group_a", "group_b"], right_on=["group", "reference"])
    both = both.rename(columns={"difference": "difference_days", "p_adjusted": "adjusted_p_value"})
    return GroupPairs(
        both[["group_a", "group_b", "difference_days", "lower", "upper", "p_value", "adjusted_p_value"]], horizon, by
    )


def _curve(table: pd.DataFrame, groups: pd.Series | None = None) -> pd.DataFrame:
    """Kaplan–Meier, told as long as enough are at risk."""
    watched = {"entry": table["entry_days"], "groups": groups, "at_least": LEAST_AT_RISK}
    return survival.kaplan_meier(table["duration_days"], table["left"], **watched)


def _covariance(curve: pd.DataFrame, horizon: int, table: pd.DataFrame) -> pd.DataFrame:
    """That of the groups' mean stays where customers have several."""
    rows = (table["duration_days"], table["left"], table["group"], table["customer_id"], table["entry_days"])
    return survival.restricted_mean_covariance(curve, horizon, *rows)


def _rates(curve: pd.DataFrame) -> pd.DataFrame:
    """The columns of `Staying.table`, where enough of a group were observed so long."""
    rates = survival.at(curve, DAYS).rename(columns={"time": SINCE_DAYS, "survival": STAY_RATE})
    rates = rates.dropna(subset=STAY_RATE).drop(columns="std_error")
    return rates.astype({SINCE_DAYS: int, AT_RISK: int}).reset_index(drop=True)


def _ticks(last: float) -> np.ndarray:
    """About seven tenures up to the last, whole months apart where that is long enough."""
    step = np.ceil(last / (AT_RISK_TIMES - 1) / 30) * 30 if last > 60 else np.ceil(last / (AT_RISK_TIMES - 1))
    return np.arange(0, last + 1, max(1, int(step)))


def _from_the_start(curve: pd.DataFrame) -> pd.DataFrame:
    """The curve with the point from which each group falls, everybody on day 0; groups keep their order."""
    parts = []
    for _name, steps in curve.groupby("group", sort=False, observed=True):
        start = steps.head(1).assign(time=0, survival=1.0, lower=1.0, upper=1.0)
        parts += [start[start["time"] < steps["time"].iloc[0]], steps]
    return pd.concat(parts, ignore_index=True)


def _intervals(most: pd.Series, least: pd.Series) -> Sentence | None:
    """How sure both shares are; None where nobody, or everybody, is left of a group and no interval is known."""
    if pd.isna([most[LOWER], least[LOWER]]).any():
        return None
    return say("95% intervals: {first} and {last}.", first=_interval(most), last=_interval(least))


def _interval(row: pd.Series) -> facts.Range:
    return facts.Range(facts.Share(row[LOWER]), facts.Share(row[UPPER]))
