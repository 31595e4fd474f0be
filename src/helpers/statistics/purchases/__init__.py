"""What customers will buy, spend and be worth, from how often and how lately they bought.

Without a contract nobody says goodbye: `fit_bg_nbd`, `fit_mbg_nbd` and `fit_pareto_nbd` infer it from silence, and
`fit_nbd` has nobody leave, for histories too short to tell. `fit_gamma_gamma` says what is spent on a purchase, and
`discounted_value` makes money of the two. Where customers differ by chance alone neither NBD nor Gamma-Gamma has a
maximum: `fit_common_rate` and `fit_common_spend` are their limits. With a contract the end is seen:
`fit_shifted_beta_geometric`, to which `renewals` and `cohort_renewals` give its counts.

`gap_spreads`, `expected_gaps` and `chance_to_return` say when a customer buys one good again.

`cumulative_mean` says what they have brought by month, where many came lately.

`counts` checks histories, `tracking` adds up what a model expects, `fitted_sums` gives sums their limits;
`dropout_mixture` and `log_scale_fit` serve the fits.
"""

from helpers.statistics.purchases.bg_nbd import (
    BetaGeometric,
    fit_bg_nbd,
    fit_mbg_nbd,
)
from helpers.statistics.purchases.common_rate import (
    CommonRate,
    fit_common_rate,
)
from helpers.statistics.purchases.common_spend import (
    CommonSpend,
    fit_common_spend,
)
from helpers.statistics.purchases.counts import (
    grouped,
)
from helpers.statistics.purchases.cumulative_means import (
    cumulative_mean,
)
from helpers.statistics.purchases.fitted_sums import (
    FittedValues,
)
from helpers.statistics.purchases.gamma_gamma import (
    GammaGamma,
    fit_gamma_gamma,
)
from helpers.statistics.purchases.gaps import (
    chance_to_return,
    expected_gaps,
    gap_spreads,
)
from helpers.statistics.purchases.lifetime_value import (
    discounted_value,
)
from helpers.statistics.purchases.nbd import (
    Nbd,
    fit_nbd,
)
from helpers.statistics.purchases.pareto_nbd import (
    ParetoNbd,
    fit_pareto_nbd,
)
from helpers.statistics.purchases.shifted_beta_geometric import (
    ShiftedBetaGeometric,
    cohort_renewals,
    fit_shifted_beta_geometric,
    renewals,
)
from helpers.statistics.purchases.tracking import (
    PurchaseModel,
    expected_total,
)

__all__ = [
    "BetaGeometric",
    "CommonRate",
    "CommonSpend",
    "FittedValues",
    "GammaGamma",
    "Nbd",
    "ParetoNbd",
    "PurchaseModel",
    "ShiftedBetaGeometric",
    "chance_to_return",
    "cohort_renewals",
    "cumulative_mean",
    "discounted_value",
    "expected_gaps",
    "expected_total",
    "fit_bg_nbd",
    "fit_common_rate",
    "fit_common_spend",
    "fit_gamma_gamma",
    "fit_mbg_nbd",
    "fit_nbd",
    "fit_pareto_nbd",
    "fit_shifted_beta_geometric",
    "gap_spreads",
    "grouped",
    "renewals",
]
