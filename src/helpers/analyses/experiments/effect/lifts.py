"""Effect and lift of each arm on each metric, with intervals and corrected p-values; and what errors rest on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.analyses.experiments.effect.vocabulary import (
    BETTER,
    CONVENTION,
    LABEL,
    LIFT_CONVENTION,
    LIFT_P_VALUE,
    PRIMARY_P_VALUE,
    ROLE,
)
from helpers.analyses.experiments.trials.applicable import NO_EXPERIMENTS
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.analyses.experiments.vocabulary import (
    ARM,
    ARM_LEVEL,
    ARM_N,
    CONTROL_LEVEL,
    CONTROL_N,
    EFFECT,
    EXPERIMENT,
    KIND,
    LIFT_RATE,
    LIFT_RATE_LOWER,
    LIFT_RATE_UPPER,
)
from helpers.findings import DeclaredTable, NotApplicable, analysis
from helpers.findings.vocabulary import ADJUSTED_P_VALUE, LOWER, METRIC, P_VALUE, UPPER
from helpers.statistics.designs import sample_sizes
from helpers.statistics.designs.sample_sizes import Noise
from helpers.statistics.effects import (
    MOST_UNEVEN,
    Effect,
    Moments,
    Sample,
    clustered_effect,
    level,
    relative_effect,
    scaled_tails,
    skewed_difference,
    unevenness,
)
from helpers.statistics.effects.levels import Level
from helpers.statistics.effects.relative_effects import RelativeEffect
from helpers.statistics.inference import adjust

LEAST_BASE_Z = 5  # standard errors between 0 and the control's level; nearer, 95 % of the delta method cover 91–94 %
OF_EFFECTS = (
    ARM,
    METRIC,
    LABEL,
    KIND,
    BETTER,
    ROLE,
    CONTROL_N,
    ARM_N,
    CONTROL_LEVEL,
    ARM_LEVEL,
    EFFECT,
    LOWER,
    UPPER,
    P_VALUE,
    ADJUSTED_P_VALUE,
    PRIMARY_P_VALUE,
    LIFT_RATE,
    LIFT_RATE_LOWER,
    LIFT_RATE_UPPER,
    LIFT_P_VALUE,
    LIFT_CONVENTION,
    CONVENTION,
)


@dataclass(frozen=True)
class EffectRows(DeclaredTable):
    """The effects of all experiments: experiment, then the columns of `Effects`."""

    table: pd.DataFrame
    columns = (EXPERIMENT, *OF_EFFECTS)


@analysis
def effect_rows(trials: Sequence[Trial], rules: Rules = Rules()) -> EffectRows | NotApplicable:
    """The effects of all experiments with every column, to be saved; not applicable where no metric is compared."""
    tables = [effect_table(trial, rules).assign(experiment=trial.name) for trial in trials]
    rows = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
    return EffectRows(rows[list(EffectRows.columns)]) if len(rows) else NO_EXPERIMENTS


def effect_table(trial: Trial, rules: Rules) -> pd.DataFrame:
    """Effect of each arm on each metric, the primary metric first; columns as in `Effects`.

    Proportions: pooled z test with Newcombe's interval; ratios: Welch's t; means and counts: Welch's t and the
    randomisation test, both allowing for skewness (see `statistics.effects.skewness`). The lift's interval and p-value
    come from the same tests; of proportions and ratios from the delta method, and then the two p-values can differ by
    a factor of ten. Where the control's level
    is within five standard errors of 0 the interval is Fieller's, which may have no end, and the p-value that of the
    effect. Where whole groups were assigned, errors are those of the groups. The conventions are columns of the table.
    """
    metrics = sorted(trial.metrics, key=lambda metric: metric != trial.primary)
    rows = pd.DataFrame([_line(trial, arm, metric, rules.alpha) for metric in metrics for arm in trial.treatments])
    if rows.empty:
        return rows
    primary = rows["p_value"].where(rows["role"] == "primary")
    after = rows.columns.get_loc("p_value") + 1
    rows.insert(after, "adjusted_p_value", adjust(rows["p_value"], rules.correction))
    rows.insert(after + 1, "primary_p_value", adjust(primary, rules.correction))
    return rows


def arm_effect(trial: Trial, arm: str, metric: str, *, alpha: float, relative: bool = False) -> Effect:
    """The effect of an arm on a metric; where whole groups were assigned, with errors that allow for it."""
    arms = trial.control, arm
    if trial.groups:
        totals = (trial.groups.totals(each, metric) for each in arms)
        return clustered_effect(*totals, relative=relative, alpha=alpha)
    moments = (trial.moments[each, metric] for each in arms)
    return skewed_difference(*moments, kind=trial.metrics[metric].kind, relative=relative, alpha=alpha)


def customers_for_unevenness(trial: Trial, arm: str, metric: str) -> int:
    """Customers that the smaller of two arms needs for a mean of values as skewed as these to be tested; 0 for others.

    So many that chance gives the difference a skewness of 1, which falls with the root of the customers. Equal arms
    need none: what skews one skews the other.
    """
    if trial.groups or trial.metrics[metric].kind not in ("mean", "count"):
        return 0
    moments = [trial.moments[each, metric] for each in (trial.control, arm)]
    uneven = unevenness(*map(Sample.of, moments)) / MOST_UNEVEN
    return 0 if np.isnan(uneven) else math.ceil(float(uneven) ** 2 * min(each.n for each in moments))


def too_uneven(trial: Trial, arm: str, metric: str) -> bool:
    """Whether a handful of customers are the difference of two arms in a metric."""
    smaller = min(trial.moments[each, metric].n for each in (trial.control, arm))
    return customers_for_unevenness(trial, arm, metric) > smaller


def margin_tails(trial: Trial, arm: str, metric: str, margin: float) -> tuple[float, float]:
    """One-sided p-values that a metric got worse by `margin` of the control's level or more, and that it did not."""
    kind, arms = trial.metrics[metric].kind, (trial.control, arm)
    if trial.groups:
        totals = (trial.groups.totals(each, metric) for each in arms)
        kind, sums = "ratio", [Moments.of(each[["total", "customers"]]) for each in totals]
    else:
        sums = [trial.moments[each, metric] for each in arms]
    direction = trial.metrics[metric].direction
    tolerated = 1 - direction * margin * np.sign(level(sums[0], kind).value)
    above, below = scaled_tails(*sums, kind=kind, factor=tolerated)
    return (above, below) if direction > 0 else (below, above)


def size_and_noise(trial: Trial, arm: str, metric: str) -> tuple[int, int, Noise]:
    """What a sample size rests on: rows of the control, rows of the arm, and the noise of a row; empty for none.

    A row is a customer, or a group where whole groups were assigned: the noise of its mean then.
    """
    if trial.groups:
        n, of_arm = (len(trial.groups.totals(each, metric)) for each in (trial.control, arm))
        variance = _base(trial, metric).variance * n if n > 1 else 0.0
        return n, of_arm, {"std_dev": float(np.sqrt(variance))} if variance > 0 else {}
    control = trial.moments[trial.control, metric]
    return control.n, trial.moments[arm, metric].n, sample_sizes.spread(control, trial.metrics[metric].kind)


def _base(trial: Trial, metric: str) -> Level:
    """The control's level with its variance."""
    if trial.groups:
        totals = trial.groups.totals(trial.control, metric)
        return level(Moments.of(totals[["total", "customers"]]), "ratio")
    return level(trial.moments[trial.control, metric], trial.metrics[metric].kind)


def _line(trial: Trial, arm: str, metric: str, alpha: float) -> dict[str, object]:
    extra = trial.metrics[metric]
    control, treatment = trial.moments[trial.control, metric], trial.moments[arm, metric]
    effect = arm_effect(trial, arm, metric, alpha=alpha)
    lift = _lift(trial, arm, metric, effect)
    return {
        "arm": arm,
        "metric": metric,
        "label": extra.label,
        "kind": extra.kind,
        "better": extra.better,
        "role": "primary" if metric == trial.primary else "secondary",
        "control_n": control.n,
        "arm_n": treatment.n,
        "control_level": effect.control,
        "arm_level": effect.treatment,
        "effect": effect.effect,
        "lower": effect.lower,
        "upper": effect.upper,
        "p_value": effect.p_value,
        **lift,
        "convention": effect.convention,
    }


def _lift(trial: Trial, arm: str, metric: str, effect: Effect) -> dict[str, object]:
    """The effect over the size of the control's level, by a method that holds for a level so near to 0."""
    with np.errstate(divide="ignore", invalid="ignore"):  # an empty arm, or one that does not vary, is not near to 0
        base = _base(trial, metric)
        base_error = np.sqrt(base.variance)
        near = abs(base.value) / base_error < LEAST_BASE_Z
    lift: Effect | RelativeEffect
    if near:
        difference = effect.effect, effect.std_error
        lift = relative_effect(difference, (base.value, base_error), df=effect.df, alpha=effect.alpha)
        p_value, convention = effect.p_value, f"{lift.convention}; p-value: of the difference"
    else:
        lift = arm_effect(trial, arm, metric, relative=True, alpha=effect.alpha)
        p_value, convention = lift.p_value, lift.convention
    return {
        "lift_rate": lift.effect,
        "lift_rate_lower": lift.lower,
        "lift_rate_upper": lift.upper,
        "lift_p_value": p_value,
        "lift_convention": convention,
    }
