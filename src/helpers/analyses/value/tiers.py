"""Customers whose tier is below the one that they would have if tiers went by what they will bring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.value.future.lifetime import LifetimeValues
from helpers.analyses.value.future.trial_of_models import Failure, doubt
from helpers.analyses.value.vocabulary import LIFETIME_VALUE, TIER, TIER_BY_VALUE, TOTAL_LIFETIME_VALUE
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.disclosure import DOMINATED, disclosed, dominated
from helpers.findings.privacy.members import Members
from helpers.findings.vocabulary import CUSTOMER_ID, CUSTOMERS

WHAT_TIERS_WOULD_BE = say("Compared with tiers of the same sizes that go by expected value.")


CELLS = (TIER, TIER_BY_VALUE, CUSTOMERS.but(adds_up=[[TIER], [TIER_BY_VALUE]]), TOTAL_LIFETIME_VALUE, DOMINATED)


@dataclass(frozen=True)
class Underserved(Members, Finding):
    """Customers whose tier is below the one they would have by expected value, in tiers of the same size."""

    table: pd.DataFrame  # the most valuable first
    cells: pd.DataFrame  # customers and their value by tier and tier by value, highest first
    total_value: float  # of all customers who have a tier
    failure: Failure | None = None  # of the model that the values rest on
    currency: str = ""
    columns = (CUSTOMER_ID, TIER, TIER_BY_VALUE, LIFETIME_VALUE)
    shown = (TIER, TIER_BY_VALUE, CUSTOMERS, TOTAL_LIFETIME_VALUE)

    def summary(self) -> pd.DataFrame:
        """One row for each tier and the higher one that its customers would have, where 5 or more would."""
        cells = disclosed(self.cells, CELLS)
        higher = cells[_is_below(cells)]
        return higher.dropna(subset=CUSTOMERS).astype({CUSTOMERS: int}).reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Customers by tier and tier by value, highest first; the under-served are left of the diagonal."""
        return charts.heat_map(disclosed(self.cells, CELLS), row=TIER, column=TIER_BY_VALUE, value=CUSTOMERS, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many customers have which tier, and which would they have by value?")

    def headline(self) -> Sentence:
        """How many would be in a higher tier by what they will bring, and what that is."""
        if self.cells.loc[_is_below(self.cells), CUSTOMERS].max() < SMALLEST_GROUP:
            nobody = say("No tier has {least} customers who are worth a higher one.", least=facts.Count(SMALLEST_GROUP))
            return nobody.resting_on(WHAT_TIERS_WOULD_BE)
        worth = self.table[LIFETIME_VALUE].sum()
        return say(
            "{customers} customers are served below what they are worth; they hold {share} of it.",
            customers=facts.Count(len(self.table)),
            share=facts.Share(worth / self.total_value),
        ).resting_on(
            doubt(self.failure),
            say("That is {money} of the expected value.", money=facts.Money(worth, self.currency)),
            WHAT_TIERS_WOULD_BE,
        )


@if_applicable
def underserved(values: LifetimeValues, tiers: pd.Series | None) -> Underserved | NotApplicable:
    """Customers whose tier (customer_id → tier) is below the one that they would have if tiers went by expected value.

    Each tier keeps its number of places; customers of equal value take the lowest of the places that they share, as
    nothing ranks them, and those without a tier are left out. Tiers rank by the mean expected value of their customers.
    Not applicable without two tiers.
    """
    if tiers is None or tiers.dropna().nunique() < 2:
        return NotApplicable(say("there are no tiers to compare with."))
    both = _placed(values.table.set_index(CUSTOMER_ID)[LIFETIME_VALUE], tiers)
    below = both[_is_below(both)].sort_values(LIFETIME_VALUE, ascending=False, kind="stable").reset_index()
    below = below.astype({TIER: str, TIER_BY_VALUE: str})
    return Underserved(below, _cells(both), float(both[LIFETIME_VALUE].sum()), values.failure, values.currency)


def _placed(value: pd.Series, tiers: pd.Series) -> pd.DataFrame:
    """Tier, tier by value and value of each customer who has a tier; `value` is by customer_id, as `tiers`."""
    tier = tiers.reindex(value.index).dropna()
    value = value[tier.index]
    order = value.groupby(tier).mean().sort_values(ascending=False).index.tolist()
    filled = tier.value_counts().reindex(order).cumsum().to_numpy()
    places = value.rank(ascending=False, method="max").to_numpy() - 1
    by_value = np.array(order, dtype=object)[np.searchsorted(filled, places, side="right")]
    return pd.DataFrame(
        {
            TIER: pd.Categorical(tier, order, ordered=True),
            TIER_BY_VALUE: pd.Categorical(by_value, order, ordered=True),
            LIFETIME_VALUE: value.to_numpy(),
        },
        index=value.index,
    )


def _is_below(table: pd.DataFrame) -> pd.Series:
    """Whether the tier is below the tier by value; tiers are categories from the highest."""
    return table[TIER_BY_VALUE].cat.codes < table[TIER].cat.codes


def _cells(both: pd.DataFrame) -> pd.DataFrame:
    """Customers and their value by tier and tier by value."""
    cells = both.groupby([TIER, TIER_BY_VALUE], observed=False)[LIFETIME_VALUE].agg(["size", "sum"]).reset_index()
    cells.columns = [TIER, TIER_BY_VALUE, CUSTOMERS, TOTAL_LIFETIME_VALUE]
    pairs = both[TIER].astype(str) + "\0" + both[TIER_BY_VALUE].astype(str)
    made = dominated(both[LIFETIME_VALUE], pairs)
    names = cells[TIER].astype(str) + "\0" + cells[TIER_BY_VALUE].astype(str)
    return cells.assign(**{DOMINATED: names.map(made).eq(True)})
