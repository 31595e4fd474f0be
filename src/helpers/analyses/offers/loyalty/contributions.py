"""What membership brings a year: where it changes nothing, where it just pays, and by what its thresholds show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.offers.loyalty.costs import Membership
from helpers.analyses.offers.loyalty.thresholds import TierEffects
from helpers.analyses.offers.loyalty.vocabulary import (
    CONTRIBUTION,
    CONTRIBUTION_LOWER,
    CONTRIBUTION_UPPER,
    EFFECT_RATE,
    MEMBER_REVENUE,
    ORDERS_BELOW,
    ORDERS_MORE,
    RULES,
    SCENARIO,
    TIER,
    YEARLY_COST,
)
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import LOWER, UPPER

NONE, BREAK_EVEN, MEASURED = "none", "break_even", "measured"


@dataclass(frozen=True)
class Scenarios(Finding):
    """Yearly contribution of each set of rules, by what is assumed of how much more members spend because of it."""

    table: pd.DataFrame  # the rules in force first
    currency: str = ""
    columns = (RULES, SCENARIO, EFFECT_RATE, CONTRIBUTION, CONTRIBUTION_LOWER, CONTRIBUTION_UPPER)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Contribution by rules and scenario."""
        band = (CONTRIBUTION_LOWER, CONTRIBUTION_UPPER)
        return charts.forest(
            self.table, estimate=CONTRIBUTION, label=RULES, group=SCENARIO, band=band, reference=0, ax=ax
        )

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What do the rules bring a year, less their cost?")

    def headline(self) -> Sentence:
        """What the rules bring if they change nothing, and whether what was measured pays them."""
        first = self.table[self.table[RULES] == self.table.iloc[0][RULES]].set_index(SCENARIO)
        none, even = first.loc[NONE], first.loc[BREAK_EVEN]
        known = {
            "cost": facts.Money(-none[CONTRIBUTION], self.currency),
            "rate": facts.Share(even[EFFECT_RATE]),
        }
        if MEASURED not in first.index:
            return say(
                "Membership costs {cost} a year, and pays if members spend {rate} more because of it.", **known
            ).resting_on(say("What it changes could not be measured at its thresholds."))
        seen = first.loc[MEASURED]
        basis = say(
            "As measured at the thresholds: {rate} more, {money} a year (95% interval {interval}); this is of "
            "members near "
            "a threshold, and lent to all.",
            rate=facts.Change(seen[EFFECT_RATE]),
            money=facts.Money(seen[CONTRIBUTION], self.currency, signed=True),
            interval=facts.Range(
                facts.Money(seen[CONTRIBUTION_LOWER], self.currency, signed=True),
                facts.Money(seen[CONTRIBUTION_UPPER], self.currency, signed=True),
            ),
        )
        if seen[CONTRIBUTION_LOWER] > 0:
            return say("Membership pays its cost of {cost} a year.", **known).resting_on(basis)
        if seen[CONTRIBUTION_UPPER] < 0:
            return say("Membership does not pay its cost of {cost} a year.", **known).resting_on(basis)
        return say(
            "Whether membership pays its {cost} a year cannot be told: it does if members spend {rate} more.", **known
        ).resting_on(basis)


@if_applicable
def scenarios(membership: Membership, effects: TierEffects | NotApplicable) -> Scenarios | NotApplicable:
    """Contribution a year (margin × more revenue of members − cost) of the rules in force and of each proposal.

    Of three assumptions: members spend nothing more for it; as much more as pays the cost; as much more as `effects`
    shows at the thresholds of the tiers in force, orders standing for spend, where all tiers have one of their name
    (the limits of tiers are combined as independent ones).
    """
    by_tier = effects.effects.set_index(TIER) if isinstance(effects, TierEffects) else pd.DataFrame()
    rows: list[list] = []
    for name in membership.rules:
        tiers = membership.table[membership.table[RULES] == name].dropna(subset=MEMBER_REVENUE)
        earned = membership.margin * tiers[MEMBER_REVENUE].to_numpy(float)
        cost = float(tiers[YEARLY_COST].sum())
        if not earned.sum() > 0:
            continue
        rows.append([name, NONE, 0.0, -cost, np.nan, np.nan])
        rows.append([name, BREAK_EVEN, cost / earned.sum(), 0.0, np.nan, np.nan])
        rows += (
            [[name, MEASURED, *_measured(by_tier.loc[tiers[TIER]], earned, cost)]] if _all_known(tiers, by_tier) else []
        )
    if not rows:
        return NotApplicable(say("too few members are in each tier, so nothing is told of what they bring."))
    return Scenarios(pd.DataFrame(rows, columns=list(Scenarios.columns)), membership.currency)


def _all_known(tiers: pd.DataFrame, by_tier: pd.DataFrame) -> bool:
    return bool(tiers[TIER].isin(by_tier.index).all() and (by_tier.loc[tiers[TIER], ORDERS_BELOW] > 0).all())


def _measured(effects: pd.DataFrame, earned: np.ndarray, cost: float) -> list[float]:
    """Effect, contribution and its limits, from the jump of each tier as a part of the orders just below it."""
    below = effects[ORDERS_BELOW].to_numpy(float)
    rate = effects[ORDERS_MORE].to_numpy(float) / below
    reach = (effects[UPPER] - effects[LOWER]).to_numpy(float) / 2 / below
    middle = (effects[UPPER] + effects[LOWER]).to_numpy(float) / 2 / below
    more, spread = float(middle @ earned), float(np.sqrt((reach * earned) ** 2 @ np.ones(len(earned))))
    return [
        float(rate @ earned / earned.sum()),
        float(rate @ earned) - cost,
        more - spread - cost,
        more + spread - cost,
    ]
