"""Maximum likelihood of a handful of positive parameters, found on the scale of their logarithms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

# parameters, on their own scale → −log-likelihood and its gradient by those parameters
Objective = Callable[[np.ndarray], tuple[float, np.ndarray]]

WIDEST = 16.0  # how far the logarithm of a parameter may go from its start: a factor of nine million
STEP = 1e-4  # of a logarithm, by which gradients are differenced; the error of a curvature is its square
NEARLY_THERE = 1e-10  # gain in log-likelihood of a step that leaves nothing but rounding
MAX_STEPS = 30
UNTOLD = 10.0  # standard error of a logarithm, a factor of 20,000, that belongs to no maximum but to a slope's far end


@dataclass(frozen=True)
class Estimates:
    """Where the likelihood is highest."""

    parameters: dict[str, float]
    std_errors: dict[str, float]
    log_likelihood: float
    covariance: np.ndarray  # of the logarithms of the parameters, in their order


def maximise(
    negative_log_likelihood_and_gradient: Objective, start: Sequence[float], names: Sequence[str]
) -> Estimates:
    """Parameters above 0 at the highest likelihood, their standard errors and the log-likelihood there.

    `negative_log_likelihood_and_gradient` takes the vector of parameters (in the order of `names`, all above 0) and
    returns −log-likelihood of all customers and its gradient by the parameters themselves, not by their logarithms.
    `start` is a vector of rough values; the nearer its magnitudes, the fewer steps. Quasi-Newton steps lead near the
    maximum and Newton's, on differences of the gradient, to it. Standard errors are by the delta method from the
    inverse curvature of the log-likelihood by the logarithms. Raises ValueError, naming the parameters and where they
    were going, when there is no maximum: then the rows do not tell the parameters apart, or one is best at 0 or
    without limit. Assumes one maximum. Source: Davison (2003), section 4.4.
    """

    def by_logarithms(theta: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = np.exp(theta)
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            value, gradient = negative_log_likelihood_and_gradient(parameters)
        return value, parameters * gradient

    theta = _near(by_logarithms, np.log(np.asarray(start, dtype=float)))
    theta, value, covariance = _newton(by_logarithms, theta, names)
    estimates = np.exp(theta)
    errors = estimates * np.sqrt(np.diag(covariance))
    return Estimates(
        dict(zip(names, estimates.tolist(), strict=True)),
        dict(zip(names, errors.tolist(), strict=True)),
        float(-value),
        covariance,
    )


def _near(objective: Objective, start: np.ndarray) -> np.ndarray:
    """The end of quasi-Newton steps, which may lie at the border of the search."""
    height = abs(objective(start)[0]) or 1.0

    def relative(theta: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = objective(theta)
        return value / height, gradient / height

    bounds = [(value - WIDEST, value + WIDEST) for value in start]
    options = {"ftol": 1e-10, "gtol": 0.0}  # of the likelihood alone: how steep it is depends on the number of rows
    return minimize(relative, start, jac=True, method="L-BFGS-B", bounds=bounds, options=options).x


def _newton(objective: Objective, theta: np.ndarray, names: Sequence[str]) -> tuple[np.ndarray, float, np.ndarray]:
    """The maximum itself, −log-likelihood there, and the covariance of the logarithms."""
    value, gradient = objective(theta)
    for _ in range(MAX_STEPS):
        curvature = _curvature(objective, theta)
        if not _curves_upwards(curvature):
            break
        step = np.linalg.solve(curvature, gradient)
        gain = gradient @ step / 2
        theta, value, gradient = _downhill(objective, theta, value, gradient, step)
        if gain < NEARLY_THERE:
            covariance = np.linalg.inv(curvature)
            if np.diag(covariance).max() > UNTOLD**2:
                break
            return theta, value, covariance
    going = ", ".join(f"{name} {estimate:.3g}" for name, estimate in zip(names, np.exp(theta), strict=True))
    raise ValueError(
        f"parameters = {going}: the likelihood has no maximum near, it rises on beyond. "
        "These customers are too few or too alike for this model: take more, or another model."
    )


def _curves_upwards(curvature: np.ndarray) -> bool:
    return bool(np.isfinite(curvature).all() and (np.linalg.eigvalsh(curvature) > 0).all())


def _curvature(objective: Objective, theta: np.ndarray) -> np.ndarray:
    """Second derivatives, by central differences of the gradient."""
    ahead = [objective(theta + step)[1] - objective(theta - step)[1] for step in STEP * np.eye(len(theta))]
    curvature = np.array(ahead) / (2 * STEP)
    return (curvature + curvature.T) / 2


def _downhill(
    objective: Objective, theta: np.ndarray, value: float, gradient: np.ndarray, step: np.ndarray
) -> tuple[np.ndarray, float, np.ndarray]:
    """The end of the step with the objective there; halved until it does not rise."""
    for _ in range(MAX_STEPS):
        there, slope = objective(theta - step)
        if there <= value + 1e-12 * (1 + abs(value)):
            return theta - step, there, slope
        step = step / 2
    return theta, value, gradient
