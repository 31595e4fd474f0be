"""What the experiments tell: the decision, whether they can be read at all, and the effects in detail.

    trials = experiments.read(data)
    rules = experiments.Rules(worthwhile_lift=0.05)
    experiments.decisions(trials, rules, data.as_of).headline()

The public door of the modules experiments_*: before a test (_plan); who is in which arm and what the engine sums up
(_arms, _moments); the rules and what they decide (_rules, _guardrails, _verdicts, _decisions); whether that can be read
(_health, _assignment, _history); effects (_effects, _variance, _distributions, _time, _survival); for whom (_strata,
_segments, _mix), and whom to treat (_predictions, _uplift, _targeting).
"""

from __future__ import annotations

from helpers.analyses.experiments_arms import Trial, read
from helpers.analyses.experiments_assignment import Assignment, assignment
from helpers.analyses.experiments_decisions import Decisions, decisions
from helpers.analyses.experiments_distributions import Distributions, QuantileEffects, distributions, quantile_effects
from helpers.analyses.experiments_effects import Detectable, Effects, detectable, effect_rows, effects
from helpers.analyses.experiments_health import Balance, Health, MissingValues, balance, health, missing_values
from helpers.analyses.experiments_history import Before, before
from helpers.analyses.experiments_mix import MixShift, mix_shift
from helpers.analyses.experiments_plan import Plan, plan
from helpers.analyses.experiments_predictions import Predictions, predictions
from helpers.analyses.experiments_rules import Rules, guardrails
from helpers.analyses.experiments_segments import SegmentEffects, segment_effects
from helpers.analyses.experiments_strata import Segments, segments
from helpers.analyses.experiments_survival import TimeToEvent, time_to_event
from helpers.analyses.experiments_targeting import Targeting, targeting
from helpers.analyses.experiments_time import OverTime, over_time
from helpers.analyses.experiments_uplift import Uplift, uplift
from helpers.analyses.experiments_variance import Capped, VarianceSaved, capped, variance_saved

__all__ = [
    "Assignment", "Balance", "Before", "Capped", "Decisions", "Detectable", "Distributions", "Effects", "Health",
    "MissingValues", "MixShift", "OverTime", "Plan", "Predictions", "QuantileEffects", "Rules", "SegmentEffects",
    "Segments", "Targeting", "TimeToEvent", "Trial", "Uplift", "VarianceSaved",
    "assignment", "balance", "before", "capped", "decisions", "detectable", "distributions", "effect_rows", "effects",
    "guardrails", "health", "missing_values", "mix_shift", "over_time", "plan", "predictions", "quantile_effects",
    "read", "segment_effects", "segments", "targeting", "time_to_event", "uplift", "variance_saved",
]  # fmt: skip
