"""What the experiments tell: the decision, whether they can be read at all, and the effects in detail.

    trials = experiments.read(data)
    rules = experiments.Rules(worthwhile_lift=0.05)
    experiments.decisions(trials, rules, data.as_of).headline()

Rooms, in the order of the page:

    trials     who is in which arm, the rules declared for it, and what the engine sums up
    decision   what these rules decide for each arm
    validity   whether that can be read
    effect     what each arm changed, over time and over values
    audience   for whom it works, and whom to treat
    next_test  what the next test takes, and what counts as found while it runs
    vocabulary the columns that rooms share; each has its own besides
"""

from __future__ import annotations

from helpers.analyses.experiments.audience.by_segment import SegmentEffects, segment_effects
from helpers.analyses.experiments.audience.mix import MixShift, mix_shift
from helpers.analyses.experiments.audience.outcome_models import Predictions, predictions
from helpers.analyses.experiments.audience.policies import Targeting, targeting
from helpers.analyses.experiments.audience.ranking import Uplift, uplift
from helpers.analyses.experiments.audience.strata import Segments, segments
from helpers.analyses.experiments.decision.advice import Decisions, decisions
from helpers.analyses.experiments.effect.by_day import OverTime, over_time
from helpers.analyses.experiments.effect.caps import Capped, capped
from helpers.analyses.experiments.effect.changes import Effects, effects
from helpers.analyses.experiments.effect.lifts import EffectRows, effect_rows
from helpers.analyses.experiments.effect.quantiles import QuantileEffects, quantile_effects
from helpers.analyses.experiments.effect.reach import Detectable, detectable
from helpers.analyses.experiments.effect.spread import Distributions, distributions
from helpers.analyses.experiments.effect.variance import VarianceSaved, variance_saved
from helpers.analyses.experiments.effect.waiting_times import TimeToEvent, time_to_event
from helpers.analyses.experiments.next_test.looks import WeeklyLooks, weekly_looks
from helpers.analyses.experiments.next_test.rehearsal import Plan, plan
from helpers.analyses.experiments.trials.arms import Trial, read
from helpers.analyses.experiments.trials.declared_rules import Rules, guardrails
from helpers.analyses.experiments.validity.arrivals import Assignment, assignment
from helpers.analyses.experiments.validity.history import Before, before
from helpers.analyses.experiments.validity.likeness import Balance, balance
from helpers.analyses.experiments.validity.sample_health import Health, health
from helpers.analyses.experiments.validity.unknown_values import MissingValues, missing_values

__all__ = [
    "Assignment", "Balance", "Before", "Capped", "Decisions", "Detectable", "Distributions", "EffectRows", "Effects",
    "Health", "MissingValues", "MixShift", "OverTime", "Plan", "Predictions", "QuantileEffects", "Rules",
    "SegmentEffects", "Segments", "Targeting", "TimeToEvent", "Trial", "Uplift", "VarianceSaved", "WeeklyLooks",
    "assignment", "balance", "before", "capped", "decisions", "detectable", "distributions", "effect_rows", "effects",
    "guardrails", "health", "missing_values", "mix_shift", "over_time", "plan", "predictions", "quantile_effects",
    "read", "segment_effects", "segments", "targeting", "time_to_event", "uplift", "variance_saved",
    "weekly_looks",
]  # fmt: skip
