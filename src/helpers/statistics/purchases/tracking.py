"""The fitted models of when customers buy, and how many repeat purchases one foresees of a whole cohort."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from helpers.statistics.arrays import finite_numbers
from helpers.statistics.purchases.bg_nbd import BetaGeometric
from helpers.statistics.purchases.common_rate import CommonRate
from helpers.statistics.purchases.counts import cell_counts, distinct
from helpers.statistics.purchases.nbd import Nbd
from helpers.statistics.purchases.pareto_nbd import ParetoNbd

# All times of a model are in the unit of the rows it was fitted to.
PurchaseModel = BetaGeometric | ParetoNbd | Nbd | CommonRate


def expected_total(
    model: PurchaseModel, first_at: ArrayLike, times: ArrayLike, counts: ArrayLike | None = None
) -> np.ndarray:
    """Repeat purchases that all customers together are expected to have made by each of `times`.

    `first_at` is when each customer (or each cell of `counts` customers) bought first, on the same clock and in the
    same unit as `times`; nobody is asked before that. Nothing of what customers did later goes in, so a curve of it
    beside the purchases counted, in the time of the fit and after it, shows whether the model holds. Raises ValueError
    for missing values. Source: Fader, Hardie & Lee (2005), figure 3.
    """
    first, times = finite_numbers(first_at, "first_at"), finite_numbers(times, "times")
    customers = np.ones(len(first)) if counts is None else cell_counts(counts, len(first))
    cell, row = distinct(first)
    customers = np.bincount(cell, customers, len(row))
    ages, code = np.unique(np.maximum(times[:, None] - first[row], 0.0), return_inverse=True)
    return model.expected_repeats(ages)[code.reshape(len(times), len(row))] @ customers
