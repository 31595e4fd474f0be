"""Who is due for a good again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.offers.goods.consumption import CONSUMABLE, LONGEST_AHEAD_DAYS, listed
from helpers.analyses.offers.goods.levels import Level
from helpers.analyses.offers.goods.trial_of_repeats import DueTrial
from helpers.analyses.offers.goods.vocabulary import (
    CHANCE_AHEAD,
    DUE_CUSTOMERS,
    DUE_ON,
    EXPECTED_PURCHASES,
    GAP_DAYS,
    LISTED,
    MEDIAN_GAP_DAYS,
    REPEAT_RATE,
)
from helpers.analyses.offers.vocabulary import GOOD, LAST_ON
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID

MOST_DRAWN = 12


@dataclass(frozen=True)
class Due(Members, Finding):
    """When each customer is due for each good that customers buy again and again."""

    table: pd.DataFrame  # one row a customer and good bought within a year, the most likely first
    goods: pd.DataFrame  # good, repeat_rate
    as_of: dt.date
    ahead_days: int
    level: Level
    failed: bool = False  # the list of an earlier day was off
    columns = (CUSTOMER_ID, GOOD, LAST_ON, DUE_ON, CHANCE_AHEAD, GAP_DAYS)
    shown = (GOOD, LISTED, DUE_CUSTOMERS, EXPECTED_PURCHASES, MEDIAN_GAP_DAYS, REPEAT_RATE)

    def summary(self) -> pd.DataFrame:
        """One row a good that five customers are listed for: how many are due, and how many are expected to buy."""
        last = pd.Timestamp(self.as_of) + pd.Timedelta(days=self.ahead_days)
        rows = self.table.assign(soon=self.table[DUE_ON].between(pd.Timestamp(self.as_of), last, inclusive="right"))
        sums = rows.groupby(GOOD).agg(**{
            LISTED: (GOOD, "size"),
            DUE_CUSTOMERS: ("soon", "sum"),
            EXPECTED_PURCHASES: (CHANCE_AHEAD.format(self.ahead_days), "sum"),
            MEDIAN_GAP_DAYS: (GAP_DAYS, "median"),
        })  # fmt: skip
        sums = sums[sums[LISTED] >= SMALLEST_GROUP].join(self.goods.set_index(GOOD)[REPEAT_RATE]).reset_index()
        sums = sums.sort_values([EXPECTED_PURCHASES, GOOD], ascending=[False, True], ignore_index=True)
        return sums.assign(**{GOOD: self.level.named(sums[GOOD])})

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many are expected to buy each good in the days ahead."""
        return charts.bars(self.to_show().head(MOST_DRAWN), value=EXPECTED_PURCHASES, label=GOOD, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many customers will buy each good again in {days}?", days=facts.Days(self.ahead_days))

    def headline(self) -> Sentence:
        """How many purchases of consumables are to come, and of which most."""
        goods = self.summary()
        if goods.empty:
            return say("Too few customers bought a consumable within a year to say for whom one is due.")
        known = {
            "days": facts.Days(self.ahead_days),
            "expected": facts.Count(goods[EXPECTED_PURCHASES].sum()),
            "first": facts.Name(goods[GOOD].iloc[0]),
        }
        if self.failed:
            told = say(
                "This list is a guess, for that of an earlier day was off: {expected} purchases are to come, most of "
                "“{first}”.",
                expected=known["expected"],
                first=known["first"],
            )
        elif len(goods) == 1:
            told = say("In the next {days} some {expected} customers will buy “{first}” again.", **known)
        else:
            told = say(
                "In the next {days} {goods} consumables will be bought again some {expected} times, most “{first}”.",
                goods=facts.Count(len(goods)),
                **known,
            )
        return told.resting_on(
            say(
                "A consumable is a good that {share} of its buyers or more bought again within a year.",
                share=facts.Share(CONSUMABLE),
            ),
            say(
                "A customer's own gap is drawn towards that of all buyers of the good the more, the fewer purchases "
                "there are; the longer the silence, the less likely another one."
            ),
        )


@if_applicable
def due(level: Level, ahead_days: int = 30, trial: DueTrial | NotApplicable | None = None) -> Due | NotApplicable:
    """When customers are due for the goods of `level` that are bought again, and their chance within `ahead_days`.

    A good is a consumable where at least 20 % of its buyers bought it again by 365 days (Kaplan–Meier), and the table
    of products does not say that it is needed once. Gaps are log-normal with a random effect of customer and good; due
    is the day of the last purchase plus the gap that is as likely as not. The chance counts those who never return.
    Days, not orders, are counted. Customers are taken for independent. Where the `trial` was off, the answer says so.
    """
    parameters.between("ahead_days", ahead_days, 1, LONGEST_AHEAD_DAYS)
    told = listed(level, level.as_of, ahead_days)
    if told is None:
        return NotApplicable(
            say(
                "of no good {share} of the buyers bought it again within a year, so nobody is due for one.",
                share=facts.Share(CONSUMABLE),
            )
        )
    table, goods = told
    failed = trial is not None and not isinstance(trial, NotApplicable) and trial.is_off
    return Due(table, goods, level.as_of, ahead_days, level, failed)
