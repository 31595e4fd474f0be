"""Whether customers came to the arms in the planned ratio."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import chisquare


@dataclass(frozen=True)
class SampleRatio:
    """Whether the arms are as large as planned: χ² goodness of fit."""

    observed: tuple[float, ...]
    expected: tuple[float, ...]
    statistic: float
    df: int
    p_value: float
    testable: bool


def sample_ratio(observed: Sequence[float], weights: Sequence[float] | None = None) -> SampleRatio:
    """χ² test that the customers of each arm came in the planned ratio (equal when `weights` is None).

    `weights` are relative. An arm of weight 0 was not planned: empty it is left out, with customers it gives
    p 0. With fewer than two planned arms, or nobody observed, the result is not testable and p is 1.
    """
    counts = np.asarray(observed, dtype=float)
    shares = np.ones_like(counts) if weights is None else np.asarray(weights, dtype=float)
    if counts.ndim != 1 or shares.shape != counts.shape:
        raise ValueError(
            f"weights = {shares.size} for {counts.size} arms: every arm has one planned weight. "
            "Give one number for each arm, in the same order."
        )
    for name, values in (("observed", counts), ("weights", shares)):
        if not (np.isfinite(values).all() and (values >= 0).all()):
            raise ValueError(f"{name} = {values.tolist()}: numbers of 0 or more only. Correct the plan or the count.")
    total = counts.sum()
    expected = total * shares / shares.sum() if shares.sum() else np.zeros_like(counts)
    planned = shares > 0
    unplanned = bool(counts[~planned].any())
    df = int(planned.sum()) - 1
    testable = unplanned or bool(total and df > 0)
    if unplanned:
        statistic, p_value = np.inf, 0.0
    elif testable:
        statistic, p_value = chisquare(counts[planned], expected[planned])
    else:
        statistic, p_value = 0.0, 1.0
    return SampleRatio(
        observed=tuple(counts.tolist()),
        expected=tuple(expected.tolist()),
        statistic=float(statistic),
        df=max(df, 0),
        p_value=float(p_value),
        testable=testable,
    )
