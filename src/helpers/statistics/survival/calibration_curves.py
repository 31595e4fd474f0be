"""Whether predicted chances come true: calibration by a horizon; Brier scores, AUC and the bootstrap beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.statistics.arrays import event_flags, finite_numbers, same_length
from helpers.statistics.inference.resampling import bootstrap, percentile_limits
from helpers.statistics.survival.censoring_weights import status_weights
from helpers.statistics.survival.predictive_accuracy import brier_scores, dynamic_auc, integrated_brier
from helpers.statistics.survival.risk_sets import FollowUp, follow_up_rows, weighted_rows

__all__ = [
    "Calibration",
    "bootstrap",
    "brier_scores",
    "calibration",
    "dynamic_auc",
    "integrated_brier",
    "percentile_limits",
    "restricted_cubic_spline",
]

CURVE_POINTS = 101
EDGE = 1e-6  # predictions nearer than this to 0 or 1 are smoothed as if this near
KNOTS = (0.1, 0.5, 0.9)  # quantiles of the predictions; Harrell (2015), table 2.3
NEAR = 0.01  # knots within 1 % of one another's hazard are one
ROWS_PER_COEFFICIENT = 10  # that left, and that stayed; Peduzzi et al. (1996)
LOG_HAZARDS = (-30.0, 5.0)  # beyond these a chance is 0 or 1 to rounding
MAX_STEPS = 60
NEARLY_THERE = 1e-13  # gain in log-likelihood of a row that leaves nothing but rounding


@dataclass(frozen=True)
class Calibration:
    """Predicted chances of the event by a horizon against those observed among customers predicted alike."""

    horizon: float
    curve: pd.DataFrame  # predicted, observed: from the smallest to the largest prediction in equal steps
    smoother: str  # "spline", or "linear" where leavers, stayers or distinct predictions are too few for one
    ici: float  # mean of |observed − predicted| over customers
    e50: float  # its median
    e90: float  # its 90 % quantile


def calibration(
    durations: ArrayLike,
    events: ArrayLike,
    predicted: ArrayLike,
    horizon: float,
    *,
    weights: ArrayLike | None = None,
) -> Calibration:
    """Calibration curve of the `predicted` chance of the event by `horizon`, and how far it lies from the diagonal.

    `predicted` is (rows,) in [0, 1]; `horizon` has the unit of `durations`, which start at 0. The observed chance is a
    smooth function of the prediction: complementary log-log regression of having left by the horizon on
    log(−log(1 − predicted)) and its restricted cubic spline of 3 knots, the censored shared out by `status_weights`.
    When before the horizon the events come is not asked. It is linear where fewer than 20 left, or stayed, or knots
    coincide. `ici`, `e50` and `e90` are chances; quantiles are the smallest value that reaches their share.
    `weights` are counts of alike rows, 0 allowed; the curve's steps span all rows whatever their weight, so that draws
    of a bootstrap can be laid over one another. Raises ValueError for predictions outside [0, 1] or all equal, no event
    by the horizon, or nobody followed until it. Assumes that censoring tells nothing of event or prediction.
    Source: the three numbers Austin, Harrell & van Klaveren (2020); the regression Blanche, Holt & Scheike (2023).
    """
    rows = follow_up_rows(durations, event_flags(events), None, weights, None)
    everybody = _chances(predicted, len(rows.durations))
    predicted, rows = everybody[rows.weights > 0], weighted_rows(rows)
    _check_horizon(rows, horizon)
    link = _cloglog(predicted)
    if link.min() == link.max():
        raise ValueError(
            f"predicted = {predicted[0]:g} in every row: a curve needs several. Compare it with 1 − Kaplan–Meier."
        )
    left, stayed = (
        part[0] for part in status_weights(rows.durations, rows.outcomes, np.array([horizon]), rows.weights)
    )
    knots = _knots(link, left, stayed, rows)
    grid = np.linspace(everybody.min(), everybody.max(), CURVE_POINTS)
    columns = restricted_cubic_spline(np.concatenate([link, _cloglog(grid)]), knots)
    observed = _chance_to_have_left(columns[: len(link)], left, stayed, columns)
    error = np.abs(observed[: len(link)] - predicted)
    e50, e90 = np.quantile(error, [0.5, 0.9], weights=rows.weights, method="inverted_cdf")
    return Calibration(
        horizon=float(horizon),
        curve=pd.DataFrame({"predicted": grid, "observed": observed[len(link) :]}),
        smoother="spline" if len(knots) else "linear",
        ici=float(np.average(error, weights=rows.weights)),
        e50=float(e50),
        e90=float(e90),
    )


def error_of_right_chances(predicted: ArrayLike, draws: int = 20, seed: int = 0) -> float:
    """The `ici` that chance alone gives `predicted` chances that are right: the mean over outcomes drawn from them.

    Without censoring; NaN where no draw has an event. A found `ici` near it says nothing against the chances.
    """
    rng, chances = np.random.default_rng(seed), np.asarray(predicted, dtype=float)
    outcomes = [rng.random(len(chances)) < chances for _ in range(draws)]
    errors = [calibration(np.where(left, 1, 2), left, chances, 1).ici for left in outcomes if left.any()]
    return float(np.mean(errors)) if errors else np.nan


def restricted_cubic_spline(values: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Columns whose combinations are the smooth curves that are cubic between knots and straight outside them.

    `values` (n,) and k rising knots of their unit give (n, k − 1): the values and k − 2 cubic terms, each divided by
    the squared span of the knots so that it has that unit too. Without knots the values alone, (n, 1).
    Source: Harrell (2015), Regression Modeling Strategies, section 2.4.5.
    """
    if not len(knots):
        return values[:, None]
    first, (before, last) = knots[0], knots[-2:]
    above = np.maximum(values[:, None] - knots, 0)
    cubes = above * above * above
    inner = knots[:-2]
    terms = (
        cubes[:, :-2]
        - cubes[:, -2:-1] * (last - inner) / (last - before)
        + cubes[:, -1:] * (before - inner) / (last - before)
    )
    return np.column_stack([values, terms / (last - first) ** 2])


def _chance_to_have_left(columns: np.ndarray, left: np.ndarray, stayed: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Chance at given values of the columns: complementary log-log regression of rows that weigh `left` and `stayed`.

    Newton's method with step halving; a chance that the rows drive to 0 or 1 stops near it.
    """
    centre, spread = columns.mean(axis=0), columns.std(axis=0)
    design, wanted = (np.column_stack([np.ones(len(part)), (part - centre) / spread]) for part in (columns, at))
    beta = np.zeros(design.shape[1])
    beta[0] = _cloglog(left.sum())
    height, gradient, information = _binomial(design, left, stayed, beta)
    for _ in range(MAX_STEPS):
        step = np.linalg.lstsq(information, gradient)[0]
        if gradient @ step < NEARLY_THERE:
            break
        ahead = _binomial(design, left, stayed, beta + step)
        while ahead[0] < height - NEARLY_THERE:
            step = step / 2
            ahead = _binomial(design, left, stayed, beta + step)
        beta, (height, gradient, information) = beta + step, ahead
    return -np.expm1(-_hazard(wanted, beta))


def _binomial(
    design: np.ndarray, left: np.ndarray, stayed: np.ndarray, beta: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Log-likelihood, its gradient and its information."""
    hazard = _hazard(design, beta)
    odds = hazard / np.expm1(hazard)  # how log(chance to have left) rises with the log hazard
    height = left @ np.log(-np.expm1(-hazard)) - stayed @ hazard
    gradient = (left * odds - stayed * hazard) @ design
    bend = left * odds * (hazard + odds - 1) + stayed * hazard
    return height, gradient, (design.T * bend) @ design


def _hazard(design: np.ndarray, beta: np.ndarray) -> np.ndarray:
    return np.exp(np.clip(design @ beta, *LOG_HAZARDS))


def _chances(predicted: ArrayLike, size: int) -> np.ndarray:
    chances = same_length(finite_numbers(predicted, "predicted"), "predicted", size)
    if chances.min() < 0 or chances.max() > 1:
        raise ValueError(
            f"predicted = {chances.min():g} … {chances.max():g}: chances lie between 0 and 1. "
            "Pass 1 − survival at the horizon."
        )
    return chances


def _check_horizon(rows: FollowUp, horizon: float) -> None:
    last = rows.durations.max()
    if not (np.isfinite(horizon) and 0 < horizon <= last):
        raise ValueError(
            f"horizon = {horizon:g}: above 0 and at most {last:g}, as long as anybody was followed. "
            "Choose an earlier day."
        )
    if not rows.outcomes[rows.durations <= horizon].any():
        raise ValueError(f"horizon = {horizon:g}: nobody had the event by then. Choose a later day.")


def _knots(link: np.ndarray, left: np.ndarray, stayed: np.ndarray, rows: FollowUp) -> np.ndarray:
    """Knots of the spline, none when a straight line is all that those who left or stayed, or the predictions, bear."""
    knots = np.quantile(link, KNOTS, weights=rows.weights, method="inverted_cdf")
    fewest = min(rows.weights[part > 0].sum() for part in (left, stayed))
    enough = fewest >= ROWS_PER_COEFFICIENT * (len(KNOTS) - 1)
    return knots if enough and np.diff(knots).min() > NEAR else knots[:0]


def _cloglog(chance: np.ndarray) -> np.ndarray:
    """log(−log(1 − chance)): under proportional hazards the log hazard ratio, up to a constant."""
    return np.log(-np.log1p(-np.clip(chance, EDGE, 1 - EDGE)))
