"""Restricted mean survival time: the area under a survival curve up to a horizon."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import norm


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
        widths = np.diff(np.concatenate([[0.0], time[within], [horizon]]))
        areas = widths * np.concatenate([[1.0], survival[within]])
        beyond = np.cumsum(areas[::-1])[::-1][1:]
        at_risk, events = known.loc[within, "at_risk"].to_numpy(), known.loc[within, "events"].to_numpy()
        counted = (events > 0) & (survival[within] > 0)
        n, d = at_risk[counted], events[counted]
        mean, std_error = areas.sum(), np.sqrt(np.sum(beyond[counted] ** 2 * d / (n * (n - d))))
        table.append((group, horizon, mean, std_error, mean - z * std_error, mean + z * std_error))
    return pd.DataFrame(table, columns=["group", "horizon", "mean", "std_error", "lower", "upper"])


def restricted_mean_difference(means: pd.DataFrame, reference: object, *, level: float = 0.95) -> pd.DataFrame:
    """How much longer each group goes without the event than the reference group, from a `restricted_mean` table.

    Returns group, reference, horizon, difference, std_error, lower, upper, z, p_value, one row a group but the
    reference. Assumes independent groups.
    """
    known = means["group"].tolist()
    if reference not in known:
        raise ValueError(f"reference = {reference!r}: one of {', '.join(map(repr, known))}. Name a group of the table.")
    base = means.loc[means["group"] == reference].iloc[0]
    others = means.loc[means["group"] != reference]
    difference = others["mean"] - base["mean"]
    std_error = np.sqrt(others["std_error"] ** 2 + base["std_error"] ** 2)
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
