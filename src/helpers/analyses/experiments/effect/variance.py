"""Less noise from the same customers: effects adjusted for what was known before, and effects with values capped."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from helpers.analyses.experiments.effect.lifts import arm_effect, in_words
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS, none_one_by_one, one_by_one
from helpers.analyses.experiments.trials.arms import Trial, compared
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.trials.moments import Cells, cells, measures
from helpers.analyses.experiments.vocabulary import (
    ADJUSTED_EFFECT,
    ADJUSTED_FOR,
    ADJUSTED_LOWER,
    ADJUSTED_STD_ERROR,
    ADJUSTED_UPPER,
    ARM,
    ARM_CUT_SHARE,
    ARM_RAISED_SHARE,
    CONTROL_CUT_SHARE,
    CONTROL_LEVEL,
    CONTROL_RAISED_SHARE,
    CONVENTION,
    EFFECT,
    EXPERIMENT,
    KIND,
    LABEL,
    LIFT_RATE,
    LOWER_CAP,
    METHOD,
    UNCAPPED_EFFECT,
    UNCAPPED_LOWER,
    UNCAPPED_STD_ERROR,
    UNCAPPED_UPPER,
    UPPER_CAP,
    VARIANCE_SAVED_SHARE,
)
from helpers.data.datasets import Dataset
from helpers.findings import Finding, NotApplicable, charts, formats
from helpers.findings.folding import UNKNOWN
from helpers.findings.vocabulary import LOWER, METRIC, STD_ERROR, UPPER
from helpers.language import _
from helpers.statistics.effects import COLUMNS, Effect, compare, post_stratified, skewed_difference

WORTH_SAYING = 0.01  # share of the variance; saving less is worth no more than 1 % more customers: it bought nothing
NUMBERS = (EFFECT, STD_ERROR, LOWER, UPPER)
SHARES = (CONTROL_RAISED_SHARE, CONTROL_CUT_SHARE, ARM_RAISED_SHARE, ARM_CUT_SHARE)
AS_MEASURED = (EXPERIMENT, ARM, METRIC, LABEL, KIND, CONTROL_LEVEL, *NUMBERS)


@dataclass(frozen=True)
class VarianceSaved(Finding):
    """Effects as measured beside adjusted ones (the convention is theirs), and the variance each adjustment saved."""

    table: pd.DataFrame
    unknown: pd.DataFrame  # experiment, covariate, customers, without (those who have no value of it)
    shown = (METRIC, ARM, ADJUSTED_FOR, EFFECT, ADJUSTED_EFFECT, VARIANCE_SAVED_SHARE)
    columns = (
        *AS_MEASURED,
        METHOD,
        ADJUSTED_FOR,
        ADJUSTED_EFFECT,
        ADJUSTED_STD_ERROR,
        ADJUSTED_LOWER,
        ADJUSTED_UPPER,
        VARIANCE_SAVED_SHARE,
        CONVENTION,
    )

    def summary(self) -> pd.DataFrame:
        """One row an experiment, arm, metric and adjustment; effects in the metric's unit, intervals in the figure."""
        return _told_apart(self.table)[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Effects as measured beside adjusted ones, over the control's level: all metrics on one scale."""
        measured = self.table.drop_duplicates(["experiment", "arm", "metric"]).assign(estimate=_("as measured"))
        adjusted = _in_place(self.table, "adjusted").assign(estimate=self.table["method"])
        return _forest(pd.concat([measured, adjusted], ignore_index=True), ax)

    def headline(self) -> str:
        """What each method saved at most, also when it is nothing, and who has no value of a covariate."""
        tested = self.table.dropna(subset="variance_saved_share")
        if tested.empty:
            return "Too few customers, or nothing varies: no effect can be adjusted."
        sentences = [_saved(method, rows) for method, rows in tested.groupby("method", sort=False)]
        lacking = self.unknown[self.unknown["without"] > 0]
        sentences += [
            f"{row.without:,} of {row.customers:,} customers of {row.experiment} have no {row.covariate}: they "
            "are kept, told apart as such."
            for row in lacking.itertuples()
        ]
        return " ".join(sentences)


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
        strata = _summed(data, trial, (word,)) if word else None
        without = {name: trial.cells.without(name).sum() for name in numbers}
        if strata:
            without[word] = strata.rows((word,)).get(UNKNOWN, 0)
        customers = int(trial.cells.rows().sum())
        unknown += [
            {"experiment": trial.name, "covariate": name, "customers": customers, "without": int(lacking)}
            for name, lacking in without.items()
        ]
        for metric, arm in _compared(trial, rules):
            common = _measured(trial, metric, arm, rules.alpha)
            if numbers:
                effect = _cuped(trial, metric, arm, numbers, rules.alpha)
                lines.append({**common, **_adjusted("CUPED", ", ".join(numbers), effect)})
            if strata:
                effect = _post_stratified(trial, metric, arm, strata, word, rules.alpha)
                lines.append({**common, **_adjusted("post-stratified", word, effect)})
    if not lines:
        return NotApplicable(
            f"no experiment has a metric, two arms of {rules.smallest_arm} customers and a covariate known before the "
            "assignment."
        )
    return VarianceSaved(pd.DataFrame(lines), pd.DataFrame(unknown))


def _saved(method: str, rows: pd.DataFrame) -> str:
    """The most that a method saved, and on how many effects it saved anything."""
    best = rows.loc[rows["variance_saved_share"].idxmax()]
    share = best["variance_saved_share"]
    adjusting = f"Adjusting for {' or '.join(pd.unique(rows['adjusted_for']))} ({method})"
    if share < WORTH_SAYING:
        most = f"at most {formats.percent(share)}" if share > 0 else "nothing"
        return f"{adjusting} bought nothing: of an effect's variance it saves {most}."
    gained = (rows["variance_saved_share"] >= WORTH_SAYING).sum()
    return (
        f"{adjusting} saves up to {formats.percent(share)} of an effect's variance ({_where(best)}), worth as much "
        f"as {formats.percent(share / (1 - share))} more customers; {gained} of {len(rows)} effects gain at least "
        f"{100 * WORTH_SAYING:g}%."
    )


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


def _compared(trial: Trial, rules: Rules) -> Iterator[tuple[str, str]]:
    """Metric and arm of each comparison whose arms are both large enough for a test, the primary metric first."""
    for metric in sorted(trial.metrics, key=lambda name: name != trial.primary):
        for arm in trial.treatments:
            if min(trial.moments[each, metric].n for each in (trial.control, arm)) >= rules.smallest_arm:
                yield metric, arm


def _summed(data: Dataset, trial: Trial, by: Sequence[str] = (), capped: bool = True) -> Cells:
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


def _measured(trial: Trial, metric: str, arm: str, alpha: float) -> dict[str, object]:
    extra = trial.metrics[metric]
    effect = arm_effect(trial, arm, metric, alpha=alpha)
    return {
        "experiment": trial.name,
        "arm": arm,
        "metric": metric,
        "label": extra.label,
        "kind": extra.kind,
        "control_level": effect.control,
        **_numbers(effect),
    }


def _adjusted(method: str, covariates: str, effect: Effect) -> dict[str, object]:
    return {
        "method": method,
        "adjusted_for": covariates,
        **_numbers(effect, "adjusted_"),
        "variance_saved_share": effect.variance_saved,
        "convention": effect.convention,
    }


@dataclass(frozen=True)
class Capped(Finding):
    """How many values the caps, those of all arms together, moved by arm; and the effects with and without them."""

    table: pd.DataFrame
    rules: Rules
    shown = (METRIC, ARM, LOWER_CAP, UPPER_CAP, *SHARES, EFFECT, UNCAPPED_EFFECT)
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
        return _told_apart(self.table)[list(self.shown)]

    def plot(self, ax: Axes | None = None) -> Axes:
        """Effects with and without caps, over the control's level with them."""
        both = [
            self.table.assign(estimate=_("capped")),
            _in_place(self.table, "uncapped").assign(estimate=_("as recorded")),
        ]
        return _forest(pd.concat(both, ignore_index=True), ax)

    def headline(self) -> str:
        """The largest share capped, and the effect that the caps move most."""
        table, level = self.table, self.rules.level
        largest = max(table[list(pair)].sum(axis="columns").max() for pair in (SHARES[:2], SHARES[2:]))
        if not largest:
            return "Caps move no value, so they change no effect."
        moved = f"Caps move at most {formats.percent(largest)} of an arm's values."
        shifts = ((table["effect"] - table["uncapped_effect"]) / table["uncapped_std_error"]).abs()
        if shifts.isna().all():
            return f"{moved} Too few customers, or nothing varies: no effect can be tested."
        row = table.loc[[shifts.idxmax()]]
        (with_caps,), (without,) = row.itertuples(), _in_place(row, "uncapped").itertuples()
        of = "a denominator of " if with_caps.kind == "ratio" else ""
        caps = f"{of}{formats.interval(with_caps.lower_cap, with_caps.upper_cap)}"
        return (
            f"{moved} The effect that they change most ({_where(row.iloc[0])}, capped at {caps}): "
            f"{in_words(with_caps, level)} with caps, {in_words(without, level)} without."
        )


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
            plain = _summed(data, trial, capped=False)
            pairs = [(metric, arm) for metric, arm in _compared(trial, rules) if metric in names]
            lines += [_with_caps(trial, metric, arm, plain, rules.alpha) for metric, arm in pairs]
    if not lines:
        return NotApplicable(f"no metric with two arms of {rules.smallest_arm} customers declares a cap.")
    return Capped(pd.DataFrame(lines), rules)


def _with_caps(trial: Trial, metric: str, arm: str, plain: Cells, alpha: float) -> dict[str, object]:
    extra, met, shares = trial.metrics[metric], plain.moments(metric), trial.cells.capped_shares(metric)
    low, high = trial.cells.caps[measures(extra)[0]]
    uncapped = skewed_difference(met[trial.control,], met[arm,], kind=extra.kind, alpha=alpha)
    moved = [shares.at[each, tail] for each in (trial.control, arm) for tail in ("low", "high")]
    return {
        **_measured(trial, metric, arm, alpha),
        **_numbers(uncapped, "uncapped_"),
        "lower_cap": low,
        "upper_cap": high,
        **dict(zip(SHARES, moved, strict=True)),
    }


def _numbers(effect: Effect, prefix: str = "") -> dict[str, float]:
    return {f"{prefix}{name}": getattr(effect, name) for name in NUMBERS}


def _where(row: pd.Series) -> str:
    return f"{row['label']}, {row['experiment']} · {row['arm']}"


def _in_place(rows: pd.DataFrame, prefix: str) -> pd.DataFrame:
    """The same rows with the adjusted or uncapped numbers in the place of the others."""
    other = {f"{prefix}_{name}": str(name) for name in NUMBERS}
    return rows.drop(columns=list(NUMBERS)).rename(columns=other)


def _told_apart(rows: pd.DataFrame) -> pd.DataFrame:
    """Arms named with their experiment where there are several."""
    several = rows["experiment"].nunique() > 1
    return rows.assign(arm=rows["experiment"] + " · " + rows["arm"]) if several else rows


def _forest(rows: pd.DataFrame, ax: Axes | None) -> Axes:
    """Effects over the size of the control's level, taken as known, by arm, metric and estimate."""
    size = rows["control_level"].abs().replace(0, np.nan)
    drawn = _told_apart(rows)
    drawn = drawn.assign(
        row=drawn["arm"] + " · " + drawn["metric"],
        lift_rate=rows["effect"] / size,
        lower=rows["lower"] / size,
        upper=rows["upper"] / size,
    )
    return charts.forest(
        drawn, estimate=LIFT_RATE, label="row", group="estimate", band=(LOWER, UPPER), reference=0, ax=ax
    )
