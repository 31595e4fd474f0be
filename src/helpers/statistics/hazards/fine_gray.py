"""Fine and Gray's model: what goes with ever leaving for one reason, while other reasons compete.

Who has left for another reason stays in the risk set, with weight W(t−)/W(T−) at t > T, where W is the chance of
still being followed. R's `finegray` writes that weight on one row for each leaver and each step of W. It is a number of
the slot (a distinct time of the reason's events) times a number of the row, so two running sums yield every risk set:
time and memory are those of a Cox model, linear in rows, and the numbers are those of the expanded rows.
Source: Fine & Gray (1999); Geskus (2011); the running sums as in Kawaguchi, Shen, Suchard & Li (2021).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.statistics.arrays import codes, same_length
from helpers.statistics.hazards.covariates import check_independent, check_varying, covariate_columns
from helpers.statistics.hazards.cox import LogLikelihood, coefficient_table
from helpers.statistics.hazards.maximum_likelihood import FLATTENED, MAX_STEPS, NEARLY_THERE, SeparationWarning
from helpers.statistics.hazards.partial_likelihood import CHUNK, RiskSums, score, slot_means
from helpers.statistics.survival.curves import follow_up, kaplan_meier
from helpers.statistics.survival.risk_sets import FollowUp, follow_up_rows


@dataclass(frozen=True)
class FineGrayFit:
    """A fitted Fine–Gray model of one cause."""

    # covariate, coef, hazard_ratio (of the subdistribution), std_error (of coef), lower, upper (95 %), z, p_value
    coefficients: pd.DataFrame
    covariance: pd.DataFrame  # of the coefficients, robust
    log_likelihood: LogLikelihood


@dataclass(frozen=True)
class SubdistributionDesign:
    """Standardised covariates, the event slots that each row spans, and the weights beyond its own end."""

    columns: np.ndarray  # (p, rows)
    first: np.ndarray  # (rows,) first slot at which the row is at risk
    until: np.ndarray  # (rows,) slot before which it ends: it spans first … until − 1
    dead: np.ndarray  # (rows,) bool, left for the cause, at slot until − 1
    lasting: np.ndarray  # (rows,) 1/W(T−) of who left for another cause, else 0
    slot_weights: np.ndarray  # (slots,) W(t−)
    dead_weight: np.ndarray  # (slots,) number of dead
    dead_total: np.ndarray  # (p,) Σ x over all dead
    death_slot: np.ndarray  # (dead,) slot of each place among the dead
    removed: np.ndarray  # (dead,) share of the slot's dead already taken out (Efron)


def fit_fine_gray(
    covariates: pd.DataFrame | ArrayLike,
    durations: ArrayLike,
    causes: ArrayLike,
    *,
    cause: object,
    entry: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
) -> FineGrayFit:
    """Subdistribution hazard ratios of `covariates` for `cause`.

    `causes` is 0 where censored, else the cause, a number or a name; `entry` is the time from which a row was observed.
    Efron ties; the variance is the sandwich by `cluster`, or by row; like R's it takes W for known. W(t) is the reverse
    Kaplan–Meier of censoring, times, with `entry`, the chance of having entered by t (Geskus 2011).
    Raises ValueError for a cause that nobody left for, missing values, constant or collinear columns; warns with
    SeparationWarning when a coefficient has no finite estimate. Assumes that censoring and entry tell nothing of
    covariates or causes, and subdistribution hazards in proportion.
    """
    by_name = covariate_columns(covariates)
    names = list(by_name)
    rows = follow_up_rows(durations, _outcomes(causes, cause), entry, None, None)
    same_length(covariates, "covariates", len(rows.durations))
    columns = np.array(list(by_name.values()))
    spread = columns.std(axis=1) * (columns.min(axis=1) < columns.max(axis=1))
    check_varying(spread, names)
    columns -= columns.mean(axis=1, keepdims=True)
    columns /= spread[:, None]
    model = _design(columns, rows)
    beta, sums, inverse, null = _maximum(model, names)
    parts = _score_residuals(model, sums)
    if cluster is not None:
        member, labels = codes(cluster, "cluster", len(rows.durations))
        parts = (np.bincount(member, part, len(labels)) for part in parts)
    influence = inverse @ np.array(list(parts))
    covariance = pd.DataFrame(influence @ influence.T / np.outer(spread, spread), index=names, columns=names)
    return FineGrayFit(
        coefficient_table(names, beta / spread, np.sqrt(np.diag(covariance))),
        covariance,
        LogLikelihood(null.log_likelihood, sums.log_likelihood),
    )


def _outcomes(causes: ArrayLike, cause: object) -> np.ndarray:
    """0 for the censored, 1 for the cause, 2 for any other."""
    column = pd.Series(causes).reset_index(drop=True)
    missing = int(column.isna().sum())
    if missing:
        raise ValueError(f"causes = missing in {missing} of {len(column)} rows: write 0 for censored. Name the others.")
    happened, chosen = (column != 0).to_numpy(bool), (column == cause).to_numpy(bool)
    if not (happened & chosen).any():
        known = sorted(map(str, column[happened].unique()))
        raise ValueError(f"cause = {cause!r}: nobody left for it. Choose one of {', '.join(known) or 'no causes'}.")
    return np.where(chosen, 1, np.where(happened, 2, 0))


def _design(columns: np.ndarray, rows: FollowUp) -> SubdistributionDesign:
    dead = rows.outcomes == 1
    times, deaths = np.unique(rows.durations[dead], return_counts=True)
    death_slot = np.repeat(np.arange(len(times)), deaths)
    place = np.arange(len(death_slot)) - (np.cumsum(deaths) - deaths)[death_slot]
    entered = np.zeros_like(rows.durations) if rows.entry is None else rows.entry
    slot_weights, at_end = np.split(_followed_before(rows, np.append(times, rows.durations)), [len(times)])
    others = rows.outcomes == 2
    if (at_end[others] == 0).any():
        raise ValueError(
            "entry = late for all rows at some time: nobody was observed just before it. "
            "Leave out the leavers before the first time from which somebody always was."
        )
    return SubdistributionDesign(
        columns=columns,
        first=np.where(entered > 0, np.searchsorted(times, entered, side="right"), 0),
        until=np.searchsorted(times, rows.durations, side="right"),
        dead=dead,
        lasting=np.divide(1.0, at_end, out=np.zeros_like(at_end), where=others),
        slot_weights=slot_weights,
        dead_weight=deaths,
        dead_total=columns[:, dead].sum(axis=1),
        death_slot=death_slot,
        removed=place / deaths[death_slot],
    )


def _followed_before(rows: FollowUp, times: np.ndarray) -> np.ndarray:
    """W(t−): the chance not to be censored before each time, and with entries to have entered before it."""
    curve = follow_up(rows.durations, rows.outcomes > 0, entry=rows.entry)
    followed = np.append(1.0, curve["survival"])[np.searchsorted(curve["time"], times)]
    if rows.entry is None:
        return followed
    # backwards in time rows enter when they leave and leave when they enter, but for those there from the start
    seen, latest = rows.durations > 0, rows.durations.max()
    entered = rows.entry[seen]
    reverse = kaplan_meier(latest - entered, entered > 0, entry=latest - rows.durations[seen])
    place = np.searchsorted(reverse["time"], latest - times, side="right")
    return followed * np.append(1.0, reverse["survival"])[place]


def _slot_sums(model: SubdistributionDesign, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums of a value over the weighted risk set and over the dead of every slot."""
    slots = len(model.dead_weight)
    leaving, entering = (np.bincount(bins, values, slots + 1) for bins in (model.until, model.first))
    present = np.cumsum((leaving - entering)[::-1])[::-1][1:]
    gone = np.cumsum(np.bincount(model.until, values * model.lasting, slots + 1))[:-1]
    dead = np.bincount(model.until[model.dead] - 1, values[model.dead], slots)
    return present + model.slot_weights * gone, dead


def _exposure(model: SubdistributionDesign, by_slot: np.ndarray, by_dead_slot: np.ndarray) -> np.ndarray:
    """Weighted sum of `by_slot` over the slots of each row, less `by_dead_slot` at a dead row's own."""
    zero = np.zeros_like(by_slot[..., :1])
    running, weighted = (
        np.concatenate([zero, np.cumsum(part, axis=-1)], axis=-1) for part in (by_slot, by_slot * model.slot_weights)
    )
    beyond = weighted[..., -1:] - weighted[..., model.until]
    sums = running[..., model.until] - running[..., model.first] + model.lasting * beyond
    sums[..., model.dead] -= by_dead_slot[..., model.until[model.dead] - 1]
    return sums


def _risk_sums(model: SubdistributionDesign, beta: np.ndarray) -> RiskSums:
    """Log-likelihood and risk-set sums at `beta`, as `partial_likelihood.risk_sums`."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        risk = np.exp(beta @ model.columns)
        at_risk, dead_risk = _slot_sums(model, risk)
        den = at_risk[model.death_slot] - model.removed * dead_risk[model.death_slot]
        a, b, aa, ab, bb = (
            np.bincount(model.death_slot, term, len(model.dead_weight))
            for term in (1 / den, model.removed / den, 1 / den**2, model.removed / den**2, (model.removed / den) ** 2)
        )
        log_likelihood = beta @ model.dead_total - np.log(den).sum()
        moment, dead_moment = np.array([_slot_sums(model, risk * column) for column in model.columns]).swapaxes(0, 1)
    return RiskSums(float(log_likelihood), risk, a, b, aa, ab, bb, moment, dead_moment)


def _information(model: SubdistributionDesign, sums: RiskSums) -> np.ndarray:
    row_weights = sums.risk * _exposure(model, sums.a, sums.b)
    cross = (sums.moment * sums.ab) @ sums.dead_moment.T
    squares = (sums.moment * sums.aa) @ sums.moment.T + (sums.dead_moment * sums.bb) @ sums.dead_moment.T
    gram = np.zeros((len(model.columns), len(model.columns)))
    for start in range(0, len(row_weights), CHUNK):
        block = model.columns[:, start : start + CHUNK]
        gram += (block * row_weights[start : start + CHUNK]) @ block.T
    return gram - squares + cross + cross.T


def _score_residuals(model: SubdistributionDesign, sums: RiskSums) -> Iterator[np.ndarray]:
    """Each row's part of the score, covariate by covariate, whatever rows of `finegray` it would be."""
    martingale = model.dead - sums.risk * _exposure(model, sums.a, sums.b)
    own = model.until[model.dead] - 1
    changes = (
        sums.moment * sums.aa - sums.dead_moment * sums.ab,
        sums.moment * sums.ab - sums.dead_moment * sums.bb,
    )
    for column, mean, *by_slot in zip(model.columns, slot_means(model, sums), *changes, strict=True):
        residual = column * martingale + sums.risk * _exposure(model, *by_slot)
        residual[model.dead] -= mean[own]
        yield residual


def _maximum(model: SubdistributionDesign, names: list[str]) -> tuple[np.ndarray, RiskSums, np.ndarray, RiskSums]:
    """Coefficients by Newton's method, the sums there, the inverse information, and the sums at 0."""
    beta = np.zeros(len(names))
    sums = null = _risk_sums(model, beta)
    hessian = _information(model, sums)
    check_varying(np.where(np.diag(hessian) > 1e-12 * model.dead_weight.sum(), 1.0, 0.0), names)
    check_independent(hessian, names)
    at_null = np.diag(np.linalg.inv(hessian))
    for _ in range(MAX_STEPS):
        gradient = score(model, sums)
        step = np.linalg.solve(hessian, gradient)
        gain = gradient @ step / 2
        ahead = _risk_sums(model, beta + step)
        while not ahead.log_likelihood >= sums.log_likelihood - 1e-9 * (1 + abs(sums.log_likelihood)):
            step = step / 2
            ahead = _risk_sums(model, beta + step)
        beta, sums = beta + step, ahead
        hessian = _information(model, sums)
        if gain < NEARLY_THERE:
            inverse = np.linalg.inv(hessian)
            endless = [name for name, wide in zip(names, np.diag(inverse) > FLATTENED * at_null, strict=True) if wide]
            if endless:
                warnings.warn(
                    f"covariates = {endless} separate those who left for the cause from all others: "
                    "these coefficients have no finite estimate. Merge rare categories.",
                    SeparationWarning,
                    stacklevel=3,
                )
            return beta, sums, inverse, null
    raise ValueError(f"covariates = {names}: no maximum of the likelihood in {MAX_STEPS} steps. Look for outliers.")
