"""What it all brings: everybody whom actions may reach against those who are held out of everything in a season."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.plan.past.estimates import arm_difference, money
from helpers.analyses.plan.past.memory import History
from helpers.analyses.plan.past.outcomes import outcomes
from helpers.analyses.plan.vocabulary import (
    ACTION,
    ARM,
    ASSIGNED,
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
MEASURED = ("ordered", "left", "spend")


@dataclass(frozen=True)
class Programme(Finding):
    """One row an outcome: all others less those held out of everything, from each season's first plan on."""

    table: pd.DataFrame
    currency: str = ""
    columns = (OUTCOME, ASSIGNED, HELD_OUT, LEVEL, EFFECT, EFFECT_LOWER, EFFECT_UPPER, P_VALUE)

    def plot(self, ax: Axes | None = None) -> Axes:
        """The differences of shares with their intervals."""
        rows = self.table[self.table[OUTCOME] != "spend"]
        rows = rows.assign(outcome=rows[OUTCOME].map(OUTCOME.write))
        return charts.forest(
            rows, estimate=EFFECT, label=OUTCOME, band=(EFFECT_LOWER, EFFECT_UPPER), reference=0, ax=ax
        )

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What do all actions change together?")

    def headline(self) -> Sentence:
        """The outcome that differs most surely, or that none can be told to."""
        told = self.table.assign(adjusted=adjust(self.table[P_VALUE], "holm")).sort_values(P_VALUE, kind="stable")
        first = told.iloc[0]
        known = {"customers": facts.Count(first[ASSIGNED] + first[HELD_OUT])}
        if not first["adjusted"] < 0.05:
            return say("What all actions bring together cannot be told from {customers} customers yet.", **known)
        if first[OUTCOME] == "spend":
            return say(
                "All actions together: {money} spent for each of {customers} customers.",
                money=facts.Money(first[EFFECT], self.currency, signed=True), **known,
            )  # fmt: skip
        return say(
            "All actions together: {points} of {customers} customers {outcome}.",
            points=facts.Points(first[EFFECT]), outcome=facts.Word(first[OUTCOME], OUTCOME), **known,
        )  # fmt: skip


@analysis
def programme(data: Dataset, history: History) -> Programme | NotApplicable:
    """What customers did who may be reached, less those held out of everything, as the history has them.

    Days count from the first plan of each season; a customer of a season is everybody known by then. Seasons are
    combined by how many they tell of. Of small shops nothing is told: a holdout of one in twenty would only
    show large differences.
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
    found = outcomes(data, arms.assign(done=False, paid=0.0), data.settings.plan.horizon_days)
    table = pd.DataFrame([_row(found, outcome) for outcome in MEASURED if found[outcome].notna().any()])
    if table.empty or table[EFFECT].isna().all():
        return NotApplicable(say("the horizon of the first plan is not over."))
    return Programme(table, data.settings.currency)


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


def _row(rows: pd.DataFrame, outcome: str) -> dict:
    counted = rows.dropna(subset=outcome)
    value = money(counted) if outcome == "spend" else counted[outcome]
    found = arm_difference(counted, value)
    return {
        OUTCOME: outcome, ASSIGNED: int((counted[ARM] == TREAT).sum()), HELD_OUT: int((counted[ARM] == HOLDOUT).sum()),
        LEVEL: value[counted[ARM] == HOLDOUT].mean(), EFFECT: found.effect, EFFECT_LOWER: found.lower,
        EFFECT_UPPER: found.upper, P_VALUE: found.p_value,
    }  # fmt: skip
