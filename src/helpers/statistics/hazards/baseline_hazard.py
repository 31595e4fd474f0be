"""The baseline hazard of a Cox model, and the survival it predicts."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd


def baseline_table(stratum: pd.Index, time: np.ndarray, hazard: np.ndarray) -> pd.DataFrame:
    """Stratum, time, hazard and cumulative_hazard from the hazard at each event time, sorted by stratum and time."""
    table = pd.DataFrame({"stratum": stratum, "time": time, "hazard": hazard})
    return table.assign(cumulative_hazard=table.groupby("stratum", observed=True, sort=False)["hazard"].cumsum())


def cumulative_hazard(baseline: pd.DataFrame, stratum: object, until: float, times: np.ndarray) -> np.ndarray:
    """Cumulative baseline hazard of a stratum at `times`; NaN beyond `until`, where nobody was followed."""
    steps = baseline.loc[baseline["stratum"] == stratum]
    running = np.concatenate([[0.0], steps["cumulative_hazard"]])
    return np.where(times <= until, running[np.searchsorted(steps["time"], times, side="right")], np.nan)


def survival_table(
    hazards: Iterable[np.ndarray], case: np.ndarray, risk: np.ndarray, columns: np.ndarray
) -> np.ndarray:
    """exp(−hazard × risk) of each customer and column, from each column's hazard by case and the case of each customer.

    Works column by column in place, so that memory beyond the answer is one column.
    """
    table = np.empty((len(columns), len(case)))
    for answer, hazard in zip(table, hazards, strict=True):
        np.take(hazard, case, out=answer, mode="clip")  # the default mode buffers a copy
        answer *= risk
        np.negative(answer, out=answer)
        np.exp(answer, out=answer)
    return table.T
