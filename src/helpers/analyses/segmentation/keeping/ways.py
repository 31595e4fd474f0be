"""How likely a customer of each group is to be in each group some days later, and which change is most likely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.keeping.moves import Migration, Move, drawn, rates_of, without_small
from helpers.analyses.segmentation.vocabulary import AFTER, BEFORE, MOVE, TRANSITION_RATE
from helpers.findings import Finding, NotApplicable, formats
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMERS, LIKELY_RATE, LOWER, UPPER
from helpers.statistics.shares import equal_shares, shrunken


@dataclass(frozen=True)
class Transitions(Finding):
    """How likely a customer of each group is to be in each group some days later, with 95% limits."""

    table: pd.DataFrame  # a row a pair of groups that occurs; small ones blank
    kind: str
    days: int
    order: tuple[str, ...]  # names of the groups, the best first
    columns = (BEFORE, AFTER, MOVE, CUSTOMERS, TRANSITION_RATE, LOWER, UPPER, LIKELY_RATE)

    def summary(self) -> pd.DataFrame:
        """The changes, the most likely first: from, to, customers and rate."""
        changes = self.table[self.table[MOVE] != Move.KEPT].dropna(subset="customers")
        return changes.sort_values("transition_rate", ascending=False, kind="stable").reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """A heat map of the rates, each row a whole but for its blank cells; numbered as the migration is."""
        wide = self.table.pivot(index="before", columns="after", values="transition_rate")
        rows, columns = ([name for name in self.order if name in held] for held in (wide.index, wide.columns))
        tidy = wide.loc[rows, columns].reset_index().melt(BEFORE, var_name=AFTER, value_name=TRANSITION_RATE)
        return drawn(tidy, TRANSITION_RATE, self.order, ax)

    def headline(self) -> str:
        """The most likely upgrade and the most likely downgrade, where one is ahead of the others."""
        changes = self.summary()
        if changes.empty:
            return f"No change of {self.kind} was made by {SMALLEST_GROUP} customers within {formats.days(self.days)}."
        tops = {move: _ahead(changes[changes[MOVE] == move]) for move in (Move.DOWN, Move.UP)}
        parts = [
            f"likely {formats.percent(top[LIKELY_RATE])} of the customers in “{top[BEFORE]}” are in “{top[AFTER]}”, "
            f"the most likely way {move}"
            for move, top in tops.items()
            if top is not None
        ]
        if not parts:
            return f"No evidence that one change of {self.kind} is more likely than the others."
        return f"{formats.days(self.days)} later, {'; '.join(parts)}."


def transitions(moved: Migration | NotApplicable) -> Transitions | NotApplicable:
    """The migration of the customers known at both dates as rates of each group before, with Wilson limits.

    What is most likely is told by likely rates: of groups of 20 customers or more the rates of all changes up, and of
    all down, each drawn towards the rate of these (see `shrunken`).
    """
    if isinstance(moved, NotApplicable):
        return moved
    known = moved.known
    rates = known[[BEFORE, AFTER, MOVE, CUSTOMERS]].assign(**rates_of(known, TRANSITION_RATE))
    rates = rates.assign(**{LIKELY_RATE: _likely(rates)})
    return Transitions(without_small(rates).reset_index(drop=True), moved.kind, moved.days, moved.order)


def _likely(rates: pd.DataFrame) -> pd.Series:
    """Of each change the rate drawn towards those that go its way; missing of small groups, and of no change."""
    of = rates[CUSTOMERS] / rates[TRANSITION_RATE]
    likely = pd.Series(np.nan, rates.index)
    for move in (Move.UP, Move.DOWN):
        rows = (rates[MOVE] == move) & (of >= LEAST_AT_RISK)
        rate = rates.loc[rows, TRANSITION_RATE]
        likely[rows] = shrunken(rate, rate * (1 - rate) / of[rows]) if rows.any() else np.nan
    return likely


def _ahead(changes: pd.DataFrame) -> pd.Series | None:
    """The likeliest of some changes, where its rate is ahead of the next beyond chance; None where none is."""
    first = changes.dropna(subset=LIKELY_RATE).nlargest(2, LIKELY_RATE)
    if len(first) < 2:
        return first.iloc[0] if len(first) == len(changes) == 1 else None
    p_value = equal_shares(first[CUSTOMERS], first[CUSTOMERS] / first[TRANSITION_RATE])
    return first.iloc[0] if p_value < SIGNIFICANCE else None
