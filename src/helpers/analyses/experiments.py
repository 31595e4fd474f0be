"""What the experiments tell: the decision, whether they can be read at all, and the effects in detail.

    trials = experiments.read(data)
    rules = experiments.Rules(worthwhile_lift=0.05)
    experiments.decisions(trials, rules).headline()

The public door of the modules experiments_arms, _rules, _health, _effects and _decisions.
"""

from __future__ import annotations

from helpers.analyses.experiments_arms import Trial, read
from helpers.analyses.experiments_decisions import Decisions, decisions
from helpers.analyses.experiments_effects import (
    Detectable,
    Effects,
    detectable,
    effect_rows,
    effects,
)
from helpers.analyses.experiments_health import (
    Balance,
    Health,
    MissingValues,
    balance,
    health,
    missing_values,
)
from helpers.analyses.experiments_rules import Rules

__all__ = [
    "Balance", "Decisions", "Detectable", "Effects", "Health", "MissingValues", "Rules", "Trial",
    "balance", "decisions", "detectable", "effect_rows", "effects", "health", "missing_values", "read",
]  # fmt: skip
