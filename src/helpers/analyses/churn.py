"""Who is leaving, and when: stays under a stated definition, and every answer that starts from them.

    stays = churn.stays(data)
    churn.staying(stays, "plan").headline()

The public door of the modules churn_stays, _silence, _folds, _groups, _attributes, _leakage, _covariates, _hazards,
_chains, _risk, _reasons and _trust.
"""

from __future__ import annotations

from helpers.analyses.churn_attributes import AttributeTests, attribute_tests
from helpers.analyses.churn_groups import (
    GroupPairs,
    Staying,
    group_pairs,
    staying,
)
from helpers.analyses.churn_hazards import (
    HazardRatios,
    Proportionality,
    hazard_ratios,
    proportionality,
)
from helpers.analyses.churn_leakage import Suspects, suspects
from helpers.analyses.churn_reasons import (
    Reasons,
    SilenceChoices,
    reasons,
    silence_choices,
)
from helpers.analyses.churn_risk import Backtest, Risk, backtest, risk
from helpers.analyses.churn_stays import Stays, stays
from helpers.analyses.churn_trust import Trust, trust

__all__ = [
    "AttributeTests", "Backtest", "GroupPairs", "HazardRatios", "Proportionality", "Reasons", "Risk", "SilenceChoices",
    "Staying", "Stays", "Suspects", "Trust",
    "attribute_tests", "backtest", "group_pairs", "hazard_ratios", "proportionality", "reasons", "risk",
    "silence_choices", "staying", "stays", "suspects", "trust",
]  # fmt: skip
