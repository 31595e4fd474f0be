"""Who is leaving, and when: stays under a stated definition, and every answer that starts from them.

    stays = churn.stays(data)
    churn.staying(stays, "plan").headline()

The public door of the modules churn_*: what leaving means (_stays, _contracts, _silence, _silence_errors,
_silence_choices), when customers leave (_groups, _tenure, _cohorts), what goes with it (_attributes, _leakage,
_hazards, _drift, _reasons, _subdistribution, _shapes), who leaves next (_landmarks, _features, _prediction, _risk,
_holdout, _lift), and how far to trust it (_trust).
"""

from __future__ import annotations

from helpers.analyses.churn_attributes import AttributeTests, attribute_tests
from helpers.analyses.churn_cohorts import Cohorts, Retention, cohorts, retention
from helpers.analyses.churn_drift import Proportionality, proportionality
from helpers.analyses.churn_groups import GroupPairs, Staying, group_pairs, staying
from helpers.analyses.churn_hazards import HazardRatios, hazard_ratios
from helpers.analyses.churn_holdout import Holdout, holdout
from helpers.analyses.churn_leakage import Suspects, suspects
from helpers.analyses.churn_lift import Lift, lift
from helpers.analyses.churn_reasons import Reasons, reasons
from helpers.analyses.churn_risk import Risk, RiskReasons, risk, risk_reasons
from helpers.analyses.churn_shapes import Shapes, shapes
from helpers.analyses.churn_silence_choices import SilenceChoices, silence_choices
from helpers.analyses.churn_silence_errors import SilenceErrors, silence_errors
from helpers.analyses.churn_stays import Stays, stays
from helpers.analyses.churn_subdistribution import ReasonRatios, reason_ratios
from helpers.analyses.churn_tenure import TenureHazards, hazard_over_tenure
from helpers.analyses.churn_trust import Trust, trust

__all__ = [
    "AttributeTests", "Cohorts", "GroupPairs", "HazardRatios", "Holdout", "Lift", "Proportionality", "ReasonRatios",
    "Reasons", "Retention", "Risk", "RiskReasons", "Shapes", "SilenceChoices", "SilenceErrors", "Staying", "Stays",
    "Suspects", "TenureHazards", "Trust",
    "attribute_tests", "cohorts", "group_pairs", "hazard_over_tenure", "hazard_ratios", "holdout", "lift",
    "proportionality", "reason_ratios", "reasons", "retention", "risk", "risk_reasons", "shapes", "silence_choices",
    "silence_errors", "staying", "stays", "suspects", "trust",
]  # fmt: skip
