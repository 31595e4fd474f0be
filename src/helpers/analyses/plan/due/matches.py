"""Who is due for what: every action with every customer whom its rule is true of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd
from matplotlib.axes import Axes

from helpers import language
from helpers.analyses.plan.due.gains import belief, stake
from helpers.analyses.plan.due.portraits import Portraits
from helpers.analyses.plan.past.judgement import ActionEffects
from helpers.analyses.plan.vocabulary import (
    ACTION,
    ALONE,
    CANDIDATES,
    COST,
    EFFECT_SOURCE,
    EXPECTED_GAIN,
    FAMILY,
    GAIN_LOWER,
    LACKING,
    OFFER_GOOD,
    OWNER,
    PORTRAIT,
    REASON_1,
    REASON_2,
    SCRIPT,
    VALUE_AT_STAKE,
)
from helpers.conditions import condition
from helpers.data.datasets import Dataset
from helpers.data.intake.wording.plans import PlannedAction
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.briefs import Brief
from helpers.findings.columns import declared
from helpers.findings.drawing import charts
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMER_ID


@dataclass(frozen=True)
class Candidates(Finding):
    """One row a customer and action that is for the customer, with what it would bring and why."""

    table: pd.DataFrame
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # actions that cannot be asked, and why
    customers: int = 0
    columns = (
        CUSTOMER_ID, ACTION, FAMILY, OWNER, REASON_1, REASON_2, OFFER_GOOD, SCRIPT, VALUE_AT_STAKE, EXPECTED_GAIN,
        GAIN_LOWER, COST, EFFECT_SOURCE,
    )  # fmt: skip
    shown = (ACTION, CANDIDATES, ALONE, EFFECT_SOURCE, LACKING)

    def summary(self) -> pd.DataFrame:
        """How many customers each action is for, and for how many of these no other is."""
        alone = ~self.table[CUSTOMER_ID].duplicated(keep=False)
        counts = self.table.groupby(ACTION, sort=False).agg(
            candidates=(CUSTOMER_ID, "size"), effect_source=(EFFECT_SOURCE, "first")
        )
        counts[ALONE] = alone.groupby(self.table[ACTION]).sum()
        counts = counts[counts[CANDIDATES] >= SMALLEST_GROUP].reset_index().sort_values(CANDIDATES, ascending=False)
        words = {name: _listed(columns) for name, columns in self.lacking.items()}
        others = pd.DataFrame({ACTION: list(words), CANDIDATES: 0, ALONE: 0, LACKING: list(words.values())})
        whole = pd.concat([counts.assign(lacking=""), others], ignore_index=True)
        return whole[[ACTION, CANDIDATES, ALONE, EFFECT_SOURCE, LACKING]]

    def plot(self, ax: Axes | None = None) -> Axes:
        """How many customers each action is for."""
        rows = self.to_show()
        rows = rows[rows[CANDIDATES] > 0]
        return charts.bars(rows.assign(action=rows[ACTION].map(ACTION.write)), value=CANDIDATES, label=ACTION, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How many customers is each action for?")

    def headline(self) -> Sentence:
        """How many customers have an action, and the most frequent one."""
        rows, some = self.summary(), self.table[CUSTOMER_ID].nunique()
        if not some or not rows[CANDIDATES].any():
            return say("No action is for any of {customers} customers.", customers=facts.Count(self.customers))
        first = rows.sort_values(CANDIDATES, ascending=False, kind="stable").iloc[0]
        answer = say(
            "{some} of {customers} customers are due for an action; the most frequent is “{action}”.",
            some=facts.Count(some), customers=facts.Count(self.customers), action=facts.Word(first[ACTION], ACTION),
        )  # fmt: skip
        if not self.lacking:
            return answer
        return answer.resting_on(
            say("Actions that cannot be asked for, as these data lack a column: {actions}.",
                actions=facts.Listed(tuple(facts.Word(name, ACTION) for name in self.lacking)))
        )  # fmt: skip

    def brief(self) -> Brief:
        """That what to do of each action it weighed is the plan's to say."""
        return Brief(settles=tuple(sorted(set(self.table[ACTION]))))


@analysis
def candidates(data: Dataset, known: Portraits, effects: ActionEffects | NotApplicable) -> Candidates:
    """Every action of the settings with the customers whom its rule is true of, and what it would bring each.

    The gain is the believed effect on what is at stake, cost taken off. An action whose rule asks for a column that the
    data set lacks is for nobody, and told. Raises ValueError for a rule that is none, or asks for an unknown column.
    """
    parts, lacking = [], {}
    for action in data.settings.plan.actions:
        if not action.use:
            continue
        rule = condition(action.when, known.kinds, f"plan.actions {action.name!r}: when")
        if missing := known.lacking(rule.columns):
            lacking[action.name] = tuple(missing)
            continue
        rows = known.table[rule.holds(known.table)]
        parts.append(_pairs(rows, action, rule.columns, data, known, effects))
    empty = pd.DataFrame(columns=[str(column) for column in Candidates.columns])
    table = pd.concat(parts, ignore_index=True) if any(map(len, parts)) else empty
    return Candidates(table, lacking, len(known.table))


def _pairs(
    rows: pd.DataFrame, action: PlannedAction, asked: tuple[str, ...], data: Dataset, known: Portraits,
    effects: ActionEffects | NotApplicable,
) -> pd.DataFrame:  # fmt: skip
    believed = belief(action, effects)
    at_stake = stake(action, known, data.settings.plan).reindex(rows.index)
    with language.spoken(language.editions()[0]):  # a saved table speaks one language: the report's first
        reasons = [_reason(rows[name]) for name in asked[:2]] + [pd.Series("", index=rows.index)] * 2
    return pd.DataFrame(
        {
            CUSTOMER_ID: rows.index, ACTION: action.name, FAMILY: action.kind,
            OWNER: rows["owner"] if "owner" in rows else None,
            REASON_1: reasons[0], REASON_2: reasons[1],
            OFFER_GOOD: rows[action.offer].fillna("") if action.offer in rows else "", SCRIPT: action.script,
            VALUE_AT_STAKE: at_stake, EXPECTED_GAIN: believed.mean * at_stake - action.cost,
            GAIN_LOWER: believed.quartile * at_stake - action.cost, COST: float(action.cost),
            EFFECT_SOURCE: believed.source,
        }
    ).reset_index(drop=True)  # fmt: skip


def _listed(names: Iterable[str]) -> str:
    """Names of a portrait's columns in words."""
    return str(facts.Listed(tuple(declared(PORTRAIT, name).above() for name in names)))


def _reason(values: pd.Series) -> pd.Series:
    """What is known of each customer, in words: "orders: 1"."""
    column = declared(PORTRAIT, str(values.name))
    told = {value: f"{column.above()}: {column.write(value)}" for value in values.dropna().unique()}
    return values.map(told).fillna("").astype(object).where(values.notna(), "")
