"""What a rule that gives each customer one arm is worth, told from customers whose arm was drawn at random."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

from helpers.statistics.arrays import finite_numbers


@dataclass(frozen=True)
class PolicyValue:
    """A mean outcome per customer, or a difference of two, with its standard error and limits."""

    value: float
    std_error: float
    lower: float
    upper: float


def value(arm: ArrayLike, outcome: ArrayLike, policy: ArrayLike, *, alpha: float = 0.05) -> PolicyValue:
    """Mean outcome per customer if `policy` gave out the arms.

    `arm` is what each customer got, `policy` what the customer would get: one arm each, or one for everyone. The
    inverse-propensity mean with weights that sum to the customers of each decision (Hájek): the mean outcome of those
    who got what the policy gives them, weighted by how many it gives that. One probability an arm, planned or
    counted, cancels. NaN where fewer than two customers got what the policy gives. Assumes arms drawn at random with
    one probability for everyone, and a policy that these customers did not teach. Raises ValueError for unknown arms
    and missing outcomes. Source: Horvitz & Thompson (1952); Hirano, Imbens & Ridder (2003); errors by strata, Neyman.
    """
    names, got, outcomes, given = _coded(arm, outcome, policy)
    cells = [(given == each, _mean(outcomes[(given == each) & (got == each)])) for each in range(len(names))]
    return _over(cells, alpha)


def gain(
    arm: ArrayLike, outcome: ArrayLike, policy: ArrayLike, instead: ArrayLike, *, alpha: float = 0.05
) -> PolicyValue:
    """What `policy` adds to the mean outcome per customer of the policy `instead`, both tried on the same customers.

    Customers whom both give one arm differ by exactly 0; the others are told apart by what the two would give them,
    and within each such pair of arms the difference of the arms' mean outcomes counts. So errors of the customers on
    whom the two agree do not enter. Otherwise as `value`; two equal policies differ by 0 without error.
    """
    names, got, outcomes, given, other = _coded(arm, outcome, policy, instead)
    cells = [(given == other, (0.0, 0.0))]
    for chosen in range(len(names)):
        for replaced in set(range(len(names))) - {chosen}:
            rows = (given == chosen) & (other == replaced)
            plus, minus = (_mean(outcomes[rows & (got == each)]) for each in (chosen, replaced))
            cells.append((rows, (plus[0] - minus[0], plus[1] + minus[1])))
    return _over(cells, alpha)


def _mean(values: np.ndarray) -> tuple[float, float]:
    """Mean and its variance; NaN of fewer than two."""
    return (values.mean(), values.var(ddof=1) / len(values)) if len(values) > 1 else (np.nan, np.nan)


def _over(cells: Iterable[tuple[np.ndarray, tuple[float, float]]], alpha: float) -> PolicyValue:
    """The mean over cells of customers, each with an estimate and its variance; customers are a sample too."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha = {alpha}: lies between 0 and 1. Write 0.05 for intervals of 95 %.")
    met = [(rows.mean(), len(rows), *estimate) for rows, estimate in cells if rows.any()]
    shares, sizes, values, variances = np.array(met, dtype=float).T
    mean = shares @ values
    error = np.sqrt(shares**2 @ variances + (shares @ values**2 - mean**2).clip(min=0) / sizes[0])
    reach = norm.ppf(1 - alpha / 2) * error
    return PolicyValue(*map(float, (mean, error, mean - reach, mean + reach)))


def _coded(arm: ArrayLike, outcome: ArrayLike, *policies: ArrayLike) -> tuple[np.ndarray, ...]:
    """Names of the arms, the outcomes, and as numbers of arms what each customer got and would get."""
    arms = np.asarray(arm, dtype=object)
    outcomes = finite_numbers(outcome, "outcome")
    decisions = [np.asarray(policy, dtype=object) for policy in policies]
    sizes = {len(arms), len(outcomes), *(len(policy) for policy in decisions if policy.ndim)}
    if len(sizes) > 1 or not len(arms):
        raise ValueError(
            f"arm = {len(arms)} customers: at least one, and one outcome and decision of each policy for "
            "every one. Take all from one table."
        )
    got, names = pd.factorize(arms)
    decided = [np.broadcast_to(policy, arms.shape) for policy in decisions]
    given = [pd.Index(names).get_indexer(policy) for policy in decided]
    for numbers, policy in zip(given, decided, strict=True):
        if (numbers < 0).any():
            raise ValueError(
                f"policy = {policy[numbers < 0][0]!r}: nobody got this arm. Known: {', '.join(map(str, names))}."
            )
    return names, got, outcomes, *given
