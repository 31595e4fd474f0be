"""What each arm changed: the effects of an experiment on all its metrics, tested at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.effect.lifts import OF_EFFECTS, effect_table
from helpers.analyses.experiments.effect.sizes import amount, size, told
from helpers.analyses.experiments.effect.vocabulary import CONTROL_FROM
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, nothing_to_compare
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.validity.faults import distrust, not_to_be_trusted
from helpers.analyses.experiments.vocabulary import (
    ARM,
    ARM_LEVEL,
    ARM_N,
    CONTROL_LEVEL,
    CONTROL_N,
    EFFECT,
    KIND,
    LIFT_RATE,
    LIFT_RATE_LOWER,
    LIFT_RATE_UPPER,
)
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, METRIC, UPPER


@dataclass(frozen=True)
class Effects(Finding):
    """Effects of one experiment, metric by metric and arm by arm.

    `adjusted_p_value` is corrected over metrics × arms; `primary_p_value`, which decides, over arms alone.
    """

    table: pd.DataFrame
    experiment: str
    control: str
    control_from: str  # a code, see `Trial`
    rules: Rules
    distrust: Sentence | None  # why nothing of it can be trusted; None where it can
    group: str = ""  # what was assigned in place of customers, such as store
    shown = (METRIC, ARM, EFFECT, LOWER, UPPER, ADJUSTED_P_VALUE, CONTROL_LEVEL, ARM_LEVEL, KIND)
    columns = OF_EFFECTS

    @property
    def tested(self) -> pd.DataFrame:
        """The effects of arms that are large enough, with the control, for a test to mean something."""
        large = self.table[[CONTROL_N, ARM_N]].min(axis="columns") >= self.rules.smallest_arm
        return self.table[large].dropna(subset="adjusted_p_value")

    def summary(self) -> pd.DataFrame:
        """One row a metric and arm: levels, and the effect in the metric's unit; lifts are in the figure."""
        return self.readable[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Lifts with their intervals, so that metrics of different units stand on one scale."""
        rows = self.table.assign(row=self.table["arm"] + " · " + self.table["label"])
        band = (LIFT_RATE_LOWER, LIFT_RATE_UPPER)
        return charts.forest(rows, estimate=LIFT_RATE, label="row", band=band, reference=0, ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("By how much did {experiment} change each metric?", experiment=facts.Name(self.experiment))

    def headline(self) -> Sentence:
        """What the experiment changed most surely; below it the levels, and what else holds."""
        if self.distrust:
            return not_to_be_trusted(self.experiment, self.distrust)
        tested = self.tested
        if tested.empty:
            return say(
                "{experiment}: too few customers, or nothing varies, so no effect can be told.",
                experiment=facts.Name(self.experiment),
            )
        all_at_once = tested["adjusted_p_value"] < self.rules.alpha
        held, alone = tested[all_at_once], tested[(tested["primary_p_value"] < self.rules.alpha) & ~all_at_once]
        primary = tested[tested["role"] == "primary"]
        return self._claim(held, alone).resting_on(
            *(self._levels(row) for row in primary.itertuples()),
            say(
                "{held} of {effects} effects are beyond chance, all tested at once ({correction}): {named}.",
                held=facts.Count(len(held)),
                effects=facts.Count(len(tested)),
                correction=facts.Name(self.rules.corrected_by),
                named=facts.Listed(tuple(_named(row) for row in held.itertuples())),
            )
            if len(held)
            else say(
                "None of {effects} effects is beyond chance, all tested at once ({correction}).",
                effects=facts.Count(len(tested)),
                correction=facts.Name(self.rules.corrected_by),
            ),
            say(
                "All are compared with “{arm}”: it is the control, {known}.",
                arm=facts.Name(self.control),
                known=facts.Word(self.control_from, CONTROL_FROM),
            ),
            say("Customers were assigned by {group}: errors allow for it.", group=facts.Name(self.group))
            if self.group
            else None,
        )

    def _claim(self, held: pd.DataFrame, alone: pd.DataFrame) -> Sentence:
        """The surest effect, on the metric that decides where there is one; else what was not seen."""
        experiment = facts.Name(self.experiment)
        if held.empty and alone.empty:
            return say("No evidence that {experiment} changed anything.", experiment=experiment)
        surest = (held if len(held) else alone).sort_values(["role", "adjusted_p_value"], kind="stable").iloc[0]
        names = {
            "experiment": experiment,
            "arm": facts.Name(surest["arm"]),
            "metric": facts.Name(surest["label"]),
            "effect": size(surest["effect"], surest["kind"]),
        }
        if held.empty:
            return say("{experiment} · {arm} changed “{metric}” by {effect}, judged by this metric alone.", **names)
        if surest["effect"] > 0:
            return say("{experiment} · {arm} raised “{metric}”: {effect}.", **names)
        return say("{experiment} · {arm} lowered “{metric}”: {effect}.", **names)

    def _levels(self, row: Any) -> Sentence:
        """The metric that decides in the control and in an arm, with the interval of their difference."""
        return say(
            "{arm}, “{metric}”: {there} against {control} in the control, {effect} ({level} interval {interval}).",
            arm=facts.Name(row.arm),
            metric=facts.Name(row.label),
            control=amount(row.control_level, row.kind),
            there=amount(row.arm_level, row.kind),
            **told(row, self.rules.level),
        )


def _named(row: Any) -> Sentence:
    return say(
        "“{metric}” {effect} ({arm})",
        metric=facts.Name(row.label),
        effect=size(row.effect, row.kind),
        arm=facts.Name(row.arm),
    )


@analysis
def effects(trials: Sequence[Trial], rules: Rules = Rules()) -> tuple[Effects | NotApplicable, ...]:
    """One finding an experiment, in order; a single "not applicable" when there is none."""
    return tuple(_effects(trial, rules) for trial in trials) or (NO_EXPERIMENTS,)


def _effects(trial: Trial, rules: Rules) -> Effects | NotApplicable:
    table = effect_table(trial, rules)
    if table.empty:
        return nothing_to_compare(trial, next(iter(trial.metrics), ""))
    group = trial.groups.label if trial.groups else ""
    return Effects(table, trial.name, trial.control, trial.control_from, rules, distrust(trial, rules), group)
