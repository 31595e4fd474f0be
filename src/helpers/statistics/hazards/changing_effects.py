"""How a hazard ratio changes over time: a spline through the Schoenfeld residuals of a Cox model."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm

from helpers.statistics.hazards.cox import CoxFit
from helpers.statistics.hazards.partial_likelihood import information, information_of, slot_means
from helpers.statistics.hazards.proportional_hazards import transformed_times

POINTS = 40
LEVEL = 0.95
VARIANCES = ("own", "average")


def effect_over_time(
    fit: CoxFit, covariate: str, *, transform: str = "km", df: int = 4, variance: str = "own"
) -> pd.DataFrame:
    """Hazard ratio of a covariate at 40 times from the first event to the last, with pointwise 95 % limits.

    Returns time, hazard_ratio, lower, upper. The log ratio is the fitted one plus a natural spline of `df` coefficients
    in g(t), the transform of `proportional_hazards_test`. Points lie evenly over g(t), and knots over points and
    events, as in R's plot.cox.zph; knots that coincide, where many events are tied, are one. A Schoenfeld residual is
    about V(t) times the drift at t, where V(t) is the covariate's variance over the risk set. With "own" `variance` the
    spline is one Newton step towards the model with that drift, the other coefficients free. "average" puts the mean of
    V(t) in its place, as Grambsch & Therneau (1994) and R do: it misleads where one group has nearly gone late.
    Raises ValueError for a covariate that the model does not have, and for fewer distinct event times than `df`.
    """
    known = fit.means.index.tolist()
    if covariate not in known:
        raise ValueError(f"covariate = {covariate!r}: the model has {known}. Name one of these.")
    if variance not in VARIANCES:
        raise ValueError(f"variance = {variance!r}: one of {', '.join(map(repr, VARIANCES))}. Leave it out for 'own'.")
    model, place = fit.design, known.index(covariate)
    distinct = len(np.unique(model.time))
    if distinct < df:
        raise ValueError(f"df = {df}: at least as many distinct event times are needed, not {distinct}. Lower df.")
    g = transformed_times(fit.rows, model.time, transform)
    points = np.linspace(g.min(), g.max(), POINTS)
    knots = np.unique(np.quantile(np.concatenate([points, np.repeat(g, model.deaths)]), np.linspace(0, 1, df)))
    at_slots, at_points = (_natural_spline(x, knots) for x in (g, points))
    drift = _own_drift if variance == "own" else _average_drift
    score, precision = drift(fit, place, at_slots)
    inverse = np.linalg.pinv(precision, hermitian=True)
    smooth = (fit.maximum.beta[place] + at_points @ inverse @ score) / model.scale[place]
    # where the fit is robust, limits are wider by as much as those of the coefficient
    robust = fit.covariance.loc[covariate, covariate] * model.scale[place] ** 2 / fit.maximum.covariance[place, place]
    spread = np.sqrt(robust * np.einsum("ij,jk,ik->i", at_points, inverse, at_points)) / model.scale[place]
    half = norm.ppf((1 + LEVEL) / 2) * spread
    times, order = np.unique(g, return_index=True)
    return pd.DataFrame(
        {
            "time": np.exp(points) if transform == "log" else np.interp(points, times, model.time[order]),
            "hazard_ratio": np.exp(smooth),
            "lower": np.exp(smooth - half),
            "upper": np.exp(smooth + half),
        }
    )


def _own_drift(fit: CoxFit, place: int, basis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Score of the spline's coefficients at no drift, and their information given that the others are estimated too."""
    model, sums = fit.design, fit.maximum.sums
    others = np.arange(len(fit.means)) != place
    static = information(model, sums) + fit.penalty * np.eye(len(others))
    by_slot = information_of(model, sums, place)
    shared = basis.T @ by_slot[:, others]
    own = (basis.T * by_slot[:, place]) @ basis
    precision = own - shared @ np.linalg.solve(static[np.ix_(others, others)], shared.T)
    return basis.T @ _residuals(fit)[place], precision


def _average_drift(fit: CoxFit, place: int, basis: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same where every event has the average variance: least squares of the scaled residuals."""
    covariance = fit.maximum.covariance
    weights = fit.design.dead_weight
    score = basis.T @ (covariance[place] @ _residuals(fit)) / covariance[place, place]
    return score, (basis.T * weights) @ basis / (weights.sum() * covariance[place, place])


def _residuals(fit: CoxFit) -> np.ndarray:
    """Schoenfeld residuals (p × slots) of the standardised covariates, added up over the dead of each slot."""
    model = fit.design
    dead, weights = model.last[model.dead], model.weights[model.dead]
    totals = np.array([np.bincount(dead, weights * column[model.dead], len(model.time)) for column in model.columns])
    return totals - slot_means(model, fit.maximum.sums) * model.dead_weight


def _natural_spline(x: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Basis (rows × knots) of the cubic splines with these knots that are straight lines beyond the outer ones.

    Source: Hastie, Tibshirani & Friedman (2009), eq. 5.4 and 5.5.
    """
    *inner, last = (knots - knots[0]) / (knots[-1] - knots[0])
    x = ((x - knots[0]) / (knots[-1] - knots[0]))[:, None]
    cubes = np.maximum(x - [*inner, last], 0) ** 3
    bends = (cubes[:, :-1] - cubes[:, -1:]) / (last - np.array(inner))
    return np.hstack([np.ones_like(x), x, bends[:, :-1] - bends[:, -1:]])
