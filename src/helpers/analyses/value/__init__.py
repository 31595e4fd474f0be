"""What a customer is worth: which model foresees orders, what they will bring, who is served below that, contracts.

Rooms: future (orders and money to come), contract (what running contracts bring), acquisition (what winning customers
costs, and when they have brought it); `groups` sums values over groups,
`tiers` says who is served below their worth, `kept_table` is what is saved for other pages, `vocabulary` declares the
columns.
"""

from helpers.analyses.value.acquisition.payback import Payback, payback
from helpers.analyses.value.contract.running import ContractValue, contracts
from helpers.analyses.value.future.frequency_groups import FrequencyCalibration, calibration
from helpers.analyses.value.future.lifetime import LifetimeValues, lifetime_values
from helpers.analyses.value.future.purchases import Histories, Model, histories
from helpers.analyses.value.future.spend import SpendIndependence, spend_independence
from helpers.analyses.value.future.terms import Terms
from helpers.analyses.value.future.trial_of_models import Holdout, Rule, holdout
from helpers.analyses.value.groups import GroupValues, attribute_of, by_group, cohort_of, segment_of
from helpers.analyses.value.kept_table import KeptValues, kept_values
from helpers.analyses.value.tiers import Underserved, underserved

__all__ = [
    "ContractValue", "FrequencyCalibration", "GroupValues", "Histories", "Holdout", "KeptValues", "LifetimeValues",
    "Model", "Payback", "Rule", "SpendIndependence", "Terms", "Underserved", "attribute_of", "by_group", "calibration",
    "cohort_of", "contracts", "histories", "holdout", "kept_values", "lifetime_values", "payback", "segment_of",
    "spend_independence", "underserved",
]  # fmt: skip
