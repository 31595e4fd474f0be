"""How many must be held out: what a holdout would show of each action, before anybody is treated."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.plan.assignment.lots import season
from helpers.analyses.plan.assignment.selection import Chosen
from helpers.analyses.plan.due.gains import belief
from helpers.analyses.plan.due.portraits import Portraits
from helpers.analyses.plan.past.estimates import FIRST_LEVEL, LEFT, SPEND
from helpers.analyses.plan.past.judgement import ActionEffects
from helpers.analyses.plan.past.memory import History
from helpers.analyses.plan.past.verdicts import share_held_out
from helpers.analyses.plan.vocabulary import (
    ACTION,
    EXPECTED_LEVEL,
    FAMILY,
    HOLDOUT_SHARE,
    OUTCOME,
    PLANNED,
    SEASON,
    SMALLEST_SEEN,
    VERDICT,
    WORTHWHILE,
)
from helpers.data.datasets import Dataset
from helpers.data.days import YEAR_DAYS
from helpers.data.intake.wording.plans import PlannedAction
from helpers.findings import Finding, NotApplicable, Sentence, facts, if_applicable, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import CUSTOMER_ID
from helpers.statistics.designs import smallest_seen

SHARES = (0.1, 0.2, 0.5)
PROVEN = 0.1  # share held out of an action that was told to scale


@dataclass(frozen=True)
class Power(Finding):
    """One row an action: how many are planned, the share held out, and the smallest difference that would show."""

    table: pd.DataFrame
    columns = (ACTION, FAMILY, PLANNED, OUTCOME, EXPECTED_LEVEL, WORTHWHILE, HOLDOUT_SHARE, SMALLEST_SEEN)
    shown = (ACTION, PLANNED.but(adds_up=[()]), EXPECTED_LEVEL, WORTHWHILE, HOLDOUT_SHARE, SMALLEST_SEEN)

    def summary(self) -> pd.DataFrame:
        """Actions, without what decides how they are tried."""
        return self.table.drop(columns=[FAMILY, OUTCOME])

    def plot(self, ax: Axes | None = None) -> Axes:
        """The smallest difference that each action would show at the share that is held out."""
        rows = self.to_show()
        rows = rows.assign(action=rows[ACTION].map(ACTION.write))
        return charts.bars(rows, value=SMALLEST_SEEN.called("smallest_seen_50"), label=ACTION, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How small a difference would each action show with half held out?")

    def headline(self) -> Sentence:
        """For how many actions the plan would show an effect worth having."""
        rows = self.to_show().dropna(subset=PLANNED)
        tried = rows[rows[HOLDOUT_SHARE] > 0]
        seen = (tried[SMALLEST_SEEN.format("50")] <= tried[WORTHWHILE]).sum()
        if tried.empty:
            return say("No action of this plan holds anybody out, so nobody will know what it changed.")
        known = {"seen": facts.Count(seen), "actions": facts.Count(len(tried))}
        told = (
            say("This plan alone is large enough to show of {seen} of {actions} actions whether they work.", **known)
            if seen
            else say("This plan alone is too small to show of any of its {actions} actions whether it works.", **known)
        )
        return told.resting_on(say("Seen four times in five; several plans of a season add up."))


@if_applicable
def power(
    found: Chosen, data: Dataset, known: Portraits, effects: ActionEffects | NotApplicable, history: History,
    plan_on: dt.date,
) -> Power | NotApplicable:  # fmt: skip
    """The share to hold out of each action of the plan, and how small a difference 10, 20 and 50 % held out would show.

    The smaller of a half and what the effect worth having takes, four times in five; a tenth of actions that were told
    to scale, nobody of those that must reach everybody. Within a season a family keeps its first share.
    """
    rows = []
    for action in data.settings.plan.actions:
        customers = found.pairs.loc[found.pairs[ACTION] == action.name, CUSTOMER_ID]
        if len(customers):
            rows.append(_row(action, customers, data, known, effects, history, plan_on))
    return Power(pd.DataFrame(rows)) if rows else NotApplicable(say("no action is planned."))


def _row(
    action: PlannedAction, customers: pd.Series, data: Dataset, known: Portraits,
    effects: ActionEffects | NotApplicable, history: History, plan_on: dt.date,
) -> dict:  # fmt: skip
    level = _level(action, known.table.index.isin(customers), data, known)
    worthwhile, std_dev = belief(action, effects).mean * level, np.sqrt(level * (1 - level)) if level < 1 else np.nan
    if action.outcome not in (LEFT, SPEND):
        worthwhile = min(worthwhile, max(1 - level, 0.0))  # no more than all can order
    seen = {
        SMALLEST_SEEN.format(f"{100 * share:g}"): _seen(len(customers), share, std_dev) for share in SHARES
    }  # fmt: skip
    kept = _kept_share(action, data, history, plan_on)
    share = _share(action, len(customers), worthwhile, std_dev, effects) if kept is None else kept
    return {
        ACTION: action.name, FAMILY: action.kind, PLANNED: len(customers), OUTCOME: action.outcome,
        EXPECTED_LEVEL: level, WORTHWHILE: worthwhile, HOLDOUT_SHARE: share, **seen,
    }  # fmt: skip


def _seen(customers: int, share: float, std_dev: float) -> float:
    """The smallest difference that a first plan's verdict would show; missing where not even the whole share would."""
    smallest = smallest_seen(customers, share, std_dev=std_dev, alpha=FIRST_LEVEL) if std_dev > 0 else np.nan
    return smallest if smallest <= 1 else np.nan


def _level(action: PlannedAction, who: np.ndarray, data: Dataset, known: Portraits) -> float:
    """The share that would leave, or order, within the horizon without the action, as far as models tell."""
    horizon = action.horizon_days or data.settings.plan.horizon_days
    if action.outcome == LEFT:
        return float(known.column("leave_90d_rate")[who].mean())
    pace = known.column("expected_orders")[who].astype(float) / YEAR_DAYS
    past = known.column("frequency")[who].astype(float) / known.column("tenure_days")[who].astype(float).clip(1)
    return float((1 - np.exp(-pace.fillna(past) * horizon)).mean())


def _share(
    action: PlannedAction, customers: int, worthwhile: float, std_dev: float, effects: ActionEffects | NotApplicable
) -> float:
    if action.must:
        return 0.0
    if action.holdout != "auto":
        return float(action.holdout)
    if not isinstance(effects, NotApplicable):
        verdicts = effects.table.set_index(ACTION)[VERDICT]
        if verdicts.get(action.name) == "scale":
            return PROVEN
    return share_held_out(customers, worthwhile, std_dev) if action.outcome != SPEND else 0.5


def _kept_share(action: PlannedAction, data: Dataset, history: History, plan_on: dt.date) -> float | None:
    """The share that the family had in this season before, so that nobody changes arms; None where it had none."""
    rows = history.actions
    now = season(plan_on, data.settings.plan.season_days)
    same = rows[(rows[FAMILY] == action.kind) & (rows[SEASON] == now) & (rows[HOLDOUT_SHARE] > 0)]
    return None if same.empty or action.must else float(same[HOLDOUT_SHARE].iloc[0])
