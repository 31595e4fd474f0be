"""Accelerated failure times, fitted by lifelines: by what factor covariates stretch a stay, for three shapes."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import log_ndtr


class Shape(NamedTuple):
    """A distribution of time, as lifelines calls it and its parameters."""

    fitter: str
    place: str  # the linear predictor of the logarithm of time
    width: str  # the logarithm of the scale, or of 1 ÷ scale
    sign: int  # +1 for the scale, -1 for 1 ÷ scale
    cumulative_hazard: Callable[[np.ndarray], np.ndarray]  # of z = (log time − linear predictor) ÷ scale


SHAPES = {
    "Weibull": Shape("WeibullAFTFitter", "lambda_", "rho_", -1, np.exp),
    "log-normal": Shape("LogNormalAFTFitter", "mu_", "sigma_", 1, lambda z: -log_ndtr(-z)),
    "log-logistic": Shape("LogLogisticAFTFitter", "alpha_", "beta_", -1, lambda z: np.logaddexp(0, z)),
}


@dataclass(frozen=True)
class FailureTimes:
    """A fitted accelerated failure time model."""

    distribution: str
    coefficients: pd.DataFrame  # covariate, time_ratio, lower and upper (95 %), p_value
    log_likelihood: float  # of the times themselves, not of their logarithms
    scale: float  # standard unit of the logarithm of time; a Weibull's shape is 1 ÷ scale
    linear_predictor: np.ndarray = field(repr=False)  # of each row, intercept included
    entry: np.ndarray = field(repr=False)  # days from which a row was watched
    durations: np.ndarray = field(repr=False)

    @property
    def parameters(self) -> int:
        """How many numbers were estimated: the coefficients, the intercept and the scale."""
        return len(self.coefficients) + 2

    @property
    def aic(self) -> float:
        """Akaike's information criterion: less is better."""
        return 2 * (self.parameters - self.log_likelihood)

    def expected_survival(self, times: np.ndarray) -> np.ndarray:
        """The Kaplan–Meier curve that the model expects of its own rows, at each of `times`, which rise from 0.

        Over each step the hazards are averaged over the rows then followed, by their time at risk. A plain mean of
        the rows' curves is another thing, where covariates go with being followed for long or seen late.
        """
        total = np.zeros(len(times))
        for step, (low, high) in enumerate(pairwise(times), start=1):
            followed = (self.durations > low) & (self.entry < high)
            start, end = np.maximum(self.entry[followed], low), np.minimum(self.durations[followed], high)
            added = self._cumulative_hazard(end, followed) - self._cumulative_hazard(start, followed)
            total[step] = total[step - 1] + (high - low) * added.sum() / (end - start).sum()
        return np.exp(-total)

    def _cumulative_hazard(self, times: np.ndarray, rows: np.ndarray) -> np.ndarray:
        with np.errstate(divide="ignore"):  # the logarithm of 0
            z = (np.log(times) - self.linear_predictor[rows]) / self.scale
        return SHAPES[self.distribution].cumulative_hazard(z)


def fit_failure_times(distribution: str, covariates: pd.DataFrame, table: pd.DataFrame) -> FailureTimes | None:
    """Time ratios of `covariates`: by what factor each multiplies the length of the stays of `table`, row by row.

    log time = intercept + covariates · coef + scale · error, where the error is of the "Weibull" (least extreme
    value), "log-normal" or "log-logistic" kind. Stays last more than 0 days, some have ended, and no covariate is
    constant or a combination of others; late entry makes the likelihood conditional on having stayed so long. None
    where no maximum is found; a ratio without a finite estimate has p-value 1. Source: Kalbfleisch & Prentice (2002),
    ch. 3.
    """
    import lifelines  # 0.4 s, which every notebook would pay: all words are imported together
    from lifelines.exceptions import ConvergenceError

    shape = SHAPES[distribution]
    numbered = [f"x{place}" for place in range(covariates.shape[1])]  # names of customers' columns may be any
    rows = (covariates - covariates.mean()).set_axis(numbered, axis="columns")
    rows = rows.assign(duration=table["duration_days"], left=table["left"], entry=table["entry_days"])
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # of steps beyond what floats hold, and of covariates that separate
            fit = getattr(lifelines, shape.fitter)().fit(rows, "duration", "left", entry_col="entry")
            ratios = fit.summary.loc[shape.place].loc[numbered]
    except (ConvergenceError, np.linalg.LinAlgError):
        return None
    return FailureTimes(
        distribution,
        pd.DataFrame(
            {
                "covariate": covariates.columns,
                "time_ratio": ratios["exp(coef)"].to_numpy(),
                "lower": ratios["exp(coef) lower 95%"].to_numpy(),
                "upper": ratios["exp(coef) upper 95%"].to_numpy(),
                "p_value": ratios["p"].fillna(1.0).to_numpy(),
            }
        ),
        float(fit.log_likelihood_),
        float(np.exp(shape.sign * fit.params_[shape.width]["Intercept"])),
        fit.params_[shape.place]["Intercept"] + rows[numbered].to_numpy() @ ratios["coef"].to_numpy(),
        table["entry_days"].to_numpy(dtype=float),
        table["duration_days"].to_numpy(dtype=float),
    )
