"""What each set of membership rules would have cost on history as it was, and what it must bring to pay that."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers import parameters
from helpers.analyses.offers.loyalty.liability import Points
from helpers.analyses.offers.loyalty.spells import Spells, spells
from helpers.analyses.offers.loyalty.vocabulary import (
    BREAK_EVEN_RATE,
    FALLEN,
    IN_FORCE,
    MEMBER_REVENUE,
    MEMBERS,
    RISEN,
    RULES,
    TIER,
    TIER_SPEND,
    WINDOW_DAYS,
    YEARLY_COST,
)
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.programme import Tier
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import Z
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.disclosure import DOMINATED, dominated
from helpers.findings.vocabulary import LOWER, UPPER

GIVEN = 1e-6  # of a ratio: an error below it is that of rounding
CAUSED = say(
    "For comparison: in a coalition programme with small rewards incentives caused 1.74% of sales; most of the rise "
    "before a reward was who the customers are (Journal of the Academy of Marketing Science)."
)


@dataclass(frozen=True)
class Membership(Finding):
    """Members, cost and break-even of each tier, by the rules in force and by each proposal, replayed on history."""

    table: pd.DataFrame  # the rules in force first, tiers from the lowest; numbers of fewer than five members are empty
    rules: dict[str, tuple[Tier, ...]]  # by name, the rules in force first; tiers from the lowest
    margin: float
    years: float  # of history that costs and revenue come from, told as of one year
    redeemed: float | None  # share of points that is redeemed in the end; None: not known, and all are counted
    currency: str = ""
    columns = (
        RULES, TIER, TIER_SPEND, WINDOW_DAYS, MEMBERS, RISEN, FALLEN, MEMBER_REVENUE.but(summed=True),
        YEARLY_COST.but(tells=MEMBER_REVENUE), BREAK_EVEN_RATE, LOWER, UPPER, DOMINATED,
    )  # fmt: skip

    def plot(self, ax: Axes | None = None) -> Axes:
        """By how much members of each tier must spend more for it to pay."""
        rows = self.table.dropna(subset=BREAK_EVEN_RATE)
        several = rows[RULES].nunique() > 1
        return charts.forest(rows, estimate=BREAK_EVEN_RATE, label=TIER, group=RULES if several else "", ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How much more must members spend for their tier to pay?")

    def cost(self, rules: str) -> float:
        """What a set of rules costs a year."""
        return float(self.table.loc[self.table[RULES] == rules, YEARLY_COST].sum())

    def headline(self) -> Sentence:
        """What the proposal that differs most costs more or less, or what the rules in force cost."""
        now = self.cost(IN_FORCE)
        proposals = [name for name in self.rules if name != IN_FORCE]
        basis = (self._break_even(), self._history(), CAUSED)
        if not proposals:
            return say(
                "Membership cost {money} a year: {share} of what its {members} members spent.",
                money=facts.Money(now, self.currency),
                share=facts.Share(self._part(IN_FORCE)),
                members=facts.Count(self.table[MEMBERS].sum()),
            ).resting_on(*basis)
        name = max(proposals, key=lambda each: abs(self.cost(each) - now))
        change = self.cost(name) - now
        known = {"rules": facts.Name(name), "money": facts.Money(abs(change), self.currency)}
        if not now:
            return say("“{rules}” would have cost {money} a year.", **known).resting_on(*basis)
        if change >= 0:
            return say("“{rules}” would have cost {money} a year more than the rules in force.", **known).resting_on(
                *basis
            )
        return say("“{rules}” would have cost {money} a year less than the rules in force.", **known).resting_on(*basis)

    def _part(self, rules: str) -> float:
        rows = self.table[self.table[RULES] == rules]
        return float(rows[YEARLY_COST].sum() / rows[MEMBER_REVENUE].sum()) if rows[MEMBER_REVENUE].sum() > 0 else np.nan

    def _break_even(self) -> Sentence | None:
        rows = self.table.dropna(subset=BREAK_EVEN_RATE)
        if rows.empty:
            return None
        row = rows.loc[rows[YEARLY_COST].idxmax()]
        known = {"tier": facts.Name(row[TIER]), "rate": facts.Share(row[BREAK_EVEN_RATE])}
        if pd.isna(row[LOWER]):
            return say("The dearest tier, “{tier}”, pays if its members spend {rate} more because of it.", **known)
        return say(
            "The dearest tier, “{tier}”, pays if its members spend {rate} more because of it (95% interval "
            "{interval}).",
            interval=facts.limits(row),
            **known,
        )

    def _history(self) -> Sentence:
        return say(
            "Replayed on {days} of orders as they were: nobody buys more or less for it; of revenue {margin} is "
            "earned.",
            days=facts.Days(round(365 * self.years)),
            margin=facts.Share(self.margin),
        )


@analysis
def membership(
    data: Dataset, margin: float | None = None, points: Points | NotApplicable | None = None
) -> Membership | NotApplicable:
    """What the rules of `data`'s settings ([loyalty] tiers and proposals) would have cost within the last year.

    Every month each customer is placed in the highest tier whose spend is reached, and what a tier gives is counted on
    what its members spent in that month: the benefit's part, points at their value (by the share of `points` that is
    redeemed in the end, where it is given) and a twelfth of the fixed cost. Break-even is the cost over `margin`
    (none: that of `[plan]`) × revenue of members; its interval takes customers for independent (delta method).
    Behaviour stays as it was.
    """
    margin = float(data.settings.plan.margin) if margin is None else parameters.between("margin", margin, 0.001, 1)
    loyalty = data.settings.loyalty
    rules = {name: _sorted(tiers) for name, tiers in {IN_FORCE: loyalty.tiers, **loyalty.proposals}.items() if tiers}
    if not rules:
        return NotApplicable(say("no rules of membership are set. Write `[[loyalty.tiers]]` in `dataset.toml`."))
    if "orders" not in data.tables:
        return NotApplicable(say("this data set has no orders, so what members spend is not known."))
    history = spells(data, [tier.window_days for tier in chain(*rules.values())])
    if history is None:
        longest = max(tier.window_days for tier in chain(*rules.values()))
        return NotApplicable(
            say(
                "the orders do not reach back {days} and a month, so nobody's tier is known. Export older orders.",
                days=facts.Days(longest),
            )
        )
    redeemed = points.redeemed_rate if isinstance(points, Points) else None
    value = loyalty.point_value * (1.0 if redeemed is None else redeemed)
    in_force = rules.get(IN_FORCE, ())
    now = history.tiers(in_force)[:, 0]
    names = [tier.name for tier in in_force]
    rows = [
        _row(
            name, place, tiers, history, margin, value, now - (names.index(tier.name) if tier.name in names else place)
        )
        for name, tiers in rules.items()
        for place, tier in enumerate(tiers)
    ]
    table = pd.DataFrame(rows, columns=list(Membership.columns))
    return Membership(table, rules, margin, history.years, redeemed, data.settings.currency)


def _sorted(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    return tuple(sorted(tiers, key=lambda tier: tier.spend))


def _row(
    name: str, place: int, tiers: tuple[Tier, ...], history: Spells, margin: float, value: float, above: np.ndarray
) -> list:
    """One row of the table; `above` is by how many tiers the rules in force place each customer above this one."""
    tier, placed = tiers[place], history.tiers(tiers) == place
    member, was = placed[:, 0], placed[:, 1:]
    head = [name, tier.name, tier.spend, tier.window_days]
    if member.sum() < SMALLEST_GROUP:
        return [*head, *[np.nan] * 8, False]
    revenue = (history.paid * was).sum(axis=1) / history.years
    cost = revenue * (tier.benefit_rate + tier.points_rate * value) + was.mean(axis=1) * tier.fixed_cost
    moved = [int((above[member] < 0).sum()), int((above[member] > 0).sum())]
    made = bool(dominated(pd.Series(revenue), pd.Series(tier.name, range(len(revenue)))).any())
    return [*head, int(member.sum()), *moved, revenue.sum(), cost.sum(), *_ratio(cost, margin * revenue), made]


def _ratio(above: np.ndarray, below: np.ndarray) -> tuple[float, float, float]:
    """The sum of one over that of the other, with its interval over customers, where that is known.

    Nothing is known where nothing is below, and no interval where both rise and fall alike: then the ratio is given.
    """
    rows = (above != 0) | (below != 0)
    total, size = below.sum(), int(rows.sum())
    if not total > 0 or size < SMALLEST_GROUP:
        return np.nan, np.nan, np.nan
    ratio = above.sum() / total
    error = np.sqrt(size / (size - 1) * ((above - ratio * below)[rows] ** 2).sum()) / total
    reach = Z * error if error > GIVEN * ratio else np.nan
    return ratio, ratio - reach, ratio + reach
