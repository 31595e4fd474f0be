"""What it all brings: everybody whom actions may reach against those who are held out of everything in a season."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.plan.past.estimates import arm_difference, money
from helpers.analyses.plan.past.execution import with_results
from helpers.analyses.plan.past.judgement import ActionEffects
from helpers.analyses.plan.past.memory import History
from helpers.analyses.plan.past.outcomes import outcomes
from helpers.analyses.plan.vocabulary import (
    ACTION,
    ARM,
    ASSIGNED,
    CONTRIBUTION,
    CONTRIBUTION_LOWER,
    CONTRIBUTION_UPPER,
    EFFECT,
    EFFECT_LOWER,
    EFFECT_UPPER,
    HELD_OUT,
    LEVEL,
    OUTCOME,
    PLAN_ON,
    SEASON,
)
from helpers.data.contracts import EVERYTHING, HOLDOUT, TREAT
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import CUSTOMER_ID, P_VALUE
from helpers.statistics.designs import smallest_seen
from helpers.statistics.inference import adjust

FEWEST = 2_000  # customers, below which a global holdout shows nothing of use
MEASURED = ("ordered", "left", "spend", "contribution", "opted_out")
MONEY = ("spend", "contribution")
GUARD = "opted_out"  # only told where it is more: that actions keep customers from refusing is no aim of any

Limits = tuple[float, float, float]  # an estimate, and the ends of its interval


@dataclass(frozen=True)
class Programme(Finding):
    """One row an outcome: all others less those held out of everything, from each season's first plan on."""

    table: pd.DataFrame
    of_actions: Limits | None = None  # what single actions earned by their own arms, added up
    currency: str = ""
    columns = (OUTCOME, ASSIGNED, HELD_OUT, LEVEL, EFFECT, EFFECT_LOWER, EFFECT_UPPER, P_VALUE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The differences of shares with their intervals."""
        rows = self.table[~self.table[OUTCOME].isin(MONEY)]
        rows = rows.assign(outcome=rows[OUTCOME].map(OUTCOME.write))
        shares, band = EFFECT.of_kind("ordered"), (EFFECT_LOWER, EFFECT_UPPER)
        return charts.forest(rows, estimate=shares, label=OUTCOME, band=band, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What do all actions change together?")

    def headline(self) -> Sentence:
        """The outcome that differs most surely, or that none can be told to."""
        told = self.table.assign(adjusted=adjust(self.table[P_VALUE], "holm")).sort_values(P_VALUE, kind="stable")
        first = told[(told[OUTCOME] != GUARD) | (told[EFFECT] > 0)].iloc[0]
        known = {"customers": facts.Count(first[ASSIGNED] + first[HELD_OUT])}
        if not first["adjusted"] < 0.05:
            none = say("What all actions bring together cannot be told from {customers} customers yet.", **known)
            return none.resting_on(*self._earned())
        return self._told(first, known).resting_on(*self._earned())

    def _told(self, first: pd.Series, known: Mapping[str, facts.Fact]) -> Sentence:
        """The one outcome that differs most surely."""
        if first[OUTCOME] == "contribution":
            return say(
                "All actions together earned {money} for each of {customers} customers, costs taken off.",
                money=facts.Money(first[EFFECT], self.currency, signed=True), **known,
            )  # fmt: skip
        if first[OUTCOME] == "spend":
            return say(
                "All actions together: {money} spent for each of {customers} customers.",
                money=facts.Money(first[EFFECT], self.currency, signed=True), **known,
            )  # fmt: skip
        return say(
            "All actions together: {points} of {customers} customers {outcome}.",
            points=facts.Points(first[EFFECT]), outcome=facts.Word(first[OUTCOME], OUTCOME), **known,
        )  # fmt: skip

    def _earned(self) -> list[Sentence]:
        """What the whole policy earned by those held out of everything, and what single actions seem to add up to."""
        row = self.table.set_index(OUTCOME).loc["contribution"] if "contribution" in set(self.table[OUTCOME]) else None
        if row is None or not np.isfinite(row[EFFECT]):
            return []
        whole = row[[EFFECT, EFFECT_LOWER, EFFECT_UPPER]] * row[ASSIGNED]
        earned = self._money(tuple(whole))
        lines = [say("Beside those held out of everything all actions earned {money} ({interval}).", **earned)]
        if self.of_actions is not None:
            lines.append(
                say(
                    "Single actions, each by its own arms, add up to {money} ({interval}); where they overlap "
                    "they take from each other.",
                    **self._money(self.of_actions),
                )
            )
        return lines

    def _money(self, limits: Limits) -> dict[str, facts.Fact | facts.Range]:
        money = [facts.Money(each, self.currency, signed=True) for each in limits]
        return {"money": money[0], "interval": facts.Range(*money[1:])}


@analysis
def programme(
    data: Dataset, history: History, effects: ActionEffects | NotApplicable | None = None
) -> Programme | NotApplicable:
    """What customers did who may be reached, less those held out of everything, as the history has them.

    Earned is the margin of what they spent, less what was paid for actions; beside it the sum of what `effects` found
    of single actions. Days count from the first plan of each season; a customer of a season is everybody known by
    then. Seasons are combined by how many they tell of. Of small shops nothing is told: a holdout of one in twenty
    would only show large differences.
    """
    rows = history.table
    seasons = rows.loc[rows[ACTION] == EVERYTHING, [SEASON, PLAN_ON]].groupby(SEASON)[PLAN_ON].min()
    if seasons.empty:
        return NotApplicable(say("nobody was held out of everything so far."))
    if len(data.customers) < FEWEST:
        least = smallest_seen(len(data.customers), data.settings.plan.global_holdout or 0.05, std_dev=0.5)
        return NotApplicable(
            say("a holdout of everything would only show differences of {points} here; do without.",
                points=facts.Points(least))
        )  # fmt: skip
    arms = pd.concat([_arms(data, rows, str(name), since) for name, since in seasons.items()], ignore_index=True)
    horizon = data.settings.plan.horizon_days
    found = outcomes(data, arms.assign(done=False, paid=_paid(data, history, arms, horizon)), horizon)
    found["contribution"] = data.settings.plan.margin * money(found) - found["paid"].where(found["spend"].notna())
    found["opted_out"] = _opted_out(data, found, horizon)
    table = pd.DataFrame([_row(found, outcome) for outcome in MEASURED if found[outcome].notna().any()])
    if table.empty or table[EFFECT].isna().all():
        return NotApplicable(say("the horizon of the first plan is not over."))
    single = _of_actions(effects) if isinstance(effects, ActionEffects) else None
    return Programme(table, single, data.settings.currency)


def _arms(data: Dataset, rows: pd.DataFrame, name: str, since: pd.Timestamp) -> pd.DataFrame:
    """Everybody known on the first day of a season's plans, with the arm and the share that is held out."""
    outside = set(rows.loc[(rows[ACTION] == EVERYTHING) & (rows[SEASON] == name), CUSTOMER_ID])
    known = data.customers
    if "tenure_days" in known:
        first = pd.Timestamp(data.as_of) - pd.to_timedelta(known["tenure_days"].fillna(0), unit="D")
        known = known[first <= since]
    held = known[CUSTOMER_ID].isin(outside)
    arms = pd.DataFrame({CUSTOMER_ID: known[CUSTOMER_ID], ARM: np.where(held, HOLDOUT, TREAT), PLAN_ON: since})
    return arms.assign(holdout_share=held.mean()).astype({PLAN_ON: "datetime64[us]"})


def _paid(data: Dataset, history: History, arms: pd.DataFrame, horizon: int) -> np.ndarray:
    """What was paid for actions on each customer, of plans of the season's first `horizon` days."""
    rows = with_results(data, history).rename(columns={PLAN_ON: "of_plan"})[[CUSTOMER_ID, "of_plan", "paid"]]
    met = arms[[CUSTOMER_ID, PLAN_ON]].reset_index().merge(rows, on=CUSTOMER_ID)
    soon = (met["of_plan"] - met[PLAN_ON]).dt.days.between(0, horizon - 1)
    return met[soon].groupby("index")["paid"].sum().reindex(arms.index, fill_value=0.0).to_numpy()


def _opted_out(data: Dataset, rows: pd.DataFrame, horizon: int) -> np.ndarray | float:
    """Whether each customer refused a channel within the horizon; missing where refusals have no day."""
    if "consents" not in data.tables:
        return np.nan
    asked = data.tables["consents"]
    refused = asked.filter(~asked.given).select(CUSTOMER_ID, on=asked.asked_at.date()).execute()
    met = rows[[CUSTOMER_ID, PLAN_ON, "spend"]].reset_index().merge(refused, on=CUSTOMER_ID)
    soon = (pd.to_datetime(met["on"]) - met[PLAN_ON]).dt.days.between(0, horizon - 1)
    did = rows.index.isin(met.loc[soon, "index"]).astype(float)
    return np.where(rows["ordered"].notna() | rows["left"].notna(), did, np.nan)


def _of_actions(effects: ActionEffects) -> Limits | None:
    """What the actions earned, added up over those who were to get them; their errors taken for independent."""
    rows = effects.table.dropna(subset=[CONTRIBUTION, CONTRIBUTION_LOWER, CONTRIBUTION_UPPER])
    if rows.empty:
        return None
    each = rows[[CONTRIBUTION, CONTRIBUTION_LOWER, CONTRIBUTION_UPPER]].mul(rows[ASSIGNED], axis="index")
    total = float(each[CONTRIBUTION].sum())
    below, above = (
        np.sqrt(((each[end] - each[CONTRIBUTION]) ** 2).sum()) for end in (CONTRIBUTION_LOWER, CONTRIBUTION_UPPER)
    )
    return total, total - float(below), total + float(above)


def _row(rows: pd.DataFrame, outcome: str) -> dict:
    counted = rows.dropna(subset=outcome)
    value = money(counted) if outcome == "spend" else counted[outcome].astype(float)
    found = arm_difference(counted, value)
    return {
        OUTCOME: outcome, ASSIGNED: int((counted[ARM] == TREAT).sum()), HELD_OUT: int((counted[ARM] == HOLDOUT).sum()),
        LEVEL: value[counted[ARM] == HOLDOUT].mean(), EFFECT: found.effect, EFFECT_LOWER: found.lower,
        EFFECT_UPPER: found.upper, P_VALUE: found.p_value,
    }  # fmt: skip
