"""How near predicted chances come to what happened (Brier), and how well risks rank who leaves (AUC), over time."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from helpers.statistics.arrays import finite_numbers, same_length
from helpers.statistics.survival.censoring_weights import rising_times, status_weights


def brier_scores(
    durations: ArrayLike,
    events: ArrayLike,
    survival: ArrayLike,
    times: ArrayLike,
    *,
    weights: ArrayLike | None = None,
) -> pd.DataFrame:
    """Mean squared error of predicted survival at each time, beside that of a prediction without covariates.

    `survival` is the predicted chance to stay beyond each of the rising `times`, (rows, times) in [0, 1]. Returns time,
    brier, null_brier (of the Kaplan–Meier curve of the same rows, S(1 − S)), scaled_brier (1 − brier/null_brier: 1 is
    perfect, 0 no better than the curve; NaN where the curve makes no error). NaN at times to which nobody was followed.
    `weights` are counts of alike rows, 0 allowed. Raises ValueError for chances outside [0, 1] or of another shape.
    Assumes rows followed from time 0 and censoring that tells nothing of event or prediction (see `status_weights`).
    Source: Graf et al. (1999); scaled: Kattan & Gerds (2018).
    """
    times = rising_times(times)
    left, stayed = status_weights(durations, events, times, weights)
    survival = _by_time(survival, "survival", left.shape)
    if survival.min() < 0 or survival.max() > 1:
        raise ValueError(
            f"survival = {survival.min():g} … {survival.max():g}: chances lie between 0 and 1. "
            "Pass survival, not risk scores."
        )
    brier = np.einsum("tr,tr,tr->t", left, survival, survival)
    brier += np.einsum("tr,tr,tr->t", stayed, 1 - survival, 1 - survival)
    null_brier = left.sum(axis=1) * stayed.sum(axis=1)
    scaled = 1 - np.divide(brier, null_brier, out=np.full(len(times), np.nan), where=null_brier > 0)
    return pd.DataFrame({"time": times, "brier": brier, "null_brier": null_brier, "scaled_brier": scaled})


def integrated_brier(scores: pd.DataFrame, column: str = "brier") -> float:
    """Mean of a column of `brier_scores` over time, by the trapezoid rule between its first and last time.

    One number in [0, 1], smaller is better; give column="null_brier" for the curve to beat. NaN when the column has
    one. Raises ValueError for fewer than two times. Source: Graf et al. (1999).
    """
    times = scores["time"].to_numpy()
    if len(times) < 2:
        raise ValueError(f"scores = {len(times)} times: a mean over time needs two. Read the Brier score itself.")
    return float(np.trapezoid(scores[column].to_numpy(), times) / (times[-1] - times[0]))


def dynamic_auc(
    durations: ArrayLike,
    events: ArrayLike,
    risk: ArrayLike,
    times: ArrayLike,
    *,
    weights: ArrayLike | None = None,
) -> pd.DataFrame:
    """Chance that one who has left by a time was given a higher risk than one who has stayed until then.

    `risk` is any score that rises with risk, (rows,) or (rows, times) when it changes over the rising `times`; ties
    count half. Returns time, auc (cumulative/dynamic: cases T ≤ t, controls who stayed beyond t); .5 is chance, NaN
    where nobody has left, or nobody is known to have stayed. `weights` are counts of alike rows, 0 allowed. Raises
    ValueError for missing scores or another shape. Takes O(n log n) time. Assumes rows followed from time 0 and
    censoring that tells nothing of event or risk (see `status_weights`).
    Source: Uno et al. (2007); Hung & Chiang (2010).
    """
    times = rising_times(times)
    left, stayed = status_weights(durations, events, times, weights)
    if np.ndim(risk) == 1:
        steady = same_length(finite_numbers(risk, "risk"), "risk", left.shape[1])
        ranks = [np.unique(steady, return_inverse=True)[1]] * len(times)
    else:
        ranks = [np.unique(column, return_inverse=True)[1] for column in _by_time(risk, "risk", left.shape)]
    auc = [share_ranked_rightly(*at) for at in zip(ranks, left, stayed, strict=True)]
    return pd.DataFrame({"time": times, "auc": auc})


def share_ranked_rightly(rank: np.ndarray, left: np.ndarray, stayed: np.ndarray) -> float:
    """Chance that one who left has the higher rank than one who stayed; a tie counts half. NaN without either.

    `rank` are whole numbers from 0, one a row; `left` and `stayed` how much each row counts as either. This is the area
    under the curve of true and false alarms. Source: Bamber (1975).
    """
    cases, controls = np.bincount(rank, left), np.bincount(rank, stayed)
    pairs = cases.sum() * controls.sum()
    return float(cases @ (np.cumsum(controls) - controls / 2) / pairs) if pairs > 0 else np.nan


def _by_time(values: ArrayLike, name: str, shape: tuple[int, int]) -> np.ndarray:
    """Values (rows, times) turned to (times, rows), when they are finite numbers of that shape."""
    table = np.asarray(values, dtype=float)
    if table.shape != shape[::-1]:
        raise ValueError(
            f"{name} = array of shape {table.shape}: {shape[::-1]} is needed. Pass a row a customer, a column a time."
        )
    unknown = int((~np.isfinite(table)).sum())
    if unknown:
        raise ValueError(
            f"{name} = missing or infinite in {unknown} of {table.size} cells: every row needs a prediction at every "
            "time. Take times within the model's follow-up."
        )
    return table.T
