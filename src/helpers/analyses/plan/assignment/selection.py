"""Which action for whom: what brings most within budget and capacities, and what more of these would bring."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.plan.assignment.exclusions import Suppressed
from helpers.analyses.plan.vocabulary import (
    ACTION,
    CHANNEL,
    COST,
    GAIN,
    GAIN_LOWER,
    LIMIT,
    OWNER,
    PRICE,
    SCARCE,
    USED,
)
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.plans import Plan
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import axes, charts
from helpers.findings.vocabulary import CUSTOMER_ID
from helpers.language import later
from helpers.statistics.allocation import Allocation, allocate

MONEY = later("money")
BUDGETS = (0.1, 0.25, 0.5, 0.75, 1.0)  # of what the plan costs without a budget
NONE = -1
LEAST_GAP = 1e-4  # that is told: of 0% more one would read that something is more


@dataclass(frozen=True)
class Chosen(Finding):
    """What the plan uses of everything scarce, and what one more of each would bring."""

    table: pd.DataFrame
    pairs: pd.DataFrame  # the chosen action of each customer
    curve: pd.DataFrame  # cost, gain by budget
    gap: float  # by which part another choice could be better, at most
    candidates: int  # customers among whom it chose
    currency: str = ""
    columns = (SCARCE, LIMIT, USED, PRICE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """What plans of other budgets would bring."""
        if not self.curve[COST].any():  # more money buys nothing where nothing costs any
            return axes.new_unless(ax)
        return charts.line(self.curve, x=COST, y=GAIN, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What would a smaller or larger budget bring?")

    def headline(self) -> Sentence:
        """How many actions for how many customers, at what cost, and what is scarce."""
        known = {
            "actions": facts.People(len(self.pairs)), "customers": facts.People(self.candidates),
            "cost": facts.Money(self.pairs[COST].sum(), self.currency),
        }  # fmt: skip
        if len(self.pairs) == self.candidates:
            answer = say("Each of {customers} customers due for an action gets one; cost: {cost}.", **known)
        else:
            answer = say("{actions} actions are planned, for {customers} customers due for one; cost: {cost}.", **known)
        dear = self.table[self.table[PRICE] > 0].sort_values(PRICE, ascending=False, kind="stable")
        gap = facts.Share(max(self.gap, LEAST_GAP))
        best = say("No other choice within the limits brings more than {gap} more.", gap=gap)
        if dear.empty:
            return answer.resting_on(say("Money and people suffice: more of either would bring nothing."), best)
        first = dear.iloc[0]
        more = say("One more of “{scarce}” would bring {price}.",
                   scarce=facts.Name(first[SCARCE]), price=facts.Money(first[PRICE], self.currency))  # fmt: skip
        return answer.resting_on(more, best)


@if_applicable
def chosen(left: Suppressed, data: Dataset) -> Chosen | NotApplicable:
    """One action at most for each customer of `left`: those that must be done first, then what brings the most.

    Ranked by the gain at the lower quartile of each effect. Limits: the budget of the settings, capacities of actions,
    of channels and of owners. Capacities are used up first by actions that must be done, which no limit holds back.
    """
    pairs, plan = left.pairs, data.settings.plan
    if pairs.empty:
        return NotApplicable(say("no action is left for anybody."))
    must = pairs[pairs[ACTION].isin([action.name for action in plan.actions if action.must])]
    must = must.drop_duplicates(CUSTOMER_ID)
    free = pairs[~pairs[CUSTOMER_ID].isin(must[CUSTOMER_ID])]
    problem = _Problem.of(free, must, plan)
    found = problem.solved(plan.budget)
    taken = free.loc[problem.rows(found)]
    planned = pd.concat([must, taken], ignore_index=True)
    return Chosen(
        problem.scarcity(found),
        planned,
        _curve(problem),
        found.gap,
        pairs[CUSTOMER_ID].nunique(),
        data.settings.currency,
    )


@dataclass(frozen=True)
class _Problem:
    """Customers by actions, as `allocate` takes them."""

    places: np.ndarray  # (customers, actions): the pair's row, -1 for none
    labels: pd.Index
    values: np.ndarray
    costs: np.ndarray
    groups: tuple[np.ndarray, ...]
    names: tuple[str, ...]
    sizes: np.ndarray
    spent: float  # on what must be done

    @classmethod
    def of(cls, pairs: pd.DataFrame, must: pd.DataFrame, plan: Plan) -> _Problem:
        customers, who = pd.factorize(pairs[CUSTOMER_ID])
        actions, what = pd.factorize(pairs[ACTION])
        shape = (len(who), len(what))
        places = np.full(shape, NONE)
        places[customers, actions] = np.arange(len(pairs))

        def spread(column: np.ndarray, empty: float) -> np.ndarray:
            return np.where(places >= 0, column[places], empty) if len(pairs) else np.full(shape, empty)

        names = [*(f"{action.name}" for action in plan.actions if action.capacity is not None), *plan.capacities]
        limits = {action.name: action.capacity for action in plan.actions if action.capacity is not None}
        limits |= plan.capacities
        number = {name: place for place, name in enumerate(names)}
        groups = [pairs[column].map(number).fillna(NONE).astype(int).to_numpy() for column in (ACTION, CHANNEL, OWNER)]
        used = [sum(int((must[column] == name).sum()) for column in (ACTION, CHANNEL, OWNER)) for name in names]
        sizes = np.maximum(0, np.array([limits[name] for name in names], dtype=float) - np.array(used, dtype=float))
        return cls(
            places, pairs.index, spread(pairs[GAIN_LOWER].to_numpy(float), np.nan),
            spread(pairs[COST].to_numpy(float), 0.0),
            tuple(spread(group, NONE).astype(int) for group in groups if (group >= 0).any()), tuple(names), sizes,
            float(must[COST].sum()),
        )  # fmt: skip

    def solved(self, budget: float | None) -> Allocation:
        left = np.inf if budget is None else max(0.0, budget - self.spent)
        return allocate(self.values, costs=self.costs, budget=left, groups=self.groups, sizes=self.sizes.tolist())

    def rows(self, found: Allocation) -> pd.Index:
        """The labels of the pairs that were taken."""
        customers = np.flatnonzero(found.chosen >= 0)
        return self.labels[self.places[customers, found.chosen[customers]]]

    def scarcity(self, found: Allocation) -> pd.DataFrame:
        used = found.used + np.r_[self.spent, np.zeros(len(self.names))]
        budget = found.limits[0] + self.spent
        rows = {SCARCE: [MONEY, *self.names], LIMIT: [budget, *self.sizes], USED: used, PRICE: found.prices}
        table = pd.DataFrame(rows)
        return table[np.isfinite(table[LIMIT])].reset_index(drop=True)


def _curve(problem: _Problem) -> pd.DataFrame:
    """Cost and gain of plans of other budgets, from none to what costs as much as it likes."""
    whole = problem.solved(None)
    solved = [dataclasses.replace(problem, spent=0.0).solved(part * whole.used[0]) for part in BUDGETS[:-1]]
    points = [(0.0, 0.0), *((each.used[0], each.value) for each in (*solved, whole))]
    return pd.DataFrame(points, columns=[str(COST), str(GAIN)]).drop_duplicates(COST)
