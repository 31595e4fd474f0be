"""What customers will buy, spend and be worth, from how often and how lately they bought.

Without a contract nobody says goodbye: `fit_bg_nbd`, `fit_mbg_nbd` and `fit_pareto_nbd` infer it from silence, and
`fit_nbd` has nobody leave, for histories too short to tell. `fit_gamma_gamma` says what is spent on a purchase, and
`discounted_value` makes money of the two. Where customers differ by chance alone neither NBD nor Gamma-Gamma has a
maximum: `fit_common_rate` and `fit_common_spend` are their limits. With a contract the end is seen:
`fit_shifted_beta_geometric`.
"""

from helpers.statistics.bg_nbd import BetaGeometric, fit_bg_nbd, fit_mbg_nbd
from helpers.statistics.common_rate import CommonRate, fit_common_rate
from helpers.statistics.common_spend import CommonSpend, fit_common_spend
from helpers.statistics.gamma_gamma import GammaGamma, fit_gamma_gamma
from helpers.statistics.lifetime_value import discounted_value
from helpers.statistics.nbd import Nbd, fit_nbd
from helpers.statistics.pareto_nbd import ParetoNbd, fit_pareto_nbd
from helpers.statistics.purchase_tracking import PurchaseModel, expected_total
from helpers.statistics.shifted_beta_geometric import ShiftedBetaGeometric, fit_shifted_beta_geometric

__all__ = [
    "BetaGeometric",
    "CommonRate",
    "CommonSpend",
    "GammaGamma",
    "Nbd",
    "ParetoNbd",
    "PurchaseModel",
    "ShiftedBetaGeometric",
    "discounted_value",
    "expected_total",
    "fit_bg_nbd",
    "fit_common_rate",
    "fit_common_spend",
    "fit_gamma_gamma",
    "fit_mbg_nbd",
    "fit_nbd",
    "fit_pareto_nbd",
    "fit_shifted_beta_geometric",
]
