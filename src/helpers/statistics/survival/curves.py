"""Survival curves without a model: Kaplan–Meier and what is read off it; the log-rank test and competing risks beside
it.

Every estimator takes one row a customer or a table of counts (time, event, group → n) with `weights=n`: a weight is a
number of alike rows, so both give the same digits, standard errors included.
"""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.statistics.arrays import event_flags
from helpers.statistics.survival.competing_risks import aalen_johansen
from helpers.statistics.survival.confidence_limits import limits
from helpers.statistics.survival.log_rank_tests import LogRank, log_rank, pairwise_log_rank
from helpers.statistics.survival.restricted_means import restricted_mean, restricted_mean_difference
from helpers.statistics.survival.risk_sets import (
    FollowUp,
    TimeGrid,
    fewest_so_far,
    follow_up_rows,
    still_at_risk,
    tally,
    time_grid,
    weighted_rows,
)

__all__ = [
    "LogRank",
    "aalen_johansen",
    "at",
    "follow_up",
    "kaplan_meier",
    "log_rank",
    "pairwise_log_rank",
    "quantiles",
    "resting_on",
    "restricted_mean",
    "restricted_mean_difference",
]

ESTIMATES = ["survival", "std_error", "lower", "upper"]
FLAT = 1.5e-8  # two survival probabilities nearer than this are one step, as in R's quantile.survfit


def kaplan_meier(
    durations: ArrayLike,
    events: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    confidence: str = "log-log",
    level: float = 0.95,
    at_least: float = 0,
) -> pd.DataFrame:
    """Kaplan–Meier survival at every distinct time of every group.

    `events` is 1 or True where the event happened at `durations`, else the row is censored there (after the events of
    the same time). `entry` is the time from which a row was observed (delayed entry). Returns group ("all" without
    groups), time, at_risk, events, censored, survival, std_error, lower, upper. Greenwood's variance; `confidence` is
    "log-log", "log" or "plain". From where on fewer than `at_least` were at risk, survival and its error are unknown
    (NaN). Weights are counts: fractional ones give the right curve but not the right error, and warn. The error of a
    survival of 0 is unknown (NaN). Assumes censoring that tells nothing of the event.
    Source: Kaplan & Meier (1958); Greenwood (1926).
    """
    rows, grid, counts, at_risk = _counts(durations, events, entry, weights, groups)
    curve = _curve(rows, grid, at_risk, counts[:, 1], counts[:, 0], confidence, level)
    return _told(curve, fewest_so_far(rows, grid, at_risk, counts.sum(axis=1)) >= at_least)


def follow_up(
    durations: ArrayLike,
    events: ArrayLike,
    *,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    confidence: str = "log-log",
    level: float = 0.95,
    at_least: float = 0,
) -> pd.DataFrame:
    """Reverse Kaplan–Meier: share that would still be followed at every time had no event happened.

    Same table as `kaplan_meier`, where `events` counts the censored and `censored` the events. At tied times events
    come first, so who had one is not at risk of censoring there, and survival × follow-up is exactly the share of rows
    beyond t. `quantiles` of it at 0.5 is the median follow-up. Source: Schemper & Smith (1996).
    """
    rows, grid, counts, at_risk = _counts(durations, events, entry, weights, groups)
    curve = _curve(rows, grid, at_risk - counts[:, 1], counts[:, 0], counts[:, 1], confidence, level)
    return _told(curve, fewest_so_far(rows, grid, at_risk, counts.sum(axis=1)) >= at_least)


def _counts(
    durations: ArrayLike,
    events: ArrayLike,
    entry: ArrayLike | None,
    weights: ArrayLike | None,
    groups: ArrayLike | None,
) -> tuple[FollowUp, TimeGrid, np.ndarray, np.ndarray]:
    """Rows, their grid, the censored and the events of each slot, and the number at risk."""
    rows = weighted_rows(follow_up_rows(durations, event_flags(events), entry, weights, groups))
    if not np.array_equal(rows.weights, np.round(rows.weights)):
        warnings.warn("weights = fractional: the standard errors take weights for counts of rows.", stacklevel=3)
    grid = time_grid(rows)
    shape = (len(grid.time), 2)
    leaving = tally(grid.last, rows.outcomes, rows.weights, shape)
    entering = np.bincount(grid.first, rows.weights, len(grid.time))
    return rows, grid, leaving, still_at_risk(leaving.sum(axis=1), entering)


def _curve(
    rows: FollowUp,
    grid: TimeGrid,
    at_risk: np.ndarray,
    events: np.ndarray,
    censored: np.ndarray,
    confidence: str,
    level: float,
) -> pd.DataFrame:
    staying = at_risk - events
    staying[staying < 1e-12 * at_risk] = 0.0  # what rounding leaves of fractional weights is nobody
    with np.errstate(divide="ignore", invalid="ignore"):
        step = np.where(events > 0, staying / at_risk, 1.0)
        greenwood = np.where(events > 0, events / (at_risk * staying), 0.0)
    by_group = pd.DataFrame({"step": step, "greenwood": greenwood}).groupby(grid.block)
    survival = by_group["step"].cumprod().to_numpy()
    with np.errstate(invalid="ignore"):
        std_error = survival * np.sqrt(by_group["greenwood"].cumsum().to_numpy())
    std_error[survival == 0] = np.nan
    lower, upper = limits(survival, std_error, confidence, level)
    return pd.DataFrame(
        {
            "group": rows.labels.take(grid.block),
            "time": grid.time,
            "at_risk": at_risk,
            "events": events,
            "censored": censored,
            "survival": survival,
            "std_error": std_error,
            "lower": lower,
            "upper": upper,
        }
    )


def _told(curve: pd.DataFrame, enough: np.ndarray) -> pd.DataFrame:
    """The curve without estimates where not enough were at risk."""
    return curve if enough.all() else curve.assign(**curve.loc[enough, ESTIMATES])


def at(curve: pd.DataFrame, times: ArrayLike) -> pd.DataFrame:
    """Survival of every group of a curve at given times.

    Returns group, time, at_risk, survival, std_error, lower, upper, one row a group and time. `at_risk` counts those
    whose duration is at least the time. Survival is unknown (NaN) beyond a group's last time, unless it has reached 0,
    and on the way to a time at which it is.
    """
    times = np.atleast_1d(np.asarray(times, dtype=float))
    tables = []
    for group, steps in curve.groupby("group", sort=False, observed=True):
        seen, survival = steps["time"].to_numpy(), steps["survival"].to_numpy()
        values = np.vstack([[1.0, 0.0, 1.0, 1.0], steps[ESTIMATES].to_numpy()])
        values = values[np.searchsorted(seen, times, side="right")]
        ahead = np.searchsorted(seen, times)
        values[np.isnan(np.append(survival, 0.0 if survival[-1] == 0 else np.nan)[ahead])] = np.nan
        table = pd.DataFrame(values, columns=ESTIMATES)
        table.insert(0, "at_risk", np.append(steps["at_risk"], 0.0)[ahead])
        table.insert(0, "time", times)
        table.insert(0, "group", group)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def resting_on(curve: pd.DataFrame, at_least: float) -> pd.DataFrame:
    """A curve without its estimates (NaN) where those at risk tell less than `at_least` rows followed to the end.

    At risk ÷ survival just before is how many rows they stand for: all that there are while none is censored, however
    few are left; a few who stand for many where most are censored. Assumes that rows enter at 0.
    Source: Peto et al. (1977).
    """
    before = curve.groupby("group", observed=True)["survival"].shift(fill_value=1.0)
    return _told(curve, (curve["at_risk"] >= at_least * before - 1e-9).to_numpy())


def quantiles(curve: pd.DataFrame, probabilities: ArrayLike = (0.25, 0.5, 0.75)) -> pd.DataFrame:
    """Times by which given shares of every group of a curve have had the event; 0.5 is the median.

    Returns group, probability, time, lower, upper; NaN where the curve (or its limit) does not fall that far. Where the
    curve is flat at exactly the quantile the time is the middle of the flat. Limits are the quantiles of the curve's
    limits, on its scale and at its level. Source: Brookmeyer & Crowley (1982).
    """
    probabilities = np.atleast_1d(np.asarray(probabilities, dtype=float))
    if not ((probabilities > 0) & (probabilities < 1)).all():
        raise ValueError(f"probabilities = {probabilities.tolist()}: between 0 and 1. Write 0.5 for the median.")
    tables = []
    for group, steps in curve.groupby("group", sort=False, observed=True):
        times = steps["time"].to_numpy()
        reached = {
            name: [_crossing(times, steps[column].to_numpy(), 1 - share) for share in probabilities]
            for name, column in {"time": "survival", "lower": "lower", "upper": "upper"}.items()
        }
        tables.append(pd.DataFrame({"group": group, "probability": probabilities, **reached}))
    return pd.concat(tables, ignore_index=True)


def _crossing(times: np.ndarray, survival: np.ndarray, target: float) -> float:
    """First time at which a falling curve is at or below the target."""
    known = ~np.isnan(survival)
    reached = np.flatnonzero(known & (survival <= target + FLAT))
    if not len(reached):
        return np.nan
    below = np.flatnonzero(known & (survival < target - FLAT))
    if len(below) and below[0] == reached[0]:
        return float(times[reached[0]])
    flat_ends = times[below[0]] if len(below) else times[known][-1]
    return float((times[reached[0]] + flat_ends) / 2)
