"""Did it work? Each action's effect on everybody it was planned for, on those whom it reached, and what it earned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.plan.past.estimates import LEFT, LOOKS, SPEND, arm_difference, claim, money, on_reached
from helpers.analyses.plan.past.execution import LEAST_DONE, fairness, with_results
from helpers.analyses.plan.past.memory import History
from helpers.analyses.plan.past.outcomes import outcomes
from helpers.analyses.plan.past.verdicts import Evidence, verdict
from helpers.analyses.plan.vocabulary import (
    ACTION,
    ARM,
    ASSIGNED,
    BEFORE_AFTER,
    CHANCE_POSITIVE,
    CONTRIBUTION,
    CONTRIBUTION_LOWER,
    CONTRIBUTION_UPPER,
    COST,
    CYCLES,
    CYCLES_P_VALUE,
    DAYS_LEFT,
    DONE_RATE,
    EFFECT,
    EFFECT_LOWER,
    EFFECT_UPPER,
    HELD_OUT,
    HOLDOUT_SHARE,
    LEVEL,
    MORE_CUSTOMERS,
    OUTCOME,
    PLAN_ON,
    REACHED,
    REACHED_LOWER,
    REACHED_UPPER,
    SEASON,
    VERDICT,
)
from helpers.data.contracts import HOLDOUT, TREAT
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.plans import PlannedAction
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.briefs import Brief, News, Topic
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, CUSTOMER_ID, P_VALUE
from helpers.statistics.inference import adjust


@dataclass(frozen=True)
class ActionEffects(Finding):
    """One row an action: what it changed for everybody as assigned, for those it reached, and what it earned."""

    table: pd.DataFrame
    currency: str = ""
    columns = (
        ACTION, CYCLES, ASSIGNED, HELD_OUT, DONE_RATE, OUTCOME, LEVEL, EFFECT, EFFECT_LOWER, EFFECT_UPPER, P_VALUE,
        ADJUSTED_P_VALUE, CYCLES_P_VALUE, REACHED, REACHED_LOWER, REACHED_UPPER, BEFORE_AFTER, COST, CONTRIBUTION,
        CONTRIBUTION_LOWER, CONTRIBUTION_UPPER, CHANCE_POSITIVE, VERDICT, MORE_CUSTOMERS, DAYS_LEFT,
    )  # fmt: skip
    shown = (
        ACTION, VERDICT, ASSIGNED, HELD_OUT, DONE_RATE, OUTCOME, LEVEL, EFFECT, EFFECT_LOWER, EFFECT_UPPER, REACHED,
        REACHED_LOWER, REACHED_UPPER, BEFORE_AFTER, CONTRIBUTION, CONTRIBUTION_LOWER, CONTRIBUTION_UPPER,
        MORE_CUSTOMERS, DAYS_LEFT,
    )  # fmt: skip

    def summary(self) -> pd.DataFrame:
        """Verdict, effect and contribution of each action."""
        return self.table[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """What each action earned a customer, with its interval."""
        told = self.table.dropna(subset=CONTRIBUTION)
        labels = [f"{ACTION.write(row[ACTION])} · {VERDICT.write(row[VERDICT])}" for _, row in told.iterrows()]
        rows, band = told.assign(action=labels), (CONTRIBUTION_LOWER, CONTRIBUTION_UPPER)
        return charts.forest(rows, estimate=CONTRIBUTION, label="action", band=band, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What did each action earn for a customer, its cost taken off?")

    def headline(self) -> Sentence:
        """The action with the most certain verdict, and what it rests on."""
        order = ["stop", "scale", "cannot_pay", "testing", "not_carried_out", "unreadable", "early"]
        placed = self.table.assign(place=self.table[VERDICT].map(order.index))
        return self._told(placed.sort_values("place", kind="stable").iloc[0])

    def brief(self) -> Brief:
        """The verdicts by which something is to be done: to scale or to stop an action, or to carry it out at all."""
        rows = self.table[self.table[VERDICT].isin(["scale", "stop", "cannot_pay", "not_carried_out"])]
        return Brief(tuple(map(self._news, rows.to_dict("records"))))

    def _news(self, row: dict[str, Any]) -> News:
        stake = np.nan if row[VERDICT] == "not_carried_out" else row[CONTRIBUTION] * row[ASSIGNED]
        sure = 2 * abs(row[CHANCE_POSITIVE] - 0.5) if pd.notna(row[CHANCE_POSITIVE]) else 0.0
        owner = say("Head of operations")
        return News(Topic.ACTION, f"verdict on {row[ACTION]}", self._told(row), stake, sure, owner=owner)

    def _told(self, row: Mapping[str, Any]) -> Sentence:
        told = {"action": facts.Word(row[ACTION], ACTION), "customers": facts.Count(row[ASSIGNED])}
        basis = self._basis(row)
        match row[VERDICT]:
            case "early":
                days = facts.Days(row[DAYS_LEFT])
                return say("“{action}”: what it changed cannot be told before {days} are over.", days=days, **told)
            case "unreadable":
                return say("“{action}”: what it changed cannot be told, as its arms are not as drawn.", **told)
            case "not_carried_out":
                share = facts.Share(row[DONE_RATE])
                return say("“{action}” was hardly tried: {share} of {customers} got it.", share=share, **told)
            case "scale":
                earned = facts.Money(row[CONTRIBUTION], self.currency)
                return say("“{action}” pays: it earned {earned} for each of {customers} customers. Scale it.",
                           earned=earned, **told).resting_on(*basis)  # fmt: skip
            case "stop":
                cost = facts.Money(row[COST], self.currency)
                return say("“{action}” does not pay: for {customers} customers it cost {cost}. Stop it.",
                           cost=cost, **told).resting_on(*basis)  # fmt: skip
            case "cannot_pay":
                return say("“{action}” cannot pay: {customers} customers rule out an effect worth having. Stop it.",
                           **told).resting_on(*basis)  # fmt: skip
        headline, *how_long = self._testing(row)
        return headline.resting_on(*how_long, *basis)

    @staticmethod
    def _testing(row: Mapping[str, Any]) -> list[Sentence]:
        """How many more customers would show it, in how many plans as large as those so far; or that these cannot."""
        action, more = facts.Word(row[ACTION], ACTION), row[MORE_CUSTOMERS]
        if np.isnan(more):
            return [
                say("“{action}”: not told yet whether it pays, nor how many customers would show it.", action=action)
            ]
        needed = int(np.ceil(more * row[CYCLES] / (row[ASSIGNED] + row[HELD_OUT])))
        customers, plans = facts.Count(more), facts.Count(needed)
        if row[CYCLES] + needed <= LOOKS:
            return [say("“{action}”: not told yet whether it pays; {more} more customers would show it.",
                        action=action, more=customers),
                    say("At the size of plans so far that takes {plans} more of them.", plans=plans)]  # fmt: skip
        return [say("“{action}”: plans of this size will not tell whether it pays.", action=action),
                say("It takes {more} more customers, at the size of plans so far {plans} more of them.",
                    more=customers, plans=plans)]  # fmt: skip

    def _basis(self, row: Mapping[str, Any]) -> list[Sentence]:
        kind: type[facts.Fact] = facts.Difference if row[OUTCOME] == SPEND else facts.Points
        effect = say(
            "As assigned, {outcome}: {effect}, 95% interval {interval}; those held out {level}.",
            outcome=facts.Word(row[OUTCOME], OUTCOME),
            effect=kind(row[EFFECT]),
            interval=facts.Range(kind(row[EFFECT_LOWER]), kind(row[EFFECT_UPPER])),
            level=facts.Number(row[LEVEL]) if row[OUTCOME] == SPEND else facts.Share(row[LEVEL]),
        )
        naive = say("A comparison with the time before, or with those not reached, would have claimed {claim}.",
                    claim=kind(row[BEFORE_AFTER]))  # fmt: skip
        money = facts.Range(*(facts.Money(row[end], self.currency) for end in (CONTRIBUTION_LOWER, CONTRIBUTION_UPPER)))
        earned = say("Earned a customer: 95% interval {interval}.", interval=money)
        asked = say("A verdict asks for more: limits that hold at any of {looks} reports.", looks=facts.Count(LOOKS))
        return [effect, earned, asked, *([naive] if pd.notna(row[BEFORE_AFTER]) else [])]


@analysis
def effects(data: Dataset, history: History) -> ActionEffects | NotApplicable:
    """What each action of the plans so far changed, from everybody as assigned, done or not, from the plan on.

    The outcome is the one that the settings name for the action, within its horizon. A customer counts once a season,
    by the first plan. Plans of another day or holdout share are never compared, only combined by how many they tell
    of; those whose horizon is open do not count yet. Money beyond the 99% quantile of those who spent counts as it,
    and what the customer spent before is taken out. Verdicts hold at any of twelve reports. The effect on those
    reached is by Anderson & Rubin, or Wald's where more than 2 % of those held out got it; p-values are Holm's over
    actions. Customers are taken for independent.
    """
    rows = history.actions
    if not (rows[ARM] == HOLDOUT).any():
        return NotApplicable(say("no earlier plan held anybody out, so nobody can say what it changed."))
    rows = with_results(data, history).sort_values(PLAN_ON, kind="stable")
    rows = rows.drop_duplicates([ACTION, CUSTOMER_ID, SEASON])
    known = {action.name: action for action in data.settings.plan.actions}
    contracts = "subscriptions" in data.tables
    usual = PlannedAction(name="?", outcome="left") if contracts else PlannedAction(name="?")
    table = pd.DataFrame(
        [
            _row(each, known.get(str(name), usual), str(name), data)
            for name, each in rows.groupby(ACTION, sort=True)
            if each.groupby(ARM)[CUSTOMER_ID].nunique().reindex([TREAT, HOLDOUT], fill_value=0).min() >= SMALLEST_GROUP
        ]
    )
    if table.empty:
        return NotApplicable(say("no action has enough customers in each arm."))
    table[ADJUSTED_P_VALUE] = adjust(table[P_VALUE], "holm")
    return ActionEffects(table[list(ActionEffects.columns)], data.settings.currency)


def _row(rows: pd.DataFrame, action: PlannedAction, name: str, data: Dataset) -> dict:
    """All that is known of one action."""
    plan, outcome = data.settings.plan, action.outcome
    horizon = action.horizon_days or plan.horizon_days
    rows = outcomes(data, rows, horizon)
    assigned, held_out = rows[rows[ARM] == TREAT], rows[rows[ARM] == HOLDOUT]
    counted = rows.dropna(subset=outcome)
    value = money(counted) if outcome == SPEND else counted[outcome]
    found = arm_difference(counted, value)
    earned = arm_difference(counted, plan.margin * money(counted) - counted["paid"])
    done_rate, contaminated = assigned["done"].mean(), held_out["done"].mean()
    reached = on_reached(found.both, assigned, contaminated)
    level = value[counted[ARM] == HOLDOUT].mean()
    direction = -1 if outcome == LEFT else 1
    fault = fairness(rows)
    code, more = verdict(
        Evidence(
            fault if fault in ("contaminated", "sample_ratio") else "", done_rate, counted.empty, found.effect,
            *found.at_any_look, direction, action.effect * level, earned.at_any_look, value.std(),
            len(counted), rows[HOLDOUT_SHARE].mean(),
        ),
        LEAST_DONE,
    )  # fmt: skip
    over = rows[PLAN_ON].max() + pd.Timedelta(days=horizon - 1)
    return {
        ACTION: name, CYCLES: rows[PLAN_ON].nunique(), ASSIGNED: len(assigned), HELD_OUT: len(held_out),
        DONE_RATE: done_rate, OUTCOME: outcome, LEVEL: level, EFFECT: found.effect, EFFECT_LOWER: found.lower,
        EFFECT_UPPER: found.upper, P_VALUE: found.p_value, CYCLES_P_VALUE: found.alike,
        REACHED: reached.effect, REACHED_LOWER: reached.lower, REACHED_UPPER: reached.upper,
        BEFORE_AFTER: claim(counted, outcome), COST: rows["paid"].sum(), CONTRIBUTION: earned.effect,
        CONTRIBUTION_LOWER: earned.lower, CONTRIBUTION_UPPER: earned.upper, CHANCE_POSITIVE: earned.chance_positive,
        VERDICT: code, MORE_CUSTOMERS: more, DAYS_LEFT: max(0, (over - pd.Timestamp(data.as_of)).days),
    }  # fmt: skip
