"""Harm that an arm does: to the metric that decides, or to one that may not fall; all of it tested as one family."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.experiments.decision.repeated_reports import Look
from helpers.analyses.experiments.effect.lifts import margin_tails, too_uneven
from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.statistics.inference import adjust

DIRECTIONS = {"higher": 1, "lower": -1}
PRIMARY, GUARDRAIL = "primary", "guardrail"


def harms(trial: Trial, effects: pd.DataFrame, rules: Rules, look: Look) -> pd.DataFrame:
    """One row an arm and what must not fall: arm, metric, role, harm_p_value, safe_p_value.

    Tests that the primary metric got worse at all, and a guardrail by more than its margin (harm) or by less (safe).
    One broken guardrail of one arm is enough to stop it, so `harm_p_value` is corrected over all of them; safe
    asks for every guardrail, which needs no correction (intersection-union: Berger 1982). Both are for two sides, as
    alpha is, and corrected for the looks. NaN where a metric was not measured, or its customers were lost unequally.
    """
    margins = rules.guardrails.get(trial.name, {})
    asked = [(trial.primary, PRIMARY, 0.0), *((metric, GUARDRAIL, margin) for metric, margin in margins.items())]
    lines = [
        {"arm": arm, "metric": metric, "role": role, **_one_sided(trial, arm, metric, margin, rules)}
        for arm in trial.treatments
        for metric, role, margin in asked
    ]
    known = effects[["arm", "metric", "control_n", "arm_n", "effect", "p_value", "better"]]
    table = pd.DataFrame(lines).merge(known, on=["arm", "metric"], how="left")
    worse = table["effect"] * table["better"].map(DIRECTIONS) < 0
    fell = table["p_value"].where(worse, 1.0).where(table["p_value"].notna())
    table["harm_p_value"] = fell.where(table["role"] == PRIMARY, table["harm_p_value"])
    for name in ("harm_p_value", "safe_p_value"):
        table[name] = look.p_value(table[name], table["control_n"] + table["arm_n"])
    table["harm_p_value"] = adjust(table["harm_p_value"], rules.correction)
    return table[["arm", "metric", "role", "harm_p_value", "safe_p_value"]]


def _one_sided(trial: Trial, arm: str, metric: str, margin: float, rules: Rules) -> dict[str, float]:
    """The p-values of one arm and metric at one look, doubled."""
    readable = (
        metric in trial.metrics
        and trial.eligible_p_value(metric) >= rules.sample_ratio_alpha
        and not too_uneven(trial, arm, metric)
    )
    safe, harm = margin_tails(trial, arm, metric, margin) if readable else (np.nan, np.nan)
    return {"harm_p_value": np.minimum(2 * harm, 1), "safe_p_value": np.minimum(2 * safe, 1)}
