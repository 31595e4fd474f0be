"""Cox's proportional hazards model: which customers leave sooner, by how much, and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

from helpers.statistics.arrays import codes, event_flags, finite_numbers, same_length
from helpers.statistics.hazards.baseline_hazard import baseline_table, cumulative_hazard, survival_table
from helpers.statistics.hazards.covariates import covariate_columns, same_covariates
from helpers.statistics.hazards.maximum_likelihood import Maximum, SeparationWarning, maximise
from helpers.statistics.hazards.partial_likelihood import (
    Design,
    design,
    martingale_residuals,
    score_residuals,
    slot_means,
)
from helpers.statistics.hazards.proportional_hazards import proportional_hazards_test
from helpers.statistics.survival.discrimination import concordance
from helpers.statistics.survival.risk_sets import FollowUp, follow_up_rows

__all__ = ["CoxFit", "LogLikelihood", "SeparationWarning", "fit_cox", "proportional_hazards_test"]


class LogLikelihood(NamedTuple):
    """Partial log-likelihood without covariates and at the estimate (without the penalty)."""

    null: float
    fitted: float


@dataclass(frozen=True)
class CoxFit:
    """A fitted Cox model."""

    # covariate, coef, hazard_ratio, std_error (of coef), lower and upper (95 %, of the ratio), z, p_value
    coefficients: pd.DataFrame
    covariance: pd.DataFrame  # of the coefficients; robust when the fit is
    log_likelihood: LogLikelihood
    baseline: pd.DataFrame  # stratum, time, hazard, cumulative_hazard of somebody with mean covariates
    means: pd.Series  # weighted mean of each covariate
    followed_until: pd.Series  # last duration of each stratum
    ties: str
    penalty: float
    index: pd.Index = field(repr=False)  # names of the rows
    rows: FollowUp = field(repr=False)
    design: Design = field(repr=False)
    maximum: Maximum = field(repr=False)

    @cached_property
    def martingale_residuals(self) -> pd.Series:
        """Events less expected events of each row, in the order of the input."""
        residuals = np.zeros(len(self.index))
        residuals[self.design.order] = martingale_residuals(self.design, self.maximum.sums)
        return pd.Series(residuals, index=self.index, name="martingale_residual")

    @cached_property
    def concordance(self) -> float:
        """Share of comparable pairs that the model ranks rightly, within strata; ties in risk count half."""
        score = np.zeros(len(self.index))  # rows outside the design are at risk at no event, and so in no pair
        score[self.design.order] = np.round(self.maximum.beta @ self.design.columns, 10)
        rows = self.rows
        return concordance(
            rows.durations, rows.outcomes, score, entry=rows.entry, weights=rows.weights, strata=rows.block
        )

    def careful(self, clusters: int) -> CoxFit:
        """The fit with coefficients whose errors hold for few clusters with an event, of which there are so many.

        The larger of the model's own error and that of the sandwich · √(clusters ÷ (clusters − covariates)): the
        sandwich alone is too small on average where covariates are many for the events (Fay & Graubard 2001; Mancl &
        DeRouen 2001).
        """
        names, known = list(self.means.index), self.coefficients
        own = np.sqrt(np.diag(self.maximum.covariance)) / self.design.scale
        wider = known["std_error"] * np.sqrt(clusters / max(clusters - len(names), 1))
        table = coefficient_table(names, known["coef"].to_numpy(), np.maximum(own, wider.to_numpy()))
        return replace(self, coefficients=table)

    def schoenfeld_residuals(self, *, scaled: bool = False) -> pd.DataFrame:
        """Covariates of each event less their mean over its risk set: stratum, time and one column a covariate.

        One row an event, sorted by stratum and time, indexed as the input. Scaled ones, whose mean over time is the
        coefficient and whose trend its drift, are coef + events × variance × residual (Grambsch & Therneau 1994).
        """
        model = self.design
        dead = np.flatnonzero(model.dead)
        dead = dead[np.argsort(model.last[dead], kind="stable")]
        slot = model.last[dead]
        residuals = (model.columns[:, dead] - slot_means(model, self.maximum.sums)[:, slot]).T
        if scaled:
            residuals = (self.maximum.beta + len(slot) * residuals @ self.maximum.covariance) / model.scale
        else:
            residuals = residuals * model.scale
        table = pd.DataFrame(residuals, columns=self.means.index, index=self.index[model.order[dead]])
        table.insert(0, "time", model.time[slot])
        table.insert(0, "stratum", self.rows.labels.take(model.stratum[slot]))
        return table

    def linear_predictor(self, covariates: pd.DataFrame | ArrayLike) -> np.ndarray:
        """Log hazard ratio of each row against somebody with mean covariates."""
        coefs = self.coefficients["coef"]
        columns = same_covariates(covariates, self.means.index.tolist())
        log_ratio = np.full(len(columns[0]), -self.means.to_numpy() @ coefs)
        for coef, column in zip(coefs, columns, strict=True):
            log_ratio += coef * column
        return log_ratio

    def survival(
        self, covariates: pd.DataFrame | ArrayLike, times: ArrayLike, *, strata: ArrayLike | None = None
    ) -> pd.DataFrame:
        """Probability of staying beyond each of `times`: one row a customer, one column a time.

        `strata` names each customer's stratum when the model has some. NaN beyond the last duration of the stratum.
        """
        times = np.atleast_1d(np.asarray(times, dtype=float))
        stratum = self._strata(strata, np.shape(covariates)[0])
        every = range(len(self.rows.labels))
        hazards = (np.concatenate([self._cumulative(code, times[[k]]) for code in every]) for k in range(len(times)))
        return self._table(hazards, stratum, covariates, times)

    def conditional_survival(
        self,
        covariates: pd.DataFrame | ArrayLike,
        elapsed: ArrayLike,
        horizons: ArrayLike,
        *,
        strata: ArrayLike | None = None,
    ) -> pd.DataFrame:
        """Probability of staying beyond elapsed + horizon given having stayed beyond `elapsed`.

        One row a customer, one column a horizon; `elapsed` is one number a customer. NaN where elapsed + horizon lies
        beyond the last duration of the stratum: nobody was followed so long.
        """
        horizons = np.atleast_1d(np.asarray(horizons, dtype=float))
        elapsed = same_length(finite_numbers(elapsed, "elapsed"), "elapsed", np.shape(covariates)[0])
        stratum = self._strata(strata, np.shape(covariates)[0])
        rank, distinct = pd.factorize(elapsed, sort=True)
        every = range(len(self.rows.labels))
        start = np.concatenate([self._cumulative(code, distinct) for code in every])
        hazards = (
            np.concatenate([self._cumulative(code, distinct + horizon) for code in every]) - start
            for horizon in horizons
        )
        return self._table(hazards, stratum * len(distinct) + rank, covariates, horizons)

    def _table(
        self, hazards: Iterable[np.ndarray], case: np.ndarray, covariates: pd.DataFrame | ArrayLike, columns: np.ndarray
    ) -> pd.DataFrame:
        risk = np.exp(self.linear_predictor(covariates))
        index = covariates.index if isinstance(covariates, pd.DataFrame) else None
        return pd.DataFrame(survival_table(hazards, case, risk, columns), index=index, columns=columns, copy=False)

    def _cumulative(self, code: int, times: np.ndarray) -> np.ndarray:
        label = self.rows.labels[code]
        return cumulative_hazard(self.baseline, label, self.followed_until.iloc[code], times)

    def _strata(self, strata: ArrayLike | None, size: int) -> np.ndarray:
        """Code of each customer's stratum."""
        labels = self.rows.labels
        if strata is None:
            if len(labels) > 1:
                raise ValueError(f"strata = None: the model has strata {labels.tolist()}. Name one for each row.")
            return np.zeros(size, dtype=np.int64)
        code = labels.get_indexer(same_length(np.asarray(strata), "strata", size))
        if (code < 0).any():
            unknown = np.asarray(strata)[code < 0].tolist()[0]
            raise ValueError(f"strata = {unknown!r}: the model has {labels.tolist()}. Name one of these for each row.")
        return code


def fit_cox(
    covariates: pd.DataFrame | ArrayLike,
    durations: ArrayLike,
    events: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    strata: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
    ties: str = "efron",
    robust: bool = False,
    penalty: float = 0.0,
) -> CoxFit:
    """Cox model of `covariates` (numbers, one column each; rows match durations and events by place).

    Rows are (entry, duration] intervals, so time-varying covariates are several rows a customer, with `cluster` naming
    the customer. `weights` multiply each row's likelihood (with Efron ties that is not the same as repeating rows).
    `cluster` or `robust` gives the sandwich variance, by cluster or by row. `penalty` is a ridge: it subtracts
    penalty/2 Σ (coef × SD of the covariate)² from the log-likelihood; errors are then from the penalised information.
    Raises ValueError for missing values, no events, constant or collinear columns; warns with SeparationWarning when a
    coefficient has no finite estimate. Assumes proportional hazards: see `proportional_hazards_test`.
    Source: Cox (1972); Efron (1977); Lin & Wei (1989).
    """
    if ties not in ("efron", "breslow"):
        raise ValueError(f"ties = {ties!r}: 'efron' or 'breslow'. Leave it out for 'efron'.")
    if not (np.isfinite(penalty) and penalty >= 0):
        raise ValueError(f"penalty = {penalty!r}: a number of at least 0. Leave it out for none.")
    columns = covariate_columns(covariates)
    names, size = list(columns), np.shape(covariates)[0]
    rows = follow_up_rows(durations, event_flags(events), entry, weights, strata, "strata")
    same_length(covariates, "covariates", len(rows.durations))
    if rows.weights.min() == 0:
        raise ValueError("weights = 0 in a row: a weight is above 0. Drop those rows.")
    if not rows.outcomes.any():
        raise ValueError("events = 0 in every row: at least one event is needed. Check how the event is coded.")
    model = design(list(columns.values()), rows, ties == "efron")
    maximum = maximise(model, names, penalty)
    covariance = maximum.covariance
    if robust or cluster is not None:
        covariance = _sandwich(model, maximum, cluster, size)
    covariance = pd.DataFrame(covariance / np.outer(model.scale, model.scale), index=names, columns=names)
    last = np.zeros(len(rows.labels))
    np.maximum.at(last, rows.block, rows.durations)
    return CoxFit(
        coefficients=coefficient_table(names, maximum.beta / model.scale, np.sqrt(np.diag(covariance))),
        covariance=covariance,
        log_likelihood=LogLikelihood(maximum.null_log_likelihood, maximum.sums.log_likelihood),
        baseline=baseline_table(rows.labels.take(model.stratum), model.time, maximum.sums.a),
        means=pd.Series(model.center, index=names),
        followed_until=pd.Series(last, index=rows.labels),
        ties=ties,
        penalty=penalty,
        index=covariates.index if isinstance(covariates, pd.DataFrame) else pd.RangeIndex(size),
        rows=rows,
        design=model,
        maximum=maximum,
    )


def _sandwich(model: Design, maximum: Maximum, cluster: ArrayLike | None, size: int) -> np.ndarray:
    """Variance that holds although rows of a cluster go together, or the model is wrong. Source: Lin & Wei (1989)."""
    residuals = (residual * model.weights for residual in score_residuals(model, maximum.sums))
    if cluster is not None:
        member, labels = codes(cluster, "cluster", size)
        residuals = (np.bincount(member[model.order], residual, len(labels)) for residual in residuals)
    parts = np.array(list(residuals))
    return maximum.covariance @ (parts @ parts.T) @ maximum.covariance


def coefficient_table(names: list[str], coef: np.ndarray, std_error: np.ndarray) -> pd.DataFrame:
    """Coefficients as every hazard model gives them: hazard ratios with 95 % limits, z and two-sided p-values."""
    z = coef / std_error
    half = norm.ppf(0.975) * std_error
    with np.errstate(over="ignore"):
        return pd.DataFrame(
            {
                "covariate": names,
                "coef": coef,
                "hazard_ratio": np.exp(coef),
                "std_error": std_error,
                "lower": np.exp(coef - half),
                "upper": np.exp(coef + half),
                "z": z,
                "p_value": 2 * norm.sf(np.abs(z)),
            }
        )
