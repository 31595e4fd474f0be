"""Less noise from the same customers: effects adjusted for what was known before them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.effect.lifts import arm_effect
from helpers.analyses.experiments.effect.vocabulary import (
    ADJUSTED_EFFECT,
    ADJUSTED_FOR,
    ADJUSTED_LOWER,
    ADJUSTED_STD_ERROR,
    ADJUSTED_UPPER,
    CONVENTION,
    LABEL,
    METHOD,
)
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, none_one_by_one, one_by_one
from helpers.analyses.experiments.trials.arms import Trial, compared
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.moments import Cells, cells
from helpers.analyses.experiments.vocabulary import (
    ARM,
    CONTROL_LEVEL,
    EFFECT,
    EFFECT_STD_ERROR,
    EXPERIMENT,
    KIND,
    LIFT_RATE,
    VARIANCE_SAVED_SHARE,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, Sentence, analysis, facts, say
from helpers.findings.drawing import charts
from helpers.findings.folding import UNKNOWN
from helpers.findings.vocabulary import LOWER, METRIC, UPPER
from helpers.language import _
from helpers.statistics.effects import COLUMNS, Effect, compare, post_stratified

WORTH_SAYING = 0.01  # share of the variance; saving less is worth no more than 1 % more customers: it bought nothing
NUMBERS = (EFFECT, LOWER, UPPER, EFFECT_STD_ERROR)
AS_MEASURED = (EXPERIMENT, ARM, METRIC, LABEL, KIND, CONTROL_LEVEL, *NUMBERS)


@dataclass(frozen=True)
class VarianceSaved(Finding):
    """Effects as measured beside adjusted ones (the convention is theirs), and the variance each adjustment saved."""

    table: pd.DataFrame
    unknown: pd.DataFrame  # experiment, covariate, customers, without (those who have no value of it)
    shown = (METRIC, ARM, ADJUSTED_FOR, EFFECT, ADJUSTED_EFFECT, VARIANCE_SAVED_SHARE, KIND)
    columns = (
        *AS_MEASURED, METHOD, ADJUSTED_FOR, ADJUSTED_EFFECT, ADJUSTED_STD_ERROR, ADJUSTED_LOWER, ADJUSTED_UPPER,
        VARIANCE_SAVED_SHARE, CONVENTION,
    )  # fmt: skip

    def summary(self) -> pd.DataFrame:
        """One row an experiment, arm, metric and adjustment; effects in the metric's unit, intervals in the figure."""
        told = told_apart(self.table)[list(self.shown)]
        return told.assign(**{ADJUSTED_FOR: told[ADJUSTED_FOR].map(lambda names: str(_named([names])))})

    def plot(self, ax: Axes | None = None) -> Axes:
        """Effects as measured beside adjusted ones, over the control's level: all metrics on one scale."""
        measured = self.table.drop_duplicates(["experiment", "arm", "metric"]).assign(estimate=_("as measured"))
        adjusted = in_place(self.table, "adjusted").assign(estimate=self.table["method"].map(METHOD.write))
        return forest(pd.concat([measured, adjusted], ignore_index=True), ax)

    def title(self) -> Sentence:
        """What the figure answers."""
        return say("Does what was known before tell effects more sharply?")

    def headline(self) -> Sentence:
        """What adjusting is worth at most; below it what each method saved, and who has no value of a covariate."""
        tested = self.table.dropna(subset="variance_saved_share")
        if tested.empty:
            return say("Too few customers, or nothing varies: no effect can be adjusted.")
        most = tested["variance_saved_share"].max()
        if most < WORTH_SAYING:
            told = say("What was known before tells no effect more sharply.")
        else:
            told = say(
                "What was known before is worth up to {share} more customers.", share=facts.Share(most / (1 - most))
            )
        lacking = self.unknown[self.unknown["without"] > 0]
        return told.resting_on(
            *(_saved(str(method), rows) for method, rows in tested.groupby("method", sort=False)),
            *(
                say(
                    "{without} of {customers} customers of {experiment} have no {covariate}: they are kept, told apart "
                    "as such.",
                    without=facts.Count(row.without),
                    customers=facts.Count(row.customers),
                    experiment=facts.Name(row.experiment),
                    covariate=facts.Trait(row.covariate),
                )
                for row in lacking.itertuples()
            ),
        )


@analysis
def variance_saved(data: Dataset, trials: Sequence[Trial], rules: Rules = Rules()) -> VarianceSaved | NotApplicable:
    """What CUPED with the covariates that are numbers, and post-stratification by the first in words, saved.

    CUPED adjusts for all numbers at once, with slopes by arm (see `statistics.effects.cuped`); who has no value is told
    apart by a 0/1 column, or is a stratum. Covariates are those that the trials were read with and that have a value
    in the experiment. Decisions rest on the effects as measured, whatever is saved. One query for each experiment
    with a covariate in words. Assumes that covariates were known before the assignment.
    """
    if not trials:
        return NO_EXPERIMENTS
    if not one_by_one(trials):
        return none_one_by_one(trials)
    lines, unknown = [], []
    for trial in one_by_one(trials):
        numbers, word = _covariates(data, trial)
        strata = summed_up(data, trial, (word,)) if word else None
        without = {name: trial.cells.without(name).sum() for name in numbers}
        if strata:
            without[word] = strata.rows((word,)).get(UNKNOWN, 0)
        customers = int(trial.cells.rows().sum())
        unknown += [
            {"experiment": trial.name, "covariate": name, "customers": customers, "without": int(lacking)}
            for name, lacking in without.items()
        ]
        for metric, arm in comparisons(trial, rules):
            common = as_measured(trial, metric, arm, rules.alpha)
            if numbers:
                effect = _cuped(trial, metric, arm, numbers, rules.alpha)
                lines.append({**common, **_adjusted("cuped", ", ".join(numbers), effect)})
            if strata:
                effect = _post_stratified(trial, metric, arm, strata, word, rules.alpha)
                lines.append({**common, **_adjusted("post_stratified", word, effect)})
    if not lines:
        return NotApplicable(
            say(
                "no experiment has a metric, two arms of {customers} customers and a covariate known before the "
                "assignment.",
                customers=facts.Count(rules.smallest_arm),
            )
        )
    return VarianceSaved(pd.DataFrame(lines), pd.DataFrame(unknown))


def _saved(method: str, rows: pd.DataFrame) -> Sentence:
    """The most that a method saved, and on how many effects it saved anything."""
    best = rows.loc[rows["variance_saved_share"].idxmax()]
    share = best["variance_saved_share"]
    names = {
        "covariates": _named(rows["adjusted_for"]),
        "method": facts.Word(method, METHOD),
        "share": facts.Share(max(share, 0)),
    }
    if share < WORTH_SAYING:
        return say("Adjusting for {covariates} ({method}) saves at most {share} of an effect's variance.", **names)
    return say(
        "Adjusting for {covariates} ({method}) saves up to {share} of an effect's variance ({where}); {gained} of "
        "{effects} effects gain at least {least}.",
        **names,
        where=where(best),
        gained=facts.Count((rows["variance_saved_share"] >= WORTH_SAYING).sum()),
        effects=facts.Count(len(rows)),
        least=facts.Name(f"{100 * WORTH_SAYING:g}%"),
    )


def _named(adjusted_for: Iterable[str]) -> facts.Listed:
    """The covariates of lines, of which each may have several, by their names, each once."""
    names = dict.fromkeys(name for line in adjusted_for for name in line.split(", "))
    return facts.Listed(tuple(map(facts.Trait, names)))


def _covariates(data: Dataset, trial: Trial) -> tuple[list[str], str]:
    """The trial's covariates that are numbers and have a value, and its first one in words; empty where it has none."""
    met, customers = {name for _, name in trial.covariates}, trial.cells.rows().sum()
    declared = data.settings.extras("covariates")
    numbers = [
        name
        for name, extra in declared.items()
        if extra.type == "number" and name in met and trial.cells.without(name).sum() < customers
    ]
    words = (
        name
        for name, extra in declared.items()
        if extra.type != "number" and any(level.startswith(f"{name}: ") for level in met)
    )
    return numbers, next(words, "")


def comparisons(trial: Trial, rules: Rules) -> Iterator[tuple[str, str]]:
    """Metric and arm of each comparison whose arms are both large enough for a test, the primary metric first."""
    for metric in sorted(trial.metrics, key=lambda name: name != trial.primary):
        for arm in trial.treatments:
            if min(trial.moments[each, metric].n for each in (trial.control, arm)) >= rules.smallest_arm:
                yield metric, arm


def summed_up(data: Dataset, trial: Trial, by: Sequence[str] = (), capped: bool = True) -> Cells:
    """Moments of the trial's metrics by arm and the columns `by`, whose missing values are a group."""
    rows = compared(data, [trial])
    rows = rows.mutate(**{name: rows[name].fill_null(UNKNOWN) for name in by})
    metrics = {
        name: extra if capped else dataclasses.replace(extra, cap=None)
        for name, extra in trial.metrics.items()
        if capped or extra.cap
    }
    return cells(rows, metrics, (), ("variant", *by))


def _cuped(trial: Trial, metric: str, arm: str, numbers: Sequence[str], alpha: float) -> Effect:
    kind, met = trial.metrics[metric].kind, trial.cells.moments(metric, covariates=numbers)
    control = met[trial.control,]
    return compare(control, met[arm,], kind=kind, covariates=control.columns[COLUMNS[kind] :], alpha=alpha)


def _post_stratified(trial: Trial, metric: str, arm: str, strata: Cells, word: str, alpha: float) -> Effect:
    met = strata.moments(metric, ("variant", word))
    arms = (
        {stratum: cell for (variant, stratum), cell in met.items() if variant == each} for each in (trial.control, arm)
    )
    return post_stratified(*arms, kind=trial.metrics[metric].kind, alpha=alpha)


def as_measured(trial: Trial, metric: str, arm: str, alpha: float) -> dict[str, object]:
    """The effect of an arm on a metric as it was measured, by column."""
    extra = trial.metrics[metric]
    effect = arm_effect(trial, arm, metric, alpha=alpha)
    return {
        "experiment": trial.name,
        "arm": arm,
        "metric": metric,
        "label": extra.label,
        "kind": extra.kind,
        "control_level": effect.control,
        **numbers(effect),
    }


def _adjusted(method: str, covariates: str, effect: Effect) -> dict[str, object]:
    return {
        "method": method,
        "adjusted_for": covariates,
        **numbers(effect, "adjusted_"),
        "variance_saved_share": effect.variance_saved,
        "convention": effect.convention,
    }


def numbers(effect: Effect, prefix: str = "") -> dict[str, float]:
    """An effect, its error and its interval, by column."""
    return {f"{prefix}{name}": getattr(effect, name) for name in NUMBERS}


def where(row: pd.Series) -> Sentence:
    """Metric and arm of an effect."""
    return say(
        "“{metric}”, {experiment} · {arm}",
        metric=facts.Name(row["label"]),
        experiment=facts.Name(row["experiment"]),
        arm=facts.Name(row["arm"]),
    )


def in_place(rows: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """The same rows with the adjusted or uncapped numbers in the place of the others."""
    other = {f"{prefix}_{name}": str(name) for name in NUMBERS}
    return rows.drop(columns=list(NUMBERS)).rename(columns=other)


def told_apart(rows: pd.DataFrame) -> pd.DataFrame:
    """Arms named with their experiment where there are several."""
    several = rows["experiment"].nunique() > 1
    return rows.assign(arm=rows["experiment"] + " · " + rows["arm"]) if several else rows


def forest(rows: pd.DataFrame, ax: Axes | None) -> Axes:
    """Effects over the size of the control's level, taken as known, by arm, metric and estimate."""
    size = rows["control_level"].abs().replace(0, np.nan)
    drawn = told_apart(rows)
    drawn = drawn.assign(
        row=drawn["arm"] + " · " + drawn["metric"],
        lift_rate=rows["effect"] / size,
        lower=rows["lower"] / size,
        upper=rows["upper"] / size,
    )
    return charts.forest(
        drawn, estimate=LIFT_RATE, label="row", group="estimate", band=(LOWER, UPPER), reference=0, ax=ax
    )
