"""Guardrails: metrics that an arm may not make worse by more than a declared margin, whatever else it does."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd

from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.findings import formats

SAFE, UNPROVEN, BROKEN = "safe", "unproven", "broken"


class Guard(Protocol):
    """A row of `guarded`; its numbers are NaN where the metric was not measured."""

    metric: str
    label: str
    control_n: float
    control_level: float
    margin: float
    lower: float
    upper: float


def guarded(trial: Trial, effects: pd.DataFrame, arm: str, rules: Rules) -> pd.DataFrame:
    """The guardrails of an arm: metric, label, kind, control_n, arm_n, control_level, margin, lower, upper, state.

    Non-inferiority by the interval of the lift, level 1 - alpha: `safe` when all of it lies above -margin, `broken`
    when all of it lies below, else `unproven`; so is a metric that has no interval, or whose customers the arms lose
    unequally. All have to be safe, so they are not corrected for their number (intersection-union test: Berger 1982).
    """
    margins = pd.Series(dict(rules.guardrails.get(trial.name, {})), name="margin", dtype=float)
    own = effects[effects["arm"] == arm].set_index("metric").reindex(margins.index)
    lower, upper = own["lift_rate_lower"], own["lift_rate_upper"]
    even = np.array(
        [
            metric in trial.metrics and trial.eligible_p_value(metric) >= rules.sample_ratio_alpha
            for metric in margins.index
        ],
        dtype=bool,
    )
    state = np.select([even & (lower > -margins), even & (upper < -margins)], [SAFE, BROKEN], UNPROVEN)
    return pd.DataFrame(
        {
            "metric": margins.index,
            "label": own["label"].fillna(margins.index.to_series()),
            "kind": own["kind"],
            "control_n": own["control_n"],
            "arm_n": own["arm_n"],
            "control_level": own["control_level"],
            "margin": margins,
            "lower": lower,
            "upper": upper,
            "state": state,
        }
    ).reset_index(drop=True)


def in_words(guard: Guard) -> str:
    """A guardrail as a sentence says it: Spend (lift -12.0% to -4.00%; 5.00% less is tolerated)."""
    reach = "not measured" if np.isnan(guard.lower) else formats.interval(guard.lower, guard.upper, formats.percent)
    return f"{guard.label} (lift {reach}; {formats.percent(guard.margin)} less is tolerated)"
