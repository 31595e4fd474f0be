"""What a customer is worth: which model foresees orders, what they will bring, who is served below that, contracts.

Rooms: future (orders and money to come), contract (what running contracts bring); `by_column` sums values over groups,
`kept_table` is what is saved for other pages.
"""

from helpers.analyses.value.by_column import (
    GroupValues,
    Underserved,
    attribute_of,
    by_group,
    cohort_of,
    segment_of,
    underserved,
)
from helpers.analyses.value.contract.running import ContractValue, contracts
from helpers.analyses.value.future.lifetime import (
    LifetimeValues,
    SpendIndependence,
    Terms,
    lifetime_values,
    spend_independence,
)
from helpers.analyses.value.future.purchases import MODELS, Histories, histories
from helpers.analyses.value.future.trial_of_models import FrequencyCalibration, Holdout, calibration, holdout
from helpers.analyses.value.kept_table import table

__all__ = [
    "MODELS", "ContractValue", "FrequencyCalibration", "GroupValues", "Histories", "Holdout", "LifetimeValues",
    "SpendIndependence", "Terms", "Underserved", "attribute_of", "by_group", "calibration", "cohort_of", "contracts",
    "histories", "holdout", "lifetime_values", "segment_of", "spend_independence", "table", "underserved",
]  # fmt: skip
