"""Log-rank tests: do groups leave at different rates?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy.stats import chi2

from helpers.statistics.arrays import codes, event_flags
from helpers.statistics.inference.corrections import adjust
from helpers.statistics.survival.risk_sets import (
    FollowUp,
    TimeGrid,
    follow_up_rows,
    still_at_risk,
    survival_before,
    tally,
    time_grid,
)


@dataclass(frozen=True)
class LogRank:
    """A k-group test of equal hazards."""

    statistic: float  # χ² with `df` degrees of freedom when hazards are equal
    df: int
    p_value: float
    groups: pd.DataFrame  # group, n, observed, expected (weighted events)


def log_rank(
    durations: ArrayLike,
    events: ArrayLike,
    groups: ArrayLike,
    *,
    rho: float = 0,
    strata: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
) -> LogRank:
    """Test that all groups have one hazard, within strata when given.

    The G^rho family: events at t weigh S(t−)^rho with S the pooled Kaplan–Meier of the stratum, so 0 is the log-rank
    and 1 the Peto–Prentice test. `weights` are counts of alike rows. Groups that were never at risk together at an
    event tell nothing of one another: `df` counts the comparisons that there are, and without any the statistic and
    its p-value are NaN. Rows are independent, unless `cluster` names whose they are: where anybody has several, the
    variance is that between clusters, of which some 20 or more should be in each group.
    Source: Harrington & Fleming (1982); Lin & Wei (1989) for clusters.
    """
    rows = follow_up_rows(durations, event_flags(events), entry, weights, strata, "strata")
    group, labels = codes(groups, "groups", len(rows.durations))
    grid = time_grid(rows)
    shape = (len(grid.time), len(labels))
    leaving = tally(grid.last, group, rows.weights, shape)
    at_risk = still_at_risk(leaving, tally(grid.first, group, rows.weights, shape))
    dead = tally(grid.last, group, rows.weights * rows.outcomes, shape)
    happened = dead.sum(axis=1) > 0
    at_risk, dead = at_risk[happened], dead[happened]
    n, d = at_risk.sum(axis=1), dead.sum(axis=1)
    importance = survival_before(grid.block[happened], n, d) ** rho
    share = at_risk / n[:, None]
    observed, expected = importance @ dead, (importance * d) @ share
    spread = np.divide(importance**2 * d * (n - d), n - 1, out=np.zeros_like(n), where=n > 1)
    covariance = np.diag(spread @ share) - (share * spread[:, None]).T @ share
    if cluster is not None:
        member, members = codes(cluster, "cluster", len(group))
        if len(members) < len(member):
            parts = rows.weights[:, None] * _excesses(rows, grid, group, happened, importance, d / n, share)
            parts = np.array([np.bincount(member, part, len(members)) for part in parts.T])
            covariance = parts @ parts.T
    statistic, df = _quadratic_form(observed - expected, covariance)
    table = pd.DataFrame(
        {
            "group": labels,
            "n": np.bincount(group, rows.weights, len(labels)),
            "observed": observed,
            "expected": expected,
        }
    )
    return LogRank(statistic, df, float(chi2.sf(statistic, df)), table)


def pairwise_log_rank(
    durations: ArrayLike,
    events: ArrayLike,
    groups: ArrayLike,
    *,
    rho: float = 0,
    strata: ArrayLike | None = None,
    entry: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    cluster: ArrayLike | None = None,
) -> pd.DataFrame:
    """Log-rank test of every pair of groups, with p-values adjusted for their number.

    Returns group_a, group_b, statistic, p_value, p_adjusted. Arguments as `log_rank`. Source: Holm (1979).
    """
    columns = {
        "durations": durations,
        "events": events,
        "strata": strata,
        "entry": entry,
        "weights": weights,
        "cluster": cluster,
    }
    arrays = {name: np.asarray(values) for name, values in columns.items() if values is not None}
    group, labels = codes(groups, "groups", len(arrays["durations"]))
    tests = []
    for a, b in combinations(range(len(labels)), 2):
        pair = (group == a) | (group == b)
        test = log_rank(groups=group[pair], rho=rho, **{name: values[pair] for name, values in arrays.items()})
        tests.append((labels[a], labels[b], test.statistic, test.p_value))
    table = pd.DataFrame(tests, columns=["group_a", "group_b", "statistic", "p_value"])
    return table.assign(p_adjusted=adjust(table["p_value"], "holm"))


def _excesses(
    rows: FollowUp,
    grid: TimeGrid,
    group: np.ndarray,
    happened: np.ndarray,
    importance: np.ndarray,
    hazard: np.ndarray,
    share: np.ndarray,
) -> np.ndarray:
    """What each row adds to observed minus expected, (rows, groups); its mean is 0 where groups have one hazard.

    importance · (own group − share at risk), at the row's event, less the same times the hazard at all events for which
    it was at risk. The last three are of the slots with events, `happened` says which slots these are.
    """
    own, before = np.eye(share.shape[1])[group], np.append(0, np.cumsum(happened))
    sums = np.cumsum((importance * hazard)[:, None] * np.column_stack([np.ones_like(hazard), share]), axis=0)
    sums = np.vstack([np.zeros(sums.shape[1]), sums])
    lived = sums[before[grid.last + 1]] - sums[before[grid.first]]
    at = np.minimum(before[grid.last], len(hazard) - 1)
    events = (rows.outcomes * importance[at])[:, None] * (own - share[at])
    return events - (lived[:, :1] * own - lived[:, 1:])


def _quadratic_form(excess: np.ndarray, covariance: np.ndarray) -> tuple[float, int]:
    """χ² of observed minus expected, and its degrees of freedom: one less than the groups compared with one another."""
    variances, axes = np.linalg.eigh(covariance)
    kept = variances > len(excess) * np.finfo(float).eps * max(variances.max(), 1)
    if not kept.any():
        return np.nan, 0
    return float(((excess @ axes)[kept] ** 2 / variances[kept]).sum()), int(kept.sum())
