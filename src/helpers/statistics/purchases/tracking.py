"""What a fitted model of purchases can be asked, and how many repeat purchases it foresees of a whole cohort."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from helpers.statistics.arrays import finite_numbers
from helpers.statistics.purchases.counts import cell_counts, distinct


class PurchaseModel(Protocol):
    """A fitted model of when customers buy; all its times are in the unit of the rows it was fitted to."""

    parameters: dict[str, float]
    std_errors: dict[str, float]
    log_likelihood: float

    def p_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> np.ndarray:
        """Probability that each customer is one still."""

    def expected_purchases(
        self, horizon: ArrayLike, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike
    ) -> np.ndarray:
        """Purchases expected of each customer over the next `horizon`, one for all or one each."""

    def expected_repeats(self, times: ArrayLike) -> np.ndarray:
        """Repeat purchases expected of a new customer by each of `times` after the first purchase."""


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
