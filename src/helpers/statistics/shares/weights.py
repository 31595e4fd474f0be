"""Weights of measures learnt from an outcome, none of them negative, so that their sum can be read as a score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.optimize import minimize
from scipy.special import expit

from helpers.statistics.arrays import codes, event_flags, finite_numbers, same_length

TIGHT = {"ftol": 1e-14, "gtol": 1e-9, "maxiter": 2_000}


@dataclass(frozen=True)
class Weights:
    """Where the penalised likelihood is highest among weights of at least 0."""

    coefficients: pd.Series  # by column: change of the log odds by one unit of it
    intercept: float

    def log_odds(self, columns: pd.DataFrame) -> np.ndarray:
        """Log odds of the outcome of each row."""
        return self.intercept + columns[list(self.coefficients.index)].to_numpy(float) @ self.coefficients.to_numpy()


def nonnegative_logistic(columns: pd.DataFrame, events: pd.Series | np.ndarray, *, penalty: float = 1.0) -> Weights:
    """Logistic regression of `events` on `columns` whose coefficients are at least 0.

    Maximises log-likelihood − penalty / 2 Σ coefficient², over coefficients ≥ 0 and any intercept: as if they were
    drawn from a normal with variance 1 / penalty, folded at 0, so columns are to have one unit. A column that goes
    with fewer events than the others say, or is constant, gets 0. `columns` are finite numbers, one row each; `events`
    0 or 1. The likelihood is concave, so there is one maximum when `penalty` is above 0. Standard errors are not
    given: at the bound they have none that is normal. Raises ValueError for missing values, a penalty of 0 or less,
    and where all rows have one outcome. Assumes log odds that rise linearly; rows of one customer may be dependent.
    Source: le Cessie & van Houwelingen (1992), ridge; Lawson & Hanson (1974), chapter 23, for the bound; Byrd, Lu,
    Nocedal & Zhu (1995), L-BFGS-B.
    """
    if not penalty > 0:
        raise ValueError(f"penalty = {penalty}: above 0, or collinear columns have no one maximum. Write 1.")
    happened = np.asarray(same_length(event_flags(events), "events", len(columns)), dtype=float)
    if not 0 < happened.sum() < len(happened):
        raise ValueError(
            f"events = {happened.sum():g} of {len(happened)} rows: both outcomes are needed to learn from."
        )
    numbers = np.column_stack([finite_numbers(columns[name], str(name)) for name in columns])
    mean, spread = numbers.mean(axis=0), numbers.std(axis=0)
    scale = np.where(spread > 1e-12 * np.maximum(np.abs(mean), 1), spread, np.inf)
    standard = (numbers - mean) / scale
    share = happened.mean()

    def loss(free: np.ndarray) -> tuple[float, np.ndarray]:
        """Penalised −log-likelihood by row, and its slope, at the intercept and the coefficients."""
        odds = free[0] + standard @ free[1:]
        off = (expit(odds) - happened) / len(happened)
        ridge = penalty / len(happened) / scale**2
        value = np.mean(np.logaddexp(0, odds) - happened * odds) + (ridge * free[1:]) @ free[1:] / 2
        return float(value), np.concatenate([[off.sum()], off @ standard + ridge * free[1:]])

    start = np.concatenate([[np.log(share / (1 - share))], np.zeros(numbers.shape[1])])
    bounds = [(None, None), *[(0.0, None)] * numbers.shape[1]]
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options=TIGHT).x
    coefficients = best[1:] / scale
    return Weights(pd.Series(coefficients, index=columns.columns), float(best[0] - mean @ coefficients))


def proved_weights(
    columns: pd.DataFrame,
    events: pd.Series | np.ndarray,
    clusters: ArrayLike,
    *,
    penalty: float = 1.0,
    evidence: float = 1.96,
) -> Weights:
    """The same of the columns whose coefficient lies `evidence` standard errors above 0 or more; the others have 0.

    Where one does not, the one with the fewest is taken out and the rest is fitted again, so that none is lost to
    another that falls too; by the penalty two that tell the same share the weight. Errors are the sandwich's by
    cluster, times √(clusters ÷ (clusters − parameters)), as rows of one customer go together: `clusters` name the
    customer of each row. Of a column that tells nothing beside the others 2.5 % earn a weight by 1.96; the penalty's
    bias is not counted. Raises ValueError as `nonnegative_logistic` does, and for a missing cluster. Source:
    Liang & Zeger (1986); Mantel (1970), for taking columns out one by one.
    """
    member, _ = codes(clusters, "clusters", len(columns))
    left, happened = columns, np.asarray(events, dtype=float)
    while True:
        fit = nonnegative_logistic(left, events, penalty=penalty)
        used = fit.coefficients[fit.coefficients > 0]
        proofs = used / _errors(fit, left, happened, member, penalty)
        if proofs.empty or proofs.min() >= evidence:
            return fit
        left = left.assign(**{str(proofs.idxmin()): 0.0})  # a constant weighs nothing


def _errors(fit: Weights, columns: pd.DataFrame, happened: np.ndarray, member: np.ndarray, penalty: float) -> pd.Series:
    """Standard errors of the coefficients above 0 of a fit to rows of which those of one `member` may be dependent."""
    chance = expit(fit.log_odds(columns))
    used = columns.loc[:, (fit.coefficients > 0).to_numpy()]
    design = np.column_stack([np.ones(len(used)), used.to_numpy(float)])
    ridge = np.diag([0.0, *[penalty] * used.shape[1]])
    bread = np.linalg.inv((design * (chance * (1 - chance))[:, None]).T @ design + ridge)
    slopes = pd.DataFrame(design * (happened - chance)[:, None]).groupby(member).sum().to_numpy()
    few = len(slopes) / max(len(slopes) - design.shape[1], 1)
    return pd.Series(np.sqrt(np.diag(bread @ (slopes.T @ slopes) @ bread)[1:] * few), used.columns)
