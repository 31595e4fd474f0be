"""Whether shares that should be alike are: as planned, close to it, or broken."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from helpers.analyses.experiments.trials.arms import Trial
from helpers.analyses.experiments.trials.declared_rules import Rules
from helpers.findings.evidence import SIGNIFICANCE
from helpers.statistics.inference import adjust


class Ratio(StrEnum):
    """How the arms' shares stand to what they should be; `vocabulary.SAMPLE_RATIO` has these in words."""

    PLANNED = "planned"
    CLOSE = "close"  # chance would hardly explain it, and it is not off enough to forbid a decision
    BROKEN = "broken"
    UNTESTED = "untested"


def ratio_states(p_values: Sequence[float], rules: Rules) -> list[Ratio]:
    """The state of each of several ratios, of the p-values that they are as they should be.

    Broken is what is below the rules' `sample_ratio_alpha` by itself, for no experiment becomes sound because others
    were run beside it. Close is what is below .05 after Holm's correction over all: of twenty experiments one would be
    by chance.
    """
    corrected = adjust(p_values, "holm")
    return [_state(p, after, rules) for p, after in zip(p_values, corrected, strict=True)]


def sample_ratio_states(trials: Sequence[Trial], rules: Rules) -> list[Ratio]:
    """The state of each experiment's sample ratio."""
    ratios = [trial.sample_ratio for trial in trials]
    return ratio_states([ratio.p_value if ratio.testable else np.nan for ratio in ratios], rules)


def _state(p_value: float, corrected: float, rules: Rules) -> Ratio:
    if np.isnan(p_value):
        return Ratio.UNTESTED
    if p_value < rules.sample_ratio_alpha:
        return Ratio.BROKEN
    return Ratio.CLOSE if corrected < SIGNIFICANCE else Ratio.PLANNED
