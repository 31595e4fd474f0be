"""The smallest effect that each experiment would have seen with the customers, or groups, that it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.effect.lifts import size_and_noise
from helpers.analyses.experiments.effect.vocabulary import SMALLEST_EFFECT
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.vocabulary import (
    ARM,
    ARM_N,
    CONTROL_LEVEL,
    CONTROL_N,
    EXPERIMENT,
    KIND,
    SMALLEST_LIFT_RATE,
)
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.vocabulary import METRIC
from helpers.statistics.designs import sample_sizes
from helpers.statistics.effects import value_and_gradient


@dataclass(frozen=True)
class Detectable(Finding):
    """The smallest effect that each experiment would have seen with the customers it has."""

    table: pd.DataFrame
    rules: Rules
    shown = (EXPERIMENT, ARM, METRIC, CONTROL_LEVEL, SMALLEST_EFFECT, SMALLEST_LIFT_RATE, KIND)
    columns = (*shown, CONTROL_N, ARM_N)

    def summary(self) -> pd.DataFrame:
        """One row an experiment, arm and metric; effects in the metric's unit, lifts relative to the control."""
        return self.readable[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Smallest detectable lifts."""
        names = self.table["experiment"] + " · " + self.table["arm"] + " · " + self.table["metric"]
        rows = self.table.assign(row=names)
        return charts.bars(rows, value=SMALLEST_LIFT_RATE, label="row", ax=ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("How large a lift would each test have seen?")

    def headline(self) -> Sentence:
        """Whether the worthwhile lift would have been seen; below it the range of lifts in reach."""
        lifts = self.table["smallest_lift_rate"].dropna()
        if lifts.empty:
            return say("Too few customers, or nothing varies: no lift would have been seen.")
        worthwhile, short = facts.Name(self.rules.worthwhile), (lifts > self.rules.worthwhile_lift).sum()
        reach = say(
            "Smallest lift that would be seen {power} of the time, by metric and arm: {lifts}.",
            power=facts.Name(f"{100 * self.rules.power:g}%"),
            lifts=facts.Range(facts.Share(lifts.min()), facts.Share(lifts.max()))
            if len(lifts) > 1
            else facts.Share(lifts.min()),
        )
        if not short:
            return say(
                "A worthwhile lift of {lift} would have been seen in every comparison.", lift=worthwhile
            ).resting_on(reach)
        if short == len(lifts):
            return say("A worthwhile lift of {lift} may go unseen in every comparison.", lift=worthwhile).resting_on(
                reach
            )
        return say(
            "A worthwhile lift of {lift} may go unseen in {short} of {tests} comparisons.",
            lift=worthwhile,
            short=facts.Count(short),
            tests=facts.Count(len(lifts)),
        ).resting_on(reach)


@analysis
def detectable(trials: Sequence[Trial], rules: Rules = Rules()) -> Detectable | NotApplicable:
    """Minimum detectable effect of each metric and arm given the customers counted in it.

    From the control's rate or standard deviation (of a ratio, that of its linearised rows), two-sided at alpha without
    correction, at the power of `rules` (see `statistics.designs`); NaN where the control does not vary or an arm has
    fewer than three customers.
    """
    if not trials:
        return NO_EXPERIMENTS
    lines = [
        _smallest(trial, arm, metric, rules) for trial in trials for metric in trial.metrics for arm in trial.treatments
    ]
    if not lines:
        return NotApplicable(say("no experiment has a metric and two arms."))
    return Detectable(pd.DataFrame(lines), rules)


def _smallest(trial: Trial, arm: str, metric: str, rules: Rules) -> dict[str, object]:
    control, n = trial.moments[trial.control, metric], trial.moments[arm, metric].n
    kind, smallest = trial.metrics[metric].kind, np.nan
    base = value_and_gradient(control.means, kind)[0]
    size, of_arm, noise = size_and_noise(trial, arm, metric)
    if noise and of_arm > 2:
        smallest = sample_sizes.minimum_effect(size, **noise, alpha=rules.alpha, power=rules.power, ratio=of_arm / size)
    return {
        "experiment": trial.name,
        "arm": arm,
        "metric": metric,
        "kind": kind,
        "control_n": control.n,
        "arm_n": n,
        "control_level": base,
        "smallest_effect": smallest,
        "smallest_lift_rate": smallest / abs(base) if base else np.nan,
    }
