"""How long new customers take to bring what winning them cost, by channel and by the quarter in which they came."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.value.acquisition.newcomers import CHANNEL, Newcomers, newcomers
from helpers.analyses.value.future.terms import Terms
from helpers.analyses.value.vocabulary import (
    COST_EACH,
    EARNED_EACH,
    EARNED_SHARE,
    FOLLOWED_MONTHS,
    GROUPED_BY,
    LATEST_MONTHS,
    NEW_CUSTOMERS,
    PAYBACK_MONTHS,
    PAYS,
    SOONEST_MONTHS,
    SPENT,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.briefs import Brief, Direction, News, Topic, sureness
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE, Z
from helpers.findings.vocabulary import COHORT, LOWER, UPPER

LATE_MONTHS = 3  # whose spending is at stake
AVERAGE = say(
    "These are averages: what one customer more would cost is another number, which spending less would show."
)


class Pays(StrEnum):
    """Whether customers bring what they cost within the horizon."""

    PAID = "paid"
    SHORT = "short"
    OPEN = "open"


@dataclass(frozen=True)
class Payback(Finding):
    """What new customers cost and have brought, and the months until the one is as much as the other."""

    table: pd.DataFrame  # the dearest channel first, or the oldest cohort
    by: str  # channel or cohort
    horizon_months: int
    margin: float  # the part of revenue that counts; 1: revenue itself
    unmatched: float  # money spent on channels that no new customer names
    as_of: dt.date
    late_spending: pd.Series  # what was spent in the last three months, by group
    currency: str = ""
    columns = (
        GROUPED_BY, SPENT, NEW_CUSTOMERS, COST_EACH, FOLLOWED_MONTHS, EARNED_EACH, EARNED_SHARE, LOWER, UPPER,
        PAYBACK_MONTHS, SOONEST_MONTHS, LATEST_MONTHS, PAYS,
    )  # fmt: skip

    def plot(self, ax: Axes | None = None) -> Axes:
        """What a customer has brought over what one cost, with its interval; at the dashed line it is earned back."""
        return charts.forest(self.table, estimate=EARNED_SHARE, label=self.by, reference=1, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        if self.by == CHANNEL:
            return say("How much of its cost has each channel's customer brought?")
        return say("How much of their cost have the customers of each quarter brought?")

    def headline(self) -> Sentence:
        """The channel that falls short, else how long they take; of cohorts, how many have earned their cost back."""
        told = self._of_channels() if self.by == CHANNEL else self._of_cohorts()
        return told.resting_on(_limits(self._first_short), self._counted(), self._left_out(), AVERAGE)

    def brief(self) -> Brief:
        """To spend less on channels whose customers do not bring what they cost."""
        short = self.table[self.table[PAYS] == Pays.SHORT]
        return Brief(tuple(map(self._news, short.itertuples())) if self.by == CHANNEL else ())

    @property
    def _first_short(self) -> Any | None:
        """The group that falls short by most money."""
        short = self.table[self.table[PAYS] == Pays.SHORT]
        lacking = (short[SPENT] * (1 - short[EARNED_SHARE])).sort_values(ascending=False)
        return next(short.loc[lacking.index].itertuples(), None)

    def _of_channels(self) -> Sentence:
        short, paid = self._first_short, self.table[self.table[PAYS] == Pays.PAID]
        if short is not None:
            return say(
                "“{channel}” does not pay back in {months} months: a customer costs {cost} and brings {earned}.",
                channel=facts.Name(getattr(short, self.by)),
                months=facts.Count(short.followed_months),
                cost=facts.Money(short.cost_each, self.currency),
                earned=facts.Money(short.earned_each, self.currency),
            )
        if paid.empty:
            return say("It is too early to say whether any channel's customers bring what they cost.")
        slow = paid.loc[paid[PAYBACK_MONTHS].idxmax()]
        known = {"channel": facts.Name(slow[self.by]), "months": facts.Count(slow[PAYBACK_MONTHS])}
        if len(paid) == len(self.table):
            return say("Each channel's customers bring what they cost; “{channel}” last, in month {months}.", **known)
        return say(
            "Customers of {paid} channels bring what they cost, “{channel}” last, in month {months}; {open} are open.",
            paid=facts.Count(len(paid)),
            open=facts.Count(len(self.table) - len(paid)),
            **known,
        )

    def _of_cohorts(self) -> Sentence:
        short, paid = self._first_short, self.table[self.table[PAYS] == Pays.PAID]
        if short is not None:
            return say(
                "Customers of {cohort} do not bring what they cost in {months} months.",
                cohort=facts.Name(getattr(short, self.by)),
                months=facts.Count(short.followed_months),
            )
        if paid.empty:
            return say("It is too early to say whether the customers of any quarter bring what they cost.")
        known = {"all": facts.Count(len(self.table)), "months": facts.Count(paid[PAYBACK_MONTHS].max())}
        if len(paid) == len(self.table):
            return say("Customers of all {all} quarters have brought what they cost, within {months} months.", **known)
        return say(
            "Customers of {paid} of {all} quarters have brought what they cost, within {months} months.",
            paid=facts.Count(len(paid)),
            **known,
        ).resting_on(say("The others are followed for too short a time, or it is open."))

    def _counted(self) -> Sentence:
        if self.margin < 1:
            return say("{margin} of what customers pay is counted.", margin=facts.Share(self.margin))
        return say("All that customers pay is counted; write `margin` under `[plan]` where less of it is earned.")

    def _left_out(self) -> Sentence | None:
        if not self.unmatched:
            return None
        return say(
            "{money} were spent on channels that no new customer names.",
            money=facts.Money(self.unmatched, self.currency),
        )

    def _news(self, line: Any) -> News:
        channel = getattr(line, self.by)
        told = say(
            "Spend less on “{channel}”: a customer costs {cost} and brings {earned} in {months} months.",
            channel=facts.Name(channel),
            cost=facts.Money(line.cost_each, self.currency),
            earned=facts.Money(line.earned_each, self.currency),
            months=facts.Count(line.followed_months),
        ).resting_on(_limits(line), self._counted(), AVERAGE)
        stake = float(self.late_spending.get(channel, 0.0)) * (1 - line.earned_share)
        sure = sureness(1 - line.earned_share, (line.upper - line.lower) / 2 / Z)
        return News(
            Topic.ACTION, f"spending on {channel}", told, stake, sure, Direction.WORSE, -1.0, say("Head of marketing"),
            self.as_of + dt.timedelta(days=7),
        )  # fmt: skip


@analysis
def payback(data: Dataset, terms: Terms = Terms(), by: str = CHANNEL) -> Payback | NotApplicable:
    """What winning customers cost, what they have brought since, and the months until that is as much, by `by`.

    Customers and spending are those of `newcomers`. What a customer has brought by a month is the mean cumulative
    function of those followed so long: young customers count as far as they were seen. It is told as far as 20 are
    followed, up to the horizon of `terms`; the share of revenue is their margin, else that of `[plan]`. Paid, or short,
    is what is so for all of an interval that takes the number of groups into account (Bonferroni); short only at the
    horizon. Groups of fewer than 20 new customers are left out. Not applicable without spending, orders or channels.
    """
    known = newcomers(data, terms.horizon_months)
    if isinstance(known, NotApplicable):
        return known
    margin = float(data.settings.plan.margin) if terms.margin is None else terms.margin
    key = CHANNEL if by == CHANNEL else COHORT
    sizes = known.customers[key].value_counts()
    groups = [group for group in sizes.index if sizes[group] >= LEAST_AT_RISK]
    if not groups:
        few = say("fewer than {least} new customers came through any channel.", least=facts.Count(LEAST_AT_RISK))
        return NotApplicable(few)
    named = known.customers.groupby(CHANNEL)["named"].agg(lambda names: names.mode()[0]) if by == CHANNEL else {}
    rows = pd.DataFrame([
        {by: named.get(group, group)} | _row(known, key, group, margin, terms.horizon_months, len(groups))
        for group in groups
    ])  # fmt: skip
    rows = rows.sort_values(COST_EACH if by == CHANNEL else by, ascending=by != CHANNEL, ignore_index=True)
    late = known.spent[known.spent["month"] > known.spent["month"].max() - pd.DateOffset(months=LATE_MONTHS)]
    spending = late.groupby(key)["cost"].sum().rename(index=dict(named))
    return Payback(
        rows, by, terms.horizon_months, margin, known.unmatched, data.as_of, spending, data.settings.currency
    )


def _limits(line: Any | None) -> Sentence | None:
    """How much of its cost a group that falls short has brought."""
    if line is None:
        return None
    return say(
        "It has brought {share} of its cost ({limits}).",
        share=facts.Share(line.earned_share),
        limits=facts.Range(facts.Share(line.lower), facts.Share(line.upper)),
    )


def _row(known: Newcomers, key: str, group: str, margin: float, horizon: int, groups: int) -> dict[str, Any]:
    chosen = (known.customers[key] == group).to_numpy()
    spent = float(known.spent.loc[known.spent[key] == group, "cost"].sum())
    cost = spent / chosen.sum()
    course, sure = (_followed(known.by_month(chosen, margin, alpha)) for alpha in (SIGNIFICANCE, SIGNIFICANCE / groups))
    brought: dict[str, Any] = {FOLLOWED_MONTHS: 0, PAYS: str(Pays.OPEN)}
    if not course.empty:
        last = course.iloc[-1]
        brought = {
            FOLLOWED_MONTHS: int(last["month"]), EARNED_EACH: last["mean"],
            EARNED_SHARE: last["mean"] / cost if cost else np.nan,
            LOWER: last["lower"] / cost if cost else np.nan, UPPER: last["upper"] / cost if cost else np.nan,
            PAYBACK_MONTHS: _month(course, "mean", cost), SOONEST_MONTHS: _month(course, "upper", cost),
            LATEST_MONTHS: _month(course, "lower", cost), PAYS: str(verdict(sure, cost, horizon)),
        }  # fmt: skip
    return {SPENT: spent, NEW_CUSTOMERS: int(chosen.sum()), COST_EACH: cost} | brought


def _followed(course: pd.DataFrame) -> pd.DataFrame:
    return course[course["at_risk"] >= LEAST_AT_RISK]


def _month(course: pd.DataFrame, line: str, cost: float) -> float:
    """The first month by whose end a line has come to the cost; NaN where it has not."""
    reached = course.loc[course[line] >= cost, "month"]
    return float(reached.iloc[0]) if len(reached) else np.nan


def verdict(course: pd.DataFrame, cost: float, horizon: int) -> Pays:
    """Paid where the lower end has come to the cost, short where the upper end has not by the horizon, else open."""
    if course.empty:
        return Pays.OPEN
    if course["lower"].max() >= cost:
        return Pays.PAID
    last = course.iloc[-1]
    return Pays.SHORT if last["month"] >= horizon and last["upper"] < cost else Pays.OPEN
