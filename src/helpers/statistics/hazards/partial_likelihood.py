"""Cox's partial likelihood, its score and its information, at a cost linear in rows.

An event slot is a distinct event time of a stratum. With r = exp(η), R and D the weighted sums of r over a slot's risk
set and its dead, w̄ the mean weight of its d dead, c_k = k/d and den_k = R − c_k D (k = 0 … d − 1, Efron; c = 0 for
Breslow), let A = Σ_k w̄/den_k, B = Σ_k w̄ c_k/den_k and v_i = w_i r_i (ΣA over the slots i is at risk − dead_i B).
The score is Xᵀ(wδ − v), and the information XᵀDiag(v)X less a few (slots × p) products: never a p × p sum a slot.
Rows are added up in two bins a slot, the censored and the dead; they are sorted by bin only when the bins are too many
to stay in the processor's cache. Source: Efron (1977); Breslow (1974); Therneau & Grambsch (2000), ch. 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import sparse

from helpers.statistics.survival.risk_sets import FollowUp, still_at_risk, time_grid

CHUNK = 8192  # rows of one Gram product, so that they stay in the processor's cache
CACHED_BINS = 2**14  # bins that are filled in any order without a miss


@dataclass(frozen=True)
class Design:
    """Rows that are at risk at some event, with standardised covariates, and the slots at which they are."""

    columns: np.ndarray  # (p, rows) centred and scaled
    center: np.ndarray  # (p,)
    scale: np.ndarray  # (p,)
    weights: np.ndarray  # (rows,)
    dead: np.ndarray  # (rows,) bool
    last: np.ndarray  # (rows,) last event slot at which the row is at risk
    order: np.ndarray  # (rows,) place of the row in the input
    stratum: np.ndarray  # (slots,)
    time: np.ndarray  # (slots,)
    deaths: np.ndarray  # (slots,) number of dead rows
    dead_weight: np.ndarray  # (slots,) sum of their weights
    death_starts: np.ndarray  # (slots,) place among the dead of the slot's first
    death_slot: np.ndarray  # (dead,) slot of each
    removed: np.ndarray  # (dead,) c_k, the share of the slot's dead already taken out
    dead_total: np.ndarray  # (p,) Σ w x over all dead
    leaving: sparse.csc_matrix  # (2 slots × rows) adds rows up by last slot and dead
    entering: sparse.csc_matrix | None  # (slots × rows) adds rows up by first slot; None when that is 0 for all


class Deaths(Protocol):
    """What a score reads of a design."""

    @property
    def dead_weight(self) -> np.ndarray:
        """(slots,) sum of the weights of the dead."""

    @property
    def dead_total(self) -> np.ndarray:
        """(p,) Σ w x over all dead."""


@dataclass(frozen=True)
class RiskSums:
    """Sums over risk sets at one value of the coefficients; slots are columns of the two moments."""

    log_likelihood: float
    risk: np.ndarray  # (rows,) exp(η)
    a: np.ndarray  # (slots,) Σ_k w̄/den
    b: np.ndarray  # (slots,) Σ_k w̄ c/den
    aa: np.ndarray  # (slots,) Σ_k w̄/den²
    ab: np.ndarray  # (slots,) Σ_k w̄ c/den²
    bb: np.ndarray  # (slots,) Σ_k w̄ c²/den²
    moment: np.ndarray  # (p, slots) Σ w r x over the risk set
    dead_moment: np.ndarray  # (p, slots) Σ w r x over the dead


def design(covariates: list[np.ndarray], rows: FollowUp, efron: bool) -> Design:
    """The design of one array a covariate; a constant one gets scale 0."""
    grid = time_grid(rows)
    dead = rows.outcomes == 1
    at_slot = np.bincount(grid.last, dead, len(grid.time)).astype(np.int64)
    event_slots = np.flatnonzero(at_slot)
    slots = len(event_slots)
    before = np.concatenate([[0], np.cumsum(at_slot > 0)])  # event slots before each slot of the grid
    first, last = before[grid.first], before[1:][grid.last] - 1
    used = first <= last
    order = np.flatnonzero(used)
    if 2 * slots > CACHED_BINS:
        order = order[np.argsort((2 * last + dead)[order], kind="stable")]
    first, last, dead, weights = first[order], last[order], dead[order], rows.weights[order]
    columns, center, scale = _standardised(covariates, rows.weights, used, order)
    deaths = at_slot[event_slots]
    starts = np.cumsum(deaths) - deaths
    death_slot = np.repeat(np.arange(slots), deaths)
    removed = (np.arange(len(death_slot)) - starts[death_slot]) / deaths[death_slot] * efron
    return Design(
        columns=columns,
        center=center,
        scale=scale,
        weights=weights,
        dead=dead,
        last=last,
        order=order,
        stratum=grid.block[event_slots],
        time=grid.time[event_slots],
        dead_weight=np.bincount(last[dead], weights[dead], slots),
        deaths=deaths,
        death_starts=starts,
        death_slot=death_slot,
        removed=removed,
        dead_total=columns @ (weights * dead),
        leaving=_adder(2 * last + dead, 2 * slots),
        entering=_adder(first, slots) if first.any() else None,
    )


def _adder(bins: np.ndarray, size: int) -> sparse.csc_matrix:
    """Matrix (size × rows) whose product with a vector adds up its rows, each in its bin."""
    return sparse.csc_matrix((np.ones(len(bins)), bins, np.arange(len(bins) + 1)), shape=(size, len(bins)))


def _standardised(
    covariates: list[np.ndarray], weights: np.ndarray, used: np.ndarray, order: np.ndarray
) -> tuple[np.ndarray, ...]:
    """Centred and scaled covariates (p × rows) in the given order, and the weighted means and SDs of all rows."""
    total, rest = weights.sum(), np.flatnonzero(~used)
    sorted_weights = weights[order]
    columns = np.empty((len(covariates), len(order)))
    center, scale = np.empty((2, len(covariates)))
    for j, (column, place) in enumerate(zip(covariates, columns, strict=True)):
        center[j] = weights @ column / total
        np.take(column, order, out=place, mode="clip")  # the default mode buffers a copy
        place -= center[j]
        squares = np.einsum("i,i,i", sorted_weights, place, place) + weights[rest] @ (column[rest] - center[j]) ** 2
        scale[j] = np.sqrt(squares / total) if column.min() < column.max() else 0.0
        place /= scale[j] or 1.0
    return columns, center, scale


def risk_sums(model: Design, beta: np.ndarray) -> RiskSums:
    """Log-likelihood and risk-set sums at `beta`, coefficients of the standardised covariates."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        risk = np.exp(beta @ model.columns)
        (at_risk, *moment), (dead_risk, *dead_moment) = _slot_sums(model, model.weights * risk)
        den = at_risk[model.death_slot] - model.removed * dead_risk[model.death_slot]
        inverse = 1 / den
        removed = model.removed * inverse
        mean_weight = model.dead_weight / model.deaths
        a, b, aa, ab, bb = (
            mean_weight * np.add.reduceat(term, model.death_starts)
            for term in (inverse, removed, inverse**2, removed * inverse, removed**2)
        )
        log_likelihood = model.dead_total @ beta - mean_weight @ np.add.reduceat(np.log(den), model.death_starts)
    return RiskSums(float(log_likelihood), risk, a, b, aa, ab, bb, np.array(moment), np.array(dead_moment))


def _slot_sums(model: Design, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums over the risk set and over the dead of every slot (1 + p, slots): of weights, and of those × covariates."""
    values = (np.ones(len(weights)), *model.columns)
    left = _sums(model.leaving, weights, values).reshape(len(values), -1, 2)
    stayed, dead = left[:, :, 0], left[:, :, 1]
    entered = np.zeros_like(dead) if model.entering is None else _sums(model.entering, weights, values)
    return still_at_risk((stayed + dead).T, entered.T).T, dead


def _sums(adder: sparse.csc_matrix, weights: np.ndarray, values: tuple[np.ndarray, ...]) -> np.ndarray:
    """Each value times the weights, added up by the adder."""
    weighing = sparse.csc_matrix((weights, adder.indices, adder.indptr), shape=adder.shape)
    return np.array([weighing @ value for value in values])


def exposure(model: Design, by_slot: np.ndarray, by_dead_slot: np.ndarray) -> np.ndarray:
    """Sum of `by_slot` over the slots each row is at risk, less `by_dead_slot` at a dead row's own slot.

    Both have slots as their last axis; so has the answer rows.
    """
    running = np.concatenate([np.zeros_like(by_slot[..., :1]), np.cumsum(by_slot, axis=-1)], axis=-1)
    # one look-up serves both: the even places hold the sum for the censored, the odd ones for the dead
    ends = np.stack([running[..., 1:], running[..., 1:] - by_dead_slot], axis=-1).reshape(*by_slot.shape[:-1], -1)
    total = ends.take(model.leaving.indices, axis=-1)
    if model.entering is not None:
        total -= running.take(model.entering.indices, axis=-1)
    return total


def score(model: Deaths, sums: RiskSums) -> np.ndarray:
    """First derivative of the log-likelihood."""
    return model.dead_total - (sums.moment @ sums.a - sums.dead_moment @ sums.b)


def information(model: Design, sums: RiskSums, slot_weights: np.ndarray | None = None) -> np.ndarray:
    """Minus the second derivative of the log-likelihood, each slot's part times `slot_weights` when given."""
    a, b, aa, ab, bb = (
        part if slot_weights is None else part * slot_weights for part in (sums.a, sums.b, sums.aa, sums.ab, sums.bb)
    )
    row_weights = model.weights * sums.risk * exposure(model, a, b)
    gram = np.zeros((len(model.columns), len(model.columns)))
    for start in range(0, len(row_weights), CHUNK):
        block = model.columns[:, start : start + CHUNK]
        gram += (block * row_weights[start : start + CHUNK]) @ block.T
    cross = (sums.moment * ab) @ sums.dead_moment.T
    squares = (sums.moment * aa) @ sums.moment.T + (sums.dead_moment * bb) @ sums.dead_moment.T
    return gram - squares + cross + cross.T


def information_of(model: Design, sums: RiskSums, place: int) -> np.ndarray:
    """What each slot adds to the information's row of one covariate (slots × p), in one pass over the rows."""
    (_, *risk), (_, *dead) = _slot_sums(model, model.weights * sums.risk * model.columns[place])
    moment, dead_moment = sums.moment, sums.dead_moment
    squares = sums.aa * moment[place] * moment + sums.bb * dead_moment[place] * dead_moment
    cross = sums.ab * (moment[place] * dead_moment + dead_moment[place] * moment)
    return (sums.a * np.array(risk) - sums.b * np.array(dead) - squares + cross).T


def slot_means(model: Deaths, sums: RiskSums) -> np.ndarray:
    """Mean covariates (p × slots) that the dead of each slot are compared with, averaged over Efron's steps."""
    return (sums.moment * sums.a - sums.dead_moment * sums.b) / model.dead_weight


def martingale_residuals(model: Design, sums: RiskSums) -> np.ndarray:
    """Events less expected events, by row of the design."""
    return model.dead - sums.risk * exposure(model, sums.a, sums.b)


def score_residuals(model: Design, sums: RiskSums) -> Iterator[np.ndarray]:
    """Each row's part of the score, covariate by covariate, before its weight: ∫ (x − x̄(t)) dM(t)."""
    means = slot_means(model, sums)
    at_end = np.stack([np.zeros_like(means), means], axis=-1).reshape(len(means), -1)  # a place for censored and dead
    changes = (
        sums.moment * sums.aa - sums.dead_moment * sums.ab,
        sums.moment * sums.ab - sums.dead_moment * sums.bb,
    )
    martingale = martingale_residuals(model, sums)
    for column, end, by_slot, by_dead_slot in zip(model.columns, at_end, *changes, strict=True):
        residual = sums.risk * exposure(model, by_slot, by_dead_slot)
        residual += column * martingale
        residual -= end.take(model.leaving.indices)
        yield residual
