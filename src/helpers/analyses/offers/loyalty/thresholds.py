"""Whether reaching a tier makes customers order more: those just above its threshold beside those just below."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.offers.loyalty.costs import Membership
from helpers.analyses.offers.loyalty.vocabulary import (
    BUNCHING_P_VALUE,
    COMPARISON,
    IN_FORCE,
    ORDERS_BELOW,
    ORDERS_MORE,
    TIER,
)
from helpers.data import engine, snapshot
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.programme import Tier
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE, Z
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMERS, LOWER, UPPER
from helpers.statistics.discontinuities import density_jump, jump
from helpers.statistics.inference.corrections import adjust

MEMBERS, THRESHOLD = "members", "threshold"


@dataclass(frozen=True)
class TierEffects(Finding):
    """Orders after the tier's day: members beside all others, and those just above the threshold beside those below."""

    table: pd.DataFrame  # two rows a tier, the lowest first
    days: int  # of which orders count
    day: dt.date  # on which tiers are told
    columns = (
        TIER, COMPARISON, CUSTOMERS, ORDERS_BELOW, ORDERS_MORE, LOWER, UPPER, ADJUSTED_P_VALUE, BUNCHING_P_VALUE,
    )  # fmt: skip

    @property
    def effects(self) -> pd.DataFrame:
        """The rows of the thresholds, where those can be told."""
        rows = self.table[self.table[COMPARISON] == THRESHOLD]
        return rows[rows[ADJUSTED_P_VALUE].notna() & ~(rows[BUNCHING_P_VALUE] < SIGNIFICANCE)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many more orders members, and those just above the threshold, have."""
        rows = self.table.dropna(subset=ORDERS_MORE)
        return charts.forest(rows, estimate=ORDERS_MORE, label=TIER, group=COMPARISON, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many more orders do members have, and how many of them are due to their tier?")

    def headline(self) -> Sentence:
        """Whether orders jump where a tier begins, beside how much more members order than others."""
        told = self.effects
        bunched = self.table[self.table[BUNCHING_P_VALUE] < SIGNIFICANCE]
        sure = told[told[ADJUSTED_P_VALUE] < SIGNIFICANCE]
        if sure.empty and len(bunched):
            return say(
                "What “{tier}” changes cannot be told: spend is crowded on one side of its threshold.",
                tier=facts.Name(bunched.iloc[0][TIER]),
            ).resting_on(
                self._members(bunched.iloc[0][TIER]), say("Some saw to it that they reached it, so the two differ.")
            )
        if told.empty:
            return say("What a tier changes cannot be told: too few customers lie on one side of its threshold.")
        if sure.empty:
            row = told.loc[(told[UPPER] - told[LOWER]).idxmin()]
            return say("No evidence that reaching a tier makes customers order more or less.").resting_on(
                *self._basis(row), say("What members order more is who they are.")
            )
        row = sure.loc[sure[ADJUSTED_P_VALUE].idxmin()]
        known = {
            "tier": facts.Name(row[TIER]),
            "days": facts.Days(self.days),
            "more": facts.Number(abs(row[ORDERS_MORE])),
        }
        if row[ORDERS_MORE] > 0:
            told_of = say("Reaching “{tier}” brings {more} more orders a customer within {days}.", **known)
        else:
            told_of = say("Reaching “{tier}” costs {more} orders a customer within {days}.", **known)
        return told_of.resting_on(*self._basis(row))

    def _basis(self, row: pd.Series) -> tuple[Sentence | None, ...]:
        return (
            say(
                "At the threshold of “{tier}”: {more} orders, 95% interval {interval} (regression discontinuity; "
                "tiers as of "
                "{day}).",
                tier=facts.Name(row[TIER]),
                more=facts.Difference(row[ORDERS_MORE]),
                interval=facts.limits(row, facts.Difference),
                day=facts.Day(self.day),
            ),
            self._members(row[TIER]),
        )

    def _members(self, tier: str) -> Sentence | None:
        """The comparison that misleads."""
        rows = self.table[(self.table[TIER] == tier) & (self.table[COMPARISON] == MEMBERS)].dropna(subset=ORDERS_MORE)
        if rows.empty or not rows.iloc[0][ORDERS_BELOW] > 0:
            return None
        row = rows.iloc[0]
        return say(
            "Members of “{tier}” have {times} times the orders of all others, which says nothing of the tier.",
            tier=facts.Name(tier),
            times=facts.Number(1 + row[ORDERS_MORE] / row[ORDERS_BELOW]),
        )


@if_applicable
def tier_effects(membership: Membership, data: Dataset, days: int = 180) -> TierEffects | NotApplicable:
    """Orders within `days` after the day on which tiers are told, by spend within the window of each tier in force.

    That day is `days` before the report's. A local jump at each threshold (`statistics.discontinuities`), among
    customers who had bought something within the window, Holm-corrected over tiers; where spend bunches on one side it
    says nothing. Customers are taken for independent. Orders are days with an order.
    """
    parameters.between("days", days, 28, 730)
    tiers = membership.rules.get(IN_FORCE, ())
    if not tiers:
        return NotApplicable(say("no rules of membership are in force, so nobody reached a tier."))
    bought = snapshot.order_days(data.tables["orders"], data.settings.policy)
    day = data.as_of - dt.timedelta(days=days)
    longest = max(tier.window_days for tier in tiers)
    first = pd.Timestamp(bought.day.min().execute()).date()
    if first > day - dt.timedelta(days=longest - 1):
        return NotApplicable(
            say(
                "the orders do not reach back {days}, which tell the tiers of then and what was ordered since.",
                days=facts.Days(longest + days),
            )
        )
    since = (bought.day > day) & (bought.day <= data.as_of)
    sums = {"later": (bought.orders > 0).sum(where=since).fill_null(0)}
    for window in {tier.window_days for tier in tiers}:
        within = (bought.day <= day) & (bought.day > day - dt.timedelta(days=window))
        sums[f"spent {window}"] = engine.total(bought.net, where=within)
    customers = bought.group_by("customer_id").agg(**sums).order_by("customer_id").drop("customer_id").execute()
    rows = [row for tier in tiers for row in _rows(tier, customers)]
    table = pd.DataFrame(rows, columns=list(TierEffects.columns))
    tested = table[COMPARISON] == THRESHOLD
    table.loc[tested, ADJUSTED_P_VALUE] = adjust(table.loc[tested, ADJUSTED_P_VALUE], "holm")
    table.loc[tested, BUNCHING_P_VALUE] = adjust(table.loc[tested, BUNCHING_P_VALUE], "holm")
    return TierEffects(table, days, day)


def _rows(tier: Tier, customers: pd.DataFrame) -> list[list]:
    """Both comparisons of a tier among those who spent something; p-values are not corrected yet."""
    spent = customers[f"spent {tier.window_days}"]
    spent, later = (column[spent > 0].to_numpy(float) for column in (spent, customers["later"]))
    member = spent >= tier.spend
    jumped, crowded = jump(spent, later, tier.spend), density_jump(spent, tier.spend)
    near = jumped.rows_below + jumped.rows_above
    naive = _difference(later[member], later[~member])
    at_it = [near, jumped.below, jumped.estimate, jumped.lower, jumped.upper, jumped.p_value, crowded.p_value]
    return [[tier.name, MEMBERS, len(spent), *naive, np.nan, np.nan], [tier.name, THRESHOLD, *at_it]]


def _difference(members: np.ndarray, others: np.ndarray) -> list[float]:
    """Mean of the others, and by how much that of members is higher with its interval; empty of fewer than five."""
    if min(len(members), len(others)) < SMALLEST_GROUP:
        return [np.nan] * 4
    error = np.sqrt(members.var(ddof=1) / len(members) + others.var(ddof=1) / len(others))
    more = members.mean() - others.mean()
    return [others.mean(), more, more - Z * error, more + Z * error]
