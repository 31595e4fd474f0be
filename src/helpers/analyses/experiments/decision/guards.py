"""Guardrails: metrics that an arm may not make worse by more than a declared margin, whatever else it does."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import pandas as pd

from helpers.analyses.experiments.decision.harms import GUARDRAIL, harms
from helpers.analyses.experiments.decision.repeated_reports import Look
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules

SAFE, UNPROVEN, BROKEN = "safe", "unproven", "broken"


class Guard(Protocol):
    """A row of `guarded`; its numbers are NaN where the metric was not measured."""

    metric: str
    label: str
    better: str
    control_n: float
    control_level: float
    margin: float
    lower: float
    upper: float


def guarded(
    trial: Trial, effects: pd.DataFrame, arm: str, rules: Rules, tested: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The guardrails of an arm.

    metric, label, kind, better, control_n, arm_n, control_level, margin, lower, upper, state: `safe` where a change for
    the worse by the margin is ruled out, `broken` where one of less is (see `harms`, whose answer `tested` is), else
    `unproven`; so is a metric that cannot be tested, or whose customers the arms lose unequally. The limits are of the
    lift.
    """
    margins = pd.Series(dict(rules.guardrails.get(trial.name, {})), name="margin", dtype=float)
    own = effects[effects["arm"] == arm].set_index("metric").reindex(margins.index)
    lower, upper = own["lift_rate_lower"], own["lift_rate_upper"]
    if tested is None:
        tested = harms(trial, effects, rules, Look(alpha=rules.alpha))
    of_arm = tested[(tested["arm"] == arm) & (tested["role"] == GUARDRAIL)].set_index("metric").reindex(margins.index)
    safe, broken = (of_arm[name] < rules.alpha for name in ("safe_p_value", "harm_p_value"))
    state = np.select([safe, broken], [SAFE, BROKEN], UNPROVEN)
    return pd.DataFrame(
        {
            "metric": margins.index,
            "label": own["label"].fillna(margins.index.to_series()),
            "kind": own["kind"],
            "better": own["better"],
            "control_n": own["control_n"],
            "arm_n": own["arm_n"],
            "control_level": own["control_level"],
            "margin": margins,
            "lower": lower,
            "upper": upper,
            "state": state,
        }
    ).reset_index(drop=True)
