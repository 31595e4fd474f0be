"""Accelerated failure time models: by what factor covariates stretch the time to leaving, for three shapes of time."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.special import expit, log_ndtr

from helpers.statistics.arrays import event_flags, same_length
from helpers.statistics.hazards.covariates import check_independent, check_varying, covariate_columns
from helpers.statistics.hazards.cox import coefficient_table
from helpers.statistics.hazards.maximum_likelihood import FLATTENED, MAX_STEPS, NEARLY_THERE, SeparationWarning
from helpers.statistics.survival.risk_sets import FollowUp, follow_up_rows

Derivatives = tuple[np.ndarray, np.ndarray, np.ndarray]  # a function of z, its slope and its curvature


def _weibull(z: np.ndarray) -> tuple[Derivatives, Derivatives]:
    hazard = np.exp(z)
    return (z - hazard, 1 - hazard, -hazard), (-hazard, -hazard, -hazard)


def _log_normal(z: np.ndarray) -> tuple[Derivatives, Derivatives]:
    log_density, log_survival = -(z**2) / 2 - np.log(2 * np.pi) / 2, log_ndtr(-z)
    hazard = np.exp(log_density - log_survival)
    return (log_density, -z, -np.ones_like(z)), (log_survival, -hazard, -hazard * (hazard - z))


def _log_logistic(z: np.ndarray) -> tuple[Derivatives, Derivatives]:
    log_survival, gone = -np.logaddexp(0, z), expit(z)
    bend = -gone * (1 - gone)
    return (z + 2 * log_survival, 1 - 2 * gone, 2 * bend), (log_survival, -gone, bend)


# log density and log survival of z = (log time − linear predictor) ÷ scale
DISTRIBUTIONS: dict[str, Callable[[np.ndarray], tuple[Derivatives, Derivatives]]] = {
    "Weibull": _weibull,
    "log-normal": _log_normal,
    "log-logistic": _log_logistic,
}


@dataclass(frozen=True)
class AcceleratedFailure:
    """A fitted accelerated failure time model."""

    distribution: str
    # covariate, coef, time_ratio, std_error (of coef), lower and upper (95 %, of the ratio), z, p_value
    coefficients: pd.DataFrame
    log_likelihood: float  # of the times themselves, not of their logarithms
    scale: float  # standard unit of the logarithm of time; a Weibull's shape is 1 ÷ scale
    linear_predictor: np.ndarray = field(repr=False)  # of each row, intercept included
    rows: FollowUp = field(repr=False)

    @property
    def parameters(self) -> int:
        """How many numbers were estimated: the coefficients, the intercept and the scale."""
        return len(self.coefficients) + 2

    @property
    def aic(self) -> float:
        """Akaike's information criterion: less is better."""
        return 2 * (self.parameters - self.log_likelihood)

    def expected_survival(self, times: ArrayLike) -> np.ndarray:
        """The Kaplan–Meier curve that the model expects of its own rows, at each of `times`, which rise from 0.

        Over each step the hazards are averaged over the rows then followed, by their time at risk. A plain mean of
        the rows' curves is another thing, where covariates go with being followed for long or seen late.
        """
        times = np.asarray(times, dtype=float)
        entry = np.zeros(len(self.rows.durations)) if self.rows.entry is None else self.rows.entry
        total = np.zeros(len(times))
        for step, (low, high) in enumerate(pairwise(times), start=1):
            followed = (self.rows.durations > low) & (entry < high)
            start, end = np.maximum(entry[followed], low), np.minimum(self.rows.durations[followed], high)
            added = self._cumulative_hazard(end, followed) - self._cumulative_hazard(start, followed)
            weights = self.rows.weights[followed]
            total[step] = total[step - 1] + (high - low) * (weights @ added) / (weights @ (end - start))
        return np.exp(-total)

    def _cumulative_hazard(self, times: np.ndarray, rows: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):  # the logarithm of 0
            z = (np.log(times) - self.linear_predictor[rows]) / self.scale
            return -DISTRIBUTIONS[self.distribution](z)[1][0]


@dataclass(frozen=True)
class Comparison:
    """The same customers under every shape of time."""

    distributions: pd.DataFrame  # distribution, parameters, log_likelihood, aic, delta_aic; the best first
    fits: dict[str, AcceleratedFailure]

    @property
    def best(self) -> AcceleratedFailure:
        """The fit of the least AIC."""
        return self.fits[self.distributions["distribution"].iloc[0]]


@dataclass(frozen=True)
class _Rows:
    """Rows of z = design @ theta, theta = (intercept, coefficients, 1) ÷ scale, in which the likelihood is concave."""

    design: np.ndarray
    entered: np.ndarray  # the same at entry, of the rows that entered late
    follow_up: FollowUp


def compare(
    covariates: pd.DataFrame | ArrayLike,
    durations: ArrayLike,
    events: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> Comparison:
    """Fits of every distribution to the same rows, and their AIC; arguments and errors as `fit_accelerated_failure`."""
    fits = {
        name: fit_accelerated_failure(name, covariates, durations, events, entry=entry, weights=weights)
        for name in DISTRIBUTIONS
    }
    rows = [(name, fit.parameters, fit.log_likelihood, fit.aic) for name, fit in fits.items()]
    table = pd.DataFrame(rows, columns=["distribution", "parameters", "log_likelihood", "aic"])
    table = table.sort_values("aic", kind="stable", ignore_index=True)
    return Comparison(table.assign(delta_aic=table["aic"] - table["aic"].iloc[0]), fits)


def fit_accelerated_failure(
    distribution: str,
    covariates: pd.DataFrame | ArrayLike,
    durations: ArrayLike,
    events: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
) -> AcceleratedFailure:
    """Time ratios: by what factor each covariate multiplies the time to the event.

    log time = intercept + covariates · coef + scale · error, where the error is of the "Weibull" (least extreme
    value), "log-normal" or "log-logistic" kind. `durations` are above 0; `entry` is the time from which a row was
    observed (its likelihood is then conditional on having stayed so long); `weights` are numbers of alike rows.
    Raises ValueError for durations of 0, missing values, no events, constant or collinear covariates; warns with
    SeparationWarning when a ratio has no finite estimate. Assumes that covariates act on the whole stay alike.
    Source: Kalbfleisch & Prentice (2002), ch. 3; maximum by Newton's method in the parameters of Burridge (1981).
    """
    if distribution not in DISTRIBUTIONS:
        raise ValueError(f"distribution = {distribution!r}: one of {', '.join(map(repr, DISTRIBUTIONS))}. Name one.")
    columns = covariate_columns(covariates)
    rows = follow_up_rows(durations, event_flags(events), entry, weights, None)
    same_length(covariates, "covariates", len(rows.durations))
    _check(rows)
    matrix = np.column_stack(list(columns.values()))
    centre = np.average(matrix, axis=0, weights=rows.weights)
    spread = np.sqrt(np.average((matrix - centre) ** 2, axis=0, weights=rows.weights))
    check_varying(spread, list(columns))
    standard = (matrix - centre) / spread
    check_independent(standard.T @ (standard * rows.weights[:, None]), list(columns))
    model = _laid_out(standard, rows)
    theta, log_likelihood, covariance = _maximum(DISTRIBUTIONS[distribution], model, list(columns))
    scale = 1 / theta[-1]
    beta = theta[1:-1] * scale
    jacobian = scale * np.column_stack([np.zeros(len(beta)), np.eye(len(beta)), -beta])
    std_error = np.sqrt(np.diag(jacobian @ covariance @ jacobian.T))
    table = coefficient_table(list(columns), beta / spread, std_error / spread)
    return AcceleratedFailure(
        distribution,
        table.rename(columns={"hazard_ratio": "time_ratio"}),
        log_likelihood,
        scale,
        theta[0] * scale + standard @ beta,
        rows,
    )


def _check(rows: FollowUp) -> None:
    zero = int(np.count_nonzero(rows.durations == 0))
    if zero:
        raise ValueError(
            f"durations = 0 in {zero} rows: the logarithm of time needs more. Drop those rows, which asks of the "
            "others how long they stay once they have begun."
        )
    if not (rows.outcomes * rows.weights).any():
        raise ValueError("events = 0 in every row: at least one event is needed. Check how the event is coded.")


def _laid_out(standard: np.ndarray, rows: FollowUp) -> _Rows:
    ones = np.ones(len(standard))
    late = np.zeros(len(standard), bool) if rows.entry is None else rows.entry > 0
    entry = np.zeros(0) if rows.entry is None else rows.entry[late]
    return _Rows(
        design=np.column_stack([-ones, -standard, np.log(rows.durations)]),
        entered=np.column_stack([-ones[late], -standard[late], np.log(entry)]),
        follow_up=rows,
    )


def _maximum(
    distribution: Callable[[np.ndarray], tuple[Derivatives, Derivatives]], model: _Rows, names: list[str]
) -> tuple[np.ndarray, float, np.ndarray]:
    """Theta at the highest log-likelihood, that height, and the covariance of theta."""
    rows = model.follow_up
    log_time = np.log(rows.durations)
    centre = np.average(log_time, weights=rows.weights)
    width = np.sqrt(np.average((log_time - centre) ** 2, weights=rows.weights)) or 1.0
    theta = np.array([centre / width, *np.zeros(len(names)), 1 / width])
    height, gradient, information = _likelihood(distribution, model, theta)
    at_start = np.diag(np.linalg.inv(information))
    for _ in range(MAX_STEPS):
        step = np.linalg.solve(information, gradient)
        gain = gradient @ step / 2
        ahead = _likelihood(distribution, model, theta + step)
        while ahead[0] < height - 1e-9 * (1 + abs(height)):
            step = step / 2
            ahead = _likelihood(distribution, model, theta + step)
        theta, (height, gradient, information) = theta + step, ahead
        if abs(gain) < NEARLY_THERE:
            covariance = np.linalg.inv(information)
            _warn_of_separation(np.diag(covariance) > FLATTENED * at_start, names)
            return theta, height, covariance
    raise ValueError(f"covariates = {names}: no maximum of the likelihood in {MAX_STEPS} steps. Look for outliers.")


def _likelihood(
    distribution: Callable[[np.ndarray], tuple[Derivatives, Derivatives]], model: _Rows, theta: np.ndarray
) -> tuple[float, np.ndarray, np.ndarray]:
    """Log-likelihood, its gradient and its information at theta."""
    if theta[-1] <= 0:
        return -np.inf, theta, np.eye(len(theta))
    rows = model.follow_up
    with np.errstate(over="ignore", invalid="ignore"):
        density, survival = distribution(model.design @ theta)
        value, slope, bend = (np.where(rows.outcomes, *both) for both in zip(density, survival, strict=True))
        value, slope, bend = rows.weights * value, rows.weights * slope, rows.weights * bend
        height = value.sum() + (rows.weights * rows.outcomes) @ (np.log(theta[-1]) - np.log(rows.durations))
        gradient, information = slope @ model.design, -(model.design.T * bend) @ model.design
        if len(model.entered):
            weights = rows.weights[rows.entry > 0]
            value, slope, bend = distribution(model.entered @ theta)[1]
            height -= weights @ value
            gradient = gradient - (weights * slope) @ model.entered
            information = information + (model.entered.T * (weights * bend)) @ model.entered
    events = rows.weights @ rows.outcomes
    gradient[-1] += events / theta[-1]
    information[-1, -1] += events / theta[-1] ** 2
    return (height if np.isfinite(height) else -np.inf), gradient, information


def _warn_of_separation(separated: np.ndarray, names: list[str]) -> None:
    infinite = [name for name, endless in zip(names, separated[1:-1], strict=True) if endless]
    if infinite:
        warnings.warn(
            f"covariates = {infinite}: time ratios without a finite estimate. Merge rare categories.",
            SeparationWarning,
            stacklevel=4,
        )
