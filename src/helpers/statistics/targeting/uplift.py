"""How well a score tells whom a treatment changes most, on customers who were treated at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.statistics.arrays import finite_numbers
from helpers.statistics.effects.comparisons import compare
from helpers.statistics.effects.levels import Kind
from helpers.statistics.effects.moments import Moments
from helpers.statistics.inference.resampling import bootstrap, percentile_limits

SHARES = np.linspace(0, 1, 21)  # of customers treated, where the curve is told


@dataclass(frozen=True)
class Qini:
    """What treating in the order of a score gains over treating as many at random.

    `curve` has a row for each of 21 shares of customers: treated_share; gain, what treating this share, the highest
    scores first, changes in the mean outcome of all customers; random_gain, the same at random; gain_over_random with
    its lower and upper limit. `coefficient` is the area between the two, in the outcome's unit per customer.
    """

    curve: pd.DataFrame
    coefficient: float
    std_error: float
    lower: float
    upper: float


def qini(
    score: ArrayLike,
    treated: ArrayLike,
    outcome: ArrayLike,
    *,
    level: float = 0.95,
    draws: int = 400,
    seed: int | np.random.Generator = 0,
) -> Qini:
    """Qini curve and coefficient of a score, with limits from a bootstrap of customers (percentiles).

    One row a customer, `treated` true where the customer was treated, the score known without the outcome. The gain
    of treating the share s with the highest scores is s × (mean outcome of the treated among them − of the others);
    customers with one score stand in every order at once. A score that says nothing has the coefficient 0 whatever
    the treatment does. Raises ValueError for rows of unequal number, missing values and an arm without customers.
    Assumes treatment at random, with one probability for everyone, and a score that these customers did not teach.
    Source: Radcliffe (2007), per customer; limits as in Yadlowsky et al. (2025), whose RATE with weights s it is.
    """
    last, treated, outcome = _sorted(score, treated, outcome)

    def over_random(weights: np.ndarray) -> dict[str | float, float]:
        ends, gain = _gains(last, treated, outcome, weights)
        extra = np.interp(SHARES, ends, gain) - SHARES * gain[-1]
        return {"coefficient": _area(ends, gain), **dict(zip(SHARES, extra, strict=True))}

    drawn = bootstrap(over_random, np.arange(len(treated)), draws=draws, seed=seed)
    limits = percentile_limits(drawn, level=level).set_index("statistic")
    everyone = np.ones(len(treated))
    here, (ends, gain) = over_random(everyone), _gains(last, treated, outcome, everyone)
    of_curve, of_area = limits.loc[list(SHARES)], limits.loc["coefficient"]
    curve = pd.DataFrame(
        {
            "treated_share": SHARES,
            "gain": np.interp(SHARES, ends, gain),
            "random_gain": SHARES * gain[-1],
            "gain_over_random": [here[share] for share in SHARES],
            "lower": of_curve["lower"].to_numpy(),
            "upper": of_curve["upper"].to_numpy(),
        }
    )
    return Qini(curve, float(here["coefficient"]), *(float(of_area[name]) for name in ("std_error", "lower", "upper")))


def sorts_by_chance(
    score: ArrayLike, treated: ArrayLike, outcome: ArrayLike, *, draws: int = 400, seed: int = 0
) -> float:
    """p-value of a score that says nothing: how often one dealt out anew has a `qini` coefficient as far from 0.

    Where few customers bring most, limits from a bootstrap leave 0 out too often; this holds at any size. Raises
    ValueError as `qini`. Source: Fisher (1935), the randomization test.
    """
    last, treated, outcome = _sorted(score, treated, outcome)
    everyone, rng = np.ones(len(treated)), np.random.default_rng(seed)
    orders = [np.arange(len(treated)), *(rng.permutation(len(treated)) for _ in range(draws))]
    own, *dealt = (_area(*_gains(last, treated[order], outcome[order], everyone)) for order in orders)
    beyond = [sum(area >= own for area in dealt), sum(area <= own for area in dealt)]
    return min(1.0, 2 * (1 + min(beyond)) / (draws + 1))


def uplift_by_group(
    score: ArrayLike,
    treated: ArrayLike,
    outcome: ArrayLike,
    *,
    groups: int = 5,
    kind: Kind = "mean",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """The treatment's effect in equal groups of customers by score, the highest scores first.

    One row a group: group (1, 2, …), customers, score (mean), uplift (treated − not treated) with lower and upper
    limit of level 1 - alpha, NaN where an arm has too few to tell. Customers with one score stay together, so that
    groups may be unequal, or fewer. Effects and limits are those of `effects.compare` for `kind`. Assumes treatment
    at random and a score that these customers did not teach. Raises ValueError as `qini`.
    """
    score, treated, outcome = _rows(score, treated, outcome)
    if groups < 1:
        raise ValueError(f"groups = {groups}: at least 1. Write 5 for fifths.")
    middle = (pd.Series(-score).rank(method="average").to_numpy() - 0.5) / len(score)
    group = np.unique(np.floor(middle * groups), return_inverse=True)[1]
    lines = []
    for at in range(group.max() + 1):
        rows = group == at
        arms = [Moments.of({"outcome": outcome[rows & (treated == arm)]}) for arm in (False, True)]
        effect = compare(*arms, kind=kind, alpha=alpha)
        lines.append(
            {
                "group": at + 1,
                "customers": int(rows.sum()),
                "score": score[rows].mean(),
                "uplift": effect.effect,
                "lower": effect.lower,
                "upper": effect.upper,
            }
        )
    return pd.DataFrame(lines)


def _sorted(score: ArrayLike, treated: ArrayLike, outcome: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The row of each distinct score, the highest first, and the arms and outcomes in that order.

    Sorted to the last tie, so that draws are the same in any order of rows.
    """
    score, treated, outcome = _rows(score, treated, outcome)
    order = np.lexsort((outcome, treated, -score))
    return np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1), treated[order], outcome[order]


def _area(ends: np.ndarray, gain: np.ndarray) -> float:
    """The area between a curve of gains and the line to its end."""
    return float(np.sum(np.diff(ends) * (gain[1:] + gain[:-1]))) / 2 - gain[-1] / 2


def _gains(
    last: np.ndarray, treated: np.ndarray, outcome: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Shares of customers at which the score changes, from 0 to 1, and the gain of treating each share.

    Before both arms have a customer there is nothing to compare: the first share is the one where they have.
    """

    def so_far(part: np.ndarray) -> np.ndarray:
        return part.cumsum()[last]

    taken, spared = weights * treated, weights * ~treated
    n_taken, n_spared = so_far(taken), so_far(spared)
    if not (n_taken[-1] and n_spared[-1]):
        raise ValueError("treated = one arm only: customers with and without the treatment are needed. Give both arms.")
    both = (n_taken > 0) & (n_spared > 0)
    shares = (n_taken + n_spared)[both] / (n_taken[-1] + n_spared[-1])
    effect = so_far(taken * outcome)[both] / n_taken[both] - so_far(spared * outcome)[both] / n_spared[both]
    return np.concatenate([[0.0], shares]), np.concatenate([[0.0], shares * effect])


def _rows(score: ArrayLike, treated: ArrayLike, outcome: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    score, treated, outcome = (
        finite_numbers(values, name) for name, values in (("score", score), ("treated", treated), ("outcome", outcome))
    )
    if not len(score) == len(treated) == len(outcome):
        raise ValueError(
            f"score, treated, outcome = {len(score)}, {len(treated)}, {len(outcome)} rows: one of each a customer is "
            "needed. Take all from one table."
        )
    if not np.isin(treated, (0, 1)).all():
        raise ValueError("treated: values other than 0 and 1. Write 1 where the customer was treated.")
    return score, treated == 1, outcome
