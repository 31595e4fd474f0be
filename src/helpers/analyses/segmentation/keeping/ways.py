"""How likely a customer of each group is to be in each group some days later, and which change is most likely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.segmentation.keeping.moves import Migration, Move, drawn, rates_of
from helpers.analyses.segmentation.vocabulary import AFTER, BEFORE, KIND, MOVE, TRANSITION_RATE
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.evidence import LEAST_AT_RISK, SIGNIFICANCE
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.privacy.discretion import left_out
from helpers.findings.privacy.members import Counted
from helpers.findings.vocabulary import CUSTOMERS, LIKELY_RATE, LOWER, UPPER
from helpers.statistics.shares import equal_shares, shrunken


@dataclass(frozen=True)
class Transitions(Counted, Finding):
    """How likely a customer of each group is to be in each group some days later, with 95% limits."""

    table: pd.DataFrame  # a row a pair of groups that occurs; small ones blank
    kind: str
    days: int
    order: tuple[str, ...]  # names of the groups, the best first
    columns = (
        BEFORE,
        AFTER,
        MOVE,
        CUSTOMERS.but(adds_up=[[BEFORE], [AFTER]]),
        TRANSITION_RATE,
        LOWER,
        UPPER,
        LIKELY_RATE,
    )

    def summary(self) -> pd.DataFrame:
        """The changes, the most likely first: from, to, customers and rate."""
        changes = self.readable[self.table[MOVE] != Move.KEPT].dropna(subset="customers")
        return changes.sort_values("transition_rate", ascending=False, kind="stable").reset_index(drop=True)

    def plot(self, ax: Axes | None = None) -> Axes:
        """A heat map of the rates, each row a whole but for its blank cells; numbered as the migration is."""
        wide = self.table.pivot(index="before", columns="after", values="transition_rate")
        rows, columns = ([name for name in self.order if name in held] for held in (wide.index, wide.columns))
        tidy = wide.loc[rows, columns].reset_index().melt(BEFORE, var_name=AFTER, value_name=TRANSITION_RATE)
        return drawn(tidy, TRANSITION_RATE, self.order, ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How likely does a customer of each {kind} move to which?", kind=facts.Word(self.kind, KIND))

    def headline(self) -> Sentence:
        """The most likely way down, and the most likely way up, where one is ahead of the others."""
        changes, kind, days = self.summary(), facts.Word(self.kind, KIND), facts.Days(self.days)
        if changes.empty and self.table.loc[self.table[MOVE] != Move.KEPT, CUSTOMERS].max() >= SMALLEST_GROUP:
            return left_out()
        if changes.empty:
            least = facts.Count(SMALLEST_GROUP)
            return say(
                "No change of {kind} was made by {least} customers within {days}.", kind=kind, least=least, days=days
            )
        tops = (_ahead(self.table[self.table[MOVE] == move]) for move in (Move.DOWN, Move.UP))
        readable = self.readable[CUSTOMERS].notna()
        told = [self._way(top) for top in tops if top is not None and readable[top.name]]
        if not told:
            return say("No evidence that one change of {kind} is more likely than the others.", kind=kind)
        first, *others = told
        return first.resting_on(*others)

    def _way(self, top: pd.Series) -> Sentence:
        """The most likely way up or down."""
        known = {
            "days": facts.Days(self.days), "share": facts.Share(top[LIKELY_RATE]), "before": facts.Name(top[BEFORE]),
            "after": facts.Name(top[AFTER]),
        }  # fmt: skip
        if top[MOVE] == Move.UP:
            return say("The most likely way up: {days} later {share} of “{before}” are “{after}”.", **known)
        return say("The most likely way down: {days} later {share} of “{before}” are “{after}”.", **known)


@analysis
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
    return Transitions(rates.reset_index(drop=True), moved.kind, moved.days, moved.order, behind=moved.members())


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
