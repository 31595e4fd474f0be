"""Competing risks: how many have left for which reason by when."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.statistics.arrays import codes
from helpers.statistics.survival.confidence_limits import limits
from helpers.statistics.survival.risk_sets import (
    fewest_so_far,
    follow_up_rows,
    still_at_risk,
    survival_before,
    tally,
    time_grid,
    weighted_rows,
)


def aalen_johansen(
    durations: ArrayLike,
    causes: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    level: float = 0.95,
    at_least: float = 0,
) -> pd.DataFrame:
    """Cumulative incidence of each cause at every distinct time of every group.

    `causes` is 0 where censored, else the cause, a number or a name. Returns group ("all" without groups), cause, time,
    at_risk, events, incidence, std_error, lower, upper. Causes tied in time are taken together: nothing is broken at
    random. Limits on the log-log scale. `weights` are counts of alike rows. From where on fewer than `at_least` were at
    risk, incidence and its error are unknown (NaN). Raises ValueError when nobody had an event.
    Source: Aalen & Johansen (1978); multinomial delta-method variance as in Marubini & Valsecchi (1995), eq. 10.12.
    """
    outcomes, names = _outcomes(causes)
    rows = weighted_rows(follow_up_rows(durations, outcomes, entry, weights, groups))
    grid = time_grid(rows)
    leaving = tally(grid.last, rows.outcomes, rows.weights, (len(grid.time), len(names) + 1))
    at_risk = still_at_risk(leaving.sum(axis=1), np.bincount(grid.first, rows.weights, len(grid.time)))
    events = leaving[:, 1:]
    staying = at_risk - events.sum(axis=1)
    staying[staying < 1e-12 * at_risk] = 0.0  # what rounding leaves of fractional weights is nobody
    few = fewest_so_far(rows, grid, at_risk, leaving.sum(axis=1)) < at_least
    before = survival_before(grid.block, at_risk, at_risk - staying)
    tables = []
    for cause, happened in zip(names, events.T, strict=True):
        incidence, std_error = _incidence(grid.block, at_risk, staying, happened, before)
        lower, upper = limits(incidence, std_error, "log-log", level)
        tables.append(
            pd.DataFrame(
                {
                    "group": rows.labels.take(grid.block),
                    "cause": cause,
                    "time": grid.time,
                    "at_risk": at_risk,
                    "events": happened,
                    "incidence": np.where(few, np.nan, incidence),
                    "std_error": np.where(few, np.nan, std_error),
                    "lower": np.where(few, np.nan, lower),
                    "upper": np.where(few, np.nan, upper),
                }
            ).assign(block=grid.block)
        )
    table = pd.concat(tables, ignore_index=True)
    return table.sort_values("block", kind="stable", ignore_index=True).drop(columns="block")


def _outcomes(causes: ArrayLike) -> tuple[np.ndarray, pd.Index]:
    """0 for the censored and 1, 2, … for the sorted causes, and their names."""
    column = pd.Series(causes).reset_index(drop=True)
    happened = (column != 0).to_numpy(bool)
    if not happened.any():
        raise ValueError("causes = 0 in every row: at least one event is needed. Check how the reason is coded.")
    outcomes = np.zeros(len(column), dtype=np.int64)
    code, names = codes(column[happened], "causes", int(happened.sum()))
    outcomes[happened] = code + 1
    return outcomes, names


def _incidence(
    block: np.ndarray, at_risk: np.ndarray, staying: np.ndarray, events: np.ndarray, before: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cumulative incidence F of one cause and its standard error.

    Var F(t) = Σ_s (F(t) − F(s))² d/(n (n − d)) + S(s−)² d_k (n − d_k)/n³ − 2 (F(t) − F(s)) S(s−) d_k/n², expanded in
    F(t) so that running sums serve every t. Once nobody stays F(t) = F(s) for good, and the first term is 0.
    """
    incidence = pd.Series(before * events / at_risk).groupby(block).cumsum().to_numpy()
    hazard = np.divide(at_risk - staying, at_risk * staying, out=np.zeros_like(at_risk), where=staying > 0)
    mixed = before * events / at_risk**2
    own = before**2 * events * (at_risk - events) / at_risk**3
    sums = (
        pd.DataFrame(
            {
                "square": hazard,
                "linear": incidence * hazard + mixed,
                "constant": incidence**2 * hazard + 2 * incidence * mixed + own,
            }
        )
        .groupby(block)
        .cumsum()
    )
    square, linear, constant = sums.to_numpy().T
    variance = incidence**2 * square - 2 * incidence * linear + constant
    return incidence, np.sqrt(np.maximum(variance, 0.0))
