"""What customers are expected to spend on an order, by the model that their spends so far allow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.analyses.value.future.purchases import BY_CHANCE, Histories
from helpers.statistics.purchases import CommonSpend, GammaGamma, fit_common_spend, fit_gamma_gamma

SpendModel = GammaGamma | CommonSpend
NAMES = {GammaGamma: "Gamma-Gamma", CommonSpend: "one gamma for all"}


def spend_model(known: Histories) -> SpendModel:
    """Gamma-Gamma of repeat orders or, where customers differ by chance alone and it has no maximum, its limit.

    Raises ValueError without a repeat order that brought money, and where it has no maximum though customers differ:
    more than by chance, or so that it is likelier that each always spends the same.
    """
    orders, mean = known.spending["frequency"], known.spending["mean_repeat_spend"]
    try:
        return fit_gamma_gamma(orders, mean)
    except ValueError:  # no maximum
        common = fit_common_spend(orders, mean)
        if common.overdispersion > BY_CHANCE or common.log_likelihood < _always_the_same(mean):
            raise
        return common


def repeats(known: Histories) -> tuple[pd.Series, pd.Series]:
    """Repeat orders and their mean spend; customers whose repeat orders brought nothing count as if they had none."""
    paid = known.customers["mean_repeat_spend"] > 0
    return known.customers["frequency"].where(paid, 0), known.customers["mean_repeat_spend"].where(paid, 0.0)


def spends(model: SpendModel, known: Histories) -> np.ndarray:
    """What each customer is expected to spend on an order."""
    return model.expected_spend(*repeats(known))


def _always_the_same(mean: pd.Series) -> float:
    """Log-likelihood of the other limit, p without end: each always spends the same, inverse gamma over customers."""
    return fit_common_spend(np.ones(len(mean)), 1 / mean).log_likelihood - 2 * np.log(mean).sum()
