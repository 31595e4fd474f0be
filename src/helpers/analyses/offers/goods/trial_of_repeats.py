"""Whether customers bought when they were due: the list of an earlier day, tried on the days since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.offers.goods.consumption import LONGEST_AHEAD_DAYS, bought_days, listed
from helpers.analyses.offers.goods.levels import Level
from helpers.analyses.offers.goods.vocabulary import BOUGHT_RATE, CHANCE_AHEAD, EXPECTED_RATE, GAP_DAYS, TENTH, WAITING
from helpers.analyses.offers.vocabulary import GOOD, LAST_ON
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import TOLERATED_BIAS, Z
from helpers.findings.vocabulary import CUSTOMER_ID, LOWER, UPPER
from helpers.statistics.shares import wilson_interval

LEAST_LISTED = 100  # customers and goods, for tenths
TENTHS = 10


@dataclass(frozen=True)
class DueTrial(Finding):
    """The chances of an earlier day, by tenths, beside the share that was bought in the days since."""

    table: pd.DataFrame
    ahead_days: int
    expected: float  # purchases
    came: int
    by_chance: float  # how far the two may be apart by chance alone
    error_days: float  # mean distance between due day and purchase, of what was bought in time
    plain_error_days: float  # the same if every customer had the good's usual gap
    columns = (TENTH, WAITING, EXPECTED_RATE, BOUGHT_RATE, LOWER, UPPER)

    @property
    def is_off(self) -> bool:
        """Whether more or fewer came than chance explains, and than is tolerated."""
        error = abs(self.expected - self.came)
        return error > self.by_chance and error > TOLERATED_BIAS * max(self.came, 1)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The share bought, with its interval, over the share expected."""
        return charts.line(self.table, x=EXPECTED_RATE, y=BOUGHT_RATE, band=(LOWER, UPPER), ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Did customers buy as often as their chances said?")

    def headline(self) -> Sentence:
        """What was expected of the earlier list, and what came."""
        known = {
            "days": facts.Days(self.ahead_days),
            "came": facts.Count(self.came),
            "expected": facts.Count(self.expected),
        }
        if self.is_off:
            told = say("The list is off: that of {days} ago expected {expected} purchases; {came} came.", **known)
        else:
            told = say("The list of {days} ago expected {expected} purchases; {came} came.", **known)
        return told.resting_on(self._days())

    def _days(self) -> Sentence | None:
        if np.isnan(self.error_days):
            return None
        return say(
            "What was bought in time came {error} from the due day in the mean; by the good's usual gap alone {plain}.",
            error=facts.Days(self.error_days),
            plain=facts.Days(self.plain_error_days),
        )


@if_applicable
def due_trial(level: Level, ahead_days: int = 30) -> DueTrial | NotApplicable:
    """The list of `due` as of `ahead_days` ago, beside what was bought in the days since.

    Sums are off where they differ by more than a tenth, and by more than chance has them: customers, each with all its
    goods, are taken for independent. Intervals of tenths are Wilson's and take each customer and good for one.
    """
    parameters.between("ahead_days", ahead_days, 1, LONGEST_AHEAD_DAYS)
    before = level.as_of - dt.timedelta(days=ahead_days)
    told = listed(level, before, ahead_days)
    if told is None or len(told[0]) < LEAST_LISTED:
        return NotApplicable(
            say(
                "{days} ago fewer than {least} customers and goods would have been listed: too few to try the chances.",
                days=facts.Days(ahead_days),
                least=facts.Count(LEAST_LISTED),
            )
        )
    rows = _with_outcome(told[0], level, before)
    chance = rows[CHANCE_AHEAD.format(ahead_days)].rename("chance")
    bought = rows["after"].notna()
    error = (chance - bought).groupby(rows[CUSTOMER_ID]).sum()
    tenth = (chance.rank(method="first").sub(1) * TENTHS // len(rows) + 1).astype(int)
    sums = pd.DataFrame({TENTH: tenth, "chance": chance, "bought": bought}).groupby(TENTH).agg(
        n=("bought", "size"), expected=("chance", "mean"), bought=("bought", "sum")
    )  # fmt: skip
    lower, upper = wilson_interval(sums["bought"], sums["n"])
    table = pd.DataFrame({
        TENTH: sums.index, WAITING: sums["n"].to_numpy(), EXPECTED_RATE: sums["expected"].to_numpy(),
        BOUGHT_RATE: (sums["bought"] / sums["n"]).to_numpy(), LOWER: lower, UPPER: upper,
    })  # fmt: skip
    off, plain = _errors(rows, before)
    by_chance = Z * float(np.sqrt(max((error**2).sum(), chance.sum())))
    return DueTrial(table, ahead_days, float(chance.sum()), int(bought.sum()), by_chance, off, plain)


def _with_outcome(table: pd.DataFrame, level: Level, before: dt.date) -> pd.DataFrame:
    """The list with the days from `before` to the first purchase after it; NaN where there is none so far."""
    days = bought_days(level.lines, level.as_of)
    since = days.filter(days.ago < (level.as_of - before).days)
    first = since.group_by("customer_id", "good").agg(ago=since.ago.max()).execute()
    first = first.assign(after=(level.as_of - before).days - first.pop("ago"))
    return table.merge(first, how="left", left_on=[CUSTOMER_ID, GOOD], right_on=["customer_id", "good"])


def _errors(rows: pd.DataFrame, before: dt.date) -> tuple[float, float]:
    """Mean distance in days of what was bought in time from its own gap foretold, and from the good's middle one."""
    usual = rows.groupby(GOOD)[GAP_DAYS].transform("median")
    bought = rows.dropna(subset="after")
    came = (pd.Timestamp(before) - bought[LAST_ON]).dt.days + bought["after"]
    return float((came - bought[GAP_DAYS]).abs().mean()), float((came - usual[bought.index]).abs().mean())
