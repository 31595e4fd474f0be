"""Whom next time: whether choosing customers for an action brings more than giving it to all, or to nobody."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.plan.past.estimates import money
from helpers.analyses.plan.past.execution import fairness, with_results
from helpers.analyses.plan.past.memory import History
from helpers.analyses.plan.past.outcomes import outcomes
from helpers.analyses.plan.vocabulary import (
    ACTION,
    ARM,
    CHOICE,
    CHOSEN_SHARE,
    GAIN,
    HOLDOUT_SHARE,
    OVER_ALL,
    OVER_ALL_LOWER,
    OVER_ALL_UPPER,
    OVER_NONE,
    OVER_NONE_LOWER,
    OVER_NONE_UPPER,
    PLAN_ON,
    RANDOMISED,
    SEASON,
)
from helpers.data.contracts import HOLDOUT, TREAT
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.evidence import SIGNIFICANCE
from helpers.findings.folding import SMALLEST_GROUP
from helpers.findings.vocabulary import CUSTOMER_ID, LOWER, UPPER
from helpers.language import _
from helpers.statistics.targeting import policies, two_models

FEWEST = 2_000  # customers put into arms by lot, below which an action's half cannot teach and the other judge
SEED = 1  # of the halves
BEFORE = ("spend_before", "ordered_before")
GAINS = (OVER_ALL, OVER_NONE)
ENDS = ("", "_lower", "_upper")


@dataclass(frozen=True)
class PersonalChoice(Finding):
    """One row an action: what choosing for each customer earned beside giving it to all, and beside nobody."""

    table: pd.DataFrame
    currency: str = ""
    columns = (
        ACTION, CHOICE, RANDOMISED, CHOSEN_SHARE, OVER_ALL, OVER_ALL_LOWER, OVER_ALL_UPPER, OVER_NONE, OVER_NONE_LOWER,
        OVER_NONE_UPPER,
    )  # fmt: skip

    @property
    def tried(self) -> pd.DataFrame:
        """The actions with customers enough, the one that choosing helps most surely first."""
        rows = self.table[self.table[CHOICE] != "too_few"]
        return rows.sort_values([CHOICE, RANDOMISED], ascending=[True, False], kind="stable")

    def plot(self, ax: Axes | None = None) -> Axes:
        """What choosing earned a customer beside each of the other two, with its interval."""
        words = {OVER_ALL: _("beside all"), OVER_NONE: _("beside nobody")}
        rows = [
            self.tried[[ACTION, *(each + end for end in ENDS)]]
            .set_axis([ACTION, GAIN, LOWER, UPPER], axis="columns")
            .assign(beside=beside)
            for each, beside in words.items()
        ]
        told = pd.concat(rows, ignore_index=True)
        told[ACTION] = told[ACTION].map(ACTION.write)
        return charts.forest(told, estimate=GAIN, label=ACTION, group="beside", band=(LOWER, UPPER), reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("What does choosing customers earn for each, beside giving it to all or to nobody?")

    def headline(self) -> Sentence:
        """An action that choosing helps for sure, or that none is known to be helped by it."""
        row = self.tried.iloc[0]
        action = facts.Word(row[ACTION], ACTION)
        if row[CHOICE] == "choose":
            told = say("“{action}”: choosing customers earns more than giving it to all, or to nobody.", action=action)
        else:
            told = say(
                "No evidence that choosing customers for “{action}” earns more than giving it to all, or to nobody.",
                action=action,
            )
        return told.resting_on(
            say("Learnt from one half, it was tried on the other, and chose {share} of it.",
                share=facts.Share(row[CHOSEN_SHARE])),
            say("Beside all it earned {money} a customer ({interval}).", **self._gain(row, OVER_ALL)),
            say("Beside nobody it earned {money} a customer ({interval}).", **self._gain(row, OVER_NONE)),
        )  # fmt: skip

    def _gain(self, row: pd.Series, name: str) -> dict[str, facts.Fact | facts.Range]:
        money, *ends = (facts.Money(row[name + end], self.currency, signed=True) for end in ENDS)
        return {"money": money, "interval": facts.Range(*ends)}


@analysis
def personal_choice(data: Dataset, history: History) -> PersonalChoice | NotApplicable:
    """What giving each action only to those for whom models expect it to earn would have earned, by its arms.

    Earned is the margin of what they spent within the horizon, less what was paid, of everybody as planned. Two models
    learn from one half of an action's customers, by what is lasting of them and what they did before; the other half
    says what their choice is worth (`policies.gain`). Better is what surely beats both, Bonferroni over actions. Arms
    must be drawn with one chance: of plans of several holdout shares those of the most customers count. Actions of
    fewer than 2,000 customers are not tried. Assumes that lasting columns are as they were on the plan's day.
    """
    rows = history.actions
    if not (rows[ARM] == HOLDOUT).any():
        return NotApplicable(say("no earlier plan held anybody out, so nobody can say for whom an action pays."))
    rows = with_results(data, history).sort_values(PLAN_ON, kind="stable")
    rows = rows.drop_duplicates([ACTION, CUSTOMER_ID, SEASON])
    horizons = {action.name: action.horizon_days for action in data.settings.plan.actions}
    counted = {str(name): _counted(data, each, horizons.get(str(name))) for name, each in rows.groupby(ACTION)}
    if not any(map(len, counted.values())):
        return NotApplicable(say("the horizon of the first plan is not over."))
    counted = {name: each for name, each in counted.items() if len(each) >= SMALLEST_GROUP}
    enough = {name: len(each) >= FEWEST and each[ARM].nunique() > 1 for name, each in counted.items()}
    if not any(enough.values()):
        return NotApplicable(
            say("too few customers were drawn by lot to tell for whom an action pays: {most} of {fewest}.",
                most=facts.People(max(map(len, counted.values()), default=0)), fewest=facts.Count(FEWEST))
        )  # fmt: skip
    alpha = SIGNIFICANCE / sum(enough.values())
    table = [
        {ACTION: name, RANDOMISED: len(each)} | (judged(each, alpha) if enough[name] else {CHOICE: "too_few"})
        for name, each in counted.items()
    ]
    return PersonalChoice(pd.DataFrame(table).reindex(columns=list(PersonalChoice.columns)), data.settings.currency)


def _counted(data: Dataset, rows: pd.DataFrame, horizon_days: int | None) -> pd.DataFrame:
    """One action's customers whose horizon is over, of one holdout share: arm, earned, and what was known before."""
    if fairness(rows) in ("contaminated", "sample_ratio"):
        return rows.iloc[:0]
    rows = rows[rows[HOLDOUT_SHARE] == rows.groupby(HOLDOUT_SHARE)[CUSTOMER_ID].size().idxmax()]
    found = outcomes(data, rows, horizon_days or data.settings.plan.horizon_days).dropna(subset="spend")
    earned = data.settings.plan.margin * money(found) - found["paid"]
    about = data.customers.set_index(CUSTOMER_ID)
    lasting = [name for name in dict.fromkeys(data.settings.lasting) if name in about]
    known = found[[CUSTOMER_ID, *BEFORE]].join(about[lasting], on=CUSTOMER_ID).drop(columns=CUSTOMER_ID)
    return known.assign(arm=found[ARM], earned=earned)


def judged(rows: pd.DataFrame, alpha: float) -> dict:
    """What the choice of one half is worth in the other, with limits of level 1 - `alpha`.

    `rows`: arm, earned, and columns known before. Halves are drawn in the order of these values, so that no id counts.
    """
    rows = rows.sort_values(list(rows), key=lambda column: column.astype(str), ignore_index=True)
    learning = np.random.default_rng(SEED).random(len(rows)) < 0.5
    known = rows.drop(columns=["arm", "earned"])
    expected, _ = two_models.expected_outcomes(known, rows["arm"], rows["earned"], learning, "mean")
    arm, earned = rows["arm"][~learning], rows["earned"][~learning]
    choice = np.where(expected[TREAT] > expected[HOLDOUT], TREAT, HOLDOUT).astype(object)
    gains = {
        name: policies.gain(arm, earned, choice, instead, alpha=alpha)
        for name, instead in zip(GAINS, (TREAT, HOLDOUT), strict=True)
    }
    told = {f"{name}{end}": getattr(each, end.strip("_") or "value") for name, each in gains.items() for end in ENDS}
    better = all(each.lower > 0 for each in gains.values())
    return told | {CHOICE: "choose" if better else "no_evidence", CHOSEN_SHARE: float((choice == TREAT).mean())}
