"""Do hazard ratios change over time? The score test of proportional hazards."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.stats import chi2

from helpers.statistics.hazards.maximum_likelihood import Maximum
from helpers.statistics.hazards.partial_likelihood import Design, information, slot_means
from helpers.statistics.survival.risk_sets import FollowUp, still_at_risk, survival_before, tally, time_grid

TRANSFORMS = ("km", "identity", "log", "rank")
TOGETHER = "GLOBAL"  # the row of the test of all coefficients together, called as in R


class Fitted(Protocol):
    """What the test reads of a Cox fit."""

    @property
    def coefficients(self) -> pd.DataFrame: ...
    @property
    def penalty(self) -> float: ...
    @property
    def rows(self) -> FollowUp: ...
    @property
    def design(self) -> Design: ...
    @property
    def maximum(self) -> Maximum: ...


def proportional_hazards_test(fit: Fitted, transform: str = "km") -> pd.DataFrame:
    """Score test of each coefficient against one that drifts with g(t), and of all of them together ("GLOBAL").

    g(t) is 1 − S(t−) of the overall Kaplan–Meier ("km"), t ("identity"), log t ("log") or the rank of t among the
    events ("rank"). Returns covariate, statistic, df, p_value. Large samples make small drifts significant: judge
    their size by the scaled Schoenfeld residuals. Source: Grambsch & Therneau (1994), as the score test of R's cox.zph.
    """
    model, maximum = fit.design, fit.maximum
    g = transformed_times(fit.rows, model.time, transform)
    g = g - np.average(g, weights=model.dead_weight)
    expected = slot_means(model, maximum.sums) @ (model.dead_weight * g)
    drift = model.columns @ (model.weights * model.dead * g[model.last]) - expected
    static = np.linalg.inv(information(model, maximum.sums) + fit.penalty * np.eye(len(drift)))
    shared, own = (information(model, maximum.sums, power) for power in (g, g**2))
    variance = own - shared @ static @ shared
    statistic = np.append(drift**2 / np.diag(variance), drift @ np.linalg.solve(variance, drift))
    df = np.append(np.ones(len(drift), dtype=int), len(drift))
    names = [*fit.coefficients["covariate"], TOGETHER]
    return pd.DataFrame({"covariate": names, "statistic": statistic, "df": df, "p_value": chi2.sf(statistic, df)})


def transformed_times(rows: FollowUp, times: np.ndarray, transform: str) -> np.ndarray:
    """g(t) at the given event times."""
    if transform == "identity":
        return times
    if transform == "log":
        if times.min() == 0:
            raise ValueError("transform = 'log': an event at time 0 has no logarithm. Choose 'km' or 'rank'.")
        return np.log(times)
    if transform == "km":
        return 1 - _overall_survival_before(rows, times)
    if transform == "rank":
        dead = rows.outcomes == 1
        distinct, place = np.unique(rows.durations[dead], return_inverse=True)
        weight = np.bincount(place, rows.weights[dead])
        return (np.cumsum(weight) - (weight - 1) / 2)[np.searchsorted(distinct, times)]
    raise ValueError(f"transform = {transform!r}: one of {', '.join(map(repr, TRANSFORMS))}. Leave it out for 'km'.")


def _overall_survival_before(rows: FollowUp, times: np.ndarray) -> np.ndarray:
    """Kaplan–Meier survival of all strata together, just before the given event times."""
    together = replace(rows, block=np.zeros_like(rows.block), labels=pd.Index(["all"]))
    grid = time_grid(together)
    leaving = tally(grid.last, rows.outcomes, rows.weights, (len(grid.time), 2))
    at_risk = still_at_risk(leaving.sum(axis=1), np.bincount(grid.first, rows.weights, len(grid.time)))
    return survival_before(grid.block, at_risk, leaving[:, 1])[np.searchsorted(grid.time, times)]
