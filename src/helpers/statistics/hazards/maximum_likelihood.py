"""Newton's way to the maximum of a partial likelihood."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from helpers.statistics.hazards.covariates import check_independent, check_varying
from helpers.statistics.hazards.partial_likelihood import Design, RiskSums, information, risk_sums, score

MAX_STEPS = 60
NEARLY_THERE = 1e-10  # gain in log-likelihood of a step that leaves nothing but rounding
NOTHING_LEFT = 1e-20  # foreseen gain of a next step, per event: coefficients are known to 1e-10 of 1/SD
FLATTENED = 1e4  # growth of a variance from 0 to the maximum that no finite coefficient shows


@dataclass(frozen=True)
class Maximum:
    """Where the likelihood is highest, on the scale of the standardised covariates."""

    beta: np.ndarray
    sums: RiskSums
    covariance: np.ndarray  # inverse of the (penalised) information
    null_log_likelihood: float


class SeparationWarning(UserWarning):
    """A covariate tells the leavers apart so well that its coefficient has no finite estimate."""


def maximise(model: Design, names: list[str], penalty: float) -> Maximum:
    """Maximum of log-likelihood − penalty/2 Σ β², by Newton's method with step halving.

    Raises ValueError for constant columns, for collinear ones when there is no penalty, and when no maximum is found;
    warns with SeparationWarning, by name, of coefficients for which the likelihood rises for ever.
    """
    ridge = penalty * np.eye(len(names))
    beta = np.zeros(len(names))
    sums = null = risk_sums(model, beta)
    hessian = information(model, sums)
    rounding = 1e-12 * model.dead_weight.sum()
    check_varying(np.where((model.scale > 0) & (np.diag(hessian) > rounding), model.scale, 0.0), names)
    if not penalty:
        check_independent(hessian, names)
    hessian = hessian + ridge
    at_null = np.diag(np.linalg.inv(hessian))
    gain = np.nan
    for _ in range(MAX_STEPS):
        gradient = score(model, sums) - penalty * beta
        step = np.linalg.solve(hessian, gradient)
        before, gain = gain, float(gradient @ step) / 2
        beta, sums = _uphill(model, beta, sums, step, penalty)
        hessian = information(model, sums) + ridge
        # a step squares the distance to the maximum, so two gains foretell the next
        if gain < NEARLY_THERE or gain * (gain / before) ** 2 < NOTHING_LEFT * len(model.death_slot):
            covariance = np.linalg.inv(hessian)
            _warn_of_separation(np.diag(covariance) > FLATTENED * at_null, names)
            return Maximum(beta, sums, covariance, null.log_likelihood)
    raise ValueError(
        f"covariates = {names}: no maximum of the likelihood in {MAX_STEPS} steps. "
        "Look for outliers, or set penalty > 0."
    )


def _uphill(
    model: Design, beta: np.ndarray, sums: RiskSums, step: np.ndarray, penalty: float
) -> tuple[np.ndarray, RiskSums]:
    """The end of the step, halved until the penalised likelihood does not fall."""
    height = sums.log_likelihood - penalty / 2 * beta @ beta
    for _ in range(30):
        ahead = beta + step
        there = risk_sums(model, ahead)
        if there.log_likelihood - penalty / 2 * ahead @ ahead >= height - 1e-9 * (1 + abs(height)):
            return ahead, there
        step = step / 2
    return beta, sums


def _warn_of_separation(separated: np.ndarray, names: list[str]) -> None:
    infinite = [name for name, endless in zip(names, separated, strict=True) if endless]
    if infinite:
        warnings.warn(
            f"covariates = {infinite} separate leavers from stayers: these coefficients have no finite estimate. "
            "Merge rare categories, or set penalty > 0.",
            SeparationWarning,
            stacklevel=4,
        )
