"""Whether customers order more often as the next tier comes near: the goal gradient."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.offers.loyalty.costs import Membership
from helpers.analyses.offers.loyalty.vocabulary import (
    FAR_RATE,
    IN_FORCE,
    NEAR_CHANGE,
    NEAR_MORE,
    PLACEBO_CHANGE,
    TIER,
)
from helpers.data import engine, snapshot
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.programme import Tier
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, LOWER, UPPER
from helpers.statistics.discontinuities import approach_of, periods_near
from helpers.statistics.inference.corrections import adjust

WEEK = 7
WEEKS = 52  # in which orders count
BLOCK_ROWS = 20_000  # customers at a time


@dataclass(frozen=True)
class GoalGradient(Finding):
    """How much more often the same customers order in weeks in which a tier is near, beside no tier."""

    table: pd.DataFrame  # one row a tier, the lowest first
    columns = (TIER, CUSTOMERS, FAR_RATE, NEAR_CHANGE, PLACEBO_CHANGE, NEAR_MORE, LOWER, UPPER, ADJUSTED_P_VALUE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """How much more often they order close to each tier, what thresholds that there are not show taken off."""
        return charts.forest(self.table, estimate=NEAR_MORE, label=TIER, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How much more often do customers order when a tier is near?")

    def headline(self) -> Sentence:
        """Whether customers hurry when a tier is near."""
        rows = self.table.dropna(subset=ADJUSTED_P_VALUE)
        sure = rows[rows[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        row = (sure if len(sure) else rows).sort_values(ADJUSTED_P_VALUE, kind="stable").iloc[0]
        basis = (self._change(row), self._placebo(row))
        if sure.empty:
            return say("No evidence that customers order more often when a tier is near.").resting_on(*basis)
        known = {"tier": facts.Name(row[TIER]), "points": facts.Points(row[NEAR_MORE])}
        if row[NEAR_MORE] > 0:
            told = say("When “{tier}” is near, customers order in more weeks than usual: {points}.", **known)
        else:
            told = say("When “{tier}” is near, customers order in fewer weeks than usual: {points}.", **known)
        return told.resting_on(*basis)

    def _change(self, row: pd.Series) -> Sentence:
        return say(
            "Close to “{tier}” the share of weeks with an order differs by {points} from that close to thresholds "
            "that there are not (95% interval {interval}), among the same customers.",
            tier=facts.Name(row[TIER]), points=facts.Points(row[NEAR_MORE]), interval=facts.limits(row, facts.Points),
        )  # fmt: skip

    def _placebo(self, row: pd.Series) -> Sentence:
        """The comparison that misleads."""
        return say(
            "Beside the weeks before alone it is {points}, which says nothing: whoever orders near a threshold passes "
            "it.",
            points=facts.Points(row[NEAR_CHANGE]),
        )  # fmt: skip


@if_applicable
def goal_gradient(membership: Membership, data: Dataset) -> GoalGradient | NotApplicable:
    """Whether customers of `data` order more often in weeks in which the next tier in force is near.

    Near is from .8 of its spend on, within its window (whole weeks); beside it stand the same customers' weeks from
    half of it on, and the same at six thresholds that there are not (`statistics.discontinuities.approach`). The last
    52 weeks count. Corrected over tiers (Holm). Customers are taken for independent.
    """
    tiers = membership.rules.get(IN_FORCE, ())
    if not tiers:
        return NotApplicable(say("no rules of membership are in force, so nobody comes near a tier."))
    longest = max(_weeks(tier) for tier in tiers)
    blocks = [
        [periods_near(_window(spent, _weeks(tier)), ordered, tier.spend) for tier in tiers]
        for spent, ordered in _by_week(data, WEEKS + longest)
    ]
    found = {tier.name: approach_of(np.concatenate(each)) for tier, *each in zip(tiers, *blocks, strict=True)}
    told = {name: each for name, each in found.items() if each.customers >= LEAST_AT_RISK and each.p_value >= 0}
    if not told:
        return NotApplicable(
            say("of no tier {least} customers were seen both near to it and farther from it.",
                least=facts.Count(LEAST_AT_RISK))
        )  # fmt: skip
    rows = [
        [name, each.customers, each.level, each.change, each.placebo, each.estimate, each.lower, each.upper]
        for name, each in told.items()
    ]
    p_values = adjust([each.p_value for each in told.values()], "holm")
    table = pd.DataFrame(rows, columns=list(GoalGradient.columns[:-1]))
    return GoalGradient(table.assign(**{ADJUSTED_P_VALUE: p_values}))


def _weeks(tier: Tier) -> int:
    return max(1, round(tier.window_days / WEEK))


def _by_week(data: Dataset, weeks: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(customers, weeks) of money, and whether there was an order in each of the last ones; the earliest first.

    In blocks of customers, as most of their weeks have no order.
    """
    bought = snapshot.order_days(data.tables["orders"], data.settings.policy)
    ago = ibis.date(data.as_of).delta(bought.day, unit="day") // WEEK
    rows = bought.mutate(week=weeks - 1 - ago).filter(ago < weeks)
    sums = rows.group_by("customer_id", "week").agg(net=engine.total(rows.net), orders=rows.orders.sum())
    number = ibis.dense_rank().over(order_by=sums.customer_id)
    sums = sums.select("week", "net", "orders", customer=number).order_by("customer", "week").execute()
    customer = sums["customer"].to_numpy()
    size = customer.max(initial=-1) + 1
    for first in range(0, max(size, 1), BLOCK_ROWS):
        here = slice(*np.searchsorted(customer, [first, first + BLOCK_ROWS]))
        place = customer[here] - first, sums["week"].to_numpy(int)[here]
        money, orders = (np.zeros((min(size - first, BLOCK_ROWS), weeks)) for _each in range(2))
        money[place] = sums["net"].to_numpy(float)[here]
        orders[place] = sums["orders"].to_numpy(float)[here]
        yield money, orders[:, -WEEKS:] > 0


def _window(money: np.ndarray, weeks: int) -> np.ndarray:
    """What counts at the beginning of each of the last weeks: the money of so many weeks before it."""
    total = np.c_[np.zeros(len(money)), np.cumsum(money, axis=1)]
    last = np.arange(money.shape[1] - WEEKS, money.shape[1])
    return total[:, last] - total[:, last - weeks]
