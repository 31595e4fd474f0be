"""Who is leaving, and when: stays under a stated definition, and every answer that starts from them.

    stays = churn.stays(data)
    churn.staying(stays, "plan").headline()
    churn.staying(churn.stays_from(frame, duration="days", left="churned"), "plan")

Rooms, in the order of the page:

    leaving         what leaving means, and how often the meaning errs
    timing          when customers leave: curves by group, by tenure, by cohort
    drivers         what goes with leaving: attributes, hazard ratios, reasons
    forecast        who may leave next, tried on later days
    health_score    how healthy each customer is, and whether the score knew before
    assumptions     how far to trust it, by what the data say of its `premises`
    second_program  what another program says of the same stays

Each room's `vocabulary` declares the columns of its answers, the word's own those that rooms share.
"""

from __future__ import annotations

from helpers.analyses.churn.assumptions import Trust, trust
from helpers.analyses.churn.drivers.distributions import Shapes, shapes
from helpers.analyses.churn.drivers.hazards import HazardRatios, hazard_ratios
from helpers.analyses.churn.drivers.leakage import Suspects, suspects
from helpers.analyses.churn.drivers.ratios_over_stay import Proportionality, proportionality
from helpers.analyses.churn.drivers.single_attributes import AttributeTests, attribute_tests
from helpers.analyses.churn.drivers.stated_reasons import Reasons, reasons
from helpers.analyses.churn.drivers.subdistribution import ReasonRatios, reason_ratios
from helpers.analyses.churn.forecast.backtest import Holdout, holdout, tried
from helpers.analyses.churn.forecast.call_list import Lift, lift
from helpers.analyses.churn.forecast.chances import Risk, risk
from helpers.analyses.churn.forecast.main_reasons import RiskReasons, risk_reasons
from helpers.analyses.churn.health_score.answers import AnswerSigns, answer_signs
from helpers.analyses.churn.health_score.left_by_band import HealthBands, health_bands
from helpers.analyses.churn.health_score.movements import HealthMovement, health_movement
from helpers.analyses.churn.health_score.rankings import HealthBacktest, health_backtest
from helpers.analyses.churn.health_score.single_measures import HealthMeasures, health_measures
from helpers.analyses.churn.health_score.standings import Health, health
from helpers.analyses.churn.leaving.beginnings_and_ends import stays
from helpers.analyses.churn.leaving.definition import Stays
from helpers.analyses.churn.leaving.false_alarms import SilenceErrors, silence_errors
from helpers.analyses.churn.leaving.other_lengths import SilenceChoices, silence_choices
from helpers.analyses.churn.leaving.own_tables import OwnStays, stays_from
from helpers.analyses.churn.second_program import Opinion, second_opinion
from helpers.analyses.churn.timing.by_cohort import Cohorts, Retention, cohorts, retention
from helpers.analyses.churn.timing.curves import GroupPairs, Staying, group_pairs, staying
from helpers.analyses.churn.timing.tenure import TenureHazards, hazard_over_tenure

__all__ = [
    "AnswerSigns", "AttributeTests", "Cohorts", "GroupPairs", "HazardRatios", "Health", "HealthBacktest", "HealthBands",
    "HealthMeasures", "HealthMovement", "Holdout", "Lift", "Opinion", "OwnStays", "Proportionality", "ReasonRatios",
    "Reasons", "Retention", "Risk", "RiskReasons", "Shapes", "SilenceChoices", "SilenceErrors", "Staying", "Stays",
    "Suspects", "TenureHazards", "Trust", "answer_signs", "attribute_tests", "cohorts", "group_pairs",
    "hazard_over_tenure", "hazard_ratios", "health", "health_backtest", "health_bands", "health_measures",
    "health_movement", "holdout", "lift", "proportionality", "reason_ratios", "reasons", "retention", "risk",
    "risk_reasons", "second_opinion", "shapes", "silence_choices", "silence_errors", "staying", "stays", "stays_from",
    "suspects", "tried", "trust",
]  # fmt: skip
