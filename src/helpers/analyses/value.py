"""What a customer is worth: which model foresees orders, what they will bring, who is served below that, contracts."""

from helpers.analyses.value_contracts import ContractValue, contracts
from helpers.analyses.value_groups import (
    GroupValues,
    Underserved,
    attribute_of,
    by_group,
    cohort_of,
    segment_of,
    underserved,
)
from helpers.analyses.value_histories import MODELS, Histories, histories
from helpers.analyses.value_holdout import FrequencyCalibration, Holdout, calibration, holdout
from helpers.analyses.value_lifetime import (
    LifetimeValues,
    SpendIndependence,
    Terms,
    lifetime_values,
    spend_independence,
)
from helpers.analyses.value_table import table

__all__ = [
    "MODELS", "ContractValue", "FrequencyCalibration", "GroupValues", "Histories", "Holdout", "LifetimeValues",
    "SpendIndependence", "Terms", "Underserved", "attribute_of", "by_group", "calibration", "cohort_of", "contracts",
    "histories", "holdout", "lifetime_values", "segment_of", "spend_independence", "table", "underserved",
]  # fmt: skip
