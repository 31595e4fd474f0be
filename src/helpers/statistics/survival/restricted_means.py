"""Restricted mean survival time: the area under a survival curve up to a horizon."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import norm

from helpers.statistics.arrays import codes


def restricted_mean(curve: pd.DataFrame, horizon: float, *, level: float = 0.95) -> pd.DataFrame:
    """Mean time without the event within `horizon`, for every group of a `kaplan_meier` curve.

    Returns group, horizon, mean, std_error, lower, upper, in the curve's unit of time. Raises ValueError when a group
    was not observed up to the horizon. Variance Σ (area beyond t)² d / (n (n − d)) over event times t ≤ horizon.
    Source: Klein & Moeschberger (2003), eq. 4.5.2.
    """
    if not horizon > 0:
        raise ValueError(f"horizon = {horizon!r}: above 0. Write it in the unit of the durations.")
    z = norm.ppf((1 + level) / 2)
    table = []
    for group, steps in curve.groupby("group", sort=False, observed=True):
        known = steps[steps["survival"].notna()]
        time, survival = known["time"].to_numpy(), known["survival"].to_numpy()
        last = time[-1] if len(time) else 0.0
        if last < horizon and (len(known) < len(steps) or survival[-1] > 0):
            raise ValueError(
                f"horizon = {horizon:g}: group {group!r} was observed up to {last:g} only. "
                "Choose a horizon no later than that."
            )
        within = time <= horizon
        areas = _areas(time[within], survival[within], horizon)
        beyond = _beyond(areas)
        at_risk, events = known.loc[within, "at_risk"].to_numpy(), known.loc[within, "events"].to_numpy()
        counted = (events > 0) & (survival[within] > 0)
        n, d = at_risk[counted], events[counted]
        mean, std_error = areas.sum(), np.sqrt(np.sum(beyond[counted] ** 2 * d / (n * (n - d))))
        table.append((group, horizon, mean, std_error, mean - z * std_error, mean + z * std_error))
    return pd.DataFrame(table, columns=["group", "horizon", "mean", "std_error", "lower", "upper"])


def restricted_mean_covariance(
    curve: pd.DataFrame,
    horizon: float,
    durations: ArrayLike,
    events: ArrayLike,
    groups: ArrayLike,
    cluster: ArrayLike,
    entry: ArrayLike | None = None,
) -> pd.DataFrame:
    """Covariance of the groups' `restricted_mean`, where a `cluster` (a customer) has several rows, in several groups.

    `curve` is the `kaplan_meier` of the rows without weights, observed up to `horizon`. Returns a table of groups by
    groups, in the order of the curve, in squared units of time. Sandwich: what each row adds to the mean, −Σ (area
    beyond t) (event of the row − d / n) / (n − d) over the times t ≤ horizon at which it was at risk, summed within
    clusters. Assumes independent clusters, some 20 or more in each group.
    Source: Andersen, Hansen & Klein (2004) for the means; Lin & Wei (1989) for clusters.
    """
    rows = pd.DataFrame({"time": durations, "event": events, "group": groups, "entry": 0.0 if entry is None else entry})
    member, members = codes(cluster, "cluster", len(rows))
    names = curve["group"].drop_duplicates().tolist()
    sums = np.zeros((len(members), len(names)))
    for place, name in enumerate(names):
        mine = (rows["group"] == name).to_numpy()
        steps = curve[(curve["group"] == name) & (curve["time"] <= horizon)]
        time, n, d = (steps[column].to_numpy(dtype=float) for column in ("time", "at_risk", "events"))
        beyond = _beyond(_areas(time, steps["survival"].to_numpy(), horizon))
        weight = np.divide(beyond, n - d, out=np.zeros_like(n), where=n > d)
        lived = np.append(0.0, np.cumsum(weight * d / n))
        own, entered, left = (rows.loc[mine, column].to_numpy(dtype=float) for column in ("time", "entry", "event"))
        until = np.searchsorted(time, own, side="right")
        since = np.where(entered > 0, np.searchsorted(time, entered, side="right"), 0)
        at_event = np.where(own <= horizon, np.append(0.0, weight)[until] * left, 0.0)
        sums[:, place] = np.bincount(member[mine], lived[until] - lived[since] - at_event, len(members))
    return pd.DataFrame(sums.T @ sums, names, names)


def _areas(time: np.ndarray, survival: np.ndarray, horizon: float) -> np.ndarray:
    """The area under a curve before its first time, between its times, and from the last to the horizon."""
    return np.diff(np.concatenate([[0.0], time, [horizon]])) * np.concatenate([[1.0], survival])


def _beyond(areas: np.ndarray) -> np.ndarray:
    """The area beyond each time."""
    return np.cumsum(areas[::-1])[::-1][1:]


def restricted_mean_difference(
    means: pd.DataFrame, reference: object, *, covariance: pd.DataFrame | None = None, level: float = 0.95
) -> pd.DataFrame:
    """How much longer each group goes without the event than the reference group, from a `restricted_mean` table.

    Returns group, reference, horizon, difference, std_error, lower, upper, z, p_value, one row a group but the
    reference. Assumes independent groups, unless `covariance` (see `restricted_mean_covariance`) says how they go
    together.
    """
    known = means["group"].tolist()
    if reference not in known:
        raise ValueError(f"reference = {reference!r}: one of {', '.join(map(repr, known))}. Name a group of the table.")
    base = means.loc[means["group"] == reference].iloc[0]
    others = means.loc[means["group"] != reference]
    difference = others["mean"] - base["mean"]
    std_error = np.sqrt(others["std_error"] ** 2 + base["std_error"] ** 2)
    if covariance is not None:
        variances = pd.Series(np.diag(covariance), covariance.index) - 2 * covariance[reference]
        std_error = np.sqrt(variances[others["group"]].to_numpy() + covariance.loc[reference, reference])
    half = norm.ppf((1 + level) / 2) * std_error
    return pd.DataFrame(
        {
            "group": others["group"],
            "reference": reference,
            "horizon": others["horizon"],
            "difference": difference,
            "std_error": std_error,
            "lower": difference - half,
            "upper": difference + half,
            "z": difference / std_error,
            "p_value": 2 * norm.sf(np.abs(difference / std_error)),
        }
    ).reset_index(drop=True)
