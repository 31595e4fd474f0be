"""Time to an event: curves, medians, what competes, tests between groups, and how well a forecast of it did.

    curve = survival.kaplan_meier(durations, events, groups=plan)
    survival.at(curve, [30, 90])

`curves` and `confidence_limits` draw the share without the event, `competing_risks` the share by cause;
`restricted_means` and `log_rank_tests` compare groups; `risk_sets` counts who is at risk when; `censoring_weights`,
`predictive_accuracy`, `discrimination` and `calibration_curves` judge chances that somebody foretold.
"""

from helpers.statistics.survival.calibration_curves import (
    Calibration,
    calibration,
    error_of_right_chances,
)
from helpers.statistics.survival.competing_risks import (
    aalen_johansen,
)
from helpers.statistics.survival.confidence_limits import (
    limits,
)
from helpers.statistics.survival.curves import (
    at,
    follow_up,
    kaplan_meier,
    quantiles,
    resting_on,
)
from helpers.statistics.survival.discrimination import (
    concordance,
)
from helpers.statistics.survival.log_rank_tests import (
    LogRank,
    log_rank,
    pairwise_log_rank,
)
from helpers.statistics.survival.predictive_accuracy import (
    brier_scores,
    dynamic_auc,
    integrated_brier,
    share_ranked_rightly,
)
from helpers.statistics.survival.restricted_means import (
    restricted_mean,
    restricted_mean_covariance,
    restricted_mean_difference,
)

__all__ = [
    "Calibration",
    "LogRank",
    "aalen_johansen",
    "at",
    "brier_scores",
    "calibration",
    "error_of_right_chances",
    "concordance",
    "dynamic_auc",
    "follow_up",
    "integrated_brier",
    "kaplan_meier",
    "limits",
    "log_rank",
    "pairwise_log_rank",
    "quantiles",
    "resting_on",
    "restricted_mean",
    "restricted_mean_covariance",
    "restricted_mean_difference",
    "share_ranked_rightly",
]
