"""Effects with extreme values capped, beside effects of the values as recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.effect.sizes import limits, size, told
from helpers.analyses.experiments.effect.variance import (
    AS_MEASURED,
    as_measured,
    comparisons,
    forest,
    in_place,
    numbers,
    summed_up,
    told_apart,
    where,
)
from helpers.analyses.experiments.effect.vocabulary import (
    ARM_CUT_SHARE,
    ARM_RAISED_SHARE,
    CONTROL_CUT_SHARE,
    CONTROL_RAISED_SHARE,
    LOWER_CAP,
    UNCAPPED_EFFECT,
    UNCAPPED_LOWER,
    UNCAPPED_STD_ERROR,
    UNCAPPED_UPPER,
    UPPER_CAP,
)
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, none_one_by_one, one_by_one
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.moments import Cells, measures
from helpers.analyses.experiments.vocabulary import ARM, EFFECT, KIND
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.vocabulary import METRIC
from helpers.language import _
from helpers.statistics.effects import skewed_difference

SHARES = (CONTROL_RAISED_SHARE, CONTROL_CUT_SHARE, ARM_RAISED_SHARE, ARM_CUT_SHARE)


@dataclass(frozen=True)
class Capped(Finding):
    """How many values the caps, those of all arms together, moved by arm; and the effects with and without them."""

    table: pd.DataFrame
    rules: Rules
    shown = (METRIC, ARM, LOWER_CAP, UPPER_CAP, *SHARES, EFFECT, UNCAPPED_EFFECT, KIND)
    columns = (
        *AS_MEASURED,
        UNCAPPED_EFFECT,
        UNCAPPED_STD_ERROR,
        UNCAPPED_LOWER,
        UNCAPPED_UPPER,
        LOWER_CAP,
        UPPER_CAP,
        *SHARES,
    )

    def summary(self) -> pd.DataFrame:
        """One row an experiment, metric and arm; effects in the metric's unit."""
        return told_apart(self.table)[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Effects with and without caps, over the control's level with them."""
        both = [
            self.table.assign(estimate=_("capped")),
            in_place(self.table, "uncapped").assign(estimate=_("as recorded")),
        ]
        return forest(pd.concat(both, ignore_index=True), ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Do the caps on extreme values change an effect?")

    def headline(self) -> Sentence:
        """The largest share capped; below it the effect that the caps move most."""
        table = self.table
        largest = max(table[list(pair)].sum(axis="columns").max() for pair in (SHARES[:2], SHARES[2:]))
        if not largest:
            return say("Caps move no value, so they change no effect.")
        moved = say("Caps move at most {share} of an arm's values.", share=facts.Share(largest))
        shifts = ((table["effect"] - table["uncapped_effect"]) / table["uncapped_std_error"]).abs()
        if shifts.isna().all():
            return moved.resting_on(say("Too few customers, or nothing varies: no effect can be tested."))
        row = table.loc[[shifts.idxmax()]]
        (with_caps,), (without,) = row.itertuples(), in_place(row, "uncapped").itertuples()
        names = {
            "where": where(row.iloc[0]),
            "caps": facts.Range(facts.Number(with_caps.lower_cap), facts.Number(with_caps.upper_cap)),
            **told(with_caps, self.rules.level),
            "uncapped": size(without.effect, without.kind),
            "uncapped_interval": limits(without.lower, without.upper, without.kind),
        }
        if with_caps.kind == "ratio":
            return moved.resting_on(
                say(
                    "Changed most: {where}, capped at a denominator of {caps}, {effect} ({level} interval {interval}) "
                    "with caps, {uncapped} ({uncapped_interval}) without.",
                    **names,
                )
            )
        return moved.resting_on(
            say(
                "Changed most: {where}, capped at {caps}, {effect} ({level} interval {interval}) with caps, {uncapped} "
                "({uncapped_interval}) without.",
                **names,
            )
        )


@analysis
def capped(data: Dataset, trials: Sequence[Trial], rules: Rules = Rules()) -> Capped | NotApplicable:
    """What the declared caps do to each metric that has one: shares of values moved, effects with and without.

    Caps are quantiles of the values other than 0 of all arms together, so that no arm is cut more deeply than another
    (see `moments.cells`); the intervals take them as known. A ratio is capped in its denominators, and numerators
    shrink with them (see `moments.measures`). A capped effect leaves out what a few extreme customers bring: less
    noise, but another question. One query for each experiment with a cap.
    """
    if not trials:
        return NO_EXPERIMENTS
    if not one_by_one(trials):
        return none_one_by_one(trials)
    lines = []
    for trial in one_by_one(trials):
        names = [name for name, extra in trial.metrics.items() if extra.cap]
        if names:
            plain = summed_up(data, trial, capped=False)
            pairs = [(metric, arm) for metric, arm in comparisons(trial, rules) if metric in names]
            lines += [_with_caps(trial, metric, arm, plain, rules.alpha) for metric, arm in pairs]
    if not lines:
        return NotApplicable(
            say(
                "no metric with two arms of {customers} customers declares a cap.",
                customers=facts.Count(rules.smallest_arm),
            )
        )
    return Capped(pd.DataFrame(lines), rules)


def _with_caps(trial: Trial, metric: str, arm: str, plain: Cells, alpha: float) -> dict[str, object]:
    extra, met, shares = trial.metrics[metric], plain.moments(metric), trial.cells.capped_shares(metric)
    low, high = trial.cells.caps[measures(extra)[0]]
    uncapped = skewed_difference(met[trial.control,], met[arm,], kind=extra.kind, alpha=alpha)
    moved = [shares.at[each, tail] for each in (trial.control, arm) for tail in ("low", "high")]
    return {
        **as_measured(trial, metric, arm, alpha),
        **numbers(uncapped, "uncapped_"),
        "lower_cap": low,
        "upper_cap": high,
        **dict(zip(SHARES, moved, strict=True)),
    }
