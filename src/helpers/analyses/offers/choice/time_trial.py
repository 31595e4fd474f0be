"""Which rule recommends best, tried in time: one day parts what all rules know from what was bought since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.offers.choice.contest import PLACES, Round, Task, penalty_of, rounds
from helpers.analyses.offers.choice.histories import Bought, bought, came, known
from helpers.analyses.offers.choice.scorers import BESTSELLERS, PENALTY, Scorer
from helpers.analyses.offers.choice.vocabulary import (
    CATALOGUE_SHARE,
    GAIN_POINTS,
    HIT_RATE_5,
    HIT_RATE_10,
    NDCG_10,
    POPULARITY_RANK,
    PRECISION_10,
    RECALL_10,
    SCORER,
    TASK,
)
from helpers.analyses.offers.goods.levels import Level
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, LOWER, UPPER

SHORTEST_DAYS, LONGEST_DAYS, PARTS = 30, 120, 5  # of a trial of which nobody said how long: a fifth of the time
MOST_GROUPS = 20


@dataclass(frozen=True)
class Trial(Finding):
    """How often the lists of each rule were right, for any good and for goods that are new to the customer."""

    table: pd.DataFrame  # task by task, the best rule first
    split_on: dt.date  # the last day that the rules knew
    days: int
    rounds: dict[Task, Round]
    purchases: Bought
    groups: pd.Series | None  # customer_id → group, of the rule by group
    penalty: float  # of the linear model
    level: Level
    left_out: int  # goods beyond the best sold
    columns = (
        TASK, SCORER, CUSTOMERS, HIT_RATE_5, HIT_RATE_10, PRECISION_10, RECALL_10, NDCG_10, CATALOGUE_SHARE,
        POPULARITY_RANK, GAIN_POINTS, LOWER, UPPER, ADJUSTED_P_VALUE,
    )  # fmt: skip
    shown = (TASK, SCORER, HIT_RATE_10, NDCG_10, CATALOGUE_SHARE, GAIN_POINTS, LOWER, UPPER)

    def chosen(self, task: Task) -> Scorer:
        """The rule to use: the best, where it beats bestsellers beyond chance; bestsellers where nothing was tried."""
        return self.rounds[task].chosen if task in self.rounds else Scorer.POPULAR

    def summary(self) -> pd.DataFrame:
        """The measures that decide."""
        return self.table[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many more customers each rule hits than bestsellers do."""
        named = self.table.assign(**{each: self.table[each].map(each.write) for each in (TASK, SCORER)})
        return charts.forest(named, estimate=GAIN_POINTS, label=SCORER, group=TASK, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many more customers bought one of ten goods listed than with bestsellers?")

    def headline(self) -> Sentence:
        """The rule that wins for goods that are new to a customer, and that for any."""
        first, *others = (_won(task, self.rounds[task]) for task in (Task.NEW, Task.ANY) if task in self.rounds)
        rest = [each for other in others for each in (replace(other, basis=()), *other.basis)]
        return first.resting_on(*rest, self._how(), self._beyond())

    def _how(self) -> Sentence:
        return say(
            "Lists of {day}, for {customers} customers who bought before and in the {days} since; no rule knew those.",
            day=facts.Day(self.split_on),
            customers=facts.Count(self.table[CUSTOMERS].max()),
            days=facts.Days(self.days),
        )

    def _beyond(self) -> Sentence | None:
        if not self.left_out:
            return None
        return say("Goods beyond the best sold are left out: {goods}.", goods=facts.Count(self.left_out))


@if_applicable
def tried(level: Level, data: Dataset, by: str = "", holdout_days: int = 0) -> Trial | NotApplicable:
    """Every rule's lists of ten goods on an earlier day, beside what customers bought in the `holdout_days` after it.

    One day for everybody: a trial that leaves out each customer's last purchase would let rules know the future of
    others. 0 takes a fifth of the time of the purchases, from 30 to 120 days. Bestsellers of the group are by the
    column `by` of customers, by default the first of words; it is taken for known from the start. Customers, who
    are taken for independent, bought a good that at least five had bought on both sides of the day; goods that
    are new are tried on those who bought one. The penalty of EASE is chosen by a trial that ends before this one
    begins. The best rule has the highest NDCG; it is used where it hits more customers with ten goods than the better
    bestsellers (of 90 days or of all time) beyond chance, by McNemar's test corrected for all rules and tasks (Holm).
    Raises ValueError for days out of range and for a group that there is not. Source: Ji et al. (2023), on trials.
    """
    parameters.between("holdout_days", holdout_days, 0, parameters.LONGEST_WINDOW_DAYS)
    groups = groups_of(data, by)
    purchases = bought(level)
    if purchases.rows.empty:
        return NotApplicable(say("no purchase names its customer, so nobody's next goods can be foretold."))
    days = int(holdout_days) or int(np.clip(purchases.days // PARTS, SHORTEST_DAYS, LONGEST_DAYS))
    split_on = data.as_of - dt.timedelta(days=days)
    histories = known(purchases, split_on)
    if 0 < len(histories.goods) <= PLACES:
        return NotApplicable(
            say("there are only {goods} goods, which one list holds.", goods=facts.Count(len(histories.goods)))
        )
    penalty = _penalty(purchases, split_on, days)
    found = rounds(histories, came(purchases, histories, days), groups, penalty) if len(histories.goods) else {}
    if not found:
        few = say(
            "fewer than {least} customers bought both before {day} and in the {days} since, so no rule can be tried.",
            least=facts.Count(LEAST_AT_RISK),
            day=facts.Day(split_on),
            days=facts.Days(days),
        )
        return NotApplicable(few)
    table = pd.concat([each.table for each in found.values()], ignore_index=True)[list(Trial.columns)]
    return Trial(table, split_on, days, found, purchases, groups, penalty, level, histories.left_out)


def groups_of(data: Dataset, column: str) -> pd.Series | None:
    """customer_id → value of a column of customers, by default the first of words with at most twenty; None of none.

    Raises ValueError for a column that there is not.
    """
    table = data.customers.set_index("customer_id")
    known = [each for each in data.tables["customers"].columns if each in table] if "customers" in data.tables else []
    if column and column not in known:
        raise ValueError(f"by = {column!r}: it is no column of customers. There are {', '.join(known) or 'none'}.")
    words = [each for each in known if table[each].dtype == object and 2 <= table[each].nunique() <= MOST_GROUPS]
    chosen = column or next(iter(words), "")
    return table[chosen] if chosen else None


def _penalty(purchases: Bought, split_on: dt.date, days: int) -> float:
    """That of an earlier trial, as long as this one, or half as long as is left before it."""
    before = (pd.Timestamp(split_on) - purchases.rows["day"].min()).days
    days = min(days, before // 2)
    if days < 1:
        return PENALTY
    earlier = known(purchases, split_on - dt.timedelta(days=days))
    return penalty_of(earlier, came(purchases, earlier, days))


def _won(task: Task, tried_rules: Round) -> Sentence:
    """What a task's trial found, on its interval."""
    rows = tried_rules.table.set_index(SCORER)
    row = rows.loc[tried_rules.chosen]
    share = facts.Share(row[HIT_RATE_10])
    if tried_rules.chosen in BESTSELLERS:
        told = (
            say("No evidence that any rule beats bestsellers for goods new to a customer.")
            if task == Task.NEW
            else say("No evidence that any rule beats bestsellers for any good.")
        )
        return told.resting_on(say("{share} of customers bought one of the ten bestsellers.", share=share))
    known_facts = {
        "share": share,
        "rule": facts.Word(tried_rules.chosen, SCORER),
        "gain": facts.Points(row[GAIN_POINTS]),
    }
    interval = say("95% interval of the gain: {interval}.", interval=facts.limits(row, facts.Points))
    if task == Task.NEW:
        return say(
            "Of ten new goods named by “{rule}”, {share} of customers bought one: {gain} against bestsellers.",
            **known_facts,
        ).resting_on(interval)
    return say(
        "Of ten goods named by “{rule}”, {share} of customers bought one: {gain} against bestsellers.", **known_facts
    ).resting_on(interval)
